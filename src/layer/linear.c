/* linear.c - the fully connected layer: every unit sees all numbers of an example, or of a place of
 * a sequence. */
#include "layer/layer.h"

#include <stdio.h>
#include <string.h>

enum { UNITS, BIAS, TIED, INIT, GAIN, BIAS_INIT, N_PARAMS };

static const descent_param params[N_PARAMS] = {
    [UNITS] = {"units", 0, 0, 1 << 24,
               "outputs; the last linear of a model may leave it out and takes the number of "
               "classes or targets",
               DESCENT_INTEGER, NULL},
    [BIAS] = {"bias", 1, 0, 1, "add a bias to each output", DESCENT_FLAG, NULL},
    [TIED] = {"tied", 0, 0, 1, "the weight is the embedding's table", DESCENT_FLAG, NULL},
    [INIT] = DSC_INIT_PARAM,
    [GAIN] = DSC_GAIN_PARAM,
    [BIAS_INIT] = DSC_BIAS_INIT_PARAM,
};

/* The table of the embedding before, for `linear tied`; -1 after a mistake. */
static dsc_id tied_weight(dsc_graph *graph, int units, int in)
{
    for (size_t i = 0; i < dsc_graph_nodes(graph); i++) {
        const dsc_node *node = dsc_graph_node(graph, (dsc_id)i);
        if (node->kind != DSC_PARAMETER || strcmp(node->role, "embedding") != 0)
            continue;
        if (node->shape.size[0] == units && node->shape.size[1] == in)
            return node->id;
        dsc_graph_fail(graph, DESCENT_SHAPE,
                       "linear tied: a weight of %dx%d is needed, the embedding's table is %dx%d",
                       units, in, node->shape.size[0], node->shape.size[1]);
        return -1;
    }
    dsc_graph_fail(graph, DESCENT_INVALID, "linear tied: there is no embedding before it");
    return -1;
}

/* The layer's own matrix. */
static dsc_id own_weight(dsc_graph *graph, int units, int in, const dsc_value *values,
                         const dsc_layer_scope *scope)
{
    const dsc_init_choice first = dsc_init_read(&values[INIT], &values[GAIN], scope->activation);
    char name[64];

    snprintf(name, sizeof name, "%s.weight", scope->path);
    const dsc_id weight = dsc_graph_parameter(graph, name, scope->head ? "head" : "weight",
                                              (dsc_shape){2, {units, in}}, first.init, in, units);
    dsc_graph_gain(graph, weight, first.gain);
    return weight;
}

static dsc_id add(dsc_graph *graph, dsc_id x, const dsc_value *values, const dsc_layer_scope *scope)
{
    const dsc_node *from = dsc_graph_node(graph, x);
    char name[64];

    if (!from)
        return -1;
    const int units = values[UNITS].number > 0 ? (int)values[UNITS].number : scope->outputs;
    if (units == 0) {
        dsc_graph_fail(graph, DESCENT_INVALID,
                       "linear: units is missing; only the last layer of a model may leave it out");
        return -1;
    }
    if (from->shape.rank > 2) { /* pictures: all their numbers in one row; sequences stay */
        x = dsc_graph_op(graph, "flatten", 1, &x, 0, NULL);
        from = dsc_graph_node(graph, x);
        if (!from)
            return -1;
    }
    const int in = from->shape.size[from->shape.rank - 1];
    const dsc_id weight = values[TIED].number != 0 ? tied_weight(graph, units, in)
                                                   : own_weight(graph, units, in, values, scope);
    snprintf(name, sizeof name, "%s.bias", scope->path);
    const bool has_bias = values[BIAS].number != 0;
    const dsc_id bias =
        has_bias ? dsc_init_bias(graph, name, units, values[BIAS_INIT].number, in, units) : -1;
    return dsc_graph_op(graph, "linear", has_bias ? 3 : 2, (dsc_id[]){x, weight, bias}, 0, NULL);
}

const dsc_layer dsc_layer_linear = {
    .info = {.name = "linear",
             .summary = "every unit sees all numbers: linear 128 (pictures are flattened, the "
                        "places of a sequence are not)",
             .formula = "y = x w^T + b",
             .params = params,
             .n_params = N_PARAMS,
             .n_positional = 1},
    .weights = true,
    .add = add,
};
