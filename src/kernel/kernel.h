/* kernel.h - number crunching: one table of functions, no graph, no allocation, no failure.
 *
 * A backend is a partly filled table; dsc_kernels_choose() takes for each function the first
 * backend that has it. `ref` has all of them, in float and double, and is the judge of the others.
 * Only for files compiled by a `real` list; others hand the table on as an incomplete type.
 * All arrays are row-major and dense unless a leading dimension is given. */
#ifndef DSC_KERNEL_KERNEL_H
#define DSC_KERNEL_KERNEL_H

#include "base/real.h"
#include "kernel/shapes.h"

#include <stddef.h>
#include <stdint.h>

typedef struct dsc_kernels dsc_kernels;

/* The arrays of convolution, relu and max pooling in one go. Forward reads x, w and bias, which may
 * be NULL, and writes y and winner; backward reads x, w, dy and winner and writes dx, dw and dbias,
 * any of which may be NULL. */
typedef struct dsc_pooled {
    const real *x, *w, *bias, *dy;
    real *y, *dx, *dw, *dbias;
    uint8_t *winner;
} dsc_pooled;

/* Rows of one shard, for layers that skip the background: forward reads x and mask and writes y,
 * backward reads x, mask and dy. y and dy have room of shape->pitch numbers a row. */
typedef struct dsc_foreground_rows {
    int rows;
    const real *x, *dy;
    const uint64_t *mask;
    real *y;
} dsc_foreground_rows;

struct dsc_kernels {
    const char *name;

    /* c (m,n) = op(a) op(b) [+ c if add]; op(a) is (m,k), stored (k,m) when transpose_a. Each
     * element is one sum in a fixed order. */
    void (*matmul)(const dsc_matmul_shape *s, const real *a, const real *b, real *c);

    /* The same without transpose_b, for products of some dozen rows and columns, on one thread:
     * plain sums in the order of k, the same bits on every machine. */
    void (*matmul_small)(const dsc_matmul_shape *s, const real *a, const real *b, real *c);

    /* Convolution of pictures x (rows, channels, height, width) with w (filters,
     * channels / groups, kernel_h, kernel_w); bias (filters) may be NULL. scratch has
     * dsc_conv_scratch() elements. The backward functions assign, they don't accumulate;
     * dw and dbias may be NULL. */
    void (*conv_forward)(const dsc_kernels *k, const dsc_conv_shape *s, int rows, const real *x,
                         const real *w, const real *bias, real *y, real *scratch);
    void (*conv_backward_data)(const dsc_kernels *k, const dsc_conv_shape *s, int rows,
                               const real *dy, const real *w, real *dx, real *scratch);
    void (*conv_backward_weights)(const dsc_kernels *k, const dsc_conv_shape *s, int rows,
                                  const real *x, const real *dy, real *dw, real *dbias,
                                  real *scratch);

    /* Convolution, relu and max pooling in one go, for shapes that dsc_conv_pooled_size() takes.
     * winner: that many bytes an example, from forward to backward, which gives the gradients of
     * all three steps. pooled_pays: faster than one by one. */
    bool pooled_pays;
    void (*pooled_forward)(const dsc_kernels *k, const dsc_conv_shape *s, const dsc_pool_shape *p,
                           int rows, const dsc_pooled *a, real *scratch);
    void (*pooled_backward)(const dsc_kernels *k, const dsc_conv_shape *s, const dsc_pool_shape *p,
                            int rows, const dsc_pooled *a, real *scratch);

    /* argmax (rows, channels, out_h, out_w): where the maximum stood, as y * width + x; the first
     * of equal ones, as PyTorch has it. NaN wins over everything. Padding never wins: a window
     * wholly in it gives -inf and -1. */
    void (*max_pool_forward)(const dsc_pool_shape *s, int rows, const real *x, real *y,
                             int32_t *argmax);
    void (*max_pool_backward)(const dsc_pool_shape *s, int rows, const real *dy,
                              const int32_t *argmax, real *dx);
    void (*avg_pool_forward)(const dsc_pool_shape *s, int rows, const real *x, real *y);
    void (*avg_pool_backward)(const dsc_pool_shape *s, int rows, const real *dy, real *dx);

    /* Linear layers that skip what is background. x (rows, in) is cut into one row that all share
     * and what differs from it, the foreground: x = background + f, with f = 0 at most places, so
     *     y (rows, out) = x w^T + bias = f w^T + (w background + bias)
     *     dw (out, in)  = dy^T x       = dy^T f + (sum of dy over the rows) background^T
     * The first function sets the bits of mask (rows, dsc_mask_words(in)) where x is foreground
     * and counts them; NaN always is. The background must be finite; bias may be NULL. No number
     * of w or dy is skipped, so what is not finite there shows in y and dw.
     * The products take 1 to DSC_MOST_BLOCKS blocks, none empty, and inputs begin..end, where begin
     * is a multiple of 64: y is the sum over these, dw has these columns, and is the sum of what
     * each block alone gives, as ((0+1)+(2+3))+... Outputs may be done in parts: of s they read in,
     * out and pitch. A table may lack all three. */
    size_t (*foreground)(const dsc_foreground_shape *s, const real *x, const real *background,
                         uint64_t *mask);
    void (*foreground_forward)(const dsc_foreground_shape *s, const dsc_foreground_rows *block,
                               int blocks, const real *background, int begin, int end,
                               const real *w, const real *bias, real *scratch);
    void (*foreground_backward)(const dsc_foreground_shape *s, const dsc_foreground_rows *block,
                                int blocks, const real *background, int begin, int end, real *dw,
                                real *scratch);
};

#endif
