/* stats.h - what few repetitions can tell: means, deviations, tests. */
#ifndef DSC_STUDY_STATS_H
#define DSC_STUDY_STATS_H

#include <stddef.h>

/* The mean of n numbers; NaN for none. */
double dsc_mean(const double *x, size_t n);
/* The sample deviation, divided by n - 1; NaN for fewer than two. */
double dsc_deviation(const double *x, size_t n);
/* The middle one of n numbers, which are put in order; of an even count the mean of both. NaN for
 * none. */
double dsc_median(double *x, size_t n);

/* Two-sided p of Student's t with that many degrees of freedom, at least 1. */
double dsc_student_p(double t, int degrees);
/* Paired t-test: p that differences d[0..n) come from a mean of 0. Their deviation counts as at
 * least `resolution` / sqrt(6), the error of two numbers that were rounded to steps of it. 1 for
 * fewer than two differences. */
double dsc_paired_p(const double *d, size_t n, double resolution);
/* Exact sign-flip test: how many of the 2^n ways to choose the signs of d[0..n) give a mean at
 * least as far from 0. n at most 20, else NaN. */
double dsc_sign_flip_p(const double *d, size_t n);
/* Holm's correction for n tests at once: adjusted[i] is what p[i] becomes. */
void dsc_holm(const double *p, double *adjusted, size_t n);

#endif
