/* test_spectrum.c - eigenvalues of Hessians that are known. */
#include "descent/descent.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static descent_spectrum of_formula(const char *text, const double *w, size_t count)
{
    descent_spectrum_options o = descent_spectrum_defaults();
    descent_expression *f;
    descent_spectrum s;
    descent_error err = {0};

    o.count = count;
    assert_int_equal(descent_expression_parse(&f, text, &err), DESCENT_OK);
    if (descent_spectrum_measure(&s, descent_expression_evaluate, f, w,
                                 descent_expression_variables(f), &o, &err) != DESCENT_OK)
        fail_msg("%s", err.message);
    descent_expression_free(f);
    return s;
}

static void near(descent_eigenvalue found, double value)
{
    assert_true(fabs(found.value - value) <= 1e-9 * fmax(1.0, fabs(value)));
    assert_true(found.error >= 0.0 && found.error <= 1e-6 * fmax(1.0, fabs(value)));
}

static void bowl(void **state)
{
    const double w[] = {3.0, -2.0};
    const descent_spectrum s = of_formula("0.5*(x^2 + 25*y^2)", w, 5);

    (void)state;
    assert_int_equal(s.count, 2);
    assert_true(s.converged);
    near(s.largest[0], 25.0);
    near(s.largest[1], 1.0);
    near(s.smallest[0], 1.0);
    near(s.smallest[1], 25.0);
}

static void other_functions(void **state)
{
    const double far[] = {1e6, 1e6}, origin[] = {0.0, 0.0}, one[] = {1.0, 1.0};
    /* Rosenbrock at its minimum: trace 1002, determinant 400 */
    const double root = sqrt(1002.0 * 1002.0 - 1600.0);
    descent_spectrum s;

    (void)state;
    s = of_formula("0.5*(x^2 + 25*y^2)", far, 2);
    near(s.largest[0], 25.0);
    s = of_formula("x^2 - y^2", one, 1);
    near(s.largest[0], 2.0);
    near(s.smallest[0], -2.0);
    s = of_formula("3*x + 4*y", origin, 2);
    near(s.largest[0], 0.0);
    s = of_formula("(1-x)^2 + 100*(y-x^2)^2", one, 2);
    near(s.largest[0], 0.5 * (1002.0 + root));
    near(s.smallest[0], 400.0 / (0.5 * (1002.0 + root)));
    s = of_formula("exp(x) + sin(x)", &one[0], 1);
    near(s.largest[0], exp(1.0) - sin(1.0));
}

/* 1 + |i - half|, so that every value but one is there twice; user: the number of calls. */
static double pairs(size_t n, const double *w, double *g, void *user)
{
    double sum = 0.0;

    ++*(int *)user;
    for (size_t i = 0; i < n; i++) {
        const double k = 1.0 + fabs((double)i - (double)(n / 2));
        sum += 0.5 * k * w[i] * w[i];
        if (g)
            g[i] = k * w[i];
    }
    return sum;
}

static void repeated_values(void **state)
{
    enum { N = 41 };
    double w[N] = {0};
    descent_spectrum_options o = descent_spectrum_defaults();
    descent_spectrum s;
    int calls = 0;

    (void)state;
    o.count = 3;
    o.products = N;
    assert_int_equal(descent_spectrum_measure(&s, pairs, &calls, w, N, &o, NULL), DESCENT_OK);
    assert_true(s.converged);
    near(s.largest[0], 21.0);
    near(s.smallest[0], 1.0);
}

/* Where Lanczos stops early, the true value is within the error that it states. */
static void error_bars_hold(void **state)
{
    enum { N = 301 };
    double w[N] = {0};
    descent_spectrum_options o = descent_spectrum_defaults();
    descent_spectrum s;
    int calls = 0;

    (void)state;
    o.count = 1;
    for (o.products = 2; o.products <= 32; o.products *= 2) {
        assert_int_equal(descent_spectrum_measure(&s, pairs, &calls, w, N, &o, NULL), DESCENT_OK);
        assert_int_equal(s.products, o.products);
        /* whole numbers from 1 to 151 are the eigenvalues */
        assert_true(fabs(s.largest[0].value - round(s.largest[0].value)) <= s.largest[0].error);
        assert_true(s.largest[0].value <= 151.0 + 1e-9);
    }
    assert_true(s.largest[0].value > 150.0);
}

static double kinked(size_t n, const double *w, double *g, void *user)
{
    const double kink = w[0] > 1e-5 ? 1.0 : 0.0;

    (void)n;
    (void)user;
    if (g)
        g[0] = 4.0 * w[0] + kink;
    return 2.0 * w[0] * w[0] + kink * w[0];
}

static void kinks_shrink_the_step(void **state)
{
    const double w = 0.0;
    descent_spectrum s;

    (void)state;
    assert_int_equal(descent_spectrum_measure(&s, kinked, NULL, &w, 1, NULL, NULL), DESCENT_OK);
    assert_true(fabs(s.largest[0].value - 4.0) < 1e-6);
}

static double nowhere(size_t n, const double *w, double *g, void *user)
{
    (void)n;
    (void)user;
    if (g)
        g[0] = w[0];
    return (double)NAN;
}

static int stop_at_once(double done, void *user)
{
    assert_true(done > 0.0 && done <= 1.0);
    ++*(int *)user;
    return 1;
}

static void what_goes_wrong(void **state)
{
    double w[30] = {0};
    descent_spectrum_options o = descent_spectrum_defaults();
    descent_spectrum s;
    descent_error err = {0};
    int calls = 0, watched = 0;

    (void)state;
    assert_int_equal(descent_spectrum_measure(&s, nowhere, NULL, w, 1, &o, &err), DESCENT_INVALID);
    assert_string_equal(err.message, "the gradient is not finite near these weights, so there is "
                                     "no curvature to measure");
    assert_int_equal(descent_spectrum_measure(&s, pairs, &calls, w, 0, &o, &err), DESCENT_INVALID);
    assert_string_equal(err.message, "there are no parameters, so there is no curvature");
    o.count = 51;
    assert_int_equal(descent_spectrum_measure(&s, pairs, &calls, w, 30, &o, &err), DESCENT_INVALID);
    assert_string_equal(err.message, "51 eigenvalues are wanted, from 1 to 50 can be had");
    o.count = 5;
    o.watch = stop_at_once;
    o.user = &watched;
    assert_int_equal(descent_spectrum_measure(&s, pairs, &calls, w, 30, &o, &err), DESCENT_OK);
    assert_int_equal(watched, 1);
    assert_true(s.interrupted && s.products == 1 && s.count == 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bowl),
        cmocka_unit_test(other_functions),
        cmocka_unit_test(repeated_values),
        cmocka_unit_test(error_bars_hold),
        cmocka_unit_test(kinks_shrink_the_step),
        cmocka_unit_test(what_goes_wrong),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
