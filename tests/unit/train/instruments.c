/* instruments.c - trainings under instruments are the same trainings, and their logs are whole:
 * about a thousand lines, the same after a resume. */
#include "files.h"

#include <jansson.h>

static const char *const everything = "standard, sharpness iterations=2";

/* All lines of a run's log; json_decref() it. */
static json_t *read_log(const char *folder)
{
    char path[200], *text = NULL;
    size_t capacity = 0;
    json_t *lines = json_array();

    snprintf(path, sizeof path, "%s/log.jsonl", folder);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    while (getline(&text, &capacity, file) > 0)
        assert_int_equal(json_array_append_new(lines, json_loads(text, 0, NULL)), 0);
    free(text);
    fclose(file);
    return lines;
}

/* Those of one event. */
static json_t *lines_of(const char *folder, const char *event)
{
    json_t *all = read_log(folder), *some = json_array(), *line;
    size_t i;

    json_array_foreach(all, i, line) if (strcmp(json_string_value(json_object_get(line, "event")),
                                                event) == 0) json_array_append(some, line);
    json_decref(all);
    return some;
}

static double number(const json_t *line, const char *key)
{
    const json_t *value = json_object_get(line, key);

    if (!json_is_number(value))
        fail_msg("no number '%s'", key);
    return json_number_value(value);
}

