/* window.h - sizes of what slides over a picture; included by files of the `real` list. */
#ifndef DSC_OP_WINDOW_H
#define DSC_OP_WINDOW_H

#include <stdbool.h>

/* Positions of a window of `kernel` along an axis of `size` with `pad` zeros on both sides; 0 when
 * it does not fit. ceil: a last window may overhang, but must begin inside (PyTorch's rule). */
static inline int window_count(int size, int kernel, int stride, int pad, int dilation, bool ceil)
{
    const int span = size + 2 * pad - dilation * (kernel - 1) - 1;

    if (span < 0)
        return 0;
    int count = (span + (ceil ? stride - 1 : 0)) / stride + 1;
    if (ceil && (count - 1) * stride >= size + pad)
        count--;
    return count;
}

#endif
