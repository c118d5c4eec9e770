/* histogram.h - how weights and activations are spread. */
#ifndef DSC_INSTRUMENT_HISTOGRAM_H
#define DSC_INSTRUMENT_HISTOGRAM_H

#include "instrument/vectors.h"

enum { DSC_BINS = 40 };

/* Counts in bins of equal width from the smallest number to the largest. */
typedef struct dsc_histogram {
    double low, high;
    double count[DSC_BINS];
    bool there; /* false: no numbers, or not finite ones */
} dsc_histogram;

void dsc_histogram_make(dsc_histogram *out, const dsc_vectors *vector, const void *x, size_t n);

#endif
