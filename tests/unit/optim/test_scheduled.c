/* test_scheduled.c - hyperparameters that follow a schedule: their values, what ends them, and what
 * is said to schedules that make no sense. */
#include "make.h"

enum { RUN = 10 };

static descent_optimizer *running(const char *spec, int64_t steps)
{
    descent_optimizer_options o = descent_optimizer_defaults();

    o.steps = steps;
    return make(spec, 1, DESCENT_F64, &o);
}

static double square(size_t n, const double *w, double *g, void *user)
{
    (void)n, (void)user;
    if (g)
        g[0] = 2 * w[0];
    return w[0] * w[0];
}

static void test_values(void **unused)
{
    static const struct row {
        const char *spec, *param;
        double value[4]; /* in force at steps 1 to 4 of 4 */
    } rows[] = {
        {"sgd lr=(linear from=1 to=0)", "lr", {1, 0.75, 0.5, 0.25}},
        {"sgd lr=(constant from=0.5 warmup=2)", "lr", {0, 0.25, 0.5, 0.5}},
        {"sgd lr=(step 2 gamma=0.5 from=1)", "lr", {1, 1, 0.5, 0.5}},
        {"adam beta1=(linear from=0.8 to=0.4)", "beta1", {0.8, 0.7, 0.6, 0.5}},
        {"adam weight_decay=(piecewise \"0:0, 2:0.5\")", "weight_decay", {0, 0, 0.5, 0.5}},
        {"sgd momentum=(linear from=0.5 to=0.9)", "momentum", {0.5, 0.6, 0.7, 0.8}},
        {"adam clip_norm=(linear from=4 to=2)", "clip_norm", {4, 3.5, 3, 2.5}},
        /* past the end the last value stays */
        {"sgd weight_decay=(linear from=1 to=0.5 steps=2)", "weight_decay", {1, 0.75, 0.5, 0.5}},
        /* without from the default is what is multiplied */
        {"adam lr=(linear to=0)", "lr", {0.001, 0.00075, 0.0005, 0.00025}},
    };

    (void)unused;
    for (size_t r = 0; r < COUNT_OF(rows); r++) {
        descent_optimizer *opt = running(rows[r].spec, 4);
        double w = 1, g = 1;
        for (int step = 0; step < 4; step++) {
            descent_optimizer_step_f64(opt, &w, &g);
            const double value = descent_optimizer_get(opt, rows[r].param);
            if (fabs(value - rows[r].value[step]) > 1e-12)
                fail_msg("'%s': %g at step %d", rows[r].spec, value, step);
        }
        descent_optimizer_free(opt);
    }
}

/* What is reported is what acts: momentum from nothing gets its memory. */
static void test_they_act(void **unused)
{
    descent_optimizer *opt =
        running("sgd lr=(linear from=1 to=0) momentum=(piecewise \"0:0, 1:0.5\")", 4);
    double w = 0, v = 0, b = 0, g = 1;

    (void)unused;
    for (int step = 0; step < 4; step++) {
        descent_optimizer_step_f64(opt, &w, &g);
        b = (step == 0 ? 0 : 0.5) * b + 1;
        v -= (1 - step / 4.0) * b;
        near(w, v);
    }
    descent_optimizer_free(opt);
}

static void test_skipped_steps_do_not_count(void **unused)
{
    descent_optimizer *opt = running("sgd lr=(linear from=1 to=0)", 4);
    double w = 0, g = 1, bad = (double)NAN;

    (void)unused;
    descent_optimizer_step_f64(opt, &w, &g);
    for (int i = 0; i < 5; i++)
        descent_optimizer_step_f64(opt, &w, &bad);
    assert_true(w == -1);
    descent_optimizer_step_f64(opt, &w, &g);
    assert_true(w == -1.75);
    descent_optimizer_free(opt);
}

