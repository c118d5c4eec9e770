/* patience.c - early stopping: the model is that of the best epoch, however the run ends, and a
 * resumed run ends with the same bits. */
#include "runs.h"

#include "model/model.h"

/* What each epoch's end told. */
typedef struct epochs {
    double loss[64];
    int n, stop_at; /* a step to be interrupted at; 0: none */
} epochs;

static int note(const descent_train_progress *now, void *user)
{
    epochs *e = user;

    if (now->epoch_ended)
        e->loss[e->n++] = now->test_loss;
    return e->stop_at > 0 && now->step == e->stop_at;
}

static int best_of(const epochs *e)
{
    int best = 0;

    for (int i = 1; i < e->n; i++)
        if (e->loss[i] < e->loss[best])
            best = i;
    return best;
}

static descent_recipe *recipe_with(const char *patience)
{
    return RECIPE("data", "diabetes", "model", "linear 64, batch_norm, relu, linear", "epochs",
                  "40", "optimizer", "adam lr=0.05", "patience", patience);
}

static descent_train_options noting(epochs *e)
{
    descent_train_options options = descent_train_defaults();

    *e = (epochs){.n = 0};
    options.on_progress = note;
    options.user = e;
    return options;
}

static void the_best_epoch_is_what_remains(void **state)
{
    descent_recipe *recipe = recipe_with("4"), *shorter = recipe_with("0");
    descent_train_result r, until;
    char text[16], sentence[256];
    epochs e, again;

    (void)state;
    descent_model *model = run(recipe, noting(&e), &r);
    const int best = best_of(&e);
    assert_int_equal(r.stop, DESCENT_STOP_EARLY);
    assert_int_equal(e.n, best + 1 + 4);
    assert_int_equal(r.best_epoch, best + 1);
    assert_true(r.test_loss == e.loss[best]);
    assert_null(r.stopped_by);
    snprintf(sentence, sizeof sentence,
             "stopped early after %d of 480 steps; the model is of epoch %d, whose test loss of "
             "%.4g was the best",
             12 * e.n, best + 1, e.loss[best]);
    assert_string_equal(r.sentence, sentence);

    /* up to that epoch it is the same training; only the schedule must not know of the end */
    assert_int_equal(descent_recipe_set(shorter, "schedule", "constant", NULL, NULL), DESCENT_OK);
    assert_int_equal(descent_recipe_set(recipe, "schedule", "constant", NULL, NULL), DESCENT_OK);
    descent_model_free(model);
    model = run(recipe, noting(&e), &r);
    snprintf(text, sizeof text, "%d", r.best_epoch);
    assert_int_equal(descent_recipe_set(shorter, "epochs", text, NULL, NULL), DESCENT_OK);
    descent_model *same = run(shorter, noting(&again), &until);
    assert_same_weights(model, same);
    assert_memory_equal(model->b, same->b, same->n_b * sizeof(float));
    assert_true(r.train_loss == until.train_loss);
    assert_true(r.test_rmse == until.test_rmse);
    descent_model_free(model);
    descent_model_free(same);
    descent_recipe_free(recipe);
    descent_recipe_free(shorter);
}

static void also_when_all_steps_were_taken(void **state)
{
    descent_recipe *recipe = recipe_with("1000");
    descent_train_result r;
    epochs e;

    (void)state;
    descent_model *model = run(recipe, noting(&e), &r);
    assert_int_equal(r.stop, DESCENT_STOP_STEPS);
    assert_int_equal(e.n, 40);
    assert_int_equal(r.best_epoch, best_of(&e) + 1);
    assert_true(r.test_loss == e.loss[best_of(&e)]);
    assert_true(r.test_loss < e.loss[39]);
    assert_non_null(strstr(r.sentence, "took all 480 steps; the model is of epoch "));
    descent_model_free(model);
    descent_recipe_free(recipe);
}

static void without_patience_nothing_changes(void **state)
{
    descent_recipe *with = recipe_with("0");
    descent_recipe *without =
        RECIPE("data", "diabetes", "model", "linear 64, batch_norm, relu, linear", "epochs", "40",
               "optimizer", "adam lr=0.05");
    descent_train_result r;
    epochs e;

    (void)state;
    descent_model *a = run(with, noting(&e), &r);
    assert_int_equal(r.best_epoch, 0);
    assert_string_equal(r.sentence, "took all 480 steps");
    assert_true(r.test_loss == e.loss[39]);
    descent_model *b = run(without, noting(&e), &r);
    assert_same_weights(a, b);
    descent_model_free(a);
    descent_model_free(b);
    descent_recipe_free(with);
    descent_recipe_free(without);
}

