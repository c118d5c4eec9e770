/* upsample.c - larger pictures by repeating pixels. */
#include "layer/layer.h"

#include <math.h>

enum { SCALE, N_PARAMS };

static const descent_param params[N_PARAMS] = {
    [SCALE] = {"scale", (double)NAN, 1, 1 << 16, "2 or 2x3 (height x width) pixels for one",
               DESCENT_SIZE, NULL},
};

/* A sequence is one line: "2" makes it twice as long. */
static dsc_id add(dsc_graph *graph, dsc_id x, const dsc_value *values, const dsc_layer_scope *scope)
{
    const dsc_node *from = dsc_graph_node(graph, x);
    const bool line = from && from->shape.rank == 2 && values[SCALE].number == values[SCALE].second;

    (void)scope;
    return dsc_graph_op(graph, "upsample", 1, &x, 2,
                        (double[]){line ? 1 : values[SCALE].number, values[SCALE].second});
}

const dsc_layer dsc_layer_upsample = {
    .info = {.name = "upsample",
             .summary = "every pixel becomes a block of pixels like it: upsample 2",
             .params = params,
             .n_params = N_PARAMS,
             .n_positional = 1},
    .add = add,
};
