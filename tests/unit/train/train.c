/* train.c - whole trainings: the same bits for any threads, resume, mistakes, how runs end. */
#include "descent/descent.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A recipe from alternating keys and values, ended by NULL. */
static descent_recipe *recipe_of(const char *key, ...)
{
    descent_recipe *recipe;
    va_list args;

    assert_int_equal(descent_recipe_create(&recipe, NULL), DESCENT_OK);
    va_start(args, key);
    for (; key; key = va_arg(args, const char *)) {
        char flag[40];
        snprintf(flag, sizeof flag, "--%s", key);
        assert_int_equal(descent_recipe_set(recipe, key, va_arg(args, const char *), flag, NULL),
                         DESCENT_OK);
    }
    va_end(args);
    return recipe;
}

static descent_model *train(descent_recipe *recipe, descent_train_options options,
                            descent_train_result *result)
{
    descent_model *model;
    descent_error err = {0};

    if (descent_train(&model, recipe, NULL, &options, result, &err) != DESCENT_OK)
        fail_msg("%s", err.message);
    return model;
}

static void assert_same_weights(descent_model *a, descent_model *b)
{
    assert_int_equal(descent_model_size(a), descent_model_size(b));
    assert_memory_equal(descent_model_weights(a), descent_model_weights(b),
                        descent_model_size(a) * sizeof(float));
}

static void threads_do_not_change_a_bit(void **state)
{
    descent_recipe *recipe = recipe_of(
        "data", "digits", "model",
        "conv 4 3x3, batch_norm, relu, max_pool 2, flatten, dropout 0.3, linear 32, gelu, linear",
        "batch", "200", "epochs", "1", NULL);
    descent_train_options options = descent_train_defaults();
    descent_train_result result;

    (void)state;
    options.threads = 1;
    descent_model *one = train(recipe, options, &result);
    for (int threads = 2; threads <= 5; threads++) {
        options.threads = threads;
        descent_model *other = train(recipe, options, &result);
        assert_same_weights(one, other);
        descent_model_free(other);
    }
    options.kernels = "ref";
    options.threads = 1;
    descent_model *ref = train(recipe, options, &result);
    options.threads = 3;
    descent_model *again = train(recipe, options, &result);
    assert_same_weights(ref, again);
    descent_model_free(one);
    descent_model_free(ref);
    descent_model_free(again);
    descent_recipe_free(recipe);
}

static int stop_at_30(const descent_train_progress *progress, void *user)
{
    (void)user;
    return progress->step == 30;
}

