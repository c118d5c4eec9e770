/* stripes.h - a matrix in a long vector, of which each thread has some columns, a stripe of it.
 *
 * Passes over the vector that keep to these parts find what they want in their own core's cache,
 * instead of fetching what another core has written. */
#ifndef DSC_BASE_STRIPES_H
#define DSC_BASE_STRIPES_H

#include <stddef.h>

typedef struct dsc_stripes {
    size_t begin; /* the matrix's first element in the vector; row-major */
    size_t rows, cols;
    int parts; /* at least 1 */
} dsc_stripes;

enum { DSC_COLUMN_UNIT = 64 }; /* parts begin at a multiple of it */

/* The first column of a part; of part `parts`, and of parts that have none: cols. */
static inline size_t dsc_stripes_cut(const dsc_stripes *c, int part)
{
    const size_t units = (c->cols + DSC_COLUMN_UNIT - 1) / DSC_COLUMN_UNIT;
    const size_t at = units * (size_t)part / (size_t)c->parts * DSC_COLUMN_UNIT;

    return at < c->cols ? at : c->cols;
}

static inline size_t dsc_stripes_end(const dsc_stripes *c)
{
    return c->begin + c->rows * c->cols;
}

/* Where a part's share of elements begin..end begins, outside the matrix. */
static inline size_t dsc_stripes_share(const dsc_stripes *c, size_t begin, size_t end, int part)
{
    return begin + (end - begin) * (size_t)part / (size_t)c->parts;
}

#endif
