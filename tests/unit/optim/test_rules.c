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
    {"rmsprop lr=1 alpha=1 start=9 eps=1", 10, {2}, {10 - 2.0 / 4}, 1},
    /* both corrections make the first step lr g / (|g| + eps) */
    {"adam lr=0.5 eps=1", 10, {3}, {10 - 0.5 * 3 / 4}, 1},
    {"adam lr=0.5 eps=1 maximize", 10, {3}, {10 + 0.5 * 3 / 4}, 1},
    {"adam lr=0.5 eps=1 weight_decay=0.5", 10, {3}, {10 - 0.5 * 8 / 9}, 1},
    {"adamw lr=0.5 eps=1 weight_decay=0.5", 10, {3}, {10 * 0.75 - 0.5 * 3 / 4}, 1},
    /* the decay is not part of the momentum */
    {"sgdw lr=0.5 momentum=0.5 weight_decay=0.5", 4, {1, 2}, {3 - 0.5, 2.5 * 0.75 - 0.5 * 2.5}, 2},
    {"sgdw lr=0.5 momentum=0.5 weight_decay=0.5 nesterov", 4, {1}, {3 - 0.5 * 1.5}, 1},
    /* b = 1, then 2.5 */
    {"qhm lr=1 momentum=0.5 nu=0.5", 10, {2, 4}, {10 - 1.5, 8.5 - (0.5 * 2.5 + 0.5 * 4)}, 2},
    {"aggmo lr=1 beta1=0 beta2=0.5 beta3=-1", 10, {2, 2}, {10 - 2, 8 - (2 + 3) / 2.0}, 2},
    {"aggmo lr=1 beta1=-1 beta2=0.5 beta3=-1", 10, {2, 2}, {10 - 2, 8 - 3}, 2},
    {"signsgd lr=0.5 weight_decay=0.5", 8, {-3, 0}, {8 * 0.75 + 0.5, 6.5 * 0.75}, 2},
    /* m = 1, 0, -0.5 */
    {"signum lr=0.5 momentum=0.5", 10, {2, -1, -1}, {9.5, 9.5, 10}, 3},
    /* eta = 0.5, then 0.5 / (1 + 2 * 0.5) */
    {"asgd lr=0.5 lambd=2 alpha=1", 10, {1, 3}, {10 - 0.5 * 21, -0.5 - 0.25 * 2}, 2},
    {"rprop lr=1", 10, {5, 1, -2}, {9, 9 - 1.2, 9 - 1.2}, 3},
    /* after a turn the size stays, whatever the next sign */
    {"rprop lr=1 etaminus=0.25", 10, {5, -1, -1}, {9, 9, 9.25}, 3},
    {"rprop lr=8 step_max=2", 10, {1}, {8}, 1},
    {"adagrad lr=1 eps=1", 10, {3, 4}, {10 - 3.0 / 4, 9.25 - 4.0 / 6}, 2},
    {"adagrad lr=6 lr_decay=1 start=7 eps=0", 10, {3, 3}, {10 - 6 * 3.0 / 4, 5.5 - 3 * 3.0 / 5}, 2},
    {"adadelta lr=2 rho=0 eps=9", 10, {4}, {10 - 2 * 3 * 4 / 5.0}, 1},
    {"adadelta lr=2 rho=1 eps=9", 10, {4}, {10 - 2 * 4}, 1}, /* both means stay at zero */
    /* m^ = 3, then 1; u = 4, then 2 */
    {"adamax lr=0.5 beta1=0.5 beta2=0.5 eps=1", 10, {3, 0}, {9.625, 9.625 - 0.5 / 2}, 2},
    /* mu = 0.25 at every step */
    {"nadam lr=1 beta1=0.5 eps=1 momentum_decay=0",
     10,
     {3},
     {10 - (0.25 * 1.5 / 0.9375 + 3) / 4},
     1},
    {"nadam lr=1 beta1=0.5 eps=1 momentum_decay=0 doubled",
     10,
     {3},
     {10 - (0.25 * 1.5 / 0.984375 + 3) / 4},
     1},
    {"nadamw lr=0.5 beta1=0.5 eps=1 weight_decay=0.5", 10, {3}, {7.5 - 0.5 * 4.5 / 4}, 1},
    /* too early to trust v */
    {"radam lr=0.5 beta1=0.5", 10, {2, 0}, {9, 9 - 0.5 * 0.5 / 0.75}, 2},
    /* s = 0.25 (g - m)^2 + eps = 1 with m = 1; corrected m is 2, sqrt(s) 2 */
    {"adabelief rectify=no lr=1 beta1=0.5 beta2=0.75 eps=0.75", 10, {2}, {10 - 2 / 2.75}, 1},
    /* rho = 1: not rectified yet */
    {"adabelief lr=0.5 beta2=0.75 weight_decay=0.5", 10, {2}, {7.5 - 0.5 * 2}, 1},
    {"adabelief degenerated_to_sgd=no weight_decay=0.5 lr=0.5", 10, {2}, {7.5}, 1},
    /* m = 1, v = 1, a step size of 0.5, which the bound takes to 0.1 (1 + 1) */
    {"adabound gamma=0 lr=1 beta1=0.5 beta2=0.75 eps=1", 10, {2}, {10 - 0.5}, 1},
    {"adabound gamma=1 final_lr=0.1 beta1=0.5 beta2=0.75 lr=1 eps=1", 10, {2}, {10 - 0.2}, 1},
    /* v grows by 0.25 g^2 from 0 to 1, or falls by it from 4.25 to 4 */
    {"yogi start=0 lr=1 beta1=0.5 beta2=0.75 eps=1", 10, {2}, {10 - 2.0 / (2 + 1)}, 1},
    {"yogi start=4.25 lr=1 beta1=0.5 beta2=0.75 eps=1", 10, {1}, {10 - 5.25 / (4 + 1)}, 1},
    /* corrected m = 2, then 0.5 / 0.75, of which nu1 takes half; no v in the divisor */
    {"qhadam lr=1 beta1=0.5 nu1=0.5 nu2=0 eps=1", 10, {2, 0}, {10 - 2.0 / 3, 9}, 2},
    {"qhadam lr=0.5 eps=1 weight_decay=0.5", 10, {3}, {10 - 0.5 * 8 / 9}, 1},
    /* moves of 0.5 3 / 4 and a third of that, decay after them */
    {"laprop lr=0.5 beta1=0.5 eps=1 weight_decay=0.5", 8, {3, 0}, {7.625 * 0.75, 4.1953125}, 2},
    {"adan lr=0.5 eps=1 weight_decay=0.5", 10, {3}, {(10 - 0.5 * 3 / 4) / 1.25}, 1},
    {"adan lr=0.5 eps=1 weight_decay=0.5 prox=no", 10, {3}, {10 - 0.5 * 3 / 4 - 0.25 * 10}, 1},
    {"adan lr=0.5 eps=1 max_grad_norm=1", 10, {3}, {10 - 0.5 * 0.75 / 1.75}, 1},
    /* g changes by -2: v = -1, corrected -1 / 0.75, and n = (1 - 1)^2 */
    {"adan lr=1 beta1=0 beta2=0.5 beta3=0 eps=1", 10, {3, 1}, {9.25, 9.25 - 1.0 / 3}, 2},
    /* the first step only fills v; the third is clamped to 2 */
    {"adopt lr=0.5 beta1=0.5 clip=1", 10, {2, 1, 100}, {10, 9.875, 9.875 - 0.5625}, 3},
    {"adopt lr=0.5 beta1=0.5 decay=lr weight_decay=0.5", 10, {2, 1}, {10, 7.5 - 0.125}, 2},
    /* m = 0.75, then 0.3125, which the third gradient cancels */
    {"lion lr=1 beta1=0.5 beta2=0.75", 10, {3, -1, -0.3125}, {9, 10, 10}, 3},
    {"lion lr=0.5 weight_decay=0.5", 10, {3}, {7.5 - 0.5}, 1},
    /* z = 3 - 60, then -57 + 4 - 38 */
    {"ftrl lr=0.5", 10, {3, 4}, {57.0 / 6, 91.0 / 10}, 2},
    {"ftrl lr=0.5 beta=1 lambda_1=0.5 lambda_2=1", 0, {2}, {-1.5 / 7}, 1},
    {"ftrl lr=0.5 lambda_1=3", 1, {2}, {0}, 1}, /* z = 2 - 4 */
    {"ftrl lr=0", 10, {3, 4}, {10, 10}, 2},     /* the limit of the formula, also block by block */
    {"ftrl lr=0 clip_value=1", 10, {3, 4}, {10, 10}, 2},
    /* v = 2 * 4, s = 2 * 2: z is 2 below the start */
    {"madgrad lr=2 eps=0 momentum=0.5", 10, {2, 0}, {9, 8.5}, 2},
    {"madgrad lr=2 eps=0 momentum=0", 10, {2, 0}, {8, 8}, 2},
    {"madgrad lr=2 eps=0 momentum=0.5 weight_decay=0.125", 10, {2}, {9 - 0.25 * 10}, 1},
    /* m = 1, a step size of 0.5, of which the mean is half */
    {"adamod lr=1 beta1=0.5 beta2=0.75 beta3=0.5 eps=1", 10, {2}, {10 - 0.25}, 1},
    {"adamod lr=1 beta1=0.5 beta2=0.75 beta3=0 eps=1 weight_decay=0.5", 10, {2}, {5 - 0.5}, 1},
    /* sigmoid(100) is 1, sigmoid(0) a half */
    {"diffgrad lr=1 beta1=0.5 beta2=0 eps=1", 0, {100, 100}, {-100.0 / 101, -150.0 / 101}, 2},
    /* u = 1 + weight_decay w, which the ratio makes as long as w */
    {"lamb lr=0.5 eps=0 weight_decay=0.5 max_grad_norm=0",
     4,
     {2, 2},
     {4 - 0.5 * 4, 2 - 0.5 * 2},
     2},
    /* w shrinks before its norm is taken */
    {"lamb lr=0.5 eps=0 weight_decay=0.5 decay=lr max_grad_norm=0", 4, {2}, {3 - 0.5 * 3}, 1},
    /* without decay no ratio; g counts as 1 */
    {"lamb lr=0.5 eps=1 weight_decay=0", 10, {3}, {10 - 0.5 * 1 / 2}, 1},
    {"lars lr=0.5 momentum=0 trust_coeff=0.25 weight_decay=0.5 eps=1",
     4,
     {3},
     {4 - 0.5 * (0.25 * 4 / (3 + 2 + 1)) * (3 + 0.5 * 4)},
     1},
    {"lars lr=1 momentum=0.5 weight_decay=0", 10, {2, 2}, {8, 8 - 3}, 2},
    /* v = 4, then 3; m = 2/3, then half of it */
    {"novograd lr=1 beta1=0.5 beta2=0.75 eps=1", 10, {2, 0}, {10 - 2.0 / 3, 9}, 2},
    {"novograd lr=1 beta1=0.5 eps=0 weight_decay=0.5 grad_averaging",
     4,
     {3},
     {4 - 0.5 * (1 + 2)},
     1},
    /* r = 0, 1/4, 21/8; s = 1, 3/2, 19/4: d is 1/2 for two steps, then 1 */
    {"prodigy d0=0.5 d_coef=6 beta1=0.5 beta2=0 beta3=0.5 eps=0",
     10,
     {2, 2, 2},
     {10 - 0.5 * 0.5 / 1, 9.75 - 0.5 * 0.75 / 1, 9.375 - 1 * 1.375 / 2},
     3},
    {"prodigy d0=0.5 beta1=0 beta2=0 beta3=0.5 eps=0 weight_decay=0.5",
     4,
     {2},
     {4 * (1 - 0.5 * 0.5) - 0.5 * 1 / 1},
     1},
    /* r = 0, 8; s = 4: d is 1/2 for two steps, then 2; m = 2, 3, 19/2 */
    {"dadapt_adam lr=4 d0=0.5 beta1=0.5 beta2=0 eps=0",
     10,
     {2, 2, 2},
     {10 - 2.0 / 2, 9 - 3.0 / 2, 7.5 - 9.5 / 2},
     3},
    /* s = 4, 6, 22; d is 1/2 for two steps, then 2 * 8 / 6 */
    {"dadapt_sgd lr=8 d0=0.5", 10, {4, 2, 3}, {10 - 4, 10 - 6, 10 - 22}, 3},
    {"dadapt_sgd lr=8 d0=0.5 momentum=0.5", 10, {4, 2}, {5 + 3, 4 + 2}, 2},
    /* z = 6, 4, 1; x = 6, 5, 11/3 */
    {"schedule_free_sgd lr=1 momentum=0.5", 8, {2, 2, 3}, {6, 2 + 2.5, 0.5 + 11.0 / 6}, 3},
    /* z = 7, 5; the second step weighs 4 times the first */
    {"schedule_free_sgd lr=1 momentum=0.5 warmup_steps=2", 8, {2, 2}, {7, 2.5 + 2.7}, 2},
    {"schedule_free_adamw lr=0.5 eps=1 weight_decay=0.5", 8, {3}, {8 - 0.5 * (3.0 / 4 + 4)}, 1},
    /* a corrected mean of the same g is g: z = 9.25, 8.5 */
    {"schedule_free_adamw lr=1 beta1=0.5 beta2=0 eps=1 inner_momentum=0.5",
     10,
     {3, 3},
     {9.25, (8.5 + 8.875) / 2},
     2},
    {"schedule_free_radam lr=0.5", 10, {2}, {10}, 1},
    /* z = 9, 8 */
    {"schedule_free_radam lr=0.5 beta1=0.5 silent_sgd_phase=no", 10, {2, 2}, {9, (8 + 8.5) / 2}, 2},
    /* v = 4, then (4 + 196) / 2; moves longer than 1 are clipped to it */
    {"adafactor lr=0.5 relative_step=no decay_rate=-1 clip_threshold=0",
     10,
     {2, 14},
     {9.5, 9.5 - 0.5 * 14 / 10},
     2},
    {"adafactor lr=0.5 relative_step=no decay_rate=-1", 10, {2, 14}, {9.5, 9}, 2},
    {"adafactor lr=0.125", 8, {2}, {8 - 0.125 * 8}, 1},
    {"adafactor lr=1 relative_step=no beta1=0.5", 8, {2}, {8 - 0.5}, 1},
    {"adafactor lr=0.5 relative_step=no weight_decay=0.5", 8, {2}, {8 - 0.5 * 0.5 * 8 - 0.5}, 1},
    /* the first step moves nothing; m = 2, v = 4; both corrections together are 1 */
    {"soap lr=0.5 beta1=0.5 beta2=0.75 eps=1 weight_decay=0",
     10,
     {3, 4},
     {10, 10 - 0.5 * 2 / 3},
     2},
    {"soap lr=0.5 beta1=0.5 beta2=0.75 eps=1 weight_decay=0.5 correct_bias=no",
     10,
     {3, 4},
     {10, (10 - 0.5 * 2 / 3) * 0.75},
     2},
    {"soap lr=0.5 beta1=0.5 beta2=0.75 eps=1 weight_decay=0 normalize_grads",
     10,
     {3, 4},
     {10, 10 - 0.5},
     2},
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

    w = 10; /* a is no momentum: it is 0.875 after the second step, reset or not */
    opt = create("lookahead (rmsprop lr=1 alpha=0.75 eps=1 centered) every=1 alpha=1 reset", 1);
    descent_optimizer_step_f64(opt, &w, &g[0]);
    descent_optimizer_step_f64(opt, &w, &g[0]); /* v = 1.75 */
    assert_true(fabs(w - (10 - 2 / (sqrt(0.75) + 1) - 2 / (sqrt(1.75 - 0.765625) + 1))) < 1e-14);
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

