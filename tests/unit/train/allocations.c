/* allocations.c - 100 training steps allocate nothing: every malloc of the process is counted. */
#define _GNU_SOURCE /* dladdr */
#include "counting.h"

#include "descent/descent.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static int first = 10, last = 110; /* steps that are counted, between ends of epochs */
static const char *epochs = "1";

static int count_100_steps(const descent_train_progress *progress, void *user)
{
    (void)user;
    if (progress->step == first)
        counting = 1;
    if (progress->step == last)
        counting = 0;
    return 0;
}

static const char *group, *accumulate, *instruments; /* of the next training; NULL: none */

static void train_counted(const char *model, const char *optimizer, const char *kernels,
                          int threads)
{
    descent_train_options options = descent_train_defaults();
    descent_train_result result;
    descent_recipe *recipe;
    descent_model *trained;
    descent_error err = {0};

    ours = onednns = 0;
    options.on_progress = count_100_steps;
    options.kernels = kernels;
    options.threads = threads;
    options.instruments = instruments;
    assert_int_equal(descent_recipe_create(&recipe, NULL), DESCENT_OK);
    descent_recipe_set(recipe, "data", "digits", NULL, NULL);
    descent_recipe_set(recipe, "model", model, NULL, NULL);
    descent_recipe_set(recipe, "optimizer", optimizer, NULL, NULL);
    descent_recipe_set(recipe, "batch", accumulate ? "4" : "11", NULL, NULL);
    if (group)
        descent_recipe_set(recipe, "group", group, NULL, NULL);
    if (accumulate)
        descent_recipe_set(recipe, "accumulate", accumulate, NULL, NULL);
    descent_recipe_set(recipe, "shards", "3", NULL, NULL);
    descent_recipe_set(recipe, "epochs", epochs, NULL, NULL);
    if (descent_train(&trained, recipe, NULL, &options, &result, &err) != DESCENT_OK)
        fail_msg("%s", err.message);
    assert_true(result.steps > last);
    descent_model_free(trained);
    descent_recipe_free(recipe);
}

static const char *const model = "conv 4 3x3 pad=1, batch_norm, relu, max_pool 2, "
                                 "residual (conv 4 3x3 pad=1, gelu), avg_pool 2, flatten, "
                                 "dropout 0.2, linear 32, tanh, linear";

static void plain_kernels_allocate_nothing_at_all(void **state)
{
    (void)state;
    if (!COUNTED)
        skip();
    train_counted(model, "adam amsgrad", "ref", 1);
    assert_int_equal(ours, 0);
    assert_int_equal(onednns, 0);
    train_counted(model, "sgd momentum=0.9", "ref", 2);
    assert_int_equal(ours, 0);
}

static void neither_do_groups_clipping_averages_and_second_looks(void **state)
{
    (void)state;
    if (!COUNTED)
        skip();
    group = "role=bias lr=2x; 0.* lr=0.5x; 1.* frozen";
    train_counted(model, "adamw clip_norm=0.1 zclip=2 agc=0.01 layer_decay=0.9", "ref", 2);
    assert_int_equal(ours, 0);
    group = NULL;
    accumulate = "3";
    train_counted(model, "ema (lookahead (sgd momentum=0.9 clip_value=1))", "ref", 2);
    assert_int_equal(ours, 0);
    accumulate = NULL;
    train_counted(model, "sam (adam cautious)", "ref", 2);
    assert_int_equal(ours, 0);
}

/* Some of these steps are measured. */
static void neither_do_instruments(void **state)
{
    (void)state;
    if (!COUNTED)
        skip();
    instruments = "standard, sharpness";
    epochs = "2";
    first = 140;
    last = 240;
    train_counted(model, "adam", "ref", 2);
    assert_int_equal(ours, 0);
    instruments = NULL;
    epochs = "1";
    first = 10;
    last = 110;
}

/* oneDNN's matrix product takes packing buffers of its own inside; nothing else may allocate. */
static void onednn_is_the_only_one_that_allocates(void **state)
{
    (void)state;
    if (!COUNTED)
        skip();
    train_counted(model, "rmsprop centered momentum=0.9", "auto", 2);
    assert_int_equal(ours, 0);
}

/* The counter itself works. */
static void the_counter_counts(void **state)
{
    (void)state;
    if (!COUNTED)
        skip();
    ours = 0;
    counting = 1;
    void *volatile block = malloc(100);
    counting = 0;
    free(block);
    assert_int_equal(ours, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_counter_counts),
        cmocka_unit_test(plain_kernels_allocate_nothing_at_all),
        cmocka_unit_test(neither_do_groups_clipping_averages_and_second_looks),
        cmocka_unit_test(neither_do_instruments),
        cmocka_unit_test(onednn_is_the_only_one_that_allocates),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
