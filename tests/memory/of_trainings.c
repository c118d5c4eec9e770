/* of_trainings.c - without enough memory: trainings, what they write, and going on with them. */
#include "scenario.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int interrupt_at; /* step; 0: never */
static bool with_report;
static descent_error page_error;

static int on_progress(const descent_train_progress *now, void *user)
{
    (void)user;
    return interrupt_at > 0 && now->step == interrupt_at;
}

static void on_end(const descent_dataset *data, const descent_model *model,
                   const descent_tested *tested, void *user)
{
    page_error.status = DESCENT_OK;
    if (with_report && descent_report_available())
        descent_report_run(user, data, model, tested, &page_error);
}

/* Trains by "key", "value" pairs; the recipe is freed. */
static descent_status train(scenario_sum *sum, descent_train_options *o, descent_recipe *recipe,
                            descent_status status, descent_error *err)
{
    descent_train_result result;
    descent_model *model = NULL;

    o->on_progress = on_progress;
    o->on_end = on_end;
    o->user = (void *)(uintptr_t)o->folder;
    if (status == DESCENT_OK)
        status = descent_train(&model, recipe, NULL, o, &result, err);
    if (status == DESCENT_OK) {
        sum_model(sum, model);
        sum_number(sum, result.test_loss);
        for (const descent_finding *found = result.finding; found->name; found++)
            if (strcmp(found->name, "data-bound") != 0) /* it reads the clock */
                sum_text(sum, found->name);
    } else if (model) {
        complain("failed, and there is a model");
    }
    descent_model_free(model);
    descent_recipe_free(recipe);
    return status;
}

static descent_train_options options(const char *folder)
{
    descent_train_options o = descent_train_defaults();

    o.folder = folder;
    o.threads = 1;
    interrupt_at = 0;
    with_report = false;
    return o;
}

static descent_status smallest(scenario_sum *sum, descent_error *err)
{
    descent_train_options o = options(NULL);
    descent_recipe *recipe;

    o.diagnose = 0;
    const descent_status status = make_recipe(&recipe, err, "data", "xor n=24", "model",
                                              "linear 3, tanh, linear", "epochs", "1", NULL);
    return train(sum, &o, recipe, status, err);
}

/* The audit finds copies, and then looks at the test part. */
static descent_status near_copies(scenario_sum *sum, descent_error *err)
{
    descent_train_options o = options(NULL);
    descent_recipe *recipe;
    const descent_status status =
        make_recipe(&recipe, err, "data", "copies.csv", "model", "linear", "epochs", "1", NULL);

    return train(sum, &o, recipe, status, err);
}

static descent_status diagnosed(scenario_sum *sum, descent_error *err)
{
    descent_train_options o = options(NULL);
    descent_recipe *recipe;

    const descent_status status = make_recipe(
        &recipe, err, "data", "iris", "model", "linear 6, relu, linear 6, sigmoid, linear",
        "optimizer", "sgd lr=3", "epochs", "3", "patience", "1", "clean", "both", NULL);
    return train(sum, &o, recipe, status, err);
}

static descent_status convolutional(scenario_sum *sum, descent_error *err)
{
    descent_train_options o = options(NULL);
    descent_recipe *recipe;

    const descent_status status =
        make_recipe(&recipe, err, "data", "idx/", "model",
                    "conv 3 3x3 pad=1, batch_norm, relu, max_pool 2, dropout 0.1, linear",
                    "optimizer", "ema (adamw clip_norm=1)", "batch", "6", "shards", "2",
                    "accumulate", "2", "epochs", "2", "augment", "shift=1 flip", "group",
                    "role=bias lr=2x", "loss", "cross_entropy weights=balanced", NULL);
    return train(sum, &o, recipe, status, err);
}

static descent_status augmented(scenario_sum *sum, descent_error *err)
{
    descent_train_options o = options(NULL);
    descent_recipe *recipe;

    const descent_status status = make_recipe(&recipe, err, "data", "idx/", "model", "linear",
                                              "steps", "1", "augment", "shift=1 noise=0.1", NULL);
    return train(sum, &o, recipe, status, err);
}

static descent_status two_threads(scenario_sum *sum, descent_error *err)
{
    descent_train_options o = options(NULL);
    descent_recipe *recipe;

    o.threads = 2;
    const descent_status status =
        make_recipe(&recipe, err, "data", "iris", "model", "linear 6, relu, linear", "batch", "32",
                    "shards", "2", "epochs", "1", NULL);
    return train(sum, &o, recipe, status, err);
}

