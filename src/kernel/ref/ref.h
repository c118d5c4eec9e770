/* ref.h - the plain C kernels, gathered by table.c; see kernel.h for what each computes. */
#ifndef DSC_KERNEL_REF_REF_H
#define DSC_KERNEL_REF_REF_H

#include "kernel/kernel.h"

void DSC_R(dsc_ref_matmul)(const dsc_matmul_shape *s, const real *a, const real *b, real *c);
void DSC_R(dsc_ref_matmul_small)(const dsc_matmul_shape *s, const real *a, const real *b, real *c);
size_t DSC_R(dsc_ref_foreground)(const dsc_foreground_shape *s, const real *x,
                                 const real *background, uint64_t *mask);
void DSC_R(dsc_ref_foreground_forward)(const dsc_foreground_shape *s,
                                       const dsc_foreground_rows *block, int blocks,
                                       const real *background, int begin, int end, const real *w,
                                       const real *bias, real *scratch);
void DSC_R(dsc_ref_foreground_backward)(const dsc_foreground_shape *s,
                                        const dsc_foreground_rows *block, int blocks,
                                        const real *background, int begin, int end, real *dw,
                                        real *scratch);
void DSC_R(dsc_ref_conv_forward)(const dsc_kernels *k, const dsc_conv_shape *s, int rows,
                                 const real *x, const real *w, const real *bias, real *y,
                                 real *scratch);
void DSC_R(dsc_ref_conv_backward_data)(const dsc_kernels *k, const dsc_conv_shape *s, int rows,
                                       const real *dy, const real *w, real *dx, real *scratch);
void DSC_R(dsc_ref_conv_backward_weights)(const dsc_kernels *k, const dsc_conv_shape *s, int rows,
                                          const real *x, const real *dy, real *dw, real *dbias,
                                          real *scratch);
/* The same where every channel has filters of its own (groups = channels). */
void DSC_R(dsc_ref_depthwise_forward)(const dsc_conv_shape *s, int rows, const real *x,
                                      const real *w, const real *bias, real *y);
void DSC_R(dsc_ref_depthwise_backward_data)(const dsc_conv_shape *s, int rows, const real *dy,
                                            const real *w, real *dx);
void DSC_R(dsc_ref_depthwise_backward_weights)(const dsc_conv_shape *s, int rows, const real *x,
                                               const real *dy, real *dw);
void DSC_R(dsc_ref_pooled_forward)(const dsc_kernels *k, const dsc_conv_shape *s,
                                   const dsc_pool_shape *p, int rows, const dsc_pooled *a,
                                   real *scratch);
void DSC_R(dsc_ref_pooled_backward)(const dsc_kernels *k, const dsc_conv_shape *s,
                                    const dsc_pool_shape *p, int rows, const dsc_pooled *a,
                                    real *scratch);
void DSC_R(dsc_ref_max_pool_forward)(const dsc_pool_shape *s, int rows, const real *x, real *y,
                                     int32_t *argmax);
void DSC_R(dsc_ref_max_pool_backward)(const dsc_pool_shape *s, int rows, const real *dy,
                                      const int32_t *argmax, real *dx);
void DSC_R(dsc_ref_avg_pool_forward)(const dsc_pool_shape *s, int rows, const real *x, real *y);
void DSC_R(dsc_ref_avg_pool_backward)(const dsc_pool_shape *s, int rows, const real *dy, real *dx);

#endif
