/* augment.c - changed training pictures: the same for any threads, shards and after a resume, and
 * never in the test part. */
#include "runs.h"

static const char all[] = "shift=1 flip rotate=15 zoom=0.1 brightness=0.1 contrast=0.2 noise=0.05 "
                          "cutout=2";

static descent_recipe *recipe_with(const char *augment)
{
    descent_recipe *recipe = RECIPE("data", "digits", "model", "linear 16, relu, linear", "batch",
                                    "96", "epochs", "3", "shards", "3");

    if (augment)
        assert_int_equal(descent_recipe_set(recipe, "augment", augment, NULL, NULL), DESCENT_OK);
    return recipe;
}

static void threads_do_not_change_a_bit(void **state)
{
    descent_recipe *recipe = recipe_with(all);
    descent_train_options options = descent_train_defaults();
    descent_train_result result, same;

    (void)state;
    options.threads = 1;
    descent_model *one = run(recipe, options, &result);
    options.threads = 3;
    descent_model *three = run(recipe, options, &same);
    assert_same_weights(one, three);
    assert_float_equal(result.test_loss, same.test_loss, 0);
    descent_model_free(one);
    descent_model_free(three);
    descent_recipe_free(recipe);
}

/* The sums of shards differ in their last bits, the pictures do not. */
static void shards_change_only_roundings(void **state)
{
    descent_train_options options = descent_train_defaults();
    descent_train_result result;
    descent_recipe *recipe = recipe_with(all);

    (void)state;
    descent_model *three = run(recipe, options, &result);
    set_keys(recipe, (const char *const[]){"shards", "2", NULL});
    descent_model *two = run(recipe, options, &result);
    assert_true(distance(three, two) < 1e-3);
    descent_model_free(three);
    descent_model_free(two);
    descent_recipe_free(recipe);
}

static int stop_at_20(const descent_train_progress *progress, void *user)
{
    (void)user;
    return progress->step == 20; /* in the second epoch of 15 steps */
}

static void a_resumed_run_equals_an_uninterrupted_one(void **state)
{
    descent_recipe *recipe = recipe_with(all);
    descent_train_options options = descent_train_defaults();
    descent_train_result result;

    (void)state;
    descent_model *whole = run(recipe, options, &result);
    options.folder = "augment-test";
    options.on_progress = stop_at_20;
    descent_model_free(run(recipe, options, &result));
    assert_int_equal(result.stop, DESCENT_STOP_INTERRUPTED);
    options.resume = 1;
    options.on_progress = NULL;
    descent_model *resumed = run(recipe, options, &result);
    assert_same_weights(whole, resumed);
    descent_model_free(whole);
    descent_model_free(resumed);
    descent_recipe_free(recipe);
    assert_int_equal(system("rm -r augment-test"), 0);
}

/* A model that never moves: its score on the test part must not see any change. */
static void the_test_part_stays_as_it_is(void **state)
{
    descent_train_options options = descent_train_defaults();
    descent_train_result plain, changed;

    (void)state;
    for (int i = 0; i < 2; i++) {
        descent_recipe *recipe = recipe_with(i == 0 ? NULL : all);
        set_keys(recipe, (const char *const[]){"optimizer", "sgd lr=0", NULL});
        descent_model_free(run(recipe, options, i == 0 ? &plain : &changed));
        descent_recipe_free(recipe);
    }
    assert_true(plain.test_loss == changed.test_loss);
    assert_true(plain.test_accuracy == changed.test_accuracy);
    assert_true(fabs(plain.train_loss - changed.train_loss) > 1e-4);
}

/* The same options behind the data, and none at all. */
static void both_places_mean_the_same(void **state)
{
    descent_train_options options = descent_train_defaults();
    descent_train_result result;
    descent_recipe *key = recipe_with("shift=1 rotate=10"), *behind = recipe_with(NULL),
                   *none = recipe_with("none"), *plain = recipe_with(NULL);

    (void)state;
    set_keys(behind, (const char *const[]){"data", "digits rotate=10 shift=1", NULL});
    descent_model *a = run(key, options, &result), *b = run(behind, options, &result);
    assert_same_weights(a, b);
    descent_model_free(a);
    descent_model_free(b);
    a = run(none, options, &result), b = run(plain, options, &result);
    assert_same_weights(a, b);
    descent_model_free(a);
    descent_model_free(b);
    descent_recipe_free(key);
    descent_recipe_free(behind);
    descent_recipe_free(none);
    descent_recipe_free(plain);
}

static void mistakes_are_explained(void **state)
{
    descent_recipe *recipe = recipe_with("shift=1");
    descent_error err;

    (void)state;
    set_keys(recipe, (const char *const[]){"data", "digits flip", NULL});
    assert_refused(recipe, &err);
    assert_string_equal(err.message, "augment is given twice: here, and behind the data "
                                     "'digits flip'");
    set_keys(recipe, (const char *const[]){"data", "iris", NULL});
    assert_refused(recipe, &err);
    assert_string_equal(err.message, "augment changes pictures of channels x height x width, and "
                                     "an example of 'iris' is 4 numbers");
    set_keys(recipe, (const char *const[]){"augment", "shift=1 zoom=2", NULL});
    assert_refused(recipe, &err);
    assert_string_equal(err.message, "augment: zoom = 2, must be between 0 and 0.9");
    assert_string_equal(err.file, "--augment");
    assert_int_equal(err.column, 14);
    assert_string_equal(err.excerpt, "shift=1 zoom=2");
    descent_recipe_free(recipe);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_do_not_change_a_bit),
        cmocka_unit_test(shards_change_only_roundings),
        cmocka_unit_test(a_resumed_run_equals_an_uninterrupted_one),
        cmocka_unit_test(the_test_part_stays_as_it_is),
        cmocka_unit_test(both_places_mean_the_same),
        cmocka_unit_test(mistakes_are_explained),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
