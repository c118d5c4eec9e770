/* test_resume.c - every optimizer saved, restored into another and gone on with: bit for bit as if
 * nothing had happened. And what restore refuses. */
#include "rows.h"

#include <math.h>

enum { BEFORE = 7, AFTER = 6 };

static double gradient(int step, size_t i)
{
    return sin(1.3 * step + 0.01 * (double)i) + 0.3 * cos(0.002 * (double)i * step);
}

static double objective(size_t n, const float *w, float *g, void *user)
{
    double f = 0;

    for (size_t i = 0; i < n; i++) {
        const double d = (double)w[i] - gradient(*(int *)user, i);
        g[i] = (float)d;
        f += 0.5 * d * d;
    }
    return f;
}

/* Steps number `from` to `to`; one of them has a gradient that is not finite. */
static void walk(descent_optimizer *opt, float *w, int from, int to)
{
    static float g[N_SMALL];
    descent_error err;

    for (int step = from; step < to; step++) {
        for (size_t i = 0; i < N_SMALL; i++)
            g[i] = (float)gradient(step, i);
        if (step == 3)
            g[77] = (float)NAN;
        if (dsc_optimizer_needs_curvature(opt) && step % 2 == 0)
            descent_optimizer_curvature_f32(opt, g);
        if (opt->lr >= 0 && !dsc_optimizer_schedules(opt, "lr")) /* as a training does */
            assert_int_equal(
                descent_optimizer_set(opt, "lr", opt->setting[0].step.first_lr * (1 - 0.02 * step),
                                      &err),
                DESCENT_OK);
        if (dsc_optimizer_needs_objective(opt))
            descent_optimizer_step_objective_f32(opt, w, objective, &step);
        else
            descent_optimizer_step_f32(opt, w, g);
    }
}

static void test_goes_on_as_if_never_interrupted(void **unused)
{
    static float w[N_SMALL], v[N_SMALL], average[2][N_SMALL];
    descent_optimizer_options o = all_options(1);
    char spec[256];

    (void)unused;
    o.segments = small_segments;
    for (int r = 0; r < N_ROWS; r++)
        for (int k = 0; row_spec(&rule_rows[r], k, spec); k++) {
            descent_optimizer *one = create_with(spec, N_SMALL, DESCENT_F32, &o);
            descent_optimizer *two = create_with(spec, N_SMALL, DESCENT_F32, &o);
            descent_error err;
            for (size_t i = 0; i < N_SMALL; i++)
                w[i] = (float)cos(0.4 * (double)i);
            walk(one, w, 0, BEFORE);
            memcpy(v, w, sizeof v);
            const size_t size = descent_optimizer_state_size(one);
            void *state = malloc(size);
            assert_non_null(state);
            descent_optimizer_save(one, state);
            if (descent_optimizer_restore(two, state, size, &err))
                fail_msg("'%s': %s", spec, err.message);
            free(state);
            walk(one, w, BEFORE, BEFORE + AFTER);
            walk(two, v, BEFORE, BEFORE + AFTER);
            if (memcmp(w, v, sizeof w) != 0)
                fail_msg("'%s' goes another way after it was restored", spec);
            assert_int_equal(descent_optimizer_average_f32(one, w, average[0]),
                             descent_optimizer_average_f32(two, v, average[1]));
            assert_memory_equal(average[0], average[1], sizeof average[0]);
            assert_int_equal(descent_optimizer_steps(one), descent_optimizer_steps(two));
            assert_int_equal(descent_optimizer_skipped(one), descent_optimizer_skipped(two));
            descent_optimizer_free(one);
            descent_optimizer_free(two);
        }
}

static void test_refuses_what_is_not_its_own(void **unused)
{
    descent_optimizer *adam, *sgd;
    descent_error err;
    char expected[256];

    (void)unused;
    assert_int_equal(descent_optimizer_create(&adam, "adam", 10, DESCENT_F32, NULL), DESCENT_OK);
    assert_int_equal(descent_optimizer_create(&sgd, "sgd", 10, DESCENT_F32, NULL), DESCENT_OK);
    const size_t size = descent_optimizer_state_size(adam);
    char *state = calloc(size, 1);
    assert_non_null(state);
    assert_int_equal(descent_optimizer_restore(adam, state, size, &err), DESCENT_INVALID);
    assert_string_equal(err.message, "this is not the state of an optimizer");
    assert_int_equal(descent_optimizer_restore(adam, state, 0, &err), DESCENT_INVALID);
    assert_string_equal(err.message, "this is not the state of an optimizer");
    descent_optimizer_save(adam, state);
    assert_int_equal(descent_optimizer_restore(sgd, state, size, &err), DESCENT_INVALID);
    snprintf(expected, sizeof expected,
             "this state is of adam for 10 elements, %zu bytes; the optimizer is sgd for 10 "
             "elements and has %zu bytes",
             size, descent_optimizer_state_size(sgd));
    assert_string_equal(err.message, expected);
    assert_int_equal(descent_optimizer_restore(adam, state, size - 1, &err), DESCENT_INVALID);
    assert_int_equal(descent_optimizer_restore(adam, state, size, &err), DESCENT_OK);
    free(state);
    descent_optimizer_free(adam);
    descent_optimizer_free(sgd);
}

