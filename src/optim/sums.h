/* sums.h - sums over a block in double, in a fixed order whatever the vector length: LANES partial
 * sums, added as a tree. For files of the `real` list. */
#ifndef DSC_OPTIM_SUMS_H
#define DSC_OPTIM_SUMS_H

#include "base/real.h"

#include <stddef.h>

enum { DSC_LANES = 16 };

static inline double dsc_sum_lanes(double lane[DSC_LANES])
{
    for (int width = DSC_LANES / 2; width > 0; width /= 2)
        for (int i = 0; i < width; i++)
            lane[i] += lane[i + width];
    return lane[0];
}

/* Sum of a[i] b[i]. */
static inline double dsc_dot(const real *a, const real *b, size_t n)
{
    double lane[DSC_LANES] = {0};
    size_t i = 0;

    for (; i + DSC_LANES <= n; i += DSC_LANES)
        for (int j = 0; j < DSC_LANES; j++)
            lane[j] += (double)a[i + (size_t)j] * (double)b[i + (size_t)j];
    for (int j = 0; i < n; i++, j++)
        lane[j] += (double)a[i] * (double)b[i];
    return dsc_sum_lanes(lane);
}

/* Sum of |a[i]|. */
static inline double dsc_sum_abs(const real *a, size_t n)
{
    double lane[DSC_LANES] = {0};
    size_t i = 0;

    for (; i + DSC_LANES <= n; i += DSC_LANES)
        for (int j = 0; j < DSC_LANES; j++)
            lane[j] += (double)real_abs(a[i + (size_t)j]);
    for (int j = 0; i < n; i++, j++)
        lane[j] += (double)real_abs(a[i]);
    return dsc_sum_lanes(lane);
}

#endif
