/* test_compact_minima.c - with running means in fewer bits optimizers arrive where they do with
 * whole ones, and means follow gradients that change. */
#include "descent/optimizer.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { N = 600 };

static descent_optimizer *create(const char *spec, const char *state)
{
    descent_optimizer *opt;
    descent_error err = {0};
    char text[200];

    snprintf(text, sizeof text, "%s state=%s", spec, state);
    if (descent_optimizer_create(&opt, text, N, DESCENT_F32, &err))
        fail_msg("'%s': %s", text, err.message);
    return opt;
}

/* A bowl that is a thousand times as steep one way as the other; least at (-1, 1, -1, ...). */
static double bowl(const float *w, float *g)
{
    double f = 0;

    for (int i = 0; i < N; i++) {
        const double steep = pow(10, -3.0 * i / (N - 1)), x = (double)w[i] - (i % 2 ? 1 : -1);
        f += 0.5 * steep * x * x;
        g[i] = (float)(steep * x);
    }
    return f;
}

/* Rosenbrock's valley in every pair, ten times as wide; least at (1, 1, ...). */
static double valley(const float *w, float *g)
{
    double f = 0;

    for (int i = 0; i < N; i += 2) {
        const double x = (double)w[i], y = (double)w[i + 1], rise = y - x * x;
        f += (1 - x) * (1 - x) + 10 * rise * rise;
        g[i] = (float)(-2 * (1 - x) - 40 * x * rise);
        g[i + 1] = (float)(20 * rise);
    }
    return f;
}

/* f after so many steps at a rate that falls to a hundredth. */
static double arrive(const char *spec, const char *state, double lr, int steps,
                     double (*f)(const float *w, float *g))
{
    static float w[N], g[N];
    descent_optimizer *opt = create(spec, state);

    for (int i = 0; i < N; i++)
        w[i] = (float)(i % 2 ? 0.2 * sin(i) : -0.9 + 0.3 * cos(i));
    for (int step = 0; step < steps; step++) {
        f(w, g);
        assert_int_equal(
            descent_optimizer_set(opt, "lr", lr * pow(0.01, (double)step / steps), NULL),
            DESCENT_OK);
        descent_optimizer_step_f32(opt, w, g);
    }
    descent_optimizer_free(opt);
    return f(w, g);
}

static void test_minima(void **unused)
{
    static const struct row {
        const char *spec;
        double lr;
    } rows[] = {
        {"adam", 0.05},    {"adamw weight_decay=1e-4", 0.05},        {"amsgrad", 0.05},
        {"rmsprop", 0.02}, {"rmsprop centered momentum=0.9", 0.002}, {"sgd momentum=0.9", 0.01},
    };
    static const char *const states[] = {"bf16", "8bit"};
    double (*const problem[])(const float *w, float *g) = {bowl, valley};
    enum { STEPS = 3000 };

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int p = 0; p < 2; p++) {
            static float g[N], start[N];
            const double first = problem[p](start, g);
            const double full = arrive(rows[i].spec, "full", rows[i].lr, STEPS, problem[p]);
            for (int s = 0; s < 2; s++) {
                const double f = arrive(rows[i].spec, states[s], rows[i].lr, STEPS, problem[p]);
                if (!(f <= 1.1 * full + 1e-6 * first))
                    fail_msg("'%s state=%s': f = %g, with whole state %g, at zero %g", rows[i].spec,
                             states[s], f, full, first);
            }
        }
}

/* Gradients of three decades that become a quarter of what they were: after long enough, so do the
 * roots of their means. Rounded to the nearest code they would stay where they are, since a step
 * changes them by a thousandth. */
static void test_means_follow(void **unused)
{
    static const char *const states[] = {"full", "bf16", "8bit"};
    enum { STEPS = 4000 };
    double last[3] = {0};

    (void)unused;
    for (int s = 0; s < 3; s++) {
        descent_optimizer *opt = create("rmsprop alpha=0.999 lr=1", states[s]);
        float w[N], before[N], g[N];
        memset(w, 0, sizeof w);
        for (int step = 0; step < 2 * STEPS; step++) {
            for (int i = 0; i < N; i++)
                g[i] = (float)(pow(10, -3.0 * (i % 50) / 49) * (step < STEPS || i == 0 ? 1 : 0.25));
            memcpy(before, w, sizeof w);
            descent_optimizer_step_f32(opt, w, g);
            if (step == STEPS)
                memset(w, 0, sizeof w);
        }
        for (int i = 1; i < N; i++)
            last[s] += ((double)before[i] - (double)w[i]) / (N - 1);
        descent_optimizer_free(opt);
    }
    assert_true(last[0] > 0.7 && last[0] < 1);
    assert_true(fabs(last[1] / last[0] - 1) < 0.03);
    if (!(fabs(last[2] / last[0] - 1) < 0.15))
        fail_msg("steps of %g, with whole state %g", last[2], last[0]);
}

/* An estimate of the curvature that comes between two steps leaves the rounded means as they are.
 */
static void test_curvature_keeps_means(void **unused)
{
    static const char *const states[] = {"bf16", "8bit"};
    static float w[2][N], g[N], estimate[N];
    descent_optimizer_options o = descent_optimizer_defaults();

    (void)unused;
    o.gives_curvature = 1;
    for (int i = 0; i < N; i++)
        g[i] = estimate[i] = (float)sin(1 + 0.7 * i);
    for (int s = 0; s < 2; s++) {
        double moved = 0;
        memset(w, 0, sizeof w);
        for (int with = 0; with < 2; with++) {
            char spec[60];
            descent_optimizer *opt;
            snprintf(spec, sizeof spec, "sophia_h lr=0.1 p=1e6 state=%s", states[s]);
            assert_int_equal(descent_optimizer_create_with(&opt, spec, N, DESCENT_F32, &o, NULL),
                             DESCENT_OK);
            descent_optimizer_step_f32(opt, w[with], g);
            /* h is 0 and stays 0, so that the next step is as long as m is */
            memset(estimate, 0, sizeof estimate);
            for (int k = 0; with == 1 && k < 5; k++)
                descent_optimizer_curvature_f32(opt, estimate);
            memset(w[with], 0, sizeof w[with]);
            descent_optimizer_step_f32(opt, w[with], g);
            descent_optimizer_free(opt);
        }
        for (int i = 0; i < N; i++)
            moved += fabs((double)w[0][i]);
        assert_true(moved > 0);
        assert_memory_equal(w[0], w[1], sizeof w[0]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_minima),
        cmocka_unit_test(test_means_follow),
        cmocka_unit_test(test_curvature_keeps_means),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
