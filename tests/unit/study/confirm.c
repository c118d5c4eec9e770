/* confirm.c - the change that a finding proposes is tried, and flags become recipe keys. */
#include "descent/descent.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Trains digits on a small network, and puts a finding with these flags first. */
static descent_train_result trained(descent_recipe **recipe, const char *optimizer,
                                    const char *flags)
{
    static const char *const key[] = {"data",   "digits", "model", "linear 16, linear",
                                      "epochs", "4"};
    descent_train_result result;
    descent_error err = {0};
    descent_model *model;

    assert_int_equal(descent_recipe_create(recipe, NULL), DESCENT_OK);
    for (size_t i = 0; i < sizeof key / sizeof *key; i += 2)
        assert_int_equal(descent_recipe_set(*recipe, key[i], key[i + 1], NULL, NULL), DESCENT_OK);
    assert_int_equal(descent_recipe_set(*recipe, "optimizer", optimizer, NULL, NULL), DESCENT_OK);
    if (descent_train(&model, *recipe, NULL, NULL, &result, &err) != DESCENT_OK)
        fail_msg("%s", err.message);
    descent_model_free(model);
    memset(result.finding, 0, sizeof result.finding);
    result.finding[0] = (descent_finding){.name = "learning-rate-too-low", .confidence = 0.9};
    snprintf(result.finding[0].flags, sizeof result.finding[0].flags, "%s", flags);
    return result;
}

static void a_change_that_helps_is_confirmed(void **state)
{
    descent_recipe *recipe;
    const descent_train_result result =
        trained(&recipe, "sgd lr=0.0001", "--optimizer \"sgd lr=0.1\"");
    descent_confirmation c;
    char sentence[256];

    (void)state;
    assert_int_equal(descent_confirm(&c, recipe, NULL, &result, 0, NULL, NULL), DESCENT_OK);
    assert_string_equal(c.finding, "learning-rate-too-low");
    assert_string_equal(c.measure, "test loss");
    assert_true(c.confirmed && c.gone && c.part == 1.0);
    assert_true(c.before == result.test_loss && c.after < 0.5 * c.before);
    snprintf(sentence, sizeof sentence,
             "confirmed: test loss %.4g -> %.4g, and learning-rate-too-low is gone", c.before,
             c.after);
    assert_string_equal(c.sentence, sentence);
    descent_recipe_free(recipe);
}

static void one_that_harms_is_not(void **state)
{
    descent_recipe *recipe;
    const descent_train_result result =
        trained(&recipe, "sgd lr=0.1", "--optimizer \"sgd lr=0.0001\"");
    descent_confirmation c;

    (void)state;
    assert_int_equal(descent_confirm(&c, recipe, NULL, &result, 0, NULL, NULL), DESCENT_OK);
    assert_false(c.confirmed);
    assert_memory_equal(c.sentence, "not confirmed: test loss ", 25);
    descent_recipe_free(recipe);
}

/* Of a training that failed, one that fails less is no better. */
static void a_failure_must_be_gone(void **state)
{
    descent_recipe *recipe;
    descent_train_result result = trained(&recipe, "sgd lr=1000", "--optimizer \"sgd lr=500\"");
    descent_confirmation c;

    (void)state;
    assert_int_equal(result.stop, DESCENT_STOP_DIVERGED);
    result.finding[0].name = "diverged";
    result.finding[0].severity = DESCENT_FAILURE;
    assert_int_equal(descent_confirm(&c, recipe, NULL, &result, 0, NULL, NULL), DESCENT_OK);
    assert_false(c.confirmed || c.gone);
    assert_non_null(strstr(c.sentence, ", and diverged is still found"));
    descent_recipe_free(recipe);
}

/* Losses of different kinds can't be compared: what is right can. */
static void another_loss_is_told_by_accuracy(void **state)
{
    descent_recipe *recipe;
    const descent_train_result result =
        trained(&recipe, "sgd lr=0.1", "--loss \"cross_entropy smoothing=0.1\"");
    descent_confirmation c;

    (void)state;
    assert_int_equal(descent_confirm(&c, recipe, NULL, &result, 0, NULL, NULL), DESCENT_OK);
    assert_string_equal(c.measure, "test accuracy");
    assert_true(c.before == result.test_accuracy);
    descent_recipe_free(recipe);
}

