/* test_rules.c - what each rule does to one number, by hand, and how the rules relate. */
#include "descent/optimizer.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* The first steps of one number; expected values are written as the arithmetic they come from. */
enum { STEPS = 3 };

typedef struct hand_case {
    const char *spec;
    double w, g[STEPS], expected[STEPS];
    int steps;
} hand_case;

static const hand_case by_hand[] = {
    {"sgd lr=0.25", 1, {2, -4}, {0.5, 1.5}, 2},
    {"sgd lr=1 weight_decay=0.5", 4, {1}, {4 - (1 + 0.5 * 4)}, 1},
    {"sgd lr=1 weight_decay=0.5 maximize", 4, {1}, {4 - (-1 + 0.5 * 4)}, 1},
    {"sgd lr=1 momentum=0.5", 10, {2, 2, 4}, {8, 8 - 3, 5 - 5.5}, 3},
    /* the first step is not dampened */
    {"sgd lr=1 momentum=0.5 dampening=0.5", 10, {2, 2, 4}, {8, 6, 3}, 3},
    {"sgd lr=1 momentum=0.5 nesterov", 10, {2, 2}, {10 - (2 + 1), 7 - (2 + 1.5)}, 2},
    {"sgd lr=1 momentum=0.5 weight_decay=0.5", 4, {1, 0}, {4 - 3, 1 - (1.5 + 0.5)}, 2},
    {"sgd lr=1 momentum=0.5 nesterov weight_decay=0.5", 4, {1}, {4 - (3 + 1.5)}, 1},
    /* v = 1, then 0.75 */
    {"rmsprop lr=1 alpha=0.75 eps=1", 10, {2, 0}, {10 - 2.0 / 2, 9}, 2},
    {"rmsprop lr=1 alpha=0.75 eps=1 momentum=0.5", 10, {2, 0}, {9, 8.5}, 2},
    /* v = 4, so |g| counts with a weight decay of 0.25 * 8 = 2 in it */
    {"rmsprop lr=1 alpha=0.75 eps=1 weight_decay=0.25", 8, {2}, {8 - 4.0 / 3}, 1},
    {"rmsprop lr=1 alpha=0.75 eps=1 maximize", 10, {2}, {11}, 1},
    /* both corrections make the first step lr g / (|g| + eps) */
    {"adam lr=0.5 eps=1", 10, {3}, {10 - 0.5 * 3 / 4}, 1},
    {"adam lr=0.5 eps=1 maximize", 10, {3}, {10 + 0.5 * 3 / 4}, 1},
    {"adam lr=0.5 eps=1 weight_decay=0.5", 10, {3}, {10 - 0.5 * 8 / 9}, 1},
    {"adamw lr=0.5 eps=1 weight_decay=0.5", 10, {3}, {10 * 0.75 - 0.5 * 3 / 4}, 1},
};

static descent_optimizer *create(const char *spec, size_t n)
{
    descent_optimizer *opt;
    descent_error err = {0};

    if (descent_optimizer_create(&opt, spec, n, DESCENT_F64, &err))
        fail_msg("'%s': %s", spec, err.message);
    return opt;
}

static void test_first_steps_by_hand(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof by_hand / sizeof *by_hand; i++) {
        const hand_case *c = &by_hand[i];
        descent_optimizer *opt = create(c->spec, 1);
        double w = c->w;
        for (int step = 0; step < c->steps; step++) {
            descent_optimizer_step_f64(opt, &w, &c->g[step]);
            if (!(fabs(w - c->expected[step]) <= 1e-14))
                fail_msg("'%s' step %d: w = %.17g, expected %.17g", c->spec, step + 1, w,
                         c->expected[step]);
        }
        descent_optimizer_free(opt);
    }
}

/* The values with square roots: centered rmsprop, and adam's second step. */
static void test_means_by_hand(void **unused)
{
    const double g[2] = {2, 0};
    double w = 10;

    (void)unused;
    descent_optimizer *opt = create("rmsprop lr=1 alpha=0.75 eps=1 centered", 1);
    descent_optimizer_step_f64(opt, &w, g); /* v = 1, a = 0.5 */
    assert_true(fabs(w - (10 - 2 / (sqrt(0.75) + 1))) < 1e-14);
    descent_optimizer_free(opt);

    w = 10;
    opt = create("adam lr=1 beta1=0.5 beta2=0.75 eps=1", 1);
    descent_optimizer_step_f64(opt, &w, &g[0]); /* m = 1, v = 1: corrected 2 and 4 */
    descent_optimizer_step_f64(opt, &w, &g[1]); /* m = 0.5, v = 0.75 */
    const double first = 10 - 2.0 / 3;
    assert_true(fabs(w - (first - (0.5 / 0.75) / (sqrt(0.75 / 0.4375) + 1))) < 1e-14);
    descent_optimizer_free(opt);

    w = 10;
    opt = create("adam lr=1 beta1=0.5 beta2=0.75 eps=1 amsgrad", 1);
    descent_optimizer_step_f64(opt, &w, &g[0]);
    descent_optimizer_step_f64(opt, &w, &g[1]); /* the largest v is still 1 */
    assert_true(fabs(w - (first - (0.5 / 0.75) / (sqrt(1 / 0.4375) + 1))) < 1e-14);
    descent_optimizer_free(opt);
}

/* --- equalities, bit for bit ------------------------------------------------------------------ */

enum { N = 37 };

