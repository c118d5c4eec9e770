/* trainer.c - one step of a trainer against the same step computed by hand, in double. */
#include "train/trainer.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { N = 13, IN = 3, OUT = 2, N_W = IN * OUT + OUT };

/* y = x w^T + b with squared error: everything about it can be written down. */
typedef struct task {
    double x[N][IN], y[N][OUT];
} task;

static void fill(const void *user, int64_t step, const uint32_t *index, size_t n, void *x, void *y)
{
    const task *t = user;

    (void)step;
    for (size_t i = 0; i < n; i++) {
        if (x)
            memcpy((double *)x + i * IN, t->x[index[i]], sizeof t->x[0]);
        if (y)
            memcpy((double *)y + i * OUT, t->y[index[i]], sizeof t->y[0]);
    }
}

static task make_task(void)
{
    task t;

    for (int i = 0; i < N; i++) {
        for (int j = 0; j < IN; j++)
            t.x[i][j] = sin(1.0 + i * IN + j);
        for (int j = 0; j < OUT; j++)
            t.y[i][j] = cos(2.0 + i * OUT + j);
    }
    return t;
}

/* loss and g of the mean over rows 0..n-1 by the formula */
static double by_hand(const task *t, const double *w, int n, double *g)
{
    double loss = 0;

    memset(g, 0, N_W * sizeof *g);
    for (int i = 0; i < n; i++)
        for (int o = 0; o < OUT; o++) {
            double d = w[IN * OUT + o] - t->y[i][o];
            for (int j = 0; j < IN; j++)
                d += w[o * IN + j] * t->x[i][j];
            loss += d * d / (n * OUT);
            for (int j = 0; j < IN; j++)
                g[o * IN + j] += 2 * d * t->x[i][j] / (n * OUT);
            g[IN * OUT + o] += 2 * d / (n * OUT);
        }
    return loss;
}

static void a_step_is_w_minus_lr_g(void **state)
{
    const task t = make_task();
    const uint32_t index[N] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    const descent_model_options options = {
        .layers = "linear", .loss = "mse", .rank = 1, .shape = {IN}, .outputs = OUT};

    (void)state;
    for (int shards = 1; shards <= 7; shards++)
        for (int n = 1; n <= N; n += 3) {
            double w[N_W], g[N_W], before[N_W], b[1];
            dsc_network network;
            descent_optimizer *opt;
            dsc_trainer *trainer;

            assert_int_equal(dsc_network_build(&network, &options, DESCENT_F64,
                                               (N + shards - 1) / shards, DSC_BACKEND_AUTO,
                                               (dsc_place){0}, NULL, NULL),
                             DESCENT_OK);
            dsc_graph_initialize(network.graph, 7, w, NULL);
            memcpy(before, w, sizeof w);
            assert_int_equal(descent_optimizer_create(&opt, "sgd lr=0.5", N_W, DESCENT_F64, NULL),
                             DESCENT_OK);
            assert_int_equal(dsc_trainer_create(&trainer,
                                                &(dsc_trainer_options){.network = &network,
                                                                       .optimizer = opt,
                                                                       .w = w,
                                                                       .b = b,
                                                                       .shards = shards,
                                                                       .threads = 2,
                                                                       .fill = fill,
                                                                       .fill_user = &t},
                                                NULL),
                             DESCENT_OK);
            const double loss = by_hand(&t, before, n, g);
            const dsc_step_result step = dsc_trainer_step(trainer, index, (size_t)n, 0);
            assert_true(step.finite);
            assert_true(fabs(step.loss - loss) < 1e-13);
            for (int i = 0; i < N_W; i++)
                assert_true(fabs(w[i] - (before[i] - 0.5 * g[i])) < 1e-13);
            dsc_trainer_free(trainer);
            descent_optimizer_free(opt);
            dsc_network_free(&network);
        }
}

static void a_gradient_that_is_not_finite_moves_nothing(void **state)
{
    task t = make_task();
    const uint32_t index[N] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    const descent_model_options options = {
        .layers = "linear", .loss = "mse", .rank = 1, .shape = {IN}, .outputs = OUT};
    double w[N_W], before[N_W], b[1];
    dsc_network network;
    descent_optimizer *opt;
    dsc_trainer *trainer;

    (void)state;
    t.x[5][1] = 1e200; /* its square is infinite */
    assert_int_equal(dsc_network_build(&network, &options, DESCENT_F64, N, DSC_BACKEND_AUTO,
                                       (dsc_place){0}, NULL, NULL),
                     DESCENT_OK);
    dsc_graph_initialize(network.graph, 7, w, NULL);
    memcpy(before, w, sizeof w);
    descent_optimizer_create(&opt, "adam", N_W, DESCENT_F64, NULL);
    assert_int_equal(dsc_trainer_create(&trainer,
                                        &(dsc_trainer_options){.network = &network,
                                                               .optimizer = opt,
                                                               .w = w,
                                                               .b = b,
                                                               .shards = 1,
                                                               .threads = 1,
                                                               .fill = fill,
                                                               .fill_user = &t},
                                        NULL),
                     DESCENT_OK);
    assert_false(dsc_trainer_step(trainer, index, N, 0).finite);
    assert_memory_equal(w, before, sizeof w);
    assert_int_equal(descent_optimizer_steps(opt), 0);
    dsc_trainer_free(trainer);
    descent_optimizer_free(opt);
    dsc_network_free(&network);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_step_is_w_minus_lr_g),
        cmocka_unit_test(a_gradient_that_is_not_finite_moves_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
