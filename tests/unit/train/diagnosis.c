/* diagnosis.c - trainings under diagnosis are the same trainings, tell what they found, and
 * remember it over a resume. */
#include "../data/npy_file.h"
#include "runs.h"

#include "model/model.h"
#include "model/tensors.h"
#include "train/diagnose.h"

static descent_recipe *digits(const char *model, const char *optimizer)
{
    return RECIPE("data", "digits", "model", model, "batch", "32", "epochs", "6", "optimizer",
                  optimizer);
}

static int stop_at_100(const descent_train_progress *now, void *user)
{
    (void)user;
    return now->step >= 100;
}

static void a_diagnosis_changes_nothing(void **state)
{
    descent_recipe *recipe = digits("linear 32, relu, linear", "adam lr=0.01");
    descent_train_options options = descent_train_defaults();
    descent_train_result with, without;

    (void)state;
    assert_int_equal(options.diagnose, 1);
    descent_model *one = run(recipe, options, &with);
    options.diagnose = 0;
    descent_model *two = run(recipe, options, &without);
    assert_same_weights(one, two);
    assert_true(with.test_loss == without.test_loss);
    assert_null(without.finding[0].name);
    descent_model_free(one);
    descent_model_free(two);
    descent_recipe_free(recipe);
}

static void what_is_found_is_told(void **state)
{
    descent_recipe *recipe = RECIPE("data", "diabetes", "model", "linear 16, tanh, linear",
                                    "optimizer", "sgd lr=100 skips=10", "epochs", "5");
    descent_train_result result;

    (void)state;
    descent_model_free(run(recipe, descent_train_defaults(), &result));
    assert_non_null(result.finding[0].name);
    assert_true(result.finding[0].confidence > 0);
    assert_true(result.finding[0].evidence[0] != '\0');
    descent_recipe_free(recipe);
}

