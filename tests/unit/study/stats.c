/* stats.c - means, tests and corrections against numbers from tables and by hand. */
#include "study/stats.h"

#include "descent/study.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void close_to(double found, double expected, double tolerance)
{
    if (!(fabs(found - expected) <= tolerance))
        fail_msg("found %.12g, expected %.12g", found, expected);
}

static void means_deviations_medians(void **state)
{
    double x[] = {4, 1, 3, 2}, odd[] = {9, 1, 5};

    (void)state;
    close_to(dsc_mean(x, 4), 2.5, 0);
    close_to(dsc_deviation(x, 4), sqrt(5.0 / 3.0), 1e-15);
    close_to(dsc_median(x, 4), 2.5, 0);
    close_to(dsc_median(odd, 3), 5, 0);
    assert_true(isnan(dsc_mean(x, 0)));
    assert_true(isnan(dsc_deviation(x, 1)));
    assert_true(isnan(dsc_median(x, 0)));
}

/* The 5 % points of every table of Student's t, and values that have a closed form. */
static void student_is_that_of_the_tables(void **state)
{
    (void)state;
    close_to(dsc_student_p(1, 1), 0.5, 1e-15);
    close_to(dsc_student_p(2, 2), 1 - 2 / sqrt(6), 1e-15);
    close_to(dsc_student_p(12.7062047364, 1), 0.05, 1e-9);
    close_to(dsc_student_p(4.30265272991, 2), 0.05, 1e-9);
    close_to(dsc_student_p(3.18244630528, 3), 0.05, 1e-9);
    close_to(dsc_student_p(2.77644510520, 4), 0.05, 1e-9);
    close_to(dsc_student_p(2.57058183661, 5), 0.05, 1e-9);
    close_to(dsc_student_p(2.26215716285, 9), 0.05, 1e-9);
    close_to(dsc_student_p(-2.22813885196, 10), 0.05, 1e-9);
    close_to(dsc_student_p(0, 7), 1, 1e-15);
}

static void paired_test_by_hand(void **state)
{
    const double d[] = {1, 2, 3, 4, 5}, same[] = {0.1, 0.1, 0.1}, none[] = {0, 0, 0};

    (void)state;
    /* t = 3 / (sqrt(2.5) / sqrt(5)) = 3 sqrt(2), with 4 degrees of freedom */
    const double s = sqrt(18.0 / 22.0); /* sine of atan(t / 2) */
    close_to(dsc_paired_p(d, 5, 0), 1 - s * (1 + 0.5 * (1 - s * s)), 1e-12);
    /* no deviation at all: that of rounding to 0.1 stands in, t = sqrt(18) with 2 degrees */
    close_to(dsc_paired_p(same, 3, 0.1), 1 - sqrt(18.0 / 20.0), 1e-12);
    close_to(dsc_paired_p(none, 3, 0.1), 1, 0);
    close_to(dsc_paired_p(d, 1, 0), 1, 0);
}

static void signs_are_flipped_in_all_ways(void **state)
{
    const double d[] = {1, 2, 3, 4, 5}, even[] = {1, -1}, mixed[] = {3, -1, 2};

    (void)state;
    close_to(dsc_sign_flip_p(d, 5), 2.0 / 32.0, 0);
    close_to(dsc_sign_flip_p(even, 2), 1, 0);
    close_to(dsc_sign_flip_p(mixed, 3), 4.0 / 8.0, 0); /* |sum| >= 4: 6, 4, -4, -6 */
    assert_true(isnan(dsc_sign_flip_p(d, 21)));
}

static void holm_by_hand(void **state)
{
    const double p[] = {0.01, 0.04, 0.03, 0.005}, expected[] = {0.03, 0.06, 0.06, 0.02};
    double adjusted[4];

    (void)state;
    dsc_holm(p, adjusted, 4);
    for (int i = 0; i < 4; i++)
        close_to(adjusted[i], expected[i], 1e-15);
    dsc_holm((const double[]){0.7, 0.6}, adjusted, 2);
    close_to(adjusted[0], 1, 0);
    close_to(adjusted[1], 1, 0);
}

static void ratios_to_the_fastest(void **state)
{
    const double cost[] = {1, 4, (double)NAN, (double)NAN, 2, 2, 3, (double)INFINITY};
    double ratio[8];

    (void)state;
    descent_performance_ratios(cost, ratio, 2, 4);
    close_to(ratio[0], 1, 0);
    close_to(ratio[1], 2, 0);
    assert_true(isinf(ratio[2]));
    assert_true(isinf(ratio[3]));
    close_to(ratio[4], 2, 0);
    close_to(ratio[5], 1, 0);
    close_to(ratio[6], 1, 0);
    assert_true(isinf(ratio[7])); /* nobody solves it */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(means_deviations_medians),
        cmocka_unit_test(student_is_that_of_the_tables),
        cmocka_unit_test(paired_test_by_hand),
        cmocka_unit_test(signs_are_flipped_in_all_ways),
        cmocka_unit_test(holm_by_hand),
        cmocka_unit_test(ratios_to_the_fastest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
