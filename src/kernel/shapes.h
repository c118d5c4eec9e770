/* shapes.h - the sizes that kernels work on, and the choice of a kernel table. */
#ifndef DSC_KERNEL_SHAPES_H
#define DSC_KERNEL_SHAPES_H

#include "base/level.h"

#include <stdbool.h>
#include <stddef.h>

/* So many floats of one size are added up one by one at most: longer sums are taken in pieces of
 * that length, see long_sums.h. */
enum { DSC_LONG_SUM = 1 << 16 };

typedef struct dsc_matmul_shape {
    int m, n, k;
    bool transpose_a, transpose_b, add;
    int lda, ldb, ldc; /* elements from one stored row to the next */
} dsc_matmul_shape;

typedef struct dsc_conv_shape {
    int channels, height, width; /* of x */
    int filters, kernel_h, kernel_w;
    int stride_h, stride_w, pad_h, pad_w; /* zeros are padded on both sides */
    int dilation_h, dilation_w, groups;
    int out_h, out_w; /* of y */
} dsc_conv_shape;

typedef struct dsc_pool_shape {
    int channels, height, width;
    int kernel_h, kernel_w, stride_h, stride_w, pad_h, pad_w, dilation_h, dilation_w;
    int out_h, out_w;
    bool count_pad; /* average pool: padded zeros count in the mean */
} dsc_pool_shape;

/* A linear layer on rows of `in` numbers, most of which are those of one background row. */
typedef struct dsc_foreground_shape {
    int rows, in, out;
    int pitch; /* numbers from one row of y and dy to the next: at least out */
} dsc_foreground_shape;

/* 64-bit words of a mask for that many numbers. */
static inline size_t dsc_mask_words(int in)
{
    return ((size_t)in + 63) / 64;
}
enum { DSC_MOST_BLOCKS = 16 }; /* of rows, that a product of the foreground takes at once */

/* Elements of scratch that any of the foreground functions needs for `blocks` of up to `rows` rows.
 */
size_t dsc_foreground_scratch(size_t rows, int out, int blocks);

/* How many examples a convolution works on at a time; a function of the shape alone. */
int dsc_conv_chunk(const dsc_conv_shape *s);
/* Elements of scratch that any of the three convolution functions needs for up to `rows` examples.
 */
size_t dsc_conv_scratch(const dsc_conv_shape *s, int rows);

/* Whether this processor multiplies bfloat16 numbers. */
bool dsc_bf16_there(void);

/* What convolution, relu and max pooling in one go needs; see kernel.h. */
typedef struct dsc_pooled_size {
    bool takes;     /* the shapes are such that it can be done */
    size_t winners; /* bytes kept for each example */
    size_t scratch; /* elements */
} dsc_pooled_size;
dsc_pooled_size dsc_conv_pooled_size(const dsc_conv_shape *s, const dsc_pool_shape *p);

typedef struct dsc_kernels dsc_kernels;

/* Which backends may be used: the fastest, plain C, or the fastest with matrix products of numbers
 * rounded to bfloat16 (float only, and only where dsc_bf16_there()). */
typedef enum dsc_backend { DSC_BACKEND_AUTO, DSC_BACKEND_REF, DSC_BACKEND_BF16 } dsc_backend;

/* Lets the fast backends make now what they make at their first use, so that it is neither part of
 * the time of a first step nor of what a training seems to take of memory. */
void dsc_kernels_warm_up(int threads);

/* The table for a precision: float takes the fastest backend for each function, double is always
 * `ref`. Never NULL; lives as long as the program. */
const dsc_kernels *dsc_kernels_choose(descent_type type, dsc_backend backend, dsc_level level);

#endif
