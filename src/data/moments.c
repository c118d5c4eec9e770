/* moments.c - see moments.h; compiled for every instruction set. */
#include "data/moments.h"

#include "base/sums.h"

dsc_extent DSC_R(dsc_moments_of_one)(const real *x, size_t n);
void DSC_R(dsc_moments)(const real *x, size_t n, size_t width, double *m);

static real largest_magnitude(const real *x, size_t n)
{
    real lane[DSC_LANES] = {0};

    for (size_t i = 0; i < n; i += DSC_LANES)
        for (size_t k = 0, count = n - i < DSC_LANES ? n - i : DSC_LANES; k < count; k++)
            lane[k] = real_abs(x[i + k]) > lane[k] ? real_abs(x[i + k]) : lane[k];
    return dsc_largest(lane, DSC_LANES);
}

dsc_extent DSC_R(dsc_moments_of_one)(const real *x, size_t n)
{
    const double mean = dsc_sum(x, n) / (double)n;

    return (dsc_extent){.mean = mean,
                        .deviation = sqrt(dsc_sum_squares(x, mean, n) / (double)n),
                        .magnitude = (double)largest_magnitude(x, n)};
}

void DSC_R(dsc_moments)(const real *x, size_t n, size_t width, double *m)
{
    const size_t k = width + 1;

    for (size_t p = 0; p < width; p++) {
        for (size_t q = 0; q <= p; q++)
            m[p * k + q] = m[q * k + p] = dsc_dot(x + p * n, x + q * n, n) / (double)n;
        m[p * k + width] = m[width * k + p] = dsc_sum(x + p * n, n) / (double)n;
    }
    m[width * k + width] = 1.0;
}