static void a_resumed_run_equals_an_uninterrupted_one(void **state)
{
    static const struct {
        const char *optimizer, *schedule;
    } c[] = {
        {"sgd lr=0.05 momentum=0.9", "cosine"},
        {"adam lr=0.01 amsgrad", "cosine"},
        {"rmsprop lr=0.001 momentum=0.9 centered", "cosine"},
        /* what was seen of the test loss is carried over */
        {"sgd lr=0.05", "plateau factor=0.5 patience=0 threshold=0.5 cooldown=1"},
        {"adam lr=0.01", "product (one_cycle momentum, plateau patience=1 threshold=0.9)"},
        {"sgd lr=0.05 momentum=0.5", "sequence (one_cycle momentum for=20, cosine)"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        descent_recipe *recipe = recipe_of(
            "data", "iris", "model", "linear 16, relu, dropout 0.2, linear", "batch", "16",
            "epochs", "9", "optimizer", c[i].optimizer, "schedule", c[i].schedule, NULL);
        descent_train_options options = descent_train_defaults();
        descent_train_result whole, first, second;

        descent_model *uninterrupted = train(recipe, options, &whole);
        options.folder = "train-resume";
        options.on_progress = stop_at_30;
        descent_model_free(train(recipe, options, &first));
        assert_int_equal(first.stop, DESCENT_STOP_INTERRUPTED);
        assert_int_equal(first.steps, 30);
        assert_string_equal(first.sentence, "interrupted after 30 of 72 steps");
        options.resume = 1;
        options.on_progress = NULL;
        descent_model *resumed = train(recipe, options, &second);
        assert_same_weights(uninterrupted, resumed);
        assert_int_equal(second.steps, whole.steps);
        assert_true(second.train_loss == whole.train_loss);
        assert_true(second.test_loss == whole.test_loss);
        descent_model_free(uninterrupted);
        descent_model_free(resumed);
        descent_recipe_free(recipe);
    }
}

static void a_step_too_large_diverges_with_finite_weights(void **state)
{
    descent_recipe *recipe = recipe_of("data", "diabetes", "optimizer", "sgd lr=1000", "model",
                                       "linear 16, relu, linear", NULL);
    descent_train_result result;

    (void)state;
    descent_model *model = train(recipe, descent_train_defaults(), &result);
    assert_int_equal(result.stop, DESCENT_STOP_DIVERGED);
    assert_non_null(strstr(result.sentence,
                           "10 steps in a row were skipped, as the gradient of '0.weight' is not "
                           "finite; try a lower learning rate than lr="));
    assert_true(result.skipped_steps >= 10);
    for (size_t i = 0; i < descent_model_size(model); i++)
        assert_true(isfinite(descent_model_weights(model)[i]));
    descent_model_free(model);
    descent_recipe_free(recipe);
}

static void mistakes_are_explained(void **state)
{
    static const struct {
        const char *key, *value, *message;
    } c[] = {
        {"batch", "many", "batch = many, must be all or a whole number from 1 to 120"},
        {"batch", "121", "batch = 121, must be all or a whole number from 1 to 120"},
        {"batch", "0", "batch = 0, must be all or a whole number from 1 to 120"},
        {"epochs", "0", "epochs = 0, must be a whole number from 1 to 1000000000"},
        {"epochs", "1.5", "epochs = 1.5, must be a whole number from 1 to 1000000000"},
        {"seed", "-1", "seed = -1, must be a whole number from 0 to 9223372036854775807"},
        {"test", "1", "test = 1, must be a part between 0 and 1, such as 0.2"},
        {"test", "nan", "test = nan, must be a part between 0 and 1, such as 0.2"},
        {"standardize", "maybe", "standardize = maybe, must be yes or no"},
        {"shuffle", "never", "shuffle = never, must be yes or no"},
        {"clean", "all", "clean = all, must be no, twins, labels or both"},
        {"shards", "65", "shards = 65, must be auto or a whole number from 1 to 32"},
        {"loss", "mse",
         "loss mse needs numbers to predict, but 'species' has 3 classes; use "
         "cross_entropy"},
        {"loss", "cross_entrpy", "no loss is called 'cross_entrpy'; did you mean 'cross_entropy'?"},
        {"optimizer", "adma", "no optimizer is called 'adma'; did you mean 'adam'?"},
        {"schedule", "cosin", "no schedule is called 'cosin'; did you mean 'cosine'?"},
        {"schedule", "cosine steps=10",
         "the schedule 'cosine' is 0 from step 10 on, but the run has 800 steps: nothing would "
         "move after that; leave steps out, or give floor=0.01"},
        {"data", "irs", "no data set or file is called 'irs'; did you mean 'iris'?"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        descent_recipe *recipe = recipe_of("data", "iris", c[i].key, c[i].value, NULL);
        descent_model *model;
        descent_error err = {0};

        assert_int_not_equal(descent_train(&model, recipe, NULL, NULL, NULL, &err), DESCENT_OK);
        assert_null(model);
        assert_string_equal(err.message, c[i].message);
        descent_recipe_free(recipe);
    }
}

/* Mean test result over five seeds: other split, other first weights, other order. */
static double mean_over_seeds(const char *data, const char *model, bool accuracy)
{
    double sum = 0;

    for (int seed = 1; seed <= 5; seed++) {
        char text[16];
        snprintf(text, sizeof text, "%d", seed);
        descent_recipe *recipe = recipe_of("data", data, "seed", text, NULL);
        descent_train_result result;
        if (model)
            assert_int_equal(descent_recipe_set(recipe, "model", model, NULL, NULL), DESCENT_OK);
        descent_model_free(train(recipe, descent_train_defaults(), &result));
        sum += accuracy ? result.test_accuracy : result.test_rmse;
        descent_recipe_free(recipe);
    }
    return sum / 5;
}

static void small_real_data_is_learned(void **state)
{
    (void)state;
    assert_true(mean_over_seeds("iris", NULL, true) >= 0.93);
    assert_true(mean_over_seeds("diabetes", NULL, false) <= 60.0);
    assert_true(mean_over_seeds("spiral", "linear 64, relu, linear", true) > 0.98);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_do_not_change_a_bit),
        cmocka_unit_test(a_resumed_run_equals_an_uninterrupted_one),
        cmocka_unit_test(a_step_too_large_diverges_with_finite_weights),
        cmocka_unit_test(mistakes_are_explained),
        cmocka_unit_test(small_real_data_is_learned),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