/* What is measured of the optimizer in a training tells faults of its settings. */
static void a_fault_of_the_plan_is_told_first(void **state)
{
    static const char *const optimizer[][2] = {
        {"adam lr=0.001 eps=1", "adam-eps-dominates"},
        {"sgd lr=0.1 momentum=0.9 clip_norm=0.001", "over-clipping"},
        {"sgd lr=0.1 clip_value=0.00001", "over-clipping"},
        {"adamw lr=0.002 weight_decay=20", "decay-too-strong"},
        {"adam lr=0.002 beta2=0.99999", "stale-second-moment"},
        {"adamw lr=0.002 weight_decay=0.1 decay_all", "decay-on-norm-or-bias"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof optimizer / sizeof *optimizer; i++) {
        descent_recipe *recipe = digits("linear 64, relu, linear", optimizer[i][0]);
        descent_train_result result;
        descent_model_free(run(recipe, descent_train_defaults(), &result));
        assert_non_null(result.finding[0].name);
        assert_string_equal(result.finding[0].name, optimizer[i][1]);
        descent_recipe_free(recipe);
    }
}

/* A group's decay of biases rules their steps, and those of no matrix. */
static void decay_of_biases_is_told_of_alone(void **state)
{
    descent_recipe *recipe =
        RECIPE("data", "circles n=2500", "model", "linear 32, relu, linear 16, relu, linear",
               "optimizer", "adamw lr=0.01 weight_decay=0.01", "group",
               "role=bias weight_decay=30 decay_all", "epochs", "20");
    descent_train_result result;

    (void)state;
    descent_model_free(run(recipe, descent_train_defaults(), &result));
    assert_string_equal(result.finding[0].name, "decay-on-norm-or-bias");
    for (int i = 1; i < DESCENT_FINDINGS && result.finding[i].name; i++)
        assert_string_not_equal(result.finding[i].name, "decay-too-strong");
    descent_recipe_free(recipe);
}

/* What gets no gradient is moved by decay alone, however weak that is. */
static void decay_without_a_gradient_is_no_fault(void **state)
{
    descent_recipe *recipe =
        RECIPE("data", "diabetes", "model", "linear 1, layer_norm, linear 16, gelu, linear",
               "optimizer", "adamw lr=0.003", "epochs", "20");
    descent_train_result result;

    (void)state;
    descent_model_free(run(recipe, descent_train_defaults(), &result));
    assert_string_equal(result.finding[0].name, "constant-output");
    for (int i = 1; i < DESCENT_FINDINGS && result.finding[i].name; i++)
        assert_string_not_equal(result.finding[i].name, "decay-too-strong");
    descent_recipe_free(recipe);
}

/* Looking at batch_norm's statistics measures them afresh, and puts the old ones back. */
static void statistics_are_looked_at_and_put_back(void **state)
{
    descent_recipe *recipe =
        digits("linear 32, batch_norm momentum=0, relu, linear", "adam lr=0.01");
    descent_train_options options = descent_train_defaults();
    descent_train_result with, without;

    (void)state;
    descent_model *one = run(recipe, options, &with);
    assert_non_null(with.finding[0].name);
    assert_string_equal(with.finding[0].name, "batch-norm-mismatch");
    options.diagnose = 0;
    descent_model *two = run(recipe, options, &without);
    assert_same_weights(one, two);
    assert_memory_equal(one->b, two->b, one->n_b * sizeof *one->b);
    descent_model_free(one);
    descent_model_free(two);
    descent_recipe_free(recipe);
}

/* What only a look around the last weights shows: there was far to go, in steps far too short. */
static void short_steps_are_found(void **state)
{
    descent_recipe *recipe = digits("linear 32, relu, linear", "adam lr=0.00003");
    descent_train_result result;

    (void)state;
    descent_model_free(run(recipe, descent_train_defaults(), &result));
    assert_string_equal(result.finding[0].name, "learning-rate-too-low");
    assert_non_null(strstr(result.finding[0].flags, "--optimizer \"adam lr="));
    descent_recipe_free(recipe);
}

/* All tensors of the diagnosis in two checkpoints. */
static void assert_same_diagnosis(const char *a, const char *b)
{
    dsc_tensors one, two;
    descent_error err = {0};
    size_t n = 0;

    assert_int_equal(dsc_tensors_read(&one, a, &err), DESCENT_OK);
    assert_int_equal(dsc_tensors_read(&two, b, &err), DESCENT_OK);
    for (size_t i = 0; i < one.n_tensors; i++) {
        const dsc_tensor *t = &one.tensor[i], *u = dsc_tensors_find(&two, t->name);
        if (strncmp(t->name, "diagnosis.", 10) != 0)
            continue;
        n++;
        assert_non_null(u);
        assert_int_equal(dsc_tensor_count(t), dsc_tensor_count(u));
        const size_t element = t->type == DESCENT_F64 ? sizeof(double) : sizeof(float);
        assert_memory_equal(t->data, u->data, element * dsc_tensor_count(t));
    }
    assert_true(n >= 5);
    dsc_tensors_free(&one);
    dsc_tensors_free(&two);
}

static void a_resumed_run_remembers(void **state)
{
    descent_recipe *recipe = digits("linear 32, relu, linear", "adam lr=0.01");
    descent_train_options options = descent_train_defaults();
    descent_train_result result;

    (void)state;
    options.folder = "diagnosis-whole";
    descent_model_free(run(recipe, options, &result));
    options.folder = "diagnosis-parts";
    options.on_progress = stop_at_100;
    descent_model_free(run(recipe, options, &result));
    assert_int_equal(result.stop, DESCENT_STOP_INTERRUPTED);
    options.resume = 1;
    options.on_progress = NULL;
    descent_model_free(run(recipe, options, &result));
    assert_same_diagnosis("diagnosis-whole/checkpoint.safetensors",
                          "diagnosis-parts/checkpoint.safetensors");
    descent_recipe_free(recipe);
}

/* Writes a run's checkpoint anew with other numbers in one of its tensors of doubles. */
static void falsify(const char *path, const char *name, const double *number, size_t n)
{
    dsc_tensors file;
    descent_error err = {0};

    assert_int_equal(dsc_tensors_read(&file, path, &err), DESCENT_OK);
    for (size_t i = 0; i < file.n_tensors; i++)
        if (strcmp(file.tensor[i].name, name) == 0) {
            assert_int_equal(dsc_tensor_count(&file.tensor[i]), n);
            file.tensor[i].data = number;
        }
    assert_int_equal(
        dsc_tensors_write(path, file.tensor, file.n_tensors, file.note, file.n_notes, &err),
        DESCENT_OK);
    dsc_tensors_free(&file);
}

/* Of a number that was not finite a checkpoint says the step, the node and four more. */
static void a_checkpoint_may_say_anything(void **state)
{
    static const double trace[][6] = {{1, 0, 0, 0, 0, 0}, /* an input is no op */
                                      {1, 1e300, 1, 1, 0, 0},
                                      {1, (double)NAN, 0, 0, (double)NAN, (double)NAN},
                                      {1e300, -1, 0, 0, 0, 0},
                                      {(double)NAN, -1, 0, 0, 0, 0}};
    descent_recipe *recipe = digits("linear 32, relu, linear", "adam lr=0.01");
    descent_train_options options = descent_train_defaults();
    descent_train_result result;

    (void)state;
    options.folder = "diagnosis-false";
    for (size_t i = 0; i < sizeof trace / sizeof *trace; i++) {
        options.resume = 0;
        options.on_progress = stop_at_100;
        descent_model_free(run(recipe, options, &result));
        falsify("diagnosis-false/checkpoint.safetensors", "diagnosis.trace", trace[i], 6);
        options.resume = 1;
        options.on_progress = NULL;
        descent_model_free(run(recipe, options, &result));
        assert_int_equal(result.stop, DESCENT_STOP_STEPS);
    }
    descent_recipe_free(recipe);
}

/* What is first found in a short training with these settings; the caller's words. */
static void finds(const char *name, const char *data, const char *key, const char *value)
{
    descent_recipe *recipe =
        RECIPE("data", data, "model", "linear 16, relu, linear", "epochs", "5", key, value);
    descent_train_result result;
    descent_model *model = run(recipe, descent_train_defaults(), &result);

    assert_non_null(result.finding[0].name);
    assert_string_equal(result.finding[0].name, name);
    descent_model_free(model);
    descent_recipe_free(recipe);
}

static void faults_in_data_are_found(void **state)
{
    (void)state;
    finds("not-shuffled", "iris", "shuffle", "no");
    finds("unscaled-inputs", "diabetes", "standardize", "no");
}

static descent_status keep_pictures(dsc_fit *fit, void *user, descent_error *err)
{
    (void)err;
    *(bool *)user = fit->diagnosis->c.plan.pictures;
    return DESCENT_OK;
}

/* Bytes are pictures only where an example has three sizes, and floats are then too. */
static void pictures_are_told_by_their_shape(void **state)
{
    static const struct {
        const char *type, *shape, *labels;
        size_t bytes;
        bool pictures;
    } c[] = {{"|u1", "(40, 4)", "|u1", 1, false}, {"<f4", "(40, 1, 2, 2)", "|u1", 4, true}};
    unsigned char body[40 * 4 * 4], label[40];

    (void)state;
    for (size_t i = 0; i < sizeof label; i++)
        label[i] = i % 2;
    for (size_t k = 0; k < 2; k++) {
        bool pictures = !c[k].pictures;
        for (size_t i = 0; i < sizeof body; i++)
            body[i] = (unsigned char)(i * 7 % 60);
        write_npy("diagnosis-x.npy", c[k].type, c[k].shape, body, 160 * c[k].bytes);
        write_npy("diagnosis-y.npy", c[k].labels, "(40,)", label, sizeof label);
        descent_recipe *recipe = RECIPE("data", "diagnosis-x.npy target=diagnosis-y.npy", "model",
                                        "flatten, linear", "epochs", "1");
        const descent_train_options options = descent_train_defaults();
        descent_error err = {0};
        if (dsc_train_prepared(recipe, NULL, &options, keep_pictures, &pictures, &err) !=
            DESCENT_OK)
            fail_msg("%s", err.message);
        assert_int_equal(pictures, c[k].pictures);
        descent_recipe_free(recipe);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_diagnosis_changes_nothing),
        cmocka_unit_test(what_is_found_is_told),
        cmocka_unit_test(a_fault_of_the_plan_is_told_first),
        cmocka_unit_test(short_steps_are_found),
        cmocka_unit_test(decay_of_biases_is_told_of_alone),
        cmocka_unit_test(decay_without_a_gradient_is_no_fault),
        cmocka_unit_test(statistics_are_looked_at_and_put_back),
        cmocka_unit_test(a_resumed_run_remembers),
        cmocka_unit_test(a_checkpoint_may_say_anything),
        cmocka_unit_test(faults_in_data_are_found),
        cmocka_unit_test(pictures_are_told_by_their_shape),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
