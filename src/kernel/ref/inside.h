/* inside.h - which outputs of a convolution have an input inside the picture; included by files of
 * the `real` list. */
#ifndef DSC_KERNEL_REF_INSIDE_H
#define DSC_KERNEL_REF_INSIDE_H

#include "kernel/shapes.h"

/* The output columns [*begin, *end) whose input lies inside the picture, for kernel column kx. */
static inline void inside(const dsc_conv_shape *s, int kx, int *begin, int *end)
{
    const int first = kx * s->dilation_w - s->pad_w; /* input column of output column 0 */
    const int below = first < 0 ? (-first + s->stride_w - 1) / s->stride_w : 0;
    const int last = s->width - 1 - first;
    const int above = last < 0 ? 0 : last / s->stride_w + 1;

    *end = above < s->out_w ? above : s->out_w;
    *begin = below < *end ? below : *end;
}

#endif
