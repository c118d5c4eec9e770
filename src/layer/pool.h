/* pool.h - what the two pooling layers share. */
#ifndef DSC_LAYER_POOL_H
#define DSC_LAYER_POOL_H

#include "layer/layer.h"

#include <math.h>

enum { SIZE, STRIDE, PAD, CEIL, DSC_POOL_COUNT };

#define DSC_POOL_PARAMS                                                                         \
  [SIZE] = {"size",                                                                             \
            (double)NAN,                                                                        \
            1,                                                                                  \
            1 << 16,                                                                            \
            "window: 2 or 2x2 (height x width); of sequences its length",                       \
            DESCENT_SIZE,                                                                       \
            NULL},                                                                              \
  [STRIDE] = {"stride",     0,   0, 1 << 16, "pixels from one window to the next; 0: the size", \
              DESCENT_SIZE, NULL},                                                              \
  [PAD] = {"pad", 0, 0, 1 << 16, "pixels around the picture", DESCENT_SIZE, NULL},              \
  [CEIL] = {"ceil", 0, 0, 1, "keep a last window that overhangs", DESCENT_FLAG, NULL}

/* The height that "3" or "3x3" means: of a sequence, which is one line, `none`. */
static inline double pool_height(bool line, const dsc_value *v, double none)
{
    return line && v->number == v->second ? none : v->number;
}

static inline dsc_id add_pool(dsc_graph *graph, const char *op, dsc_id x, const dsc_value *values,
                              bool count_pad)
{
    const dsc_node *from = dsc_graph_node(graph, x);
    const bool line = from && from->shape.rank == 2;
    const dsc_value *stride = &values[values[STRIDE].number > 0 ? STRIDE : SIZE];
    const double attributes[] = {pool_height(line, &values[SIZE], 1),
                                 values[SIZE].second,
                                 pool_height(line, stride, 1),
                                 stride->second,
                                 pool_height(line, &values[PAD], 0),
                                 values[PAD].second,
                                 1,
                                 1,
                                 values[CEIL].number,
                                 count_pad};

    return dsc_graph_op(graph, op, 1, &x, sizeof attributes / sizeof *attributes, attributes);
}

#endif
