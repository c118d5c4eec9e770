/* curve.c - what is read off made curves. */
#include "study/curve.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { STEPS = 160 };

typedef double (*loss_at)(double lr);

static descent_lr_point points[STEPS];

/* A test from 1e-6 to 100 on a loss that is known. */
static dsc_lr_curve curve_of(loss_at loss)
{
    dsc_lr_curve c = {.point = points};

    for (int i = 0; i < STEPS; i++) {
        const double lr = pow(10, -6 + 8.0 * i / (STEPS - 1));
        if (!dsc_lr_curve_add(&c, lr, loss(lr)))
            break;
    }
    return c;
}

static double flat(double lr)
{
    (void)lr;
    return 2.0;
}

/* Falls around 1e-3, explodes at 1. */
static double valley(double lr)
{
    return 0.5 + 1.5 / (1 + pow(lr / 1e-3, 2)) + (lr >= 1 ? 50 : 0);
}

static double breaks(double lr)
{
    return lr > 0.01 ? (double)NAN : valley(lr);
}

static void close_in_log(double found, double expected, double decades)
{
    if (!(fabs(log10(found / expected)) <= decades))
        fail_msg("found %g, expected %g within %g decades", found, expected, decades);
}

static void the_mean_is_corrected_for_its_start(void **state)
{
    dsc_lr_curve c = {.point = points};

    (void)state;
    dsc_lr_curve_add(&c, 1e-6, 1);
    dsc_lr_curve_add(&c, 2e-6, 2);
    assert_true(fabs(points[0].smoothed - 1) < 1e-15);
    assert_true(fabs(points[1].smoothed - (0.09 + 0.2) / 0.19) < 1e-15);
    c = curve_of(flat);
    assert_int_equal(c.n, STEPS);
    assert_true(fabs(points[STEPS - 1].smoothed - 2) < 1e-12);
    assert_false(dsc_lr_curve_read(&c).diverged);
}

static void an_explosion_ends_it(void **state)
{
    const dsc_lr_curve c = curve_of(valley);
    const descent_lr_curve read = dsc_lr_curve_read(&c);

    (void)state;
    assert_true(read.diverged);
    assert_true(c.n < STEPS);
    close_in_log(read.divergence, 1, 0.06);
    close_in_log(read.lowest, 1, 0.06);
    /* the smoothed loss runs behind by about 9 steps, of which 20 are a decade */
    close_in_log(read.steepest, 1e-3 * pow(10, 0.25), 0.25);
}

static void what_is_not_finite_ends_it(void **state)
{
    const dsc_lr_curve c = curve_of(breaks);
    const descent_lr_curve read = dsc_lr_curve_read(&c);

    (void)state;
    assert_true(read.diverged);
    close_in_log(read.divergence, 0.01, 0.06);
    assert_true(isfinite(dsc_lr_curve_suggest(&read)));
}

static void two_digits_are_enough(void **state)
{
    (void)state;
    assert_true(fabs(dsc_lr_round(0.0123456) - 0.012) < 1e-18);
    assert_true(fabs(dsc_lr_round(9.96) - 10) < 1e-15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_mean_is_corrected_for_its_start),
        cmocka_unit_test(an_explosion_ends_it),
        cmocka_unit_test(what_is_not_finite_ends_it),
        cmocka_unit_test(two_digits_are_enough),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
