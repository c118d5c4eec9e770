/* test_verdict.c - what is said about a path: every verdict, its sentence and its numbers. */
#include "../expression/formula.h"

#include "descent/minimize.h"

#include <string.h>

#define ROSENBROCK "(1-x)^2 + 100*(y-x^2)^2"

typedef struct run {
    const char *formula;
    double x, y;
    const char *optimizer;
    int64_t steps;
    descent_verdict verdict;
    descent_stop stop;
    const char *sentence;
} run;

static const run runs[] = {
    /* x^2, whose curvature is 2, at every kind of learning rate */
    {"x^2", 5, 0, "sgd lr=0.001", 100, DESCENT_STILL_GOING, DESCENT_STOP_STEPS,
     "still going: f went from 17.3659 to 16.7513 in the last 9 steps; take more steps or a higher "
     "lr (2/curvature = 1 is the limit)"},
    {"x^2", 5, 0, "sgd lr=0.1", 100, DESCENT_CONVERGED, DESCENT_STOP_CONVERGED,
     "converged after 93 steps: f = 2.35873e-17, |g| = 9.71e-09"},
    {"x^2", 5, 0, "sgd lr=0.5", 100, DESCENT_CONVERGED, DESCENT_STOP_CONVERGED,
     "converged after 1 step: f = 0, |g| = 0"},
    {"x^2", 5, 0, "sgd lr=0.99", 100, DESCENT_STILL_GOING, DESCENT_STOP_STEPS,
     "still going: f went from 0.632537 to 0.439699 in the last 9 steps; take more steps"},
    {"x^2", 5, 0, "sgd lr=1", 100, DESCENT_OSCILLATING, DESCENT_STOP_STEPS,
     "oscillating: the steps jump to and fro across the valley and f no longer falls; lr=1, and "
     "2/curvature = 1 is the limit; try lr=0.5, or a schedule"},
    {"x^2", 5, 0, "sgd lr=1.1", 100, DESCENT_DIVERGED, DESCENT_STOP_STEPS,
     "diverged: lr=1.1 is above 2/curvature = 1 (curvature up to 2 along the way); try lr=0.5"},
    {"x^2", 5, 0, "sgd lr=1.1", 1000, DESCENT_DIVERGED, DESCENT_STOP_DIVERGED,
     "diverged: lr=1.1 is above 2/curvature = 1 (curvature up to 2 along the way); try lr=0.5"},
    {"x^2", 5, 0, "sgd lr=2 momentum=0.9", 60, DESCENT_DIVERGED, DESCENT_STOP_STEPS,
     "diverged: lr=2 is above (2 + 2 momentum)/curvature = 1.9 (curvature up to 2 along the way); "
     "try lr=0.95"},
    {"x^2", 5, 0, "sgd lr=1.8 momentum=0.9", 500, DESCENT_CONVERGED, DESCENT_STOP_CONVERGED, NULL},
    {"x^2", 5, 0, "sgd lr=0.7 momentum=0.9 nesterov", 500, DESCENT_DIVERGED, DESCENT_STOP_STEPS,
     "diverged: lr=0.7 is above (2 + 2 momentum)/((1 + 2 momentum) curvature) = 0.678571 "
     "(curvature up to 2 along the way); try lr=0.339"},
    {"x^2", 5, 0, "sgd lr=0.65 momentum=0.9 nesterov", 500, DESCENT_CONVERGED,
     DESCENT_STOP_CONVERGED, NULL},
    {"x^2", 5, 0, "sgd lr=0", 50, DESCENT_STILL_GOING, DESCENT_STOP_STEPS,
     "still going: w no longer moves at f = 25, |g| = 10; lr=0 is too small"},
    {"1000 + x^2", 5, 0, "sgd lr=0.95", 60, DESCENT_STILL_GOING, DESCENT_STOP_STEPS,
     "still going: f went from 1000.001 to 1000 in the last 9 steps; take more steps"},
    /* a valley with steep walls: the limit is the walls' */
    {"x^2 + 100*y^2", 1, 1, "sgd lr=0.009", 100, DESCENT_STILL_GOING, DESCENT_STOP_STEPS, NULL},
    {"x^2 + 100*y^2", 1, 1, "sgd lr=0.01", 100, DESCENT_OSCILLATING, DESCENT_STOP_STEPS, NULL},
    {"x^2 + 100*y^2", 1, 1, "sgd lr=0.011", 100, DESCENT_DIVERGED, DESCENT_STOP_STEPS,
     "diverged: lr=0.011 is above 2/curvature = 0.010001 (curvature up to 199.98 along the way); "
     "try lr=0.005"},
    /* no quadratic: the curvature that counts is the one near the start */
    {"x^4", 5, 0, "sgd lr=0.1", 100, DESCENT_DIVERGED, DESCENT_STOP_DIVERGED,
     "diverged: lr=0.1 is above 2/curvature = 0.000273973 (curvature up to 7300 near the start); "
     "try lr=0.000137"},
    {ROSENBROCK, -1.2, 1, "sgd lr=0.001", 1000, DESCENT_STILL_GOING, DESCENT_STOP_STEPS,
     "still going: f went from 0.465186 to 0.453529 in the last 9 steps; take more steps"},
    {ROSENBROCK, -1.2, 1, "adam lr=0.05", 5000, DESCENT_CONVERGED, DESCENT_STOP_CONVERGED, NULL},
    {ROSENBROCK, -1.2, 1, "sgd lr=0.01", 100, DESCENT_DIVERGED, DESCENT_STOP_DIVERGED,
     "diverged at step 5: f rose to 1.82386e+105; the steps are too large, try a lower lr than "
     "0.01"},
    /* where f ends */
    {"log(x)", -1, 0, "sgd lr=0.1", 100, DESCENT_DIVERGED, DESCENT_STOP_DIVERGED,
     "diverged at step 0: f = nan and |g| = 1 at the starting point; start where both are "
     "finite"},
    {"sqrt(x)", 0, 0, "sgd lr=0.1", 100, DESCENT_DIVERGED, DESCENT_STOP_DIVERGED,
     "diverged at step 0: f = 0 and |g| = inf at the starting point; start where both are finite"},
    {"sqrt(x)", 0.01, 0, "sgd lr=0.1", 100, DESCENT_DIVERGED, DESCENT_STOP_DIVERGED,
     "diverged at step 1: f = nan after f = 0.1; the step left where f is defined; try a lower lr "
     "than 0.1"},
    {"abs(x)^0.5", 1, 0, "sgd lr=2", 100, DESCENT_DIVERGED, DESCENT_STOP_DIVERGED,
     "diverged at step 1: f = 0 but |g| = nan; the slope there is not finite"},
    {"x^2 - y^2", 1, 0.001, "sgd lr=0.1", 3000, DESCENT_DIVERGED, DESCENT_STOP_DIVERGED,
     "diverged at step 670: f fell to -1.26727e+100; it seems to have no minimum on this side"},
    {"x", 0, 0, "sgd lr=1", 20, DESCENT_STILL_GOING, DESCENT_STOP_STEPS,
     "still going: f went from -11 to -20 in the last 9 steps; take more steps"},
    /* kinks: the gradient never gets small */
    {"max(x, -x)", 5, 0, "sgd lr=0.3", 100, DESCENT_OSCILLATING, DESCENT_STOP_STEPS, NULL},
    {"max(x, -2*x)", 5, 0, "sgd lr=0.3", 100, DESCENT_OSCILLATING, DESCENT_STOP_STEPS, NULL},
    {"abs(x)", 5, 0, "adam lr=0.3", 1000, DESCENT_OSCILLATING, DESCENT_STOP_STEPS,
     "oscillating: the steps jump to and fro across the valley and f no longer falls; try a lower "
     "lr than 0.3, or a schedule"},
    {"max(x^2, x^4)", 5, 0, "rmsprop lr=0.05", 2000, DESCENT_CONVERGED, DESCENT_STOP_CONVERGED,
     NULL},
};