/* The state of `from` given to `to`, both of the rule, with vectors for other settings. */
/* The numbers stand behind the header, the step count first. */
static void test_refuses_damaged_counts(void **unused)
{
    static const double bad[] = {(double)NAN, -1, 1e300, 0.5, (double)INFINITY};
    descent_optimizer *adam, *fresh;
    enum { N_W = 10 };
    descent_error err = {0};
    float w[N_W] = {0};

    (void)unused;
    assert_int_equal(descent_optimizer_create(&adam, "adam", N_W, DESCENT_F32, NULL), DESCENT_OK);
    assert_int_equal(descent_optimizer_create(&fresh, "adam", N_W, DESCENT_F32, NULL), DESCENT_OK);
    walk(adam, w, 0, 3);
    const size_t size = descent_optimizer_state_size(adam);
    char *state = malloc(size);
    assert_non_null(state);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const double three = 3;
        descent_optimizer_save(adam, state);
        size_t at = 0;
        while (at + sizeof three <= size && memcmp(state + at, &three, sizeof three) != 0)
            at += sizeof three;
        assert_true(at + sizeof three <= size);
        memcpy(state + at, &bad[i], sizeof three);
        assert_int_equal(descent_optimizer_restore(fresh, state, size, &err), DESCENT_INVALID);
        assert_string_equal(err.message,
                            "this state of adam is damaged: its counts are no whole numbers");
        assert_int_equal(descent_optimizer_steps(fresh), 0);
    }
    free(state);
    descent_optimizer_free(adam);
    descent_optimizer_free(fresh);
}

static void refuses_layout(const char *from, const char *to)
{
    descent_optimizer *one, *two;
    descent_error err;

    assert_int_equal(descent_optimizer_create(&one, from, 10, DESCENT_F32, NULL), DESCENT_OK);
    assert_int_equal(descent_optimizer_create(&two, to, 10, DESCENT_F32, NULL), DESCENT_OK);
    const size_t size = descent_optimizer_state_size(one);
    void *state = malloc(size);
    assert_non_null(state);
    descent_optimizer_save(one, state);
    if (descent_optimizer_restore(two, state, size, &err) != DESCENT_INVALID)
        fail_msg("'%s' took the state of '%s'", to, from);
    if (size == descent_optimizer_state_size(two))
        assert_non_null(strstr(err.message, "was saved with other settings, which keep other "
                                            "vectors; create the optimizer with the same"));
    free(state);
    descent_optimizer_free(one);
    descent_optimizer_free(two);
}

static void test_refuses_other_settings(void **unused)
{
    (void)unused;
    refuses_layout("rmsprop centered", "rmsprop momentum=0.9");
    refuses_layout("rmsprop momentum=0.9", "rmsprop centered");
    refuses_layout("adam cautious", "adam");
    refuses_layout("adam stable", "adam");
    refuses_layout("adam clip_segment=1", "adam");
    refuses_layout("adam amsgrad", "adam");
}

/* An estimate between restoring and the first step reads beta2 as it is at that step. */
static void test_curvature_follows_schedules(void **unused)
{
    const char *spec = "sophia_h beta2=(linear from=0.9 to=0.1 steps=20)";
    static float w[N_SMALL], v[N_SMALL], state[4 * N_SMALL];
    descent_optimizer *one, *two;
    descent_optimizer_options o = all_options(1);
    descent_error err;

    (void)unused;
    o.segments = small_segments;
    one = create_with(spec, N_SMALL, DESCENT_F32, &o);
    two = create_with(spec, N_SMALL, DESCENT_F32, &o);
    const size_t size = descent_optimizer_state_size(one);
    for (size_t i = 0; i < N_SMALL; i++)
        w[i] = (float)cos(0.4 * (double)i);
    walk(one, w, 0, 8);
    memcpy(v, w, sizeof v);
    assert_true(size <= sizeof state);
    descent_optimizer_save(one, state);
    assert_int_equal(descent_optimizer_restore(two, state, size, &err), DESCENT_OK);
    walk(one, w, 8, 10);
    walk(two, v, 8, 10);
    assert_memory_equal(w, v, sizeof w);
    descent_optimizer_free(one);
    descent_optimizer_free(two);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_goes_on_as_if_never_interrupted),
        cmocka_unit_test(test_refuses_what_is_not_its_own),
        cmocka_unit_test(test_refuses_damaged_counts),
        cmocka_unit_test(test_refuses_other_settings),
        cmocka_unit_test(test_curvature_follows_schedules),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
