/* neighbourhood.c - the nearest examples, by looking at all of them. */
#include "data/neighbourhood.h"

#include "base/memory.h"
#include "data/distances.h"

#include <math.h>

bool dsc_neighbourhood_make(dsc_neighbourhood *hood, const float *z, size_t n, size_t width,
                            size_t among)
{
    enum { LEAST = 3, PART = 8 };
    const size_t wanted = among / PART < LEAST ? LEAST : among / PART;

    *hood = (dsc_neighbourhood){.z = z, .n = n, .width = width, .among = among};
    hood->count = wanted < DSC_NEAREST ? (int)wanted : DSC_NEAREST;
    if ((size_t)hood->count >= among)
        hood->count = among > 0 ? (int)among - 1 : 0;
    hood->distance = dsc_alloc(among, sizeof *hood->distance);
    return hood->distance != NULL;
}

void dsc_neighbourhood_free(dsc_neighbourhood *hood)
{
    dsc_free(hood->distance);
    hood->distance = NULL;
}

void dsc_neighbourhood_scale(float *z, size_t n, size_t width)
{
    for (size_t j = 0; j < width; j++) {
        float *x = z + j * n;
        double mean = 0.0, squares = 0.0;
        for (size_t i = 0; i < n; i++)
            mean += (double)x[i] / (double)n;
        for (size_t i = 0; i < n; i++)
            squares += ((double)x[i] - mean) * ((double)x[i] - mean);
        const double inverse = 1.0 / sqrt(squares / (double)n);
        for (size_t i = 0; i < n; i++)
            x[i] = isfinite(inverse) ? (float)(((double)x[i] - mean) * inverse) : 0.0f;
    }
}

void dsc_neighbourhood_nearest(const dsc_neighbourhood *r, size_t count, size_t *place)
{
    const float most = dsc_distances_radius(r->distance, r->among, count);
    size_t have = 0;

    for (size_t i = 0; i < r->among && have < count; i++)
        if (r->distance[i] < most)
            place[have++] = i;
    for (size_t i = 0; i < r->among && have < count; i++) /* of equal ones the first */
        if (r->distance[i] == most)
            place[have++] = i;
    for (size_t i = 0; i < r->among && have < count; i++) /* beyond all numbers */
        if (isnan(r->distance[i]) && i != r->self)
            place[have++] = i;
}

/* The nearest first. */
static void sort(const float *distance, size_t *place, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        const size_t one = place[i];
        size_t at = i;
        for (; at > 0 && distance[place[at - 1]] > distance[one]; at--)
            place[at] = place[at - 1];
        place[at] = one;
    }
}

void dsc_neighbourhood_find(dsc_neighbourhood *r, size_t self, size_t without,
                            size_t place[DSC_NEAREST])
{
    dsc_distances(r->z, r->n, r->width, self, without, r->distance, r->among);
    r->self = self;
    if (self < r->among)
        r->distance[self] = (float)NAN;
    dsc_neighbourhood_nearest(r, (size_t)r->count, place);
    sort(r->distance, place, (size_t)r->count);
}

double dsc_neighbourhood_median(double *x, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        const double one = x[i];
        size_t at = i;
        for (; at > 0 && x[at - 1] > one; at--)
            x[at] = x[at - 1];
        x[at] = one;
    }
    return x[n / 2];
}

double dsc_neighbourhood_off(double own, double *near, int count)
{
    return fabs(own - dsc_neighbourhood_median(near, (size_t)count));
}

double dsc_neighbourhood_far(double *off, size_t n)
{
    static const double FAR = 6.0, DEVIATIONS = 1.4826; /* of a bell in middle differences */

    return FAR * (DEVIATIONS * dsc_neighbourhood_median(off, n));
}