static double gradient(int step, int i)
{
    return sin(1.7 * step + 0.3 * i) - 0.1 * cos(0.9 * i);
}

/* w after `steps` steps along gradients that are multiplied by `sign`. */
static void walk(const char *spec, int steps, double sign, double w[N])
{
    descent_optimizer *opt = create(spec, N);
    double g[N];

    for (int i = 0; i < N; i++)
        w[i] = cos(0.4 * i);
    for (int step = 0; step < steps; step++) {
        for (int i = 0; i < N; i++)
            g[i] = sign * gradient(step, i);
        descent_optimizer_step_f64(opt, w, g);
    }
    descent_optimizer_free(opt);
}

static void test_equal_rules(void **unused)
{
    static const struct pair {
        const char *a, *b;
        double sign; /* of the gradient that b gets */
        int steps;
    } equal[] = {
        {"adamw weight_decay=0", "adam", 1, 40},
        {"adamw weight_decay=0 amsgrad", "adam amsgrad", 1, 40},
        {"sgd momentum=0.9 dampening=0.3", "sgd", 1, 1},
        {"sgd momentum=1e-300", "sgd", 1, 40},
        {"sgd momentum=0.9 nesterov maximize", "sgd momentum=0.9 nesterov", -1, 40},
        {"rmsprop centered momentum=0.9 maximize", "rmsprop centered momentum=0.9", -1, 40},
        {"adam amsgrad maximize", "adam amsgrad", -1, 40},
        {"adamw maximize", "adamw", -1, 40},
        {"sgd lr=0", "adam lr=0", 1, 40}, /* both stay where they are */
    };

    (void)unused;
    for (size_t i = 0; i < sizeof equal / sizeof *equal; i++) {
        double a[N], b[N];
        walk(equal[i].a, equal[i].steps, 1, a);
        walk(equal[i].b, equal[i].steps, equal[i].sign, b);
        for (int k = 0; k < N; k++)
            if (a[k] != b[k])
                fail_msg("'%s' and '%s' differ: %.17g %.17g", equal[i].a, equal[i].b, a[k], b[k]);
    }
}

/* The equalities above would also hold between rules that do nothing. */
static void test_different_rules(void **unused)
{
    static const char *const different[] = {
        "sgd",
        "sgd momentum=0.9",
        "sgd momentum=0.9 nesterov",
        "sgd momentum=0.9 dampening=0.3",
        "sgd weight_decay=0.1",
        "sgd maximize",
        "rmsprop",
        "rmsprop alpha=0.9",
        "rmsprop eps=0.1",
        "rmsprop momentum=0.9",
        "rmsprop centered",
        "rmsprop centered momentum=0.9",
        "rmsprop weight_decay=0.1",
        "adam",
        "adam beta1=0.8",
        "adam beta2=0.9",
        "adam eps=0.1",
        "adam beta2=0.9 amsgrad",
        "adam weight_decay=0.1",
        "adamw",
        "adamw weight_decay=0.1",
        "adamw maximize",
    };
    enum { COUNT = sizeof different / sizeof *different };
    double w[COUNT][N];

    (void)unused;
    for (int i = 0; i < COUNT; i++) {
        walk(different[i], 20, 1, w[i]);
        for (int k = 0; k < i; k++)
            if (w[i][3] == w[k][3])
                fail_msg("'%s' and '%s' do the same", different[i], different[k]);
    }
}

/* --- finite numbers --------------------------------------------------------------------------- */

/* Gradients that vanish (the border of a picture) or never change (no variance) leave w finite. */
static void test_dull_gradients_stay_finite(void **unused)
{
    static const char *const specs[] = {
        "sgd momentum=0.9 nesterov",
        "rmsprop centered momentum=0.9",
        "rmsprop eps=1e-30",
        "adam amsgrad",
        "adam eps=1e-30",
        "adamw",
    };
    static const double start[] = {0, 0.1, 1e-3, 3.3, 1e10};

    (void)unused;
    for (size_t s = 0; s < sizeof specs / sizeof *specs; s++)
        for (size_t k = 0; k < sizeof start / sizeof *start; k++)
            for (int constant = 0; constant < 2; constant++) {
                descent_optimizer *opt = create(specs[s], 1);
                double w = 1, g = start[k];
                for (int step = 0; step < 20000; step++) {
                    descent_optimizer_step_f64(opt, &w, &g);
                    g = constant ? g : 0;
                }
                if (!isfinite(w))
                    fail_msg("'%s': w = %g after gradients of %g", specs[s], w, start[k]);
                descent_optimizer_free(opt);
            }
}

/* A NaN must not be hidden by the maximum of amsgrad or the zero of centered rmsprop. */
static void test_nan_is_seen(void **unused)
{
    static const char *const specs[] = {"sgd", "sgd momentum=0.9", "rmsprop centered",
                                        "adam amsgrad", "adamw"};

    (void)unused;
    for (size_t s = 0; s < sizeof specs / sizeof *specs; s++) {
        descent_optimizer *opt = create(specs[s], 1);
        double w = 1, g = (double)NAN;
        descent_optimizer_step_f64(opt, &w, &g);
        assert_true(isnan(w));
        descent_optimizer_free(opt);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_first_steps_by_hand),
        cmocka_unit_test(test_means_by_hand),
        cmocka_unit_test(test_equal_rules),
        cmocka_unit_test(test_different_rules),
        cmocka_unit_test(test_dull_gradients_stay_finite),
        cmocka_unit_test(test_nan_is_seen),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