static descent_status text(scenario_sum *sum, descent_error *err)
{
    descent_train_options o = options(NULL);
    descent_recipe *recipe;

    const descent_status status =
        make_recipe(&recipe, err, "data", "words.txt", "model",
                    "embedding 4, position, residual (layer_norm, attention 2 causal), linear",
                    "context", "8", "steps", "3", NULL);
    return train(sum, &o, recipe, status, err);
}

/* --- with a folder ------------------------------------------------------------------------------
 */

static descent_recipe *whole_recipe(descent_status *status, descent_error *err)
{
    descent_recipe *recipe;

    *status =
        make_recipe(&recipe, err, "data", "iris", "model", "linear 4, relu, linear 4, tanh, linear",
                    "optimizer", "lookahead (adam)", "epochs", "2", "batch", "24", NULL);
    return recipe;
}

static descent_status write_all(scenario_sum *sum, const char *folder, descent_error *err)
{
    descent_train_options o = options(folder);
    descent_status status;

    o.instruments = "standard, sharpness";
    o.snapshots = 2;
    with_report = true;
    descent_recipe *recipe = whole_recipe(&status, err);
    return train(sum, &o, recipe, status, err);
}

void make_reference(void)
{
    scenario_sum sum = {0};
    static bool made;

    if (!made && write_all(&sum, "reference", NULL) != DESCENT_OK)
        complain("can't train");
    made = true;
    remove_tree("new");
}

static descent_status write_new(scenario_sum *sum, descent_error *err)
{
    return write_all(sum, "new", err);
}

/* A model file that can't be opened is no model file. */
static void opens(const char *path)
{
    descent_error err;
    descent_model *model;
    FILE *file = fopen(path, "rb");

    if (!file)
        return;
    fclose(file);
    if (descent_model_load(&model, path, &err) != DESCENT_OK)
        complain("%s: %s", path, err.message);
    descent_model_free(model);
}

static void new_is_whole(bool success)
{
    FILE *page = fopen("new/report.html", "rb");

    no_temporary_files("new");
    log_is_whole("new/log.jsonl", "reference/log.jsonl");
    opens("new/model.safetensors");
    opens("new/checkpoint.safetensors");
    if (success && descent_report_available() && !page && page_error.status != DESCENT_NOMEM)
        complain("there is no page, and nobody said so");
    if (page)
        fclose(page);
}

/* An interrupted run, to go on with. */
static void interrupt(void)
{
    descent_train_options o = options("new");
    scenario_sum sum = {0};
    descent_status status;

    make_reference();
    o.instruments = "standard, sharpness";
    o.snapshots = 2;
    interrupt_at = 7;
    descent_recipe *recipe = whole_recipe(&status, NULL);
    if (train(&sum, &o, recipe, status, NULL) != DESCENT_OK)
        complain("can't train");
}

static descent_status go_on(scenario_sum *sum, descent_error *err)
{
    descent_train_options o = options("new");
    descent_recipe *recipe;

    o.resume = 1;
    descent_status status = descent_recipe_create(&recipe, err);
    if (status == DESCENT_OK)
        status = descent_recipe_read(recipe, "new/recipe.ini", err);
    return train(sum, &o, recipe, status, err);
}

/* After a failure the run still goes on, and comes to the same. */
static void goes_on(bool success)
{
    scenario_sum sum = {0}, right = {0};
    static uint64_t expected;
    descent_error err;

    if (expected == 0) {
        interrupt();
        go_on(&right, NULL);
        expected = right.value;
        rename("new/log.jsonl", "resumed.jsonl");
        return;
    }
    no_temporary_files("new");
    log_is_whole("new/log.jsonl", "resumed.jsonl");
    opens("new/model.safetensors");
    opens("new/checkpoint.safetensors");
    if (success)
        return;
    if (go_on(&sum, &err) != DESCENT_OK)
        complain("does not go on: %s", err.message);
    if (sum.value != expected)
        complain("went on to another result");
}

const scenario scenarios_of_trainings[] = {
    {.name = "train", .run = smallest, .tries = 500},
    {.name = "train, with findings", .run = diagnosed, .tries = 120},
    {.name = "train on near copies", .run = near_copies, .tries = 80},
    {.name = "train pictures", .run = convolutional, .tries = 700},
    {.name = "train augmented pictures", .run = augmented},
    {.name = "train text", .run = text, .tries = 80},
    {.name = "train on two threads", .run = two_threads, .tries = 40},
    {.name = "train into a folder",
     .run = write_new,
     .before = make_reference,
     .after = new_is_whole,
     .tries = 60},
    {.name = "resume", .run = go_on, .before = interrupt, .after = goes_on, .tries = 40},
    {.name = NULL},
};
