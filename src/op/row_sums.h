/* row_sums.h - sums along a row in double, in a fixed order whatever the vector length; included by
 * files of the `real` list. */
#ifndef DSC_OP_ROW_SUMS_H
#define DSC_OP_ROW_SUMS_H

#include "optim/sums.h"

/* Sum of x[i]. */
static inline double row_sum(const real *x, size_t n)
{
    double lane[DSC_LANES] = {0};
    size_t i = 0;

    for (; i + DSC_LANES <= n; i += DSC_LANES)
        for (int j = 0; j < DSC_LANES; j++)
            lane[j] += (double)x[i + (size_t)j];
    for (int j = 0; i < n; i++, j++)
        lane[j] += (double)x[i];
    return dsc_sum_lanes(lane);
}

/* Sum of (x[i] - mean)^2. */
static inline double row_squares(const real *x, size_t n, double mean)
{
    double lane[DSC_LANES] = {0};
    size_t i = 0;

    for (; i + DSC_LANES <= n; i += DSC_LANES)
        for (int j = 0; j < DSC_LANES; j++) {
            const double d = (double)x[i + (size_t)j] - mean;
            lane[j] += d * d;
        }
    for (int j = 0; i < n; i++, j++) {
        const double d = (double)x[i] - mean;
        lane[j] += d * d;
    }
    return dsc_sum_lanes(lane);
}

#endif
