/* distances.c - squared distances from one example to the first of many, and how far the nearest of
 * them reach; compiled for every instruction set. The sums of some examples at a time stay in
 * registers while all features are added, one after the other: so they are the same bits whatever
 * the vector length. */
#include "data/distances.h"

#include "base/real.h"

#include <stdint.h>
#include <string.h>

enum { TILE = 64 };

void DSC_R(dsc_distances)(const float *z, size_t n, size_t width, size_t self, size_t without,
                          float *distance, size_t among);
float DSC_R(dsc_distances_radius)(const float *distance, size_t n, size_t count);

/* From example `begin` on, `count` of them. */
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
    if (begin < among && among >= TILE) /* some once more: whole tiles are what is fast */
        add_features(z, n, width, self, without, distance, among - TILE, TILE);
    else if (begin < among)
        add_features(z, n, width, self, without, distance, begin, among - begin);
}

static inline size_t within(const float *distance, size_t n, float bound)
{
    uint32_t count = 0;

    for (size_t i = 0; i < n; i++)
        count += distance[i] <= bound;
    return count;
}

static inline float float_of(uint32_t bits)
{
    float x;

    memcpy(&x, &bits, sizeof x);
    return x;
}

/* By halves of all floats from 0 on, which are ordered like their bits. Counting needs no branch,
 * which a processor would have to guess. */
float DSC_R(dsc_distances_radius)(const float *distance, size_t n, size_t count)
{
    uint32_t least = 0, most = UINT32_C(0x7f800000); /* infinity */

    while (least < most) {
        const uint32_t middle = least + (most - least) / 2;
        const size_t found = within(distance, n, float_of(middle));
        if (found == count)
            return float_of(middle);
        if (found < count)
            least = middle + 1;
        else
            most = middle;
    }
    return float_of(least);
}
