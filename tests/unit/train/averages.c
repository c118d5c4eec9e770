/* averages.c - averages of the weights are evaluated and saved, the training goes on with its own;
 * and whatever is resumed ends with the same bits. */
#include "runs.h"

#include "model/model.h"

static const char layers[] = "linear 16, batch_norm, relu, dropout 0.2, linear";

static descent_recipe *recipe_with(const char *optimizer)
{
    return RECIPE("data", "iris", "model", layers, "batch", "16", "epochs", "9", "optimizer",
                  optimizer);
}

static int stop_at_30(const descent_train_progress *progress, void *user)
{
    (void)user;
    return progress->step == 30;
}

static void a_resumed_run_equals_an_uninterrupted_one(void **state)
{
    static const struct {
        const char *optimizer, *key, *value;
    } c[] = {
        {"ema (adam lr=0.01) decay=0.9", "accumulate", "1"},
        {"swa (sgd lr=0.1 momentum=0.9) start=20 every=3", "accumulate", "1"},
        {"lookahead (sgd lr=0.05 momentum=0.9) every=7", "accumulate", "1"},
        {"ema (lookahead (sgd lr=0.05)) decay=0.9", "accumulate", "1"},
        {"sam (sgd lr=0.05 momentum=0.9)", "accumulate", "1"},
        {"adam lr=0.01 zclip=2", "group", "role=bias lr=2x; 0.* lr=0.5x weight_decay=0.1"},
        {"adamw lr=0.01 clip_norm=0.5 layer_decay=0.7", "group", "0.bias frozen"},
        {"ema (adam lr=0.01)", "batch", "4"},
        {"asgd lr=0.05", "accumulate", "1"},
        {"schedule_free_adamw lr=0.01", "accumulate", "2"},
        {"schedule_free_sgd lr=0.5", "group", "role=head lr=0.5x"},
        {"sophia_g lr=0.01", "accumulate", "1"},
        {"sophia_h lr=0.1", "accumulate", "1"},
        {"sophia_h lr=0.1 beta2=(linear from=0.9 to=0.5)", "accumulate", "1"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        char rule[40];
        snprintf(rule, sizeof rule, "%.*s", (int)strcspn(c[i].optimizer, " "), c[i].optimizer);
        if (!has_rule(rule))
            continue;
        descent_recipe *recipe = recipe_with(c[i].optimizer);
        descent_train_options options = descent_train_defaults();
        descent_train_result whole, first, second;

        assert_int_equal(descent_recipe_set(recipe, c[i].key, c[i].value, NULL, NULL), DESCENT_OK);
        if (strcmp(c[i].key, "batch") == 0)
            assert_int_equal(descent_recipe_set(recipe, "accumulate", "3", NULL, NULL), DESCENT_OK);
        descent_model *uninterrupted = run(recipe, options, &whole);
        options.folder = "train-averages";
        options.on_progress = stop_at_30;
        descent_model_free(run(recipe, options, &first));
        assert_int_equal(first.stop, DESCENT_STOP_INTERRUPTED);
        options.resume = 1;
        options.on_progress = NULL;
        descent_model *resumed = run(recipe, options, &second);
        assert_same_weights(uninterrupted, resumed);
        assert_memory_equal(uninterrupted->b, resumed->b, resumed->n_b * sizeof(float));
        assert_true(second.train_loss == whole.train_loss);
        assert_true(second.test_loss == whole.test_loss);
        /* nothing is left to do: the same again, from the checkpoint alone */
        descent_model *again = run(recipe, options, &second);
        assert_same_weights(resumed, again);
        assert_memory_equal(resumed->b, again->b, again->n_b * sizeof(float));
        descent_model_free(uninterrupted);
        descent_model_free(resumed);
        descent_model_free(again);
        descent_recipe_free(recipe);
    }
}

static void threads_do_not_change_a_bit(void **state)
{
    descent_recipe *recipe =
        RECIPE("data", "digits", "model",
               "conv 4 3x3, batch_norm, relu, max_pool 2, flatten, dropout 0.3, linear 32, gelu, "
               "linear",
               "batch", "100", "accumulate", "2", "shards", "3", "epochs", "1", "optimizer",
               "ema (adam lr=0.01 clip_norm=0.5)", "group", "role=head lr=2x");
    descent_train_options options = descent_train_defaults();
    descent_train_result result, other;

    (void)state;
    options.threads = 1;
    descent_model *one = run(recipe, options, &result);
    for (options.threads = 2; options.threads <= 4; options.threads++) {
        descent_model *more = run(recipe, options, &other);
        assert_same_weights(one, more);
        assert_memory_equal(one->b, more->b, one->n_b * sizeof(float));
        assert_true(result.test_loss == other.test_loss);
        descent_model_free(more);
    }
    descent_model_free(one);
    descent_recipe_free(recipe);
}

/* decay=0 makes the average the weights themselves: then only the statistics of batch_norm are
 * others, as they are the mean over much data instead of a running one. */
static void statistics_are_measured_for_the_average(void **state)
{
    descent_recipe *plain = recipe_with("sgd lr=0.05"),
                   *ema = recipe_with("ema (sgd lr=0.05) decay=0");
    descent_train_result a, b;
    size_t different = 0;

    (void)state;
    descent_model *raw = run(plain, descent_train_defaults(), &a);
    descent_model *average = run(ema, descent_train_defaults(), &b);
    assert_true(distance(raw, average) < 1e-6);
    assert_true(a.train_loss == b.train_loss);
    assert_int_equal(raw->n_b, 32);
    for (size_t i = 0; i < raw->n_b; i++) {
        different += raw->b[i] != average->b[i];
        assert_true(fabs((double)raw->b[i] - (double)average->b[i]) < 0.5);
    }
    assert_int_equal(different, 32);
    assert_true(fabs(a.test_loss - b.test_loss) < 0.1);
    descent_model_free(raw);
    descent_model_free(average);
    descent_recipe_free(plain);
    descent_recipe_free(ema);
}

/* The folder holds both: the average to use, and the weights to go on with. */
static void the_checkpoint_keeps_the_training_weights(void **state)
{
    descent_recipe *plain = recipe_with("sgd lr=0.05"), *ema = recipe_with("ema (sgd lr=0.05)");
    descent_train_options options = descent_train_defaults();
    descent_train_result result;
    descent_model *saved, *kept;

    (void)state;
    descent_model *raw = run(plain, options, &result);
    options.folder = "train-averages";
    descent_model *average = run(ema, options, &result);
    assert_int_equal(descent_model_load(&saved, "train-averages/model.safetensors", NULL), 0);
    assert_int_equal(descent_model_load(&kept, "train-averages/checkpoint.safetensors", NULL), 0);
    assert_same_weights(saved, average);
    assert_same_weights(kept, raw);
    assert_true(distance(saved, kept) > 1e-4);
    descent_model_free(raw);
    descent_model_free(average);
    descent_model_free(saved);
    descent_model_free(kept);
    descent_recipe_free(plain);
    descent_recipe_free(ema);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_resumed_run_equals_an_uninterrupted_one),
        cmocka_unit_test(threads_do_not_change_a_bit),
        cmocka_unit_test(statistics_are_measured_for_the_average),
        cmocka_unit_test(the_checkpoint_keeps_the_training_weights),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
