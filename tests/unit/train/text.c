/* text.c - trainings on text: what is learned and counted, resume, threads, weights of classes. */
#include "runs.h"

#include <sys/stat.h>
#include <unistd.h>

#define GPT                                                                                     \
  "embedding 8, position, residual (layer_norm, attention 2 causal), layer_norm, dropout 0.1, " \
  "linear"

static char folder[] = "/tmp/descent-test-XXXXXX";

/* A text in which the next letter follows from the last two, but not from the last one. */
static int enter(void **state)
{
    (void)state;
    if (!mkdtemp(folder) || chdir(folder) != 0)
        return -1;
    FILE *stream = fopen("tale.txt", "w");
    for (int i = 0; stream && i < 300; i++)
        fputs("abac\n", stream);
    return stream ? fclose(stream) : -1;
}

static int leave(void **state)
{
    char command[100];

    (void)state;
    snprintf(command, sizeof command, "rm -r %s", folder);
    return chdir("/") == 0 ? system(command) : -1;
}

static descent_recipe *tale(const char *model, const char *steps)
{
    return RECIPE("data", "tale.txt", "context", "10", "model", model, "steps", steps, "optimizer",
                  "adam lr=0.01", "schedule", "constant");
}

static void learns_what_follows(void **state)
{
    descent_recipe *recipe = tale(GPT, "300");
    descent_train_result result;

    (void)state;
    descent_model *model = run(recipe, descent_train_defaults(), &result);
    /* of 1,500 characters the last 150 test, and 1,350 / 10 - 1 windows train */
    assert_int_equal(result.steps, 300);
    assert_int_equal(result.tokens_per_sample, 10);
    assert_int_equal(result.train_count, 1340);
    assert_int_equal(result.test_count, 149);
    /* the first character of a window follows from nothing: one of ten may be wrong */
    assert_true(result.test_accuracy > 0.85);
    assert_true(result.test_loss < 0.3);
    assert_int_equal(descent_model_vocabulary(model), 4);
    descent_model_free(model);
    descent_recipe_free(recipe);
}

/* A model of the last character alone cannot tell what follows an a. */
static void one_character_is_not_enough(void **state)
{
    descent_recipe *recipe = tale("embedding 8, linear", "300");
    descent_train_result result;

    (void)state;
    descent_model_free(run(recipe, descent_train_defaults(), &result));
    /* ln 2 after two of five characters, nothing after the others */
    assert_true(fabs(result.test_loss - 0.4 * log(2.0)) < 0.02);
    descent_recipe_free(recipe);
}

static void threads_do_not_change_a_bit(void **state)
{
    descent_recipe *recipe = tale(GPT, "20");
    descent_train_options options = descent_train_defaults();
    descent_train_result one, other;

    (void)state;
    set_keys(recipe, (const char *const[]){"shards", "4", NULL});
    options.threads = 1;
    descent_model *a = run(recipe, options, &one);
    options.threads = 3;
    descent_model *b = run(recipe, options, &other);
    assert_same_weights(a, b);
    assert_true(one.test_loss == other.test_loss);
    descent_model_free(a);
    descent_model_free(b);
    descent_recipe_free(recipe);
}

static int stop_at_17(const descent_train_progress *progress, void *user)
{
    (void)user;
    return progress->step == 17; /* within the second epoch */
}

static void resumes_to_the_bit(void **state)
{
    descent_recipe *recipe = tale(GPT, "40"), *again;
    descent_train_options options = descent_train_defaults();
    descent_train_result result;

    (void)state;
    descent_model *whole = run(recipe, options, &result);
    options.folder = "part";
    options.on_progress = stop_at_17;
    descent_model_free(run(recipe, options, &result));
    assert_int_equal(result.stop, DESCENT_STOP_INTERRUPTED);
    assert_int_equal(descent_recipe_create(&again, NULL), DESCENT_OK);
    assert_int_equal(descent_recipe_read(again, "part/recipe.ini", NULL), DESCENT_OK);
    assert_string_equal(descent_recipe_get(again, "context"), "10");
    options.on_progress = NULL;
    options.resume = 1;
    descent_model *resumed = run(again, options, &result);
    assert_int_equal(result.steps, 40);
    assert_same_weights(whole, resumed);
    descent_model_free(whole);
    descent_model_free(resumed);
    descent_recipe_free(recipe);
    descent_recipe_free(again);
}

/* Weights of classes change the loss, but an accuracy still counts every label once. */
static void weighted_labels_count_once(void **state)
{
    static const char *const losses[] = {"cross_entropy weights=balanced",
                                         "cross_entropy weights=(1, 5, 1, 9)"};

    (void)state;
    for (int i = 0; i < 2; i++) {
        descent_recipe *recipe = tale(GPT, "300");
        descent_train_result result;
        set_keys(recipe, (const char *const[]){"loss", losses[i], NULL});
        descent_model_free(run(recipe, descent_train_defaults(), &result));
        assert_int_equal(result.test_count, 149);
        assert_true(result.test_accuracy > 0.85 && result.test_accuracy <= 1.0);
        descent_recipe_free(recipe);
    }
}

static void the_recipes_window_counts(void **state)
{
    descent_recipe *recipe = tale(GPT, "5");
    descent_dataset *data;
    descent_model *model;
    descent_error err = {0};

    (void)state;
    assert_int_equal(descent_dataset_open(&data, "tale.txt context=12", NULL), DESCENT_OK);
    assert_int_not_equal(descent_train(&model, recipe, data, NULL, NULL, &err), DESCENT_OK);
    assert_string_equal(err.message,
                        "context = 10, but 'tale.txt context=12' was opened with windows of 12");
    descent_dataset_free(data);
    descent_recipe_free(recipe);
    recipe = RECIPE("data", "iris", "context", "10");
    assert_refused(recipe, &err);
    assert_string_equal(err.message, "context is for text, 'iris' is none");
    descent_recipe_free(recipe);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(learns_what_follows),
        cmocka_unit_test(one_character_is_not_enough),
        cmocka_unit_test(threads_do_not_change_a_bit),
        cmocka_unit_test(resumes_to_the_bit),
        cmocka_unit_test(weighted_labels_count_once),
        cmocka_unit_test(the_recipes_window_counts),
    };

    return cmocka_run_group_tests(tests, enter, leave);
}
