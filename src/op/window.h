/* window.h - sizes of what slides over a picture; included by files of the `real` list. */
#ifndef DSC_OP_WINDOW_H
#define DSC_OP_WINDOW_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

/* Positions of a window of `kernel` along an axis of `size` with `pad` zeros on both sides; 0 when
 * it does not fit. ceil: a last window may overhang, but must begin inside (PyTorch's rule). In 64
 * bits: a dilated window may be longer than an int. */
static inline int window_count(int size, int kernel, int stride, int pad, int dilation, bool ceil)
{
    const int64_t room = (int64_t)size + 2 * (int64_t)pad - 1;
    const int64_t span = room - (int64_t)dilation * (kernel - 1);

    if (span < 0)
        return 0;
    int64_t count = (span + (ceil ? stride - 1 : 0)) / stride + 1;
    if (ceil && (count - 1) * stride >= (int64_t)size + pad)
        count--;
    return count < INT_MAX ? (int)count : INT_MAX;
}

#endif
