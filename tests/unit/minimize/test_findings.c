/* test_findings.c - what is found wrong with whole walks, from the function to the flags. */
#include "../expression/formula.h"

#include "descent/minimize.h"

#include <stdbool.h>
#include <string.h>

/* Walks and expects the first finding; NULL: there is none. */
static descent_minimum walk(const char *formula, double x, double y, const char *optimizer,
                            const char *schedule, const char *name)
{
    descent_expression *e = parse(formula);
    descent_minimize_options o = descent_minimize_defaults();
    descent_minimum m = {0};
    double w[2] = {x, y};

    o.optimizer = optimizer;
    o.schedule = schedule;
    o.user = e;
    assert_int_equal(descent_minimize(descent_expression_evaluate, w,
                                      descent_expression_variables(e), &o, &m, NULL),
                     DESCENT_OK);
    descent_expression_free(e);
    if (!name)
        assert_null(m.finding[0].name);
    else
        assert_string_equal(m.finding[0].name, name);
    return m;
}

/* In the end a schedule has made the steps as short as can be: that is no reason to make them
 * longer than they were. */
static void test_schedule_is_no_low_learning_rate(void **unused)
{
    static const char *const schedules[] = {"constant", "cosine", "linear from=1 to=0.01"};
    const char *ravine = "x^2 + 100*y^2";

    (void)unused;
    for (size_t i = 0; i < sizeof schedules / sizeof *schedules; i++) {
        const descent_minimum m =
            walk(ravine, 5, 1, "sgd lr=0.009", schedules[i], "ill-conditioned");
        assert_non_null(strstr(m.finding[0].evidence, "there 0.009 is far too low"));
        assert_string_equal(m.finding[0].flags, "--optimizer lbfgs");
    }
    const descent_minimum m = walk("x^2", 5, 0, "sgd lr=0.001", "cosine", "learning-rate-too-low");
    assert_string_equal(m.finding[0].remedy, "raise the learning rate from 0.001 to 0.4");
}

static void test_start_that_is_not_finite(void **unused)
{
    (void)unused;
    descent_minimum m = walk("log(x)", -1, 0, "sgd lr=0.1", "constant", "diverged");
    assert_string_equal(m.finding[0].evidence, "f is nan and |g| is 1 at the starting point");
    assert_string_equal(m.finding[0].remedy, "start where both are finite: another --from");
    assert_string_equal(m.finding[0].flags, "");
    assert_null(m.finding[1].name);
    m = walk("sqrt(x)", 0.01, 0, "sgd lr=0.1", "constant", "diverged");
    assert_string_equal(m.finding[0].evidence,
                        "f went from 0.1 to nan in 1 step, and |g| from 5 to nan");
}

/* A saddle in the first variable; counts how often it is asked. */
static double saddle(size_t n, const double *w, double *g, void *user)
{
    int *asked = user;
    double f = 0;

    ++*asked;
    for (size_t i = 0; i < n; i++) {
        const double sign = i == 0 ? -1 : 1;
        f += sign * w[i] * w[i];
        if (g)
            g[i] = 2 * sign * w[i];
    }
    return f;
}

static int stop_at_one(const descent_minimize_step *step, void *user)
{
    (void)user;
    return step->step == 1;
}

/* How often f is asked for a walk of one step, which ends on the ridge. */
static int asked_on_ridge(size_t n, bool interrupt, const char *name)
{
    double w[1000] = {0, 1};
    descent_minimize_options o = descent_minimize_defaults();
    descent_minimum m;
    int asked = 0;

    o.optimizer = "sgd lr=0.5";
    o.user = &asked;
    o.on_step = interrupt ? stop_at_one : NULL;
    o.gradient_tolerance = interrupt ? 0 : 1e-8;
    assert_int_equal(descent_minimize(saddle, w, n, &o, &m, NULL), DESCENT_OK);
    assert_int_equal(m.steps, 1);
    if (name)
        assert_string_equal(m.finding[0].name, name);
    else
        assert_null(m.finding[0].name);
    return asked;
}

static void test_ridge_costs_few_calls(void **unused)
{
    (void)unused;
    assert_int_equal(asked_on_ridge(2, true, NULL), 2);
    assert_int_equal(asked_on_ridge(1000, false, NULL), 2);
    assert_int_equal(asked_on_ridge(2, false, "saddle-or-plateau"), 2 + 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_schedule_is_no_low_learning_rate),
        cmocka_unit_test(test_start_that_is_not_finite),
        cmocka_unit_test(test_ridge_costs_few_calls),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
