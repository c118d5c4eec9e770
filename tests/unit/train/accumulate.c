/* accumulate.c - the gradients of several batches make one step, which is that of the large batch.
 */
#include "runs.h"

#include "train/trainer.h"

enum { N = 13, IN = 3, OUT = 2, N_W = IN * OUT + OUT };

static void fill(const void *user, int64_t step, const uint32_t *index, size_t n, void *x, void *y)
{
    (void)user;
    (void)step;
    for (size_t i = 0; i < n; i++) {
        for (int j = 0; x && j < IN; j++)
            ((double *)x)[i * IN + (size_t)j] = sin(1.0 + index[i] * IN + j);
        for (int j = 0; y && j < OUT; j++)
            ((double *)y)[i * OUT + (size_t)j] = cos(2.0 + index[i] * OUT + j);
    }
}

/* One step of sgd over n examples, cut into batches and shards; *moved is how far w went. */
static double step(int shards, size_t batch, int accumulate, size_t n, double *w, double *moved)
{
    static const uint32_t index[N] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    const descent_model_options options = {
        .layers = "linear", .loss = "mse", .rank = 1, .shape = {IN}, .outputs = OUT};
    dsc_network network;
    descent_optimizer *opt;
    dsc_trainer *trainer;
    double before[N_W], b[1];

    assert_int_equal(dsc_network_build(&network, &options, DESCENT_F64,
                                       (int)((batch + (size_t)shards - 1) / (size_t)shards),
                                       DSC_BACKEND_AUTO, (dsc_place){0}, NULL, NULL),
                     DESCENT_OK);
    dsc_graph_initialize(network.graph, 7, w, NULL);
    assert_int_equal(
        descent_optimizer_create(&opt, "sgd lr=0.5 clip_norm=0.2", N_W, DESCENT_F64, NULL),
        DESCENT_OK);
    assert_int_equal(dsc_trainer_create(&trainer,
                                        &(dsc_trainer_options){.network = &network,
                                                               .optimizer = opt,
                                                               .w = w,
                                                               .b = b,
                                                               .shards = shards,
                                                               .threads = 2,
                                                               .batch = batch,
                                                               .accumulate = accumulate,
                                                               .fill = fill},
                                        NULL),
                     DESCENT_OK);
    memcpy(before, w, sizeof before);
    const dsc_step_result result = dsc_trainer_step(trainer, index, n, 0);
    assert_true(result.finite);
    *moved = 0;
    for (int i = 0; i < N_W; i++)
        *moved += (w[i] - before[i]) * (w[i] - before[i]);
    *moved = sqrt(*moved);
    dsc_trainer_free(trainer);
    descent_optimizer_free(opt);
    dsc_network_free(&network);
    return result.loss;
}

/* Also when the last batch is shorter, or there are fewer of them. */
static void a_step_is_that_of_the_large_batch(void **state)
{
    double whole[N_W], parts[N_W], moved;

    (void)state;
    for (size_t n = 1; n <= N; n++) {
        const double loss = step(1, N, 1, n, whole, &moved);
        assert_true(fabs(moved - 0.5 * 0.2) < 1e-6); /* clipped, by the norm of the sum */
        for (size_t batch = 1; batch <= N; batch++)
            for (int shards = 1; shards <= 3 && (size_t)shards <= batch; shards++) {
                const double again =
                    step(shards, batch, (int)((N + batch - 1) / batch), n, parts, &moved);
                assert_true(fabs(again - loss) < 1e-13);
                for (int i = 0; i < N_W; i++)
                    assert_true(fabs(parts[i] - whole[i]) < 1e-14);
            }
    }
}

static descent_model *run_batches(const char *batch, const char *accumulate, const char *optimizer,
                                  int threads, descent_train_result *result)
{
    /* 120 examples: 3 windows of 32 and one of 24 */
    descent_recipe *recipe =
        RECIPE("data", "iris", "model", "linear 16, tanh, dropout 0.3, linear", "batch", batch,
               "accumulate", accumulate, "shards", "2", "epochs", "3", "optimizer", optimizer);
    descent_train_options options = descent_train_defaults();

    options.threads = threads;
    descent_model *model = run(recipe, options, result);
    descent_recipe_free(recipe);
    return model;
}

/* Steps, schedule and the numbers that dropout drops are those of the large batch too. */
static void a_training_is_that_of_the_large_batch(void **state)
{
    static const char *const optimizer[] = {"sgd lr=0.1 momentum=0.9",
                                            "adam lr=0.01 clip_norm=0.1"};
    descent_train_result large, small;

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        descent_model *a = run_batches("32", "1", optimizer[i], 1, &large);
        descent_model *b = run_batches("8", "4", optimizer[i], 1, &small);
        descent_model *c = run_batches("8", "4", optimizer[i], 3, &small);
        assert_int_equal(small.steps, 12);
        assert_int_equal(large.steps, 12);
        assert_true(distance(a, b) < 2e-5);
        assert_true(fabs(large.train_loss - small.train_loss) < 1e-5);
        assert_same_weights(b, c);
        descent_model_free(a);
        descent_model_free(b);
        descent_model_free(c);
    }
}

/* More than there is: all data makes one step. */
static void a_window_ends_with_the_epoch(void **state)
{
    descent_train_result result;

    (void)state;
    descent_model_free(run_batches("32", "1000000", "sgd", 2, &result));
    assert_int_equal(result.steps, 3);
}

static void zero_batches_are_refused(void **state)
{
    descent_recipe *recipe = RECIPE("data", "iris", "accumulate", "0");
    descent_error err;

    (void)state;
    assert_refused(recipe, &err);
    assert_string_equal(err.message, "accumulate = 0, must be a whole number from 1 to 1000000");
    descent_recipe_free(recipe);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_step_is_that_of_the_large_batch),
        cmocka_unit_test(a_training_is_that_of_the_large_batch),
        cmocka_unit_test(a_window_ends_with_the_epoch),
        cmocka_unit_test(zero_batches_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
