/* moments.h - means, deviations and second moments of features. */
#ifndef DSC_DATA_MOMENTS_H
#define DSC_DATA_MOMENTS_H

#include <stddef.h>

typedef struct dsc_extent {
    double mean, deviation, magnitude; /* magnitude: the largest */
} dsc_extent;

/* Of n > 0 numbers. Where one of them is not finite the mean is not either. */
dsc_extent dsc_moments_of_one(const float *x, size_t n);

/* m (width + 1, width + 1) <- means of the products of two features each, of n > 0 examples; the
 * last feature is a constant 1. x is (width, n). */
void dsc_moments(const float *x, size_t n, size_t width, double *m);

#endif
