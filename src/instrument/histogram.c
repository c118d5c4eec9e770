/* histogram.c - counts in bins of equal width. */
#include "instrument/histogram.h"

#include <math.h>

void dsc_histogram_make(dsc_histogram *out, const dsc_vectors *vector, const void *x, size_t n)
{
    *out = (dsc_histogram){0};
    vector->range(x, n, &out->low, &out->high);
    const double width = out->high - out->low;
    if (n == 0 || !isfinite(width))
        return;
    vector->bin(x, n, out->low, width > 0.0 ? DSC_BINS / width : 0.0, DSC_BINS, out->count);
    out->there = true;
}