/* set() takes the schedule's place, for good; and so it is after a restore. */
static void test_set_and_resume(void **unused)
{
    static const char spec[] = "sgd lr=(linear from=1 to=0) momentum=(linear from=0.5 to=0.1)";
    descent_optimizer *one = running(spec, RUN), *two = running(spec, RUN);
    char state[2000];
    double w = 0, v, g = 1;

    (void)unused;
    descent_optimizer_step_f64(one, &w, &g);
    assert_true(w == -1);
    set(one, "lr", 0.25);
    assert_true(descent_optimizer_get(one, "lr") == 0.25);
    set(one, "momentum", 0);
    for (int step = 0; step < 3; step++) {
        const double before = w;
        descent_optimizer_step_f64(one, &w, &g);
        assert_true(w == before - 0.25);
    }
    v = w;
    assert_true(descent_optimizer_state_size(one) <= sizeof state);
    descent_optimizer_save(one, state);
    descent_optimizer_step_f64(two, &g, &g); /* whatever it did before */
    g = 1;
    assert_int_equal(descent_optimizer_restore(two, state, descent_optimizer_state_size(one), NULL),
                     DESCENT_OK);
    assert_true(descent_optimizer_get(two, "lr") == 0.25);
    for (int step = 0; step < 3; step++) {
        descent_optimizer_step_f64(one, &w, &g);
        descent_optimizer_step_f64(two, &v, &g);
        assert_true(w == v);
    }
    descent_optimizer_free(one);
    descent_optimizer_free(two);

    /* and the other way round: restored to before set() it follows its schedule again */
    one = running(spec, RUN);
    two = running(spec, RUN);
    w = 0;
    descent_optimizer_step_f64(one, &w, &g);
    descent_optimizer_save(one, state);
    v = w;
    set(two, "lr", 0.25);
    assert_int_equal(descent_optimizer_restore(two, state, descent_optimizer_state_size(one), NULL),
                     DESCENT_OK);
    descent_optimizer_step_f64(one, &w, &g);
    descent_optimizer_step_f64(two, &v, &g);
    assert_true(w == v);
    descent_optimizer_free(one);
    descent_optimizer_free(two);
}

/* Wrappers follow schedules as well: how much of the average stays, and how far sam looks. */
static void test_wrappers(void **unused)
{
    descent_optimizer_options o = descent_optimizer_defaults();
    double w[1] = {8}, average[1];
    const double g[1] = {2};

    (void)unused;
    descent_optimizer *opt =
        plain("ema (sgd lr=1) decay=(linear from=0 to=0.5 steps=1) warm=no", 1);
    descent_optimizer_step_f64(opt, w, g);
    descent_optimizer_average_f64(opt, w, average);
    assert_true(average[0] == 6);
    descent_optimizer_step_f64(opt, w, g);
    descent_optimizer_average_f64(opt, w, average);
    assert_true(average[0] == 0.5 * 6 + 0.5 * 4);
    descent_optimizer_free(opt);

    o.gives_objective = 1; /* f = w^2: the gradient is taken rho further up */
    opt = make("sam (sgd lr=0.5) rho=(linear from=1 to=0 steps=1)", 1, DESCENT_F64, &o);
    w[0] = 8;
    descent_optimizer_step_objective_f64(opt, w, square, NULL);
    assert_true(fabs(w[0] - (8 - 0.5 * 2 * 9)) < 1e-9);
    w[0] = 8;
    descent_optimizer_step_objective_f64(opt, w, square, NULL);
    assert_true(w[0] == 0);
    descent_optimizer_free(opt);
}

