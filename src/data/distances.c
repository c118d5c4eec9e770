/* distances.c - squared distances from one example to the first of many; compiled for every
 * instruction set. The sums of some examples at a time stay in registers while all features are
 * added, one after the other: so they are the same bits whatever the vector length. */
#include "data/distances.h"

#include "base/real.h"

enum { TILE = 64, PART = 16 };

void DSC_R(dsc_distances)(const float *z, size_t n, size_t width, size_t self, size_t without,
                          float *distance, size_t among);

/* From example `begin` on, `count` of them: TILE, PART, or what is left. */
static inline void add_features(const float *z, size_t n, size_t width, size_t self, size_t without,
                                float *restrict distance, size_t begin, size_t count)
{
    float sum[TILE] = {0};

    for (size_t j = 0; j < width; j++) {
        const float *x = z + j * n + begin, at = z[j * n + self];
        if (j == without)
            continue;
        for (size_t k = 0; k < count; k++)
            sum[k] += (x[k] - at) * (x[k] - at);
    }
    for (size_t k = 0; k < count; k++)
        distance[begin + k] = sum[k];
}

void DSC_R(dsc_distances)(const float *z, size_t n, size_t width, size_t self, size_t without,
                          float *distance, size_t among)
{
    size_t begin = 0;

    for (; begin + TILE <= among; begin += TILE)
        add_features(z, n, width, self, without, distance, begin, TILE);
    for (; begin + PART <= among; begin += PART)
        add_features(z, n, width, self, without, distance, begin, PART);
    if (begin < among)
        add_features(z, n, width, self, without, distance, begin, among - begin);
}
