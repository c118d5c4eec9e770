/* position.c - tells the places of a sequence apart, by adding something else to each. */
#include "layer/layer.h"

#include <stdio.h>

enum { FORM, N_PARAMS };
enum { LEARNED, SINUSOIDAL };

static const descent_param params[N_PARAMS] = {
    [FORM] = {"form", LEARNED, 0, 1, "a learned row for each place, or waves", DESCENT_CHOICE,
              "learned|sinusoidal"},
};

static dsc_id add(dsc_graph *graph, dsc_id x, const dsc_value *values, const dsc_layer_scope *scope)
{
    const dsc_node *from = dsc_graph_node(graph, x);
    char name[64], found[48];

    if (!from)
        return -1;
    if (from->shape.rank != 2) {
        dsc_graph_fail(graph, DESCENT_SHAPE, "position needs a sequence (length x width), found %s",
                       dsc_shape_words(from->shape, found));
        return -1;
    }
    const int context = scope->context > 0 ? scope->context : from->shape.size[0];
    const int width = from->shape.size[1];
    if ((int)values[FORM].number == SINUSOIDAL)
        return dsc_graph_op(graph, "sinusoid", 1, &x, 1, &(double){context});
    snprintf(name, sizeof name, "%s.weight", scope->path);
    const dsc_id table =
        dsc_graph_parameter(graph, name, "embedding", (dsc_shape){2, {context, width}},
                            DSC_INIT_EMBEDDING, context, width);
    return dsc_graph_op(graph, "position", 2, (dsc_id[]){x, table}, 0, NULL);
}

const dsc_layer dsc_layer_position = {
    .info = {.name = "position",
             .summary = "adds a row of numbers to each place of a sequence: position, or position "
                        "sinusoidal",
             .formula = "y[t] = x[t] + table[t]",
             .reference = "Gehring et al. 2017, arXiv:1705.03122; Vaswani et al. 2017, "
                          "arXiv:1706.03762",
             .params = params,
             .n_params = N_PARAMS,
             .n_positional = 1},
    .add = add,
};