static void test_messages(void **unused)
{
    static const struct row {
        const char *spec;
        int64_t steps;
        int column;
        const char *message;
    } rows[] = {
        {"adam lr=(cosin)", RUN, 10, "no schedule is called 'cosin'; did you mean 'cosine'?"},
        {"adam lr=(cosine flor=0.1)", RUN, 17,
         "cosine has no parameter 'flor'; it has steps, floor, waves, power, from, warmup, "
         "warmup_from, for; did you mean 'floor'?"},
        {"adam lr=(cosine)", 0, 10, "cosine needs to know how long the run is; give steps=N"},
        {"adam lr=()", RUN, 10, "expected a name, found ')'"},
        {"adam lr=(cosine, linear)", RUN, 18,
         "expected one schedule, found a list: 'linear' after a comma; write sequence (...) to "
         "have one after another"},
        {"adam rl=(cosine)", RUN, 6,
         "adam has no parameter 'rl'; it has lr, beta1, beta2, eps, weight_decay, amsgrad, decay, "
         "decay_all, maximize, clip_value and 11 more; did you mean 'lr'?"},
        {"adam lr=1 lr=(cosine)", RUN, 11, "adam: lr was given twice"},
        {"adam amsgrad=(cosine)", RUN, 14,
         "adam: amsgrad is no number that could follow a schedule"},
        {"adam skips=(cosine)", RUN, 12, "adam: skips is no number that could follow a schedule"},
        {"adam decay=(cosine)", RUN, 12, "adam: decay is no number that could follow a schedule"},
        {"adam layer_decay=(cosine)", RUN, 19,
         "adam: layer_decay is settled before the first step and can follow no schedule"},
        {"adam lr=(plateau)", RUN, 10,
         "adam: 'plateau' follows the loss, which an optimizer never sees; only the schedule of a "
         "whole run can"},
        {"adam beta1=(linear from=0.5 to=1.5)", RUN, 13,
         "adam: beta1 = 1, must be between 0 and 0.999999"},
        {"adam beta1=(constant from=1.5)", RUN, 13,
         "adam: beta1 = 1.5, must be between 0 and 0.999999"},
        /* nothing would move any more */
        {"sgd lr=(cosine from=1 steps=100)", 1000, 9,
         "the schedule 'cosine' is 0 from step 100 on, but the run has 1,000 steps: nothing would "
         "move after that; leave steps out, or give floor=0.01"},
        {"ema (sgd lr=(linear from=1 to=0 steps=3)) decay=0.5", RUN, 14,
         "the schedule 'linear' is 0 from step 3 on, but the run has 10 steps: nothing would move "
         "after that; leave steps out, or give to=0.01"},
    };
    descent_optimizer_options o = descent_optimizer_defaults();

    (void)unused;
    for (size_t r = 0; r < COUNT_OF(rows); r++) {
        o.steps = rows[r].steps;
        refuses(rows[r].spec, 1, &o, "", rows[r].column, rows[r].message);
    }
    /* decay that ends is no mistake, nor is a schedule with a length of its own */
    descent_optimizer_free(running("adam weight_decay=(linear from=1 to=0 steps=3)", RUN));
    descent_optimizer_free(running("adam lr=(cosine from=1 steps=100)", 0));
}

/* Memory is there for values that come long after those that were looked at. */
static void test_late_values(void **unused)
{
    enum { LATE = 5000 };
    descent_optimizer *late =
        running("sgd lr=0.1 momentum=(sequence (constant from=0 for=5000, constant from=0.9))", 0);
    descent_optimizer *plain = running("sgd lr=0.1", 0);
    double w = 0, v = 0, g = 1;

    (void)unused;
    for (int step = 0; step < LATE + 3; step++) {
        descent_optimizer_step_f64(late, &w, &g);
        descent_optimizer_step_f64(plain, &v, &g);
    }
    assert_true(descent_optimizer_get(late, "momentum") == 0.9);
    /* momentum adds 0.9, 0.9 + 0.81, ... to the moves of 0.1 */
    assert_true(fabs(w - v + 0.1 * (0.9 + (0.9 + 0.81) + (0.9 + 0.81 + 0.729))) < 1e-9);
    descent_optimizer_free(late);
    descent_optimizer_free(plain);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_they_act),
        cmocka_unit_test(test_skipped_steps_do_not_count),
        cmocka_unit_test(test_set_and_resume),
        cmocka_unit_test(test_wrappers),
        cmocka_unit_test(test_late_values),
        cmocka_unit_test(test_messages),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
