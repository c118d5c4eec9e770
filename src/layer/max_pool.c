/* max_pool.c - the largest number of each window. */
#include "layer/pool.h"

static const descent_param params[DSC_POOL_COUNT] = {DSC_POOL_PARAMS};

static dsc_id add(dsc_graph *graph, dsc_id x, const dsc_value *values, const dsc_layer_scope *scope)
{
    (void)scope;
    return add_pool(graph, "max_pool", x, values, false);
}

const dsc_layer dsc_layer_max_pool = {
    .info = {.name = "max_pool",
             .summary = "the largest of each window: max_pool 2",
             .params = params,
             .n_params = DSC_POOL_COUNT,
             .n_positional = 1},
    .add = add,
};
