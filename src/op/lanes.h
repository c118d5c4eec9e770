/* lanes.h - sums over an array in eight parts, each in double: fast, because the parts fill a
 * vector register; exact enough for any length; and of the same bits on every instruction set,
 * because the order is fixed. Included by files of the `real` list. */
#ifndef DSC_OP_LANES_H
#define DSC_OP_LANES_H

#include "base/real.h"

#include <stddef.h>

enum { LANES = 8 };

static inline double lanes_total(const double lane[LANES])
{
    return ((lane[0] + lane[4]) + (lane[2] + lane[6])) +
           ((lane[1] + lane[5]) + (lane[3] + lane[7]));
}

/* sum of x */
static inline double lanes_sum(const real *x, size_t n)
{
    double lane[LANES] = {0};
    size_t i = 0;

    for (; i + LANES <= n; i += LANES)
        for (size_t j = 0; j < LANES; j++)
            lane[j] += (double)x[i + j];
    for (; i < n; i++)
        lane[i % LANES] += (double)x[i];
    return lanes_total(lane);
}

/* sum of (x - mean)^2 */
static inline double lanes_squares(const real *x, double mean, size_t n)
{
    double lane[LANES] = {0};
    size_t i = 0;

    for (; i + LANES <= n; i += LANES)
        for (size_t j = 0; j < LANES; j++) {
            const double d = (double)x[i + j] - mean;
            lane[j] += d * d;
        }
    for (; i < n; i++) {
        const double d = (double)x[i] - mean;
        lane[i % LANES] += d * d;
    }
    return lanes_total(lane);
}

/* sum of a (x - mean) */
static inline double lanes_product(const real *a, const real *x, double mean, size_t n)
{
    double lane[LANES] = {0};
    size_t i = 0;

    for (; i + LANES <= n; i += LANES)
        for (size_t j = 0; j < LANES; j++)
            lane[j] += (double)a[i + j] * ((double)x[i + j] - mean);
    for (; i < n; i++)
        lane[i % LANES] += (double)a[i] * ((double)x[i] - mean);
    return lanes_total(lane);
}

#endif
