/* avg_pool.c - the mean of each window. */
#include "layer/pool.h"

enum { COUNT_PAD = DSC_POOL_COUNT, N_PARAMS };

static const descent_param params[N_PARAMS] = {
    DSC_POOL_PARAMS,
    [COUNT_PAD] = {"count_pad", 1, 0, 1, "padded pixels count as zeros", DESCENT_FLAG, NULL},
};

static dsc_id add(dsc_graph *graph, dsc_id x, const dsc_value *values, const dsc_layer_scope *scope)
{
    (void)scope;
    return add_pool(graph, "avg_pool", x, values, values[COUNT_PAD].number != 0);
}

const dsc_layer dsc_layer_avg_pool = {
    .info = {.name = "avg_pool",
             .summary = "the mean of each window: avg_pool 2",
             .params = params,
             .n_params = N_PARAMS,
             .n_positional = 1},
    .add = add,
};
