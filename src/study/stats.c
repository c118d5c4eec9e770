/* stats.c - means, deviations, and tests for few repetitions. */
#include "study/stats.h"

#include "descent/study.h"

#include <math.h>
#include <stdlib.h>

double dsc_mean(const double *x, size_t n)
{
    double sum = 0.0;

    for (size_t i = 0; i < n; i++)
        sum += x[i];
    return n > 0 ? sum / (double)n : (double)NAN;
}

double dsc_deviation(const double *x, size_t n)
{
    const double mean = dsc_mean(x, n);
    double sum = 0.0;

    for (size_t i = 0; i < n; i++)
        sum += (x[i] - mean) * (x[i] - mean);
    return n > 1 ? sqrt(sum / (double)(n - 1)) : (double)NAN;
}

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

double dsc_median(double *x, size_t n)
{
    if (n == 0)
        return (double)NAN;
    qsort(x, n, sizeof *x, by_size);
    return n % 2 ? x[n / 2] : 0.5 * (x[n / 2 - 1] + x[n / 2]);
}

/* Finite sums for whole degrees of freedom: Abramowitz and Stegun 1964, 26.7.3 and 26.7.4. */
double dsc_student_p(double t, int degrees)
{
    const double theta = atan(fabs(t) / sqrt((double)degrees));
    const double cosine = cos(theta), sine = sin(theta), pi = acos(-1.0);
    const int odd = degrees % 2;
    double term = odd ? cosine : 1.0, sum = degrees > 1 ? term : 0.0;

    if (isnan(t))
        return (double)NAN;
    for (int k = odd ? 3 : 2; k <= degrees - 2; k += 2) {
        term *= cosine * cosine * (double)(k - 1) / (double)k;
        sum += term;
    }
    const double inside = odd ? 2.0 / pi * (theta + sine * sum) : sine * sum;
    return fmax(0.0, 1.0 - inside);
}

double dsc_paired_p(const double *d, size_t n, double resolution)
{
    if (n < 2)
        return 1.0;
    const double mean = dsc_mean(d, n);
    const double deviation = fmax(dsc_deviation(d, n), resolution / sqrt(6.0));
    if (isnan(mean) || mean == 0.0)
        return 1.0;
    return dsc_student_p(mean / (deviation / sqrt((double)n)), (int)n - 1);
}

double dsc_sign_flip_p(const double *d, size_t n)
{
    enum { MOST = 20 };
    size_t as_far = 0;

    if (n > MOST)
        return (double)NAN;
    const size_t ways = (size_t)1 << n;
    const double seen = fabs(dsc_mean(d, n)) * (double)n;
    for (size_t signs = 0; signs < ways; signs++) {
        double sum = 0.0;
        for (size_t i = 0; i < n; i++)
            sum += signs >> i & 1 ? -d[i] : d[i];
        as_far += fabs(sum) >= seen * (1.0 - 1e-12);
    }
    return (double)as_far / (double)ways;
}

void dsc_holm(const double *p, double *adjusted, size_t n)
{
    /* the smallest first; few tests, so that looking for it each time is plain and fast enough */
    double least = 0.0;

    for (size_t i = 0; i < n; i++)
        adjusted[i] = (double)NAN;
    for (size_t rank = 0; rank < n; rank++) {
        size_t next = n;
        for (size_t i = 0; i < n; i++)
            if (isnan(adjusted[i]) && (next == n || p[i] < p[next]))
                next = i;
        least = fmax(least, fmin(1.0, p[next] * (double)(n - rank)));
        adjusted[next] = least;
    }
}

void descent_performance_ratios(const double *cost, double *ratio, size_t solvers, size_t problems)
{
    for (size_t p = 0; p < problems; p++) {
        double best = (double)INFINITY;
        for (size_t s = 0; s < solvers; s++)
            best = fmin(best, cost[s * problems + p]); /* leaves NaN out */
        for (size_t s = 0; s < solvers; s++) {
            const double c = cost[s * problems + p];
            ratio[s * problems + p] =
                isfinite(c) ? (best > 0.0 ? c / best : 1.0) : (double)INFINITY;
        }
    }
}
