/* onednn.h - kernels from oneDNN; the only folder that knows that library. */
#ifndef DSC_KERNEL_ONEDNN_ONEDNN_H
#define DSC_KERNEL_ONEDNN_ONEDNN_H

#include "kernel/shapes.h"

/* c (m,n) = op(a) op(b) [+ c]; see kernel.h. Runs on the calling thread when that is inside
 * dsc_parallel_for(), which is where everything runs. False: there was no memory for the buffers
 * that operands are packed into, and c is as before. */
bool dsc_onednn_matmul(const dsc_matmul_shape *s, const float *a, const float *b, float *c);

#endif
