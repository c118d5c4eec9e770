/* pad.c - a margin around pictures, or at both ends of sequences. */
#include "layer/layer.h"

#include <math.h>

enum { SIZE, VALUE, N_PARAMS };

static const descent_param params[N_PARAMS] = {
    [SIZE] = {"size", (double)NAN, 0, 1 << 16, "2 or 2x3 (height x width) pixels on every side",
              DESCENT_SIZE, NULL},
    [VALUE] = {"value", 0, -(double)INFINITY, (double)INFINITY, "of the new pixels", DESCENT_NUMBER,
               NULL},
};

/* The op's attributes: before and after of each of its four axes, and the value. */
enum { OP_VALUE = 2 * DSC_MAX_RANK, N_ATTRIBUTES };

static dsc_id add(dsc_graph *graph, dsc_id x, const dsc_value *values, const dsc_layer_scope *scope)
{
    const dsc_node *from = dsc_graph_node(graph, x);
    double attributes[N_ATTRIBUTES] = {[OP_VALUE] = values[VALUE].number};
    char found[48];

    (void)scope;
    if (!from)
        return -1;
    const int rank = from->shape.rank;
    if (rank != 2 && rank != 3) {
        dsc_graph_fail(graph, DESCENT_SHAPE,
                       "pad needs pictures (channels x height x width) or sequences (channels x "
                       "length), found %s",
                       dsc_shape_words(from->shape, found));
        return -1;
    }
    for (int axis = 1; axis < rank; axis++) {
        double *side = attributes + (size_t)axis * 2;
        side[0] = side[1] = axis == rank - 1 ? values[SIZE].second : values[SIZE].number;
    }
    return dsc_graph_op(graph, "pad", 1, &x, N_ATTRIBUTES, attributes);
}

const dsc_layer dsc_layer_pad = {
    .info = {.name = "pad",
             .summary = "a margin on every side: pad 2; of sequences at both ends",
             .params = params,
             .n_params = N_PARAMS,
             .n_positional = 1},
    .add = add,
};
