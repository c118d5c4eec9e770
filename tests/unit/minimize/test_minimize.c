/* test_minimize.c - descent on a function: points, best point, callbacks, options and mistakes. */
#include "../expression/formula.h"

#include "descent/minimize.h"

#include <string.h>

/* A callback that remembers the path. */
typedef struct record {
    double w[128], g[128], f[128];
    int64_t last;
    int64_t stop_at; /* -1: never */
} record;

static double bowl(size_t n, const double *w, double *g, void *user)
{
    double f = 0;

    (void)user;
    for (size_t i = 0; i < n; i++) {
        f += w[i] * w[i];
        if (g)
            g[i] = 2 * w[i];
    }
    return f;
}

static int keep(const descent_minimize_step *step, void *user)
{
    record *r = user;

    assert_true(step->step < 128);
    assert_true(step->step == 0 || step->step == r->last + 1);
    r->last = step->step;
    r->w[step->step] = step->w[0];
    r->g[step->step] = step->g[0];
    r->f[step->step] = step->f;
    assert_true(step->n != 1 || step->g_norm == fabs(step->g[0]));
    return step->step == r->stop_at;
}

/* w <- w - 0.1 * 2w, bit for bit. */
static void test_bowl(void **unused)
{
    descent_minimize_options o = descent_minimize_defaults();
    descent_minimum m;
    record r = {.stop_at = -1};
    double w = 5.0, expected = 5.0;

    (void)unused;
    o.steps = 20;
    o.on_step = keep;
    o.user = &r;
    assert_int_equal(descent_minimize(bowl, &w, 1, &o, &m, NULL), DESCENT_OK);
    assert_int_equal(r.last, 20);
    for (int i = 0; i <= 20; i++) {
        assert_true(r.w[i] == expected && r.g[i] == 2 * expected && r.f[i] == expected * expected);
        expected = expected - 0.1 * (2 * expected);
    }
    assert_int_equal(m.stop, DESCENT_STOP_STEPS);
    assert_int_equal(m.steps, 20);
    assert_true(w == r.w[20] && m.f == r.f[20] && m.g_norm == r.g[20] && m.curvature == 2.0);
}

/* Any optimizer, and the schedule as a factor on its lr. */
static void test_optimizer_and_schedule(void **unused)
{
    descent_minimize_options o = descent_minimize_defaults();
    record r = {.stop_at = -1};
    double w = 5.0;

    (void)unused;
    o.on_step = keep;
    o.user = &r;
    o.steps = 2;
    o.optimizer = "sgd lr=0.25";
    o.schedule = "linear from=1 to=0.5 steps=1"; /* factor 1, then 0.5 */
    assert_int_equal(descent_minimize(bowl, &w, 1, &o, NULL, NULL), DESCENT_OK);
    assert_true(r.w[1] == 2.5 && r.w[2] == 1.875);

    w = 5.0;
    o.optimizer = "adam lr=0.5";
    o.schedule = NULL; /* the default */
    assert_int_equal(descent_minimize(bowl, &w, 1, &o, NULL, NULL), DESCENT_OK);
    assert_true(fabs(r.w[1] - 4.5) < 1e-8); /* adam's first step has length lr */
}

/* A schedule that moves momentum moves it, or beta1; one that looks at a metric looks at f. */
static void test_momentum_and_metric(void **unused)
{
    descent_minimize_options o = descent_minimize_defaults();
    record r = {.stop_at = -1};
    double w = 4.0;

    (void)unused;
    o.on_step = keep;
    o.user = &r;
    o.steps = 3;
    o.optimizer = "sgd lr=0.25 momentum=0.5";
    /* momentum 1 at step 0, 0.25 at step 1, and 0.5 again at step 2 */
    o.schedule = "sequence (cyclic low=1 up=1 momentum_low=0.25 momentum_high=1 for=2, constant)";
    assert_int_equal(descent_minimize(bowl, &w, 1, &o, NULL, NULL), DESCENT_OK);
    assert_true(r.w[1] == 2.0 && r.w[2] == 0.5 && r.w[3] == -0.5);

    w = 1.0;
    o.optimizer = "sgd lr=1"; /* jumps from 1 to -1 and back, and f stays */
    o.schedule = "plateau factor=0.5 patience=1";
    assert_int_equal(descent_minimize(bowl, &w, 1, &o, NULL, NULL), DESCENT_OK);
    assert_true(r.w[1] == -1.0 && r.w[2] == 1.0 && r.w[3] == -1.0);
    w = 1.0;
    o.steps = 4;
    assert_int_equal(descent_minimize(bowl, &w, 1, &o, NULL, NULL), DESCENT_OK);
    assert_true(r.w[3] == -1.0 && r.w[4] == 0.0);
}

static void test_defaults(void **unused)
{
    double w[3] = {1.0, -2.0, 3.0};
    descent_minimum m;

    (void)unused;
    assert_int_equal(descent_minimize(bowl, w, 3, NULL, &m, NULL), DESCENT_OK);
    assert_int_equal(m.stop, DESCENT_STOP_CONVERGED);
    assert_true(m.g_norm <= 1e-8 && fabs(w[1]) < 1e-8);
}

/* The run goes uphill; w ends as the best point seen, not as the last. */
static void test_best_point(void **unused)
{
    descent_minimize_options o = descent_minimize_defaults();
    descent_minimum m;
    double w = 5.0;

    (void)unused;
    o.optimizer = "sgd lr=1.1";
    assert_int_equal(descent_minimize(bowl, &w, 1, &o, &m, NULL), DESCENT_OK);
    assert_true(w == 5.0 && m.f == 25.0 && m.g_norm == 10.0);
    assert_int_equal(m.steps, 100);

    o.steps = 5000; /* given up at 1e100, long before infinity */
    assert_int_equal(descent_minimize(bowl, &w, 1, &o, &m, NULL), DESCENT_OK);
    assert_int_equal(m.stop, DESCENT_STOP_DIVERGED);
    assert_true(m.steps < 700 && w == 5.0);
}