/* sophia: h = 4 after the first estimate, and one that is no number changes nothing. */
static void test_curvature_by_hand(void **unused)
{
    descent_optimizer_options options = descent_optimizer_defaults();
    const double estimate = 8, sampled = 2, bad = (double)NAN, g = 2;
    descent_optimizer *opt;
    double w = 10;

    (void)unused;
    options.gives_curvature = 1;
    assert_int_equal(descent_optimizer_create_with(&opt, "sophia_h lr=1 beta1=0.5 beta2=0.5 p=3", 1,
                                                   DESCENT_F64, &options, NULL),
                     DESCENT_OK);
    descent_optimizer_step_f64(opt, &w, &g); /* h = 0: the longest step */
    assert_true(fabs(w - (10 - 3)) < 1e-14);
    descent_optimizer_curvature_f64(opt, &estimate);
    descent_optimizer_curvature_f64(opt, &bad);
    descent_optimizer_step_f64(opt, &w, &g); /* m = 1.5 */
    assert_true(fabs(w - (7 - 1.5 / 4)) < 1e-14);
    descent_optimizer_free(opt);

    w = 10;
    assert_int_equal(
        descent_optimizer_create_with(&opt,
                                      "sophia_g lr=1 beta1=0.5 beta2=0.5 rho=0.5 bs=4 eps=0 "
                                      "weight_decay=0.5",
                                      1, DESCENT_F64, &options, NULL),
        DESCENT_OK);
    descent_optimizer_curvature_f64(opt, &sampled); /* h = 2 */
    descent_optimizer_step_f64(opt, &w, &g);
    assert_true(fabs(w - (10 * 0.5 - 1.0 / 4)) < 1e-14);
    descent_optimizer_free(opt);
}

