/* skips.c - steps whose loss or gradient is not finite: nothing moves, somebody is named, and a run
 * without hope ends. */
#include "runs.h"

#include "train/trainer.h"

enum { N = 100, BAD = 37 };

typedef struct watch {
    int skips, steps;
    char culprit[64];
    int64_t last_step;
} watch;

static int keep_skips(const descent_train_progress *now, void *user)
{
    watch *w = user;

    w->skips += now->step_skipped;
    w->steps += !now->step_skipped;
    if (now->step_skipped)
        snprintf(w->culprit, sizeof w->culprit, "%s", now->culprit);
    assert_int_equal(now->skipped, w->skips);
    assert_int_equal(now->step, w->steps);
    return 0;
}

/* y = 2 x - 1, but for one example. */
static descent_dataset *make_data(float *x, float *y, float bad_x, float bad_y)
{
    descent_dataset *data;

    for (int i = 0; i < N; i++) {
        x[i] = (float)(i % 11) / 11;
        y[i] = 2 * x[i] - 1;
    }
    x[BAD] = bad_x;
    y[BAD] = bad_y;
    assert_int_equal(descent_dataset_wrap_targets(&data, x, N, 1, (const int[]){1}, y, 1, NULL),
                     DESCENT_OK);
    return data;
}

static descent_model *run_with(float bad_x, float bad_y, const char *layers, const char *optimizer,
                               const char *batch, watch *w, descent_train_result *result)
{
    float x[N], y[N];
    descent_dataset *data = make_data(x, y, bad_x, bad_y);
    descent_train_options options = descent_train_defaults();
    /* the seed is one that puts the bad example into the training part */
    descent_recipe *recipe =
        RECIPE("model", layers, "optimizer", optimizer, "batch", batch, "epochs", "6",
               "standardize", "no", "schedule", "constant", "seed", "2");

    *w = (watch){0};
    options.on_progress = keep_skips;
    options.user = w;
    descent_model *model = run_on(recipe, data, options, result);
    descent_recipe_free(recipe);
    descent_dataset_free(data);
    for (size_t i = 0; i < descent_model_size(model); i++)
        assert_true(isfinite(descent_model_weights(model)[i]));
    return model;
}

static void a_bad_example_costs_a_step_an_epoch(void **state)
{
    descent_train_result result;
    watch w;

    (void)state;
    descent_model_free(
        run_with(1e25f, 0, "linear 4, tanh, linear", "adam lr=0.01", "10", &w, &result));
    assert_int_equal(result.skipped_steps, 0); /* tanh saturates: a large x is no harm */
    descent_model_free(
        run_with(0, 1e25f, "linear 4, tanh, linear", "adam lr=0.01", "10", &w, &result));
    assert_int_equal(result.stop, DESCENT_STOP_STEPS);
    assert_int_equal(result.skipped_steps, 6);
    assert_int_equal(result.steps, 42);
    assert_int_equal(w.skips, 6);
    assert_int_equal(w.steps, 42);
    assert_string_equal(w.culprit, "0.bias");
    assert_string_equal(result.sentence, "took 42 of 48 steps; 6 steps skipped, the last because "
                                         "the gradient of '0.bias' is not finite");
}

/* The square of 2e19 is infinite in float, the slope at a bias is not. */
static void a_loss_that_is_not_finite_is_enough(void **state)
{
    descent_train_result result;
    watch w;

    (void)state;
    descent_model_free(run_with(0, 2e19f, "linear", "sgd lr=0.01", "40", &w, &result));
    assert_int_equal(result.skipped_steps, 6);
    assert_int_equal(result.steps, 6);
    assert_string_equal(w.culprit, "");
    assert_string_equal(result.sentence, "took 6 of 12 steps; 6 steps skipped");
}

static void without_hope_a_run_ends(void **state)
{
    descent_train_result result;
    watch w;

    (void)state;
    descent_model_free(run_with(0, 1e25f, "linear", "sgd lr=0.5 skips=4", "all", &w, &result));
    assert_int_equal(result.stop, DESCENT_STOP_DIVERGED);
    assert_int_equal(result.skipped_steps, 4);
    assert_int_equal(result.steps, 0);
    assert_string_equal(result.sentence,
                        "diverged at step 1: 4 steps in a row were skipped, as the gradient of "
                        "'0.bias' is not finite; try a lower learning rate than lr=0.5, or "
                        "clip_norm=1 in the optimizer");
    descent_model_free(
        run_with(0, 1e25f, "linear", "sgd lr=0.5 skips=1 clip_norm=2", "all", &w, &result));
    assert_int_equal(result.skipped_steps, 1);
    assert_string_equal(result.sentence, "diverged at step 1: the gradient of '0.bias' is not "
                                         "finite; try a lower learning rate than lr=0.5");
}

