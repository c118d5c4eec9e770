/* direct.h - convolution in float without unrolled pictures, for processors with AVX2 or AVX-512.
 *
 * Three loops do the work:
 *     row       outputs of a row, a tile of them in registers (forward.c); also dx of stride 1
 *     taps      dw from a dense dy: one filter's vector by each element of the kernel (taps.c)
 *     patches   dw and dx from the nonzeros of dy alone (patches.c): behind relu and max pooling
 *               three quarters of dy and more are exactly 0, whatever the data
 *
 * They use fused multiply-adds, so results differ from `ref`, and between instruction sets, in the
 * last digits; never between numbers of threads, because every sum has an order that follows from
 * the shape and the values alone. What the loops don't take (groups, dilation, ...) goes to `ref`.
 *
 * NaN and infinity are not lost where zeros are skipped: a picture's channel (or a weight's) with
 * one of them makes all of dw (or dx) of that channel NaN. */
#ifndef DSC_KERNEL_DIRECT_DIRECT_H
#define DSC_KERNEL_DIRECT_DIRECT_H

#include "kernel/direct/lanes.h"
#include "kernel/direct/space.h"
#include "kernel/kernel.h"

/* --- pack.c: other orders of pictures and weights; all in floats ------------------------------ */

/* to (columns, rows; to_row floats apart) <- from (rows, columns; from_row apart), turned */
void DSC_R(dsc_direct_turn)(int rows, int columns, const real *from, size_t from_row, real *to,
                            size_t to_row);
/* to (blocks, depth, DSC_BLOCK) <- w (filters, depth), zeros behind the last filter */
void DSC_R(dsc_direct_pack_filters)(int filters, int depth, const real *w, real *to);
/* The picture with its zeros around it, (channels, padded_h, padded_w). The border of `to` is
 * holds zeros already; where there is none the picture itself is returned. */
const real *DSC_R(dsc_direct_pad)(const dsc_direct *d, const real *x, real *to);
/* The same with channels last, (padded_h, padded_w, lanes). */
void DSC_R(dsc_direct_pad_lanes)(const dsc_direct *d, const real *x, real *to);
/* dx (channels, height, width) <- the inside of an image with channels last. */
void DSC_R(dsc_direct_unpad_lanes)(const dsc_direct *d, const real *from, real *dx);
/* 0, or NaN if one of n numbers is NaN or infinite. */
real DSC_R(dsc_direct_poison)(const real *x, size_t n);
real DSC_R(dsc_direct_sum)(const real *x, size_t n);

/* --- forward.c -------------------------------------------------------------------------------- */

/* z (columns, DSC_BLOCK) <- one row of the output for up to DSC_BLOCK filters; x: where its first
 * window begins in a padded picture; w: a packed block; bias: DSC_BLOCK numbers. */
void DSC_R(dsc_direct_row)(const dsc_direct *d, const real *x, const real *w, const real *bias,
                           int filters, int columns, real *z);

/* --- taps.c ----------------------------------------------------------------------------------- */

/* dw (depth, DSC_BLOCK) += what n_rows rows of `columns` places of dy (dy_step floats apart) give,
 * for up to DSC_BLOCK filters; x: where the first window begins. */
void DSC_R(dsc_direct_taps)(const dsc_direct *d, const real *x, const real *dy, size_t dy_step,
                            int filters, int n_rows, int columns, real *dw);

/* --- patches.c -------------------------------------------------------------------------------- */

/* sum += value[e] times the patch at from + at[e], over n entries in order. A patch has kernel_h
 * rows of kernel_w * lanes numbers, from_row and sum_row floats apart. */
void DSC_R(dsc_direct_patches)(const dsc_direct *d, const real *from, size_t from_row,
                               const real *value, const int32_t *at, int n, real *sum,
                               size_t sum_row);

/* --- conv.c, pooled_*.c: the functions of the table ------------------------------------------- */

void DSC_R(dsc_direct_conv_forward)(const dsc_kernels *k, const dsc_conv_shape *s, int rows,
                                    const real *x, const real *w, const real *bias, real *y,
                                    real *scratch);
void DSC_R(dsc_direct_conv_backward_data)(const dsc_kernels *k, const dsc_conv_shape *s, int rows,
                                          const real *dy, const real *w, real *dx, real *scratch);
void DSC_R(dsc_direct_conv_backward_weights)(const dsc_kernels *k, const dsc_conv_shape *s,
                                             int rows, const real *x, const real *dy, real *dw,
                                             real *dbias, real *scratch);
void DSC_R(dsc_direct_pooled_forward)(const dsc_kernels *k, const dsc_conv_shape *s,
                                      const dsc_pool_shape *p, int rows, const dsc_pooled *a,
                                      real *scratch);
void DSC_R(dsc_direct_pooled_backward)(const dsc_kernels *k, const dsc_conv_shape *s,
                                       const dsc_pool_shape *p, int rows, const dsc_pooled *a,
                                       real *scratch);

#endif
