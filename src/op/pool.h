/* pool.h - what max_pool and avg_pool share; included by files of the `real` list. */
#ifndef DSC_OP_POOL_H
#define DSC_OP_POOL_H

#include "base/real.h"
#include "graph/op.h"
#include "kernel/kernel.h"
#include "op/planes.h"
#include "op/window.h"

enum {
    KERNEL_H,
    KERNEL_W,
    STRIDE_H,
    STRIDE_W,
    PAD_H,
    PAD_W,
    DILATION_H,
    DILATION_W,
    CEIL,
    COUNT_PAD,
    N_ATTRIBUTES
};
static const char *const pool_attributes[N_ATTRIBUTES] = {
    "kernel_h", "kernel_w",   "stride_h",   "stride_w", "pad_h",
    "pad_w",    "dilation_h", "dilation_w", "ceil",     "count_pad"};

static dsc_pool_shape pool_sizes(const dsc_node *node, dsc_shape x)
{
    const double *a = node->attribute;
    const planes of_x = planes_of(x);
    dsc_pool_shape s = {.channels = of_x.channels,
                        .height = of_x.height,
                        .width = of_x.width,
                        .kernel_h = (int)a[KERNEL_H],
                        .kernel_w = (int)a[KERNEL_W],
                        .stride_h = (int)a[STRIDE_H],
                        .stride_w = (int)a[STRIDE_W],
                        .pad_h = (int)a[PAD_H],
                        .pad_w = (int)a[PAD_W],
                        .dilation_h = a[DILATION_H] > 0 ? (int)a[DILATION_H] : 1,
                        .dilation_w = a[DILATION_W] > 0 ? (int)a[DILATION_W] : 1,
                        .count_pad = a[COUNT_PAD] != 0};
    const bool ceil_mode = a[CEIL] != 0;

    s.out_h = window_count(s.height, s.kernel_h, s.stride_h, s.pad_h, s.dilation_h, ceil_mode);
    s.out_w = window_count(s.width, s.kernel_w, s.stride_w, s.pad_w, s.dilation_w, ceil_mode);
    return s;
}

/* x (rows, channels, height, width) -> y (rows, channels, out_h, out_w); of sequences (rows,
 * channels, length) with a window of height 1 */
static descent_status pool_shape(const char *name, dsc_node *node, const dsc_node *const *input,
                                 descent_error *err)
{
    const dsc_shape x = input[0]->shape;

    DSC_TRY(planes_fit(name, input[0], err));
    for (int i = KERNEL_H; i <= STRIDE_W; i++)
        if (!(node->attribute[i] >= 1))
            return dsc_fail(err, DESCENT_SHAPE, "%s: %s = %g, must be at least 1", name,
                            pool_attributes[i], node->attribute[i]);
    const dsc_pool_shape s = pool_sizes(node, x);
    if (2 * s.pad_h > s.kernel_h || 2 * s.pad_w > s.kernel_w)
        return dsc_fail(err, DESCENT_SHAPE,
                        "%s: padding %dx%d is more than half of the window %dx%d", name, s.pad_h,
                        s.pad_w, s.kernel_h, s.kernel_w);
    if (x.rank == 2 && s.out_h != 1)
        return dsc_fail(err, DESCENT_SHAPE,
                        "%s: sequences have no height, found a window of %dx%d and padding %dx%d",
                        name, s.kernel_h, s.kernel_w, s.pad_h, s.pad_w);
    if (s.out_h < 1 || s.out_w < 1)
        return dsc_fail(err, DESCENT_SHAPE,
                        "%s: a window of %dx%d does not fit into a picture of %dx%d", name,
                        s.kernel_h, s.kernel_w, s.height, s.width);
    node->shape = shape_of_planes(x, (planes){s.channels, s.out_h, s.out_w});
    node->batched = true;
    return DESCENT_OK;
}

#endif
