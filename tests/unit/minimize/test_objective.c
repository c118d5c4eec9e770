/* test_objective.c - rules that look at f for themselves, averages, and steps that can't be taken.
 */
#include "../expression/formula.h"
#include "descent/minimize.h"

#include <string.h>

typedef struct record {
    double w[32];
    int evaluations;
} record;

static double bowl(size_t n, const double *w, double *g, void *user)
{
    ((record *)user)->evaluations++;
    assert_int_equal(n, 1);
    if (g)
        g[0] = 2 * w[0];
    return w[0] * w[0];
}

/* Infinite left of 0. */
static double wall(size_t n, const double *w, double *g, void *user)
{
    (void)user;
    assert_int_equal(n, 1);
    if (g)
        g[0] = -1 / w[0];
    return -log(w[0]);
}

/* Finite, but its slope can't be squared. */
static double cliff(size_t n, const double *w, double *g, void *user)
{
    (void)n, (void)user;
    if (g)
        g[0] = 1e160;
    return w[0];
}

static int keep(const descent_minimize_step *step, void *user)
{
    ((record *)user)->w[step->step] = step->w[0];
    return 0;
}

/* The gradient is that of the point rho = 0.05 further up; shown are only the points between. */
static void test_sam(void **unused)
{
    descent_minimize_options o = descent_minimize_defaults();
    record r = {0};
    descent_minimum m;
    double w = 5.0, expected = 5.0;

    (void)unused;
    o.optimizer = "sam (sgd lr=0.1)";
    o.steps = 10;
    o.on_step = keep;
    o.user = &r;
    assert_int_equal(descent_minimize(bowl, &w, 1, &o, &m, NULL), DESCENT_OK);
    for (int i = 0; i <= 10; i++) {
        assert_true(fabs(r.w[i] - expected) < 1e-12);
        expected -= 0.1 * 2 * (expected + 0.05);
    }
    assert_int_equal(m.steps, 10);
    assert_true(w == r.w[10] && m.f == w * w);
    assert_int_equal(r.evaluations, 1 + 10 * 3);
}

/* The best point is one that was shown, whatever the average is. */
static void test_average(void **unused)
{
    descent_minimize_options o = descent_minimize_defaults();
    record plain = {0}, averaged = {0};
    descent_minimum m, n;
    double v = 5.0, w = 5.0;

    (void)unused;
    o.steps = 20;
    o.user = &plain;
    assert_int_equal(descent_minimize(bowl, &v, 1, &o, &m, NULL), DESCENT_OK);
    o.optimizer = "ema (sgd lr=0.1)";
    o.user = &averaged;
    assert_int_equal(descent_minimize(bowl, &w, 1, &o, &n, NULL), DESCENT_OK);
    assert_true(v == w && m.f == n.f);
    assert_int_equal(plain.evaluations, averaged.evaluations);
}

static void test_steps_that_cannot_be_taken(void **unused)
{
    descent_minimize_options o = descent_minimize_defaults();
    descent_minimum m;
    double w = 0.01;

    (void)unused;
    o.optimizer = "sam (sgd lr=0.0001)";
    assert_int_equal(descent_minimize(wall, &w, 1, &o, &m, NULL), DESCENT_OK);
    assert_int_equal(m.stop, DESCENT_STOP_DIVERGED);
    assert_int_equal(m.verdict, DESCENT_DIVERGED);
    assert_int_equal(m.steps, 1);
    assert_string_equal(m.sentence,
                        "diverged at step 1: no step could be taken from f = 4.60517, |g| = 100; "
                        "what the rule needs there is not finite, or too large to be squared");
    assert_true(w == 0.01);
    o.optimizer = "adam";
    assert_int_equal(descent_minimize(cliff, &w, 1, &o, &m, NULL), DESCENT_OK);
    assert_int_equal(m.stop, DESCENT_STOP_DIVERGED);
    assert_non_null(strstr(m.sentence, "no step could be taken from f = 0.01, |g| = 1e+160;"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sam),
        cmocka_unit_test(test_average),
        cmocka_unit_test(test_steps_that_cannot_be_taken),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
