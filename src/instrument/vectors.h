/* vectors.h - loops over weights, gradients and activations, for each precision and instruction
 * set. Sums are added in an order that never changes. */
#ifndef DSC_INSTRUMENT_VECTORS_H
#define DSC_INSTRUMENT_VECTORS_H

#include "base/level.h"

#include <stdbool.h>
#include <stddef.h>

/* Of a stretch of w. */
typedef struct dsc_sums {
    double gradient, previous, product; /* |g|^2, |g'|^2 and g . g', with g' of the step before */
    double weights, move, distance; /* |w|^2 before the step, |w - that|^2, |w - w at first|^2 */
} dsc_sums;

enum { DSC_SUMS = sizeof(dsc_sums) / sizeof(double) };

/* Vectors of a step; what is NULL is not summed. */
typedef struct dsc_step_vectors {
    const void *w, *before, *first; /* after the step, before it, before all steps */
    const void *g, *previous;
} dsc_step_vectors;

/* What an activation layer gave, over all examples of a step. */
typedef struct dsc_activity {
    double count, sum, squares; /* of the numbers it gave */
    double ends;                /* of those, near an end of their range */
    double units, dead;         /* numbers of one example; those that were 0 in all examples */
    bool squeezes, dies;        /* whether `ends` and `dead` mean something */
} dsc_activity;

/* Values of a batch, (rows, units). */
typedef struct dsc_outputs {
    const void *y;
    size_t rows, units;
    double low, high; /* the ends that an activity counts; NaN: it has none */
    void *top;        /* the largest number each unit gave so far, at least 0; or NULL */
} dsc_outputs;

typedef struct dsc_vectors {
    void (*sum)(const dsc_step_vectors *v, size_t begin, size_t end, dsc_sums *out);
    void (*look)(const dsc_outputs *outputs, dsc_activity *activity); /* adds to it, and to top */
    size_t (*dead)(const void *top, size_t n);
    /* a <- max(a, b) */
    void (*join)(void *a, const void *b, size_t n);
    void (*range)(const void *x, size_t n, double *low, double *high); /* passes over NaN */
    /* adds the numbers of each bin from low on, `per_unit` bins a unit */
    void (*bin)(const void *x, size_t n, double low, double per_unit, int bins, double *count);
    double (*dot)(const void *a, const void *b, size_t n);
    void (*add)(void *out, const void *a, double times, const void *b, size_t n); /* a + times b */
    void (*scale)(void *out, const void *a, double times, size_t n); /* 0 where times is 0 */
    void (*signs)(void *out, size_t n, unsigned long long seed);     /* +1 or -1 each */
} dsc_vectors;

const dsc_vectors *dsc_vectors_choose(descent_type type, dsc_level level);

#endif
