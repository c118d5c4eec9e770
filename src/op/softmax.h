/* softmax.h - the loops of a softmax along a row, in a fixed order whatever the vector length;
 * included by files of the `real` list. */
#ifndef DSC_OP_SOFTMAX_H
#define DSC_OP_SOFTMAX_H

#include "base/sums.h"

/* x <- exp(x - largest); returns their sum. n is a multiple of DSC_LANES, and small: the partial
 * sums are short. */
static inline real row_exp(real *x, size_t n, real largest)
{
    real lane[DSC_LANES] = {0};
    double sum = 0;

    for (size_t i = 0; i < n; i += DSC_LANES)
        for (int j = 0; j < DSC_LANES; j++) {
            x[i + (size_t)j] = real_exp(x[i + (size_t)j] - largest);
            lane[j] += x[i + (size_t)j];
        }
    for (int j = 0; j < DSC_LANES; j++)
        sum += (double)lane[j];
    return (real)sum;
}

/* Sum of a b; n as above. */
static inline real row_dot(const real *a, const real *b, size_t n)
{
    real lane[DSC_LANES] = {0};
    double sum = 0;

    for (size_t i = 0; i < n; i += DSC_LANES)
        for (int j = 0; j < DSC_LANES; j++)
            lane[j] += a[i + (size_t)j] * b[i + (size_t)j];
    for (int j = 0; j < DSC_LANES; j++)
        sum += (double)lane[j];
    return (real)sum;
}

#endif
