/* channel_sums.h - sums of channels over rows and positions: in double, in order of the rows.
 * Included by files of the `real` list. */
#ifndef DSC_OP_CHANNEL_SUMS_H
#define DSC_OP_CHANNEL_SUMS_H

#include "base/sums.h"

/* x is (rows, channels, inner). */
typedef struct sizes {
    size_t rows, channels, inner, count; /* count = rows * inner: numbers in a channel */
} sizes;

/* sum[channel] += x */
static inline void add_numbers(const sizes *z, const real *x, size_t begin, size_t end, double *sum)
{
    for (size_t r = 0; r < z->rows; r++, x += z->channels * z->inner) {
        if (z->inner == 1)
            for (size_t k = begin; k < end; k++)
                sum[k] += (double)x[k];
        else
            for (size_t k = begin; k < end; k++)
                sum[k] += dsc_sum(x + k * z->inner, z->inner);
    }
}

/* sum[channel] += (x - mean)^2 */
static inline void add_squares(const sizes *z, const real *x, const double *mean, size_t begin,
                               size_t end, double *sum)
{
    for (size_t r = 0; r < z->rows; r++, x += z->channels * z->inner) {
        if (z->inner == 1)
            for (size_t k = begin; k < end; k++)
                sum[k] += ((double)x[k] - mean[k]) * ((double)x[k] - mean[k]);
        else
            for (size_t k = begin; k < end; k++)
                sum[k] += dsc_sum_squares(x + k * z->inner, mean[k], z->inner);
    }
}

/* sum[channel] += dy (x - mean) */
static inline void add_products(const sizes *z, const real *dy, const real *x, const real *mean,
                                size_t begin, size_t end, double *sum)
{
    const size_t row = z->channels * z->inner;

    for (size_t r = 0; r < z->rows; r++, x += row, dy += row) {
        if (z->inner == 1)
            for (size_t k = begin; k < end; k++)
                sum[k] += (double)dy[k] * ((double)x[k] - (double)mean[k]);
        else
            for (size_t k = begin; k < end; k++)
                sum[k] +=
                    dsc_dot_about(dy + k * z->inner, x + k * z->inner, (double)mean[k], z->inner);
    }
}

#endif
