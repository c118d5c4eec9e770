/* fast.h - kernels of our own, only in float; with vectors.h where an instruction set has fused
 * multiply-add (DSC_VECTOR is defined). */
#ifndef DSC_KERNEL_FAST_FAST_H
#define DSC_KERNEL_FAST_FAST_H

#include "kernel/fast/lanes.h"
#include "kernel/kernel.h"

#if DSC_REAL == 32
void DSC_R(dsc_fast_matmul)(const dsc_matmul_shape *s, const real *a, const real *b, real *c);
#endif
#if defined(DSC_VECTOR)
size_t DSC_R(dsc_fast_foreground)(const dsc_foreground_shape *s, const real *x,
                                  const real *background, uint64_t *mask);
void DSC_R(dsc_fast_foreground_forward)(const dsc_foreground_shape *s,
                                        const dsc_foreground_rows *block, int blocks,
                                        const real *background, int begin, int end, const real *w,
                                        const real *bias, real *scratch);
void DSC_R(dsc_fast_foreground_backward)(const dsc_foreground_shape *s,
                                         const dsc_foreground_rows *block, int blocks,
                                         const real *background, int begin, int end, real *dw,
                                         real *scratch);
#endif

#endif