static void assert_same_end(descent_model *a, descent_model *b, const descent_train_result *one,
                            const descent_train_result *other)
{
    assert_same_weights(a, b);
    assert_memory_equal(a->b, b->b, b->n_b * sizeof(float));
    assert_int_equal(one->stop, other->stop);
    assert_int_equal(one->steps, other->steps);
    assert_int_equal(one->best_epoch, other->best_epoch);
    assert_true(one->test_loss == other->test_loss);
    assert_true(one->train_loss == other->train_loss);
    assert_string_equal(one->sentence, other->sentence);
}

/* Interrupted before the best epoch, within patience behind it, and after the end. */
static void a_resumed_run_equals_an_uninterrupted_one(void **state)
{
    static const char *const optimizer[] = {"adam lr=0.05", "ema (adam lr=0.05) decay=0.9",
                                            "swa (sgd lr=0.05) start=12 every=3"};
    (void)state;
    for (size_t i = 0; i < sizeof optimizer / sizeof *optimizer; i++) {
        descent_recipe *recipe = recipe_with("5");
        descent_train_result whole, part, rest;
        epochs e;

        assert_int_equal(descent_recipe_set(recipe, "optimizer", optimizer[i], NULL, NULL),
                         DESCENT_OK);
        descent_model *uninterrupted = run(recipe, noting(&e), &whole);
        const int best = 12 * whole.best_epoch;
        const int stop[] = {best > 20 ? best - 15 : 5, best + 7, best + 40};
        for (size_t k = 0; k < 3; k++) {
            descent_train_options options = noting(&e);
            if (stop[k] >= whole.steps)
                continue;
            options.folder = "train-patience";
            e.stop_at = stop[k];
            descent_model_free(run(recipe, options, &part));
            assert_int_equal(part.stop, DESCENT_STOP_INTERRUPTED);
            e.stop_at = 0;
            options.resume = 1;
            descent_model *resumed = run(recipe, options, &rest);
            assert_same_end(uninterrupted, resumed, &whole, &rest);
            /* nothing is left to do: the same again */
            descent_model *again = run(recipe, options, &rest);
            assert_same_end(uninterrupted, again, &whole, &rest);
            descent_model_free(resumed);
            descent_model_free(again);
        }
        descent_model_free(uninterrupted);
        descent_recipe_free(recipe);
    }
}

static void a_training_that_breaks_keeps_its_best_epoch(void **state)
{
    descent_recipe *recipe =
        RECIPE("data", "diabetes", "model", "linear 16, linear", "epochs", "12", "optimizer",
               "sgd lr=0.01", "schedule", "exponential gamma=1.1", "patience", "50");
    descent_train_result r;
    epochs e;

    (void)state;
    descent_model *model = run(recipe, noting(&e), &r);
    assert_int_equal(r.stop, DESCENT_STOP_DIVERGED);
    assert_true(e.n >= 2);
    assert_int_equal(r.best_epoch, best_of(&e) + 1);
    assert_true(r.test_loss == e.loss[best_of(&e)]);
    descent_model_free(model);
    descent_recipe_free(recipe);
}

static void text_is_stopped_too(void **state)
{
    FILE *file = fopen("train-patience.txt", "w");
    descent_recipe *recipe = RECIPE(
        "data", "train-patience.txt", "model", "embedding 8, linear 16, relu, linear", "context",
        "8", "epochs", "12", "batch", "8", "optimizer", "adam lr=0.05", "patience", "2");
    descent_train_result r;
    epochs e;

    (void)state;
    for (int i = 0; i < 2000; i++)
        fputc("abcdefg \n"[(i * i / 7 + i) % 9], file);
    fclose(file);
    descent_model *model = run(recipe, noting(&e), &r);
    assert_int_equal(r.best_epoch, best_of(&e) + 1);
    assert_true(r.test_loss == e.loss[best_of(&e)]);
    descent_model_free(model);
    descent_recipe_free(recipe);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_best_epoch_is_what_remains),
        cmocka_unit_test(also_when_all_steps_were_taken),
        cmocka_unit_test(without_patience_nothing_changes),
        cmocka_unit_test(a_resumed_run_equals_an_uninterrupted_one),
        cmocka_unit_test(a_training_that_breaks_keeps_its_best_epoch),
        cmocka_unit_test(text_is_stopped_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