/* Clipping brings a gradient back that is finite and only too large to be squared. */
static void clipping_comes_first(void **state)
{
    descent_train_result result;
    watch w;

    (void)state;
    descent_model_free(
        run_with(0, 1e18f, "linear", "adam lr=0.01 clip_norm=1", "all", &w, &result));
    assert_int_equal(result.skipped_steps, 0);
    assert_int_equal(result.steps, 6);
}

/* Example 4 is the bad one. */
static void fill(const void *user, int64_t step, const uint32_t *index, size_t n, void *x, void *y)
{
    (void)user;
    (void)step;
    for (size_t i = 0; i < n; i++) {
        if (x)
            ((float *)x)[i] = (float)index[i];
        if (y)
            ((float *)y)[i] = index[i] == 4 ? 1e25f : 0.5f;
    }
}

/* A gradient of 1e25 changes neither weights nor state nor the statistics of batch_norm: a training
 * that meets it goes on as one that does not. */
static void nothing_moves(void **state)
{
    const descent_model_options options = {.layers = "linear 3, batch_norm, linear",
                                           .loss = "mse",
                                           .rank = 1,
                                           .shape = {1},
                                           .outputs = 1};
    static const char *const spec[] = {"adam lr=0.1", "sam (sgd lr=0.1 momentum=0.9)",
                                       "ema (lookahead (sgd lr=0.1))"};

    (void)state;
    for (size_t i = 0; i < sizeof spec / sizeof *spec; i++) {
        descent_optimizer_options o = descent_optimizer_defaults();
        float w[3 + 3 + 3 + 3 + 3 + 1], b[6], before[2][16];
        dsc_network network;
        descent_optimizer *opt;
        dsc_trainer *trainer;
        const uint32_t good[4] = {0, 1, 2, 3}, bad[4] = {0, 1, 2, 4};

        o.gives_objective = 1;
        assert_int_equal(dsc_network_build(&network, &options, DESCENT_F32, 2, DSC_BACKEND_AUTO,
                                           (dsc_place){0}, NULL, NULL),
                         DESCENT_OK);
        assert_int_equal(dsc_graph_parameters(network.graph), 16);
        dsc_graph_initialize(network.graph, 7, w, b);
        assert_int_equal(descent_optimizer_create_with(&opt, spec[i], 16, DESCENT_F32, &o, NULL),
                         DESCENT_OK);
        assert_int_equal(dsc_trainer_create(&trainer,
                                            &(dsc_trainer_options){.network = &network,
                                                                   .optimizer = opt,
                                                                   .w = w,
                                                                   .b = b,
                                                                   .shards = 2,
                                                                   .threads = 2,
                                                                   .fill = fill},
                                            NULL),
                         DESCENT_OK);
        assert_true(dsc_trainer_step(trainer, good, 4, 0).finite);
        const size_t size = descent_optimizer_state_size(opt);
        char *saved = calloc(2, size);
        memcpy(before[0], w, sizeof w);
        memcpy(before[1], b, sizeof b);
        descent_optimizer_save(opt, saved);
        assert_false(dsc_trainer_step(trainer, bad, 4, 1).finite);
        assert_memory_equal(w, before[0], sizeof w);
        assert_memory_equal(b, before[1], sizeof b);
        assert_int_equal(descent_optimizer_steps(opt), 1);
        assert_int_equal(descent_optimizer_skipped(opt), 1);
        /* of all that is saved only the count of skipped steps is new */
        descent_optimizer_save(opt, saved + size);
        size_t changed = 0;
        for (size_t k = 0; k < size; k += sizeof(double))
            changed += memcmp(saved + k, saved + size + k, sizeof(double)) != 0;
        assert_int_equal(changed, spec[i][0] == 's' ? 3 : 2);
        assert_true(dsc_trainer_step(trainer, good, 4, 2).finite);
        free(saved);
        dsc_trainer_free(trainer);
        descent_optimizer_free(opt);
        dsc_network_free(&network);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bad_example_costs_a_step_an_epoch),
        cmocka_unit_test(a_loss_that_is_not_finite_is_enough),
        cmocka_unit_test(without_hope_a_run_ends),
        cmocka_unit_test(clipping_comes_first),
        cmocka_unit_test(nothing_moves),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