static void long_trainings_are_compared_in_part(void **state)
{
    descent_recipe *recipe;
    descent_train_result result =
        trained(&recipe, "sgd lr=0.0001", "--optimizer \"sgd lr=0.1\" --batch 16");
    descent_confirmation c;

    (void)state;
    result.seconds = 20.0; /* as if: then half of it has time */
    assert_int_equal(descent_confirm(&c, recipe, NULL, &result, 0, NULL, NULL), DESCENT_OK);
    assert_true(c.part == 0.5);
    assert_true(c.confirmed && c.before != result.test_loss);
    assert_non_null(strstr(c.sentence, "is gone (both after 50 % of their steps)"));
    descent_recipe_free(recipe);
}

/* What the training has after a part of its steps says nothing of a change that had them all. */
static void both_need_time(void **state)
{
    descent_confirm_options options = descent_confirm_defaults();
    descent_recipe *recipe;
    descent_train_result result = trained(&recipe, "sgd lr=0.0001", "--optimizer \"sgd lr=0.1\"");
    descent_confirmation c;

    (void)state;
    result.stop = DESCENT_STOP_INTERRUPTED; /* so it is trained again */
    result.seconds = 1e-9;                  /* as if it had been fast; now it is not */
    options.seconds = 1e-7;
    assert_int_equal(descent_confirm(&c, recipe, NULL, &result, 0, &options, NULL), DESCENT_OK);
    assert_false(c.confirmed);
    assert_string_equal(c.sentence, "not confirmed: the training takes too long to be tried again");
    assert_true(isnan(c.before) && isnan(c.after) && !c.gone);
    descent_recipe_free(recipe);
}

static int at_once(double part, void *user)
{
    (void)part;
    (void)user;
    return 1;
}

static void it_can_be_interrupted(void **state)
{
    descent_confirm_options options = descent_confirm_defaults();
    descent_recipe *recipe;
    const descent_train_result result =
        trained(&recipe, "sgd lr=0.1", "--optimizer \"sgd lr=0.2\"");
    descent_confirmation c;

    (void)state;
    options.on_progress = at_once;
    assert_int_equal(descent_confirm(&c, recipe, NULL, &result, 0, &options, NULL), DESCENT_OK);
    assert_null(c.finding);
    descent_recipe_free(recipe);
}

static void flags_become_keys(void **state)
{
    descent_recipe *recipe;

    (void)state;
    assert_int_equal(descent_recipe_create(&recipe, NULL), DESCENT_OK);
    assert_int_equal(descent_recipe_set(recipe, "batch", "32", NULL, NULL), DESCENT_OK);
    assert_int_equal(descent_recipe_set_flags(
                         recipe, " --optimizer \"adam lr=0.01 beta2=0.9\"  --batch 64 ", NULL),
                     DESCENT_OK);
    assert_string_equal(descent_recipe_get(recipe, "optimizer"), "adam lr=0.01 beta2=0.9");
    assert_string_equal(descent_recipe_get(recipe, "batch"), "64");
    assert_int_equal(descent_recipe_set_flags(recipe, "", NULL), DESCENT_OK);
    descent_recipe_free(recipe);
}

static void mistakes_are_explained(void **state)
{
    static const struct {
        const char *flags, *message;
    } c[] = {
        {"--batch", "expected --KEY VALUE in '--batch'"},
        {"batch 64", "expected --KEY VALUE in 'batch 64'"},
        {"--loss \"mse", "this quote is never closed: --loss \"mse"},
        {"--bach 64", "a recipe has no key 'bach'; did you mean 'batch'?"},
    };
    descent_recipe *recipe;

    (void)state;
    assert_int_equal(descent_recipe_create(&recipe, NULL), DESCENT_OK);
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        descent_error err = {0};
        assert_int_not_equal(descent_recipe_set_flags(recipe, c[i].flags, &err), DESCENT_OK);
        assert_string_equal(err.message, c[i].message);
    }
    descent_recipe_free(recipe);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_change_that_helps_is_confirmed),
        cmocka_unit_test(one_that_harms_is_not),
        cmocka_unit_test(a_failure_must_be_gone),
        cmocka_unit_test(another_loss_is_told_by_accuracy),
        cmocka_unit_test(long_trainings_are_compared_in_part),
        cmocka_unit_test(both_need_time),
        cmocka_unit_test(it_can_be_interrupted),
        cmocka_unit_test(flags_become_keys),
        cmocka_unit_test(mistakes_are_explained),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
