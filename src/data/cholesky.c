/* cholesky.c - see cholesky.h. */
#include "data/cholesky.h"

#include <math.h>

bool dsc_cholesky(double *a, size_t n)
{
    for (size_t p = 0; p < n; p++)
        for (size_t q = 0; q <= p; q++) {
            double sum = a[p * n + q];
            for (size_t i = 0; i < q; i++)
                sum -= a[p * n + i] * a[q * n + i];
            if (p == q && !(sum > 0.0))
                return false;
            a[p * n + q] = p == q ? sqrt(sum) : sum / a[q * n + q];
        }
    return true;
}

void dsc_cholesky_solve(const double *l, size_t n, double *v, size_t stride)
{
    for (size_t p = 0; p < n; p++) {
        for (size_t q = 0; q < p; q++)
            v[p * stride] -= l[p * n + q] * v[q * stride];
        v[p * stride] /= l[p * n + p];
    }
    for (size_t p = n; p-- > 0;) {
        for (size_t q = p + 1; q < n; q++)
            v[p * stride] -= l[q * n + p] * v[q * stride];
        v[p * stride] /= l[p * n + p];
    }
}
