/* vector.h - the graph's own loops over numbers, per precision and CPU level. */
#ifndef DSC_GRAPH_VECTOR_H
#define DSC_GRAPH_VECTOR_H

#include "base/level.h"

#include <stddef.h>

/* `real` arrays are void because the callers are compiled once. */
typedef struct dsc_vector {
    void (*add)(void *y, const void *x, size_t n); /* y <- y + x */
    void (*fill)(void *y, double value, size_t n); /* y <- value */
    double (*sum)(const void *x, size_t n);        /* in order, in double */
    double (*get)(const void *x, size_t i);        /* x[i] */
    void (*set)(void *y, size_t i, double value);  /* y[i] <- value, rounded */
} dsc_vector;

const dsc_vector *dsc_vector_choose(descent_type type, dsc_level level);

#endif