/* schedule_free: z = 6, 4, and x their mean. */
static void test_average_by_hand(void **unused)
{
    const double g = 2;
    double w = 8, x;

    (void)unused;
    descent_optimizer *opt = create("schedule_free_sgd lr=1 momentum=0.5", 1);
    descent_optimizer_step_f64(opt, &w, &g);
    descent_optimizer_step_f64(opt, &w, &g);
    assert_int_equal(descent_optimizer_average_f64(opt, &w, &x), 1);
    assert_true(fabs(x - 5) < 1e-14);
    descent_optimizer_free(opt);
}

/* The estimates may be asked for: d is 1/2, 1/2, 8/3. */
static void test_estimate_by_hand(void **unused)
{
    const double g[3] = {4, 2, 3};
    double w = 10;

    (void)unused;
    descent_optimizer *opt = create("dadapt_sgd lr=8 d0=0.5", 1);
    descent_optimizer_step_f64(opt, &w, &g[0]);
    assert_true(descent_optimizer_get(opt, "d") == 0.5);
    descent_optimizer_step_f64(opt, &w, &g[1]);
    assert_true(fabs(descent_optimizer_get(opt, "d") - 8.0 / 3) < 1e-14);
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

/* A gradient that is not finite moves nothing, and is counted. */
static void test_bad_gradients_are_skipped(void **unused)
{
    static const char *const specs[] = {"sgd", "sgd momentum=0.9", "rmsprop centered",
                                        "adam amsgrad", "adamw"};
    const double bad[] = {(double)NAN, (double)INFINITY, -(double)INFINITY, 1e200};

    (void)unused;
    for (size_t s = 0; s < sizeof specs / sizeof *specs; s++) {
        descent_optimizer *opt = create(specs[s], 1), *same = create(specs[s], 1);
        double w = 1, v = 1, g = 0.5;
        for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
            descent_optimizer_step_f64(opt, &w, &g);
            descent_optimizer_step_f64(opt, &w, &bad[k]);
            descent_optimizer_step_f64(same, &v, &g);
            assert_true(w == v);
            assert_int_equal(descent_optimizer_skipped(opt), k + 1);
            assert_int_equal(descent_optimizer_skipped_in_a_row(opt), 1);
            assert_int_equal(descent_optimizer_culprit(opt, NULL), 0);
            assert_int_equal(descent_optimizer_steps(opt), k + 1);
        }
        descent_optimizer_free(opt);
        descent_optimizer_free(same);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_first_steps_by_hand),
        cmocka_unit_test(test_means_by_hand),
        cmocka_unit_test(test_curvature_by_hand),
        cmocka_unit_test(test_average_by_hand),
        cmocka_unit_test(test_estimate_by_hand),
        cmocka_unit_test(test_equal_rules),
        cmocka_unit_test(test_different_rules),
        cmocka_unit_test(test_dull_gradients_stay_finite),
        cmocka_unit_test(test_bad_gradients_are_skipped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
