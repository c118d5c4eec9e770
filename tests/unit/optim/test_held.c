/* test_held.c - what an optimizer tells of the elements it holds. */
#include "optim/optimizer.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { N = 3 };

static descent_optimizer *make(const char *spec)
{
    descent_optimizer *opt;
    descent_error err = {0};

    if (descent_optimizer_create(&opt, spec, N, DESCENT_F32, &err) != DESCENT_OK)
        fail_msg("%s", err.message);
    return opt;
}

static void close_to(double x, double wanted)
{
    if (!(fabs(x - wanted) <= 1e-6 * fabs(wanted)))
        fail_msg("%g instead of %g", x, wanted);
}

/* With the same g in every step the mean of g^2 is g^2, once its start is taken out. */
static void the_mean_of_squares_has_no_start_in_it(void **state)
{
    descent_optimizer *opt = make("adam lr=0.1 eps=0.001");
    float w[N] = {1, 1, 1};
    const float g[N] = {1, 2, 0};
    const size_t at[2] = {1, 2};
    dsc_held held[2];

    (void)state;
    dsc_optimizer_held(opt, at, 2, held);
    assert_true(isnan(held[0].v) && !held[0].moves);
    for (int i = 0; i < 5; i++)
        descent_optimizer_step_f32(opt, w, g);
    dsc_optimizer_held(opt, at, 2, held);
    close_to(held[0].v, 4.0);
    assert_true(held[1].v == 0.0);
    close_to(held[0].eps, 0.001);
    assert_true(held[0].moves && held[0].gain == 1.0 && held[0].l2 == 0.0 && held[0].keep == 1.0);
    assert_true(isinf(held[0].limit));
    descent_optimizer_free(opt);
}

static void decay_is_told_as_it_acts(void **state)
{
    static const char *const spec[] = {"adamw lr=0.1 weight_decay=0.5",
                                       "sgd lr=0.1 weight_decay=0.5",
                                       "sgdw lr=0.1 weight_decay=0.5"};
    const double keep[] = {0.95, 1.0, 0.95}, l2[] = {0.0, 0.5, 0.0};
    const size_t at[1] = {0};

    (void)state;
    for (int i = 0; i < 3; i++) {
        descent_optimizer *opt = make(spec[i]);
        float w[N] = {1, 1, 1};
        dsc_held held;
        descent_optimizer_step_f32(opt, w, (const float[N]){1, 1, 1});
        dsc_optimizer_held(opt, at, 1, &held);
        close_to(held.keep, keep[i]);
        assert_true(held.l2 == l2[i]);
        assert_true(i == 0 || isnan(held.v));
        descent_optimizer_free(opt);
    }
}

static void clipping_is_told(void **state)
{
    descent_optimizer *opt = make("sgd lr=0.1 clip_norm=1 clip_value=4");
    float w[N] = {1, 1, 1};
    const size_t at[1] = {0};
    dsc_held held;

    (void)state;
    assert_true(dsc_optimizer_clip(opt) == 1.0);
    descent_optimizer_step_f32(opt, w, (const float[N]){3, 4, 0});
    close_to(dsc_optimizer_clip(opt), 0.2);
    dsc_optimizer_held(opt, at, 1, &held);
    close_to(held.gain, 0.2);
    assert_true(held.limit == 4.0);
    descent_optimizer_step_f32(opt, w, (const float[N]){0.3f, 0.4f, 0});
    assert_true(dsc_optimizer_clip(opt) == 1.0);
    descent_optimizer_free(opt);
}

/* What is kept in fewer bits, or by a rule without a mean of g^2, is not told. */
static void what_cannot_be_read_is_unknown(void **state)
{
    static const char *const spec[] = {"adam state=bf16", "lion", "adadelta", "prodigy"};
    const size_t at[1] = {0};

    (void)state;
    for (int i = 0; i < 4; i++) {
        descent_optimizer *opt = make(spec[i]);
        float w[N] = {1, 1, 1};
        dsc_held held;
        descent_optimizer_step_f32(opt, w, (const float[N]){1, 1, 1});
        dsc_optimizer_held(opt, at, 1, &held);
        assert_true(isnan(held.v));
        descent_optimizer_free(opt);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_mean_of_squares_has_no_start_in_it),
        cmocka_unit_test(decay_is_told_as_it_acts),
        cmocka_unit_test(clipping_is_told),
        cmocka_unit_test(what_cannot_be_read_is_unknown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
