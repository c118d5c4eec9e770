/* outer.h - a stretch of a gradient that is not in memory: after one example the gradient of a
 * matrix is the outer product of what went into its layer and what came back to it. Whoever goes
 * over the gradient makes it on the way, block by block, from these two vectors. */
#ifndef DSC_BASE_OUTER_H
#define DSC_BASE_OUTER_H

#include <stddef.h>

typedef struct dsc_outer {
    size_t begin; /* where the matrix (rows, cols) begins in w and g */
    size_t rows, cols;
    const void *column, *row; /* g[begin + i cols + j] = column[i] row[j] */
} dsc_outer;

static inline size_t dsc_outer_end(const dsc_outer *o)
{
    return o->begin + o->rows * o->cols;
}

#endif
