/* neighbourhood.h - the nearest examples of an example, by Euclidean distance of scaled features.
 */
#ifndef DSC_DATA_NEIGHBOURHOOD_H
#define DSC_DATA_NEIGHBOURHOOD_H

#include <stdbool.h>
#include <stddef.h>

enum { DSC_NEAREST = 10 };

typedef struct dsc_neighbourhood {
    const float *z; /* (width, n), borrowed: feature by feature */
    size_t n, width;
    size_t among;    /* neighbours are of the first so many */
    size_t self;     /* the one last asked about */
    float *distance; /* (among): squares, from that one; NaN to itself */
    int count;       /* neighbours asked for: up to DSC_NEAREST, fewer of few examples */
} dsc_neighbourhood;

/* False: out of memory. */
bool dsc_neighbourhood_make(dsc_neighbourhood *hood, const float *z, size_t n, size_t width,
                            size_t among);
void dsc_neighbourhood_free(dsc_neighbourhood *hood);
/* place[0..count) <- the nearest of `self`, the first the nearest; itself is left out, feature
 * `without` does not count (width: all do). */
void dsc_neighbourhood_find(dsc_neighbourhood *r, size_t self, size_t without,
                            size_t place[DSC_NEAREST]);
/* place[0..count) <- the nearest of the same, in no order: count < among of them. */
void dsc_neighbourhood_nearest(const dsc_neighbourhood *r, size_t count, size_t *place);
/* Scales features in place to mean 0 and deviation 1, as distances of unlike things want them. */
void dsc_neighbourhood_scale(float *z, size_t n, size_t width);

/* The middle one of n > 0 numbers, few of them, which come out in order. */
double dsc_neighbourhood_median(double *x, size_t n);
/* How far a number is from the median of its neighbours', near[0..count). */
double dsc_neighbourhood_off(double own, double *near, int count);
/* Beyond which such a distance is out of the usual, from n of them, which come out in order: six
 * deviations. 0: most are next to nothing, so that none stands out. */
double dsc_neighbourhood_far(double *off, size_t n);

#endif