static void test_interruption(void **unused)
{
    descent_minimize_options o = descent_minimize_defaults();
    descent_minimum m;
    record r = {.stop_at = 7};
    double w = 5.0;

    (void)unused;
    o.on_step = keep;
    o.user = &r;
    assert_int_equal(descent_minimize(bowl, &w, 1, &o, &m, NULL), DESCENT_OK);
    assert_int_equal(m.stop, DESCENT_STOP_INTERRUPTED);
    assert_int_equal(m.steps, 7);
    assert_true(w == r.w[7]);
    r.stop_at = 0;
    assert_int_equal(descent_minimize(bowl, &w, 1, &o, &m, NULL), DESCENT_OK);
    assert_int_equal(m.steps, 0);
    assert_string_equal(m.sentence, "still going: no step was taken, f = 1.09951");
}

static void test_tolerance(void **unused)
{
    descent_minimize_options o = descent_minimize_defaults();
    descent_minimum m;
    double w = 5.0;

    (void)unused;
    o.optimizer = "sgd lr=0.5"; /* arrives in one step */
    o.steps = 10;
    o.gradient_tolerance = 0;
    assert_int_equal(descent_minimize(bowl, &w, 1, &o, &m, NULL), DESCENT_OK);
    assert_int_equal(m.stop, DESCENT_STOP_STEPS);
    assert_int_equal(m.steps, 10);
    assert_int_equal(m.verdict, DESCENT_CONVERGED);

    w = 5.0;
    o.gradient_tolerance = 10;
    assert_int_equal(descent_minimize(bowl, &w, 1, &o, &m, NULL), DESCENT_OK);
    assert_int_equal(m.stop, DESCENT_STOP_CONVERGED);
    assert_int_equal(m.steps, 0);
    assert_true(w == 5.0);
}

/* Squares of these gradients leave the range of double; their norm does not. */
static void test_extreme_gradients(void **unused)
{
    static const double size[] = {1e-200, 1e40};

    (void)unused;
    for (int i = 0; i < 2; i++) {
        descent_minimize_options o = descent_minimize_defaults();
        descent_minimum m;
        double w[2] = {3 * size[i], 4 * size[i]};
        o.steps = 1;
        o.gradient_tolerance = 0;
        o.optimizer = "sgd lr=0";
        assert_int_equal(descent_minimize(bowl, w, 2, &o, &m, NULL), DESCENT_OK);
        assert_true(fabs(m.g_norm / (10 * size[i]) - 1) < 1e-14);
    }
}

static void refused(const descent_minimize_options *o, size_t n, const char *message)
{
    double w[2] = {5.0, 6.0};
    descent_minimum m;
    descent_error err = {0};

    assert_true(descent_minimize(bowl, w, n, o, &m, &err) != DESCENT_OK);
    assert_string_equal(err.message, message);
    assert_true(w[0] == 5.0 && w[1] == 6.0);
}

static void test_mistakes(void **unused)
{
    const descent_minimize_options good = descent_minimize_defaults();
    descent_minimize_options o = good;

    (void)unused;
    refused(&o, 0, "there is nothing to minimize: n is 0");
    o.steps = 0;
    refused(&o, 2, "steps = 0, must be at least 1");
    o = good, o.gradient_tolerance = -0.5;
    refused(&o, 2, "gradient_tolerance = -0.5, must be at least 0");
    o.gradient_tolerance = (double)NAN;
    refused(&o, 2, "gradient_tolerance = nan, must be at least 0");
    o = good, o.optimizer = "sgdd";
    refused(&o, 2, "no optimizer is called 'sgdd'; did you mean 'sgd'?");
    o = good, o.schedule = "cosin";
    refused(&o, 2, "no schedule is called 'cosin'; did you mean 'cosine'?");
    o.schedule = "cosine steps=20";
    refused(&o, 2,
            "the schedule 'cosine' is 0 from step 20 on, but the run has 100 steps: nothing would "
            "move after that; leave steps out, or give floor=0.01");
    o.schedule = "linear from=-1";
    refused(&o, 2, "linear: from = -1, must be between 0 and 1000000");
    o = good, o.optimizer = "sgd lr=0.1 maximize";
    refused(&o, 2, "maximize climbs, but a minimum is wanted; leave it out and negate f");
    /* the second step's lr is out of bounds */
    o = good, o.optimizer = "sgd lr=1000", o.schedule = "linear from=1 to=1e6 steps=1";
    refused(&o, 2,
            "the schedule 'linear' at step 2: sgd: lr = 1000000000, must be between 0 and 1000000");
}

static void test_stop_words(void **unused)
{
    (void)unused;
    assert_string_equal(descent_stop_text(DESCENT_STOP_STEPS), "steps");
    assert_string_equal(descent_stop_text(DESCENT_STOP_CONVERGED), "converged");
    assert_string_equal(descent_stop_text(DESCENT_STOP_DIVERGED), "diverged");
    assert_string_equal(descent_stop_text(DESCENT_STOP_INTERRUPTED), "interrupted");
    assert_string_equal(descent_stop_text(DESCENT_STOP_EARLY), "early");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bowl),
        cmocka_unit_test(test_optimizer_and_schedule),
        cmocka_unit_test(test_momentum_and_metric),
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_best_point),
        cmocka_unit_test(test_interruption),
        cmocka_unit_test(test_tolerance),
        cmocka_unit_test(test_extreme_gradients),
        cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_stop_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