static void they_never_change_a_training(void **state)
{
    static const char *const c[][4] = {
        /* model, optimizer, batch, accumulate */
        {"conv 4 3x3, batch_norm, relu, max_pool 2, flatten, dropout 0.3, linear 32, tanh, linear",
         "adam lr=0.01", "64", "1"},
        {"linear 32, relu, linear 16, sigmoid, linear", "sgd lr=0.01", "1", "1"},
        {"linear 32, relu, linear", "sgd lr=0.01 momentum=0.9 clip_norm=1", "16", "3"},
        {"linear 32, gelu, linear", "ema (sam (adam lr=0.01))", "32", "1"},
        {"linear 32, tanh, linear", "sophia_g lr=0.001", "64", "1"},
        {"linear 32, tanh, linear", "lbfgs", "all", "1"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        descent_recipe *recipe =
            RECIPE("data", "digits", "model", c[i][0], "optimizer", c[i][1], "batch", c[i][2],
                   "accumulate", c[i][3], "epochs", i == 5 ? "6" : "2");
        descent_train_options options = descent_train_defaults();
        descent_train_result plain, measured;

        descent_model *without = run(recipe, options, &plain);
        options.instruments = everything;
        for (options.threads = 1; options.threads <= 3; options.threads += 2) {
            descent_model *with = run(recipe, options, &measured);
            assert_same_weights(without, with);
            assert_true(plain.test_loss == measured.test_loss);
            descent_model_free(with);
        }
        descent_model_free(without);
        descent_recipe_free(recipe);
    }
}

static int stop_at_383(const descent_train_progress *progress, void *user)
{
    (void)user;
    return progress->step == 383;
}

/* 1,240 steps: a line tells of two, and step 384 is measured: 383 is the middle of a stretch, and
 * its gradient is looked at again. */
static void a_resumed_run_writes_the_same_log(void **state)
{
    descent_recipe *recipe = RECIPE("data", "iris", "model", "linear 16, relu, dropout 0.2, linear",
                                    "batch", "16", "epochs", "155", "optimizer", "adam lr=0.01");
    descent_train_options options = descent_train_defaults();
    descent_train_result result;

    (void)state;
    options.instruments = everything;
    options.snapshots = 7;
    options.folder = "instruments-whole";
    descent_model *whole = run(recipe, options, &result);
    assert_int_equal(result.steps, 1240);
    options.folder = "instruments-parts";
    options.on_progress = stop_at_383;
    descent_model_free(run(recipe, options, &result));
    assert_int_equal(result.stop, DESCENT_STOP_INTERRUPTED);
    options.resume = 1; /* what is to be measured and kept stands in the log */
    options.on_progress = NULL;
    options.instruments = NULL;
    options.snapshots = DESCENT_SNAPSHOTS_OF_PLANES;
    descent_model *resumed = run(recipe, options, &result);
    assert_same_weights(whole, resumed);
    assert_same_file("instruments-whole/log.jsonl", "instruments-parts/log.jsonl");
    descent_model_free(whole);
    descent_model_free(resumed);
    descent_recipe_free(recipe);
}

static void stretches_cover_all_steps_in_a_thousand_lines(void **state)
{
    descent_recipe *recipe = RECIPE("data", "iris", "model", "linear", "batch", "40", "epochs",
                                    "700", "optimizer", "sgd lr=0.1");
    descent_train_options options = descent_train_defaults();
    descent_train_result result;
    double next = 1;

    (void)state;
    options.folder = "instruments-stretches";
    descent_model_free(run(recipe, options, &result));
    assert_int_equal(result.steps, 2100);
    json_t *steps = lines_of(options.folder, "steps"), *epochs = lines_of(options.folder, "epoch");
    assert_int_equal(json_array_size(steps), 700);
    for (size_t i = 0; i < 700; i++) {
        const json_t *line = json_array_get(steps, i);
        assert_true(number(line, "first") == next);
        assert_true(number(line, "step") == next + 2);
        assert_true(number(line, "epoch") == (double)i + 1);
        assert_true(number(line, "loss_low") <= number(line, "loss"));
        assert_true(number(line, "loss_high") >= number(line, "loss"));
        assert_true(number(line, "skipped") == 0);
        assert_null(json_object_get(line, "grad_norm"));
        next = number(line, "step") + 1;
        /* three batches of 40 are an epoch */
        const double loss = number(json_array_get(epochs, i), "train_loss");
        assert_true(fabs(number(line, "loss") - loss) <= 1e-12 * loss);
    }
    json_decref(steps);
    json_decref(epochs);
    descent_recipe_free(recipe);
}

/* A short run that ends within a stretch, and lines of a single step. */
static void short_runs_have_a_line_a_step_and_are_measured_at_the_end(void **state)
{
    descent_recipe *recipe = RECIPE("data", "iris", "model", "linear 8, relu, linear", "batch",
                                    "16", "steps", "11", "optimizer", "sgd lr=0.1");
    descent_train_options options = descent_train_defaults();
    descent_train_result result;

    (void)state;
    options.folder = "instruments-short";
    options.instruments = "grad_norm, dead_units";
    descent_model_free(run(recipe, options, &result));
    json_t *steps = lines_of(options.folder, "steps"), *start = lines_of(options.folder, "start");
    assert_int_equal(json_array_size(steps), 11);
    const json_t *last = json_array_get(steps, 10);
    assert_true(number(last, "grad_norm") > 0);
    assert_true(number(last, "grad_norm_low") == number(last, "grad_norm"));
    const json_t *norms = json_object_get(json_object_get(last, "layers"), "grad_norm");
    const json_t *names = json_object_get(json_array_get(start, 0), "layers");
    assert_int_equal(json_array_size(norms), 3);
    assert_int_equal(json_array_size(names), 3);
    assert_string_equal(json_string_value(json_array_get(names, 1)), "1 relu");
    assert_true(json_is_null(json_array_get(norms, 1)));
    assert_null(json_object_get(json_array_get(steps, 0), "grad_norm"));
    json_decref(steps);
    json_decref(start);
    descent_recipe_free(recipe);
}

/* The gradient of one example, which stays two vectors, is that of a training that writes it. */
static void gradients_that_are_not_in_memory_are_measured(void **state)
{
    static const char *const optimizer[] = {"sgd lr=0.001", "sgd lr=0.001 clip_norm=1e6"};
    double norm[2], cosine[2];

    (void)state;
    for (int i = 0; i < 2; i++) {
        descent_recipe *recipe = RECIPE("data", "digits", "model", "linear 64, relu, linear",
                                        "batch", "1", "epochs", "1", "optimizer", optimizer[i]);
        descent_train_options options = descent_train_defaults();
        descent_train_result result;

        options.folder = "instruments-outer";
        options.instruments = "standard";
        descent_model_free(run(recipe, options, &result));
        json_t *steps = lines_of(options.folder, "steps");
        const json_t *last = json_array_get(steps, json_array_size(steps) - 1);
        norm[i] = number(last, "grad_norm");
        cosine[i] = number(last, "grad_cosine");
        json_decref(steps);
        descent_recipe_free(recipe);
    }
    assert_true(norm[0] > 0);
    assert_true(fabs(norm[0] - norm[1]) <= 1e-4 * norm[1]);
    assert_true(fabs(cosine[0] - cosine[1]) <= 1e-4);
}

static void unknown_instruments_are_refused(void **state)
{
    descent_recipe *recipe = RECIPE("data", "iris");
    descent_train_options options = descent_train_defaults();
    descent_error err = {0};
    descent_model *model;

    (void)state;
    options.instruments = "grad_norm, sharpnes";
    assert_int_equal(descent_train(&model, recipe, NULL, &options, NULL, &err), DESCENT_UNKNOWN);
    assert_null(model);
    assert_string_equal(err.message,
                        "no instrument is called 'sharpnes'; did you mean 'sharpness'?");
    assert_string_equal(err.file, "--instruments");
    assert_int_equal(err.column, 12);
    descent_recipe_free(recipe);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(they_never_change_a_training),
        cmocka_unit_test(a_resumed_run_writes_the_same_log),
        cmocka_unit_test(stretches_cover_all_steps_in_a_thousand_lines),
        cmocka_unit_test(short_runs_have_a_line_a_step_and_are_measured_at_the_end),
        cmocka_unit_test(gradients_that_are_not_in_memory_are_measured),
        cmocka_unit_test(unknown_instruments_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
