/* flatten.c - all axes of an example in one. */
#include "layer/layer.h"

static dsc_id add(dsc_graph *graph, dsc_id x, const dsc_value *values, const dsc_layer_scope *scope)
{
    (void)values;
    (void)scope;
    return dsc_graph_op(graph, "flatten", 1, &x, 0, NULL);
}

const dsc_layer dsc_layer_flatten = {
    .info = {.name = "flatten", .summary = "all numbers of an example in one row"},
    .add = add,
};
