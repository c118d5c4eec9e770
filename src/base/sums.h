/* sums.h - sums and the largest number along an array: DSC_LANES partial results, joined as a tree.
 * So they are vector code, in a fixed order whatever the vector length; and the sums are double, so
 * that long ones lose nothing. For files of the `real` list. */
#ifndef DSC_BASE_SUMS_H
#define DSC_BASE_SUMS_H

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

/* Adds up `term`, which names the element i. */
#define DSC_SUM_BODY(term)                     \
  double lane[DSC_LANES] = {0};                \
  size_t at = 0;                               \
  for (; at + DSC_LANES <= n; at += DSC_LANES) \
    for (size_t j = 0; j < DSC_LANES; j++) {   \
      const size_t i = at + j;                 \
      lane[j] += (term);                       \
    }                                          \
  for (size_t i = at; i < n; i++)              \
    lane[i - at] += (term);                    \
  return dsc_sum_lanes(lane)

/* Sum of a[i]. */
static inline double dsc_sum(const real *a, size_t n)
{
    DSC_SUM_BODY((double)a[i]);
}

/* Sum of |a[i]|. */
static inline double dsc_sum_abs(const real *a, size_t n)
{
    DSC_SUM_BODY((double)real_abs(a[i]));
}

/* Sum of (a[i] - mean)^2. */
static inline double dsc_sum_squares(const real *a, double mean, size_t n)
{
    DSC_SUM_BODY(((double)a[i] - mean) * ((double)a[i] - mean));
}

/* Sum of a[i] b[i]. */
static inline double dsc_dot(const real *a, const real *b, size_t n)
{
    DSC_SUM_BODY((double)a[i] * (double)b[i]);
}

/* Sum of a[i] (b[i] - mean). */
static inline double dsc_dot_about(const real *a, const real *b, double mean, size_t n)
{
    DSC_SUM_BODY((double)a[i] * ((double)b[i] - mean));
}

/* The largest of n numbers, -infinity of none; NaN is passed over. */
static inline real dsc_largest(const real *a, size_t n)
{
    real lane[DSC_LANES];
    size_t at = 0;

    for (int j = 0; j < DSC_LANES; j++)
        lane[j] = -(real)INFINITY;
    for (; at + DSC_LANES <= n; at += DSC_LANES)
        for (size_t j = 0; j < DSC_LANES; j++)
            lane[j] = a[at + j] > lane[j] ? a[at + j] : lane[j];
    for (size_t i = at; i < n; i++)
        lane[i - at] = a[i] > lane[i - at] ? a[i] : lane[i - at];
    for (int j = 1; j < DSC_LANES; j++)
        lane[0] = lane[j] > lane[0] ? lane[j] : lane[0];
    return lane[0];
}

#endif
