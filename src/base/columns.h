/* columns.h - a matrix in a long vector, of which each thread has some columns.
 *
 * Passes over the vector that keep to these parts find what they want in their own core's cache,
 * instead of fetching what another core has written. */
#ifndef DSC_BASE_COLUMNS_H
#define DSC_BASE_COLUMNS_H

#include <stddef.h>

typedef struct dsc_columns {
    size_t begin; /* the matrix's first element in the vector; row-major */
    size_t rows, cols;
    int parts; /* at least 1 */
} dsc_columns;

enum { DSC_COLUMN_UNIT = 64 }; /* parts begin at a multiple of it */

/* The first column of a part; of part `parts`, and of parts that have none: cols. */
static inline size_t dsc_columns_cut(const dsc_columns *c, int part)
{
    const size_t units = (c->cols + DSC_COLUMN_UNIT - 1) / DSC_COLUMN_UNIT;
    const size_t at = units * (size_t)part / (size_t)c->parts * DSC_COLUMN_UNIT;

    return at < c->cols ? at : c->cols;
}

static inline size_t dsc_columns_end(const dsc_columns *c)
{
    return c->begin + c->rows * c->cols;
}

/* Where a part's share of elements begin..end begins, outside the matrix. */
static inline size_t dsc_columns_share(const dsc_columns *c, size_t begin, size_t end, int part)
{
    return begin + (end - begin) * (size_t)part / (size_t)c->parts;
}

#endif