static void test_runs(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
        const run *r = &runs[i];
        descent_expression *e = parse(r->formula);
        descent_minimize_options o = descent_minimize_defaults();
        descent_minimum m = {0};
        double w[2] = {r->x, r->y};
        o.optimizer = r->optimizer;
        o.steps = r->steps;
        o.user = e;
        assert_int_equal(descent_minimize(descent_expression_evaluate, w,
                                          descent_expression_variables(e), &o, &m, NULL),
                         DESCENT_OK);
        if (m.verdict != r->verdict || m.stop != r->stop)
            fail_msg("%s, %s: %s", r->formula, r->optimizer, m.sentence);
        if (r->sentence)
            assert_string_equal(m.sentence, r->sentence);
        descent_expression_free(e);
    }
}

/* Steps of a few roundings say nothing about the curvature: noise must not become a limit. */
static void test_curvature_is_no_noise(void **unused)
{
    descent_expression *e = parse("(x - 3)^2 + 1e3*(x - 3)*0");
    descent_minimize_options o = descent_minimize_defaults();
    descent_minimum m;
    double w = 5;

    (void)unused;
    o.user = e;
    o.steps = 400;
    o.gradient_tolerance = 0;
    assert_int_equal(descent_minimize(descent_expression_evaluate, &w, 1, &o, &m, NULL),
                     DESCENT_OK);
    assert_true(fabs(m.curvature - 2) < 1e-6);
    descent_expression_free(e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_runs),
        cmocka_unit_test(test_curvature_is_no_noise),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
