/* adaptive.h - what adaptive_avg_pool and adaptive_max_pool share: windows that divide an axis into
 * a given number of cells. Included by files of the `real` list.
 *
 * Cell i of `out` covers floor(i size / out) to ceil((i + 1) size / out) - 1, so that neighbours
 * share a line where the sizes don't divide (PyTorch's rule). */
#ifndef DSC_OP_ADAPTIVE_H
#define DSC_OP_ADAPTIVE_H

#include "base/real.h"
#include "op/elements.h"
#include "op/planes.h"

#include <limits.h>

enum { OUT_H, OUT_W, N_ATTRIBUTES };
static const char *const adaptive_attributes[N_ATTRIBUTES] = {"out_h", "out_w"};

static inline int cell_begin(int i, int size, int out)
{
    return (int)((int64_t)i * size / out);
}

static inline int cell_end(int i, int size, int out)
{
    return (int)((((int64_t)i + 1) * size + out - 1) / out);
}

/* x (rows, channels, height, width) -> y (rows, channels, out_h, out_w), or with lengths. */
static descent_status adaptive_shape(const char *name, dsc_node *node, const dsc_node *const *input,
                                     descent_error *err)
{
    const double out_h = node->attribute[OUT_H], out_w = node->attribute[OUT_W];

    DSC_TRY(planes_fit(name, input[0], err));
    const planes x = planes_of(input[0]->shape);
    if (!(out_h >= 1 && out_w >= 1 && out_h <= INT_MAX && out_w <= INT_MAX))
        return dsc_fail(err, DESCENT_SHAPE, "%s: %gx%g cells, must be at least 1x1", name, out_h,
                        out_w);
    if (input[0]->shape.rank == 2 && out_h > 1)
        return dsc_fail(err, DESCENT_SHAPE,
                        "%s: sequences have no height to divide by %g; write 1x%g", name, out_h,
                        out_w);
    node->shape = shape_of_planes(input[0]->shape, (planes){x.channels, (int)out_h, (int)out_w});
    node->batched = true;
    return DESCENT_OK;
}

#endif
