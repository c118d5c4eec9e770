/* embedding.c - the layer that turns tokens into rows of numbers: one row of its table for each. */
#include "layer/layer.h"

#include <math.h>
#include <stdio.h>

enum { WIDTH, N_PARAMS };

static const descent_param params[N_PARAMS] = {
    [WIDTH] = {"width", (double)NAN, 1, 1 << 20, "numbers for each token", DESCENT_INTEGER, NULL},
};

static dsc_id add(dsc_graph *graph, dsc_id x, const dsc_value *values, const dsc_layer_scope *scope)
{
    static const double no_padding = -1;
    const dsc_node *from = dsc_graph_node(graph, x);
    const int width = (int)values[WIDTH].number;
    char name[64];

    if (!from)
        return -1;
    if (from->element != DSC_LABELS || scope->vocabulary < 1) {
        dsc_graph_fail(graph, DESCENT_SHAPE,
                       "embedding needs tokens, and must be the first layer; here it would get "
                       "numbers");
        return -1;
    }
    snprintf(name, sizeof name, "%s.weight", scope->path);
    const dsc_id table =
        dsc_graph_parameter(graph, name, "embedding", (dsc_shape){2, {scope->vocabulary, width}},
                            DSC_INIT_EMBEDDING, scope->vocabulary, width);
    return dsc_graph_op(graph, "embedding", 2, (dsc_id[]){x, table}, 1, &no_padding);
}

const dsc_layer dsc_layer_embedding = {
    .info = {.name = "embedding",
             .summary = "a row of numbers for each token, learned: embedding 128",
             .formula = "y = table[token]",
             .reference = "Bengio et al. 2003, JMLR 3",
             .params = params,
             .n_params = N_PARAMS,
             .n_positional = 1},
    .add = add,
};
