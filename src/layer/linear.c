/* linear.c - the fully connected layer: every unit sees all numbers of the last axis. */
#include "layer/layer.h"

#include <stdio.h>

enum { UNITS, BIAS, N_PARAMS };

static const descent_param params[N_PARAMS] = {
    [UNITS] = {"units", 0, 0, 1 << 24,
               "outputs; the last linear of a model may leave it out and takes the number of "
               "classes or targets",
               DESCENT_INTEGER, NULL},
    [BIAS] = {"bias", 1, 0, 1, "add a bias to each output", DESCENT_FLAG, NULL},
};

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
    if (from->shape.rank > 1) { /* pictures: all their numbers in one row */
        x = dsc_graph_op(graph, "flatten", 1, &x, 0, NULL);
        from = dsc_graph_node(graph, x);
        if (!from)
            return -1;
    }
    const int in = from->shape.size[from->shape.rank - 1];
    snprintf(name, sizeof name, "%s.weight", scope->path);
    const dsc_id weight = dsc_graph_parameter(graph, name, scope->head ? "head" : "weight",
                                              (dsc_shape){2, {units, in}},
                                              dsc_init_for(scope->activation), in, units);
    snprintf(name, sizeof name, "%s.bias", scope->path);
    const bool has_bias = values[BIAS].number != 0;
    const dsc_id bias = has_bias ? dsc_graph_parameter(graph, name, "bias", (dsc_shape){1, {units}},
                                                       DSC_INIT_ZERO, in, units)
                                 : -1;
    return dsc_graph_op(graph, "linear", has_bias ? 3 : 2, (dsc_id[]){x, weight, bias}, 0, NULL);
}

const dsc_layer dsc_layer_linear = {
    .info = {.name = "linear",
             .summary = "every unit sees all numbers: linear 128 (pictures are flattened)",
             .formula = "y = x w^T + b",
             .params = params,
             .n_params = N_PARAMS,
             .n_positional = 1},
    .weights = true,
    .add = add,
};
