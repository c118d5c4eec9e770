/* checkpoint.c - fuzz: checkpoints (see files.h), from which a small training is to go on. */
#include "files.h"

#include "descent/train.h"

#include <stdio.h>
#include <sys/stat.h>

static descent_recipe *make_recipe(void)
{
    static const char *const setting[][2] = {
        {"data", "xor n=12"},  {"model", "linear 2, batch_norm, relu, linear"},
        {"optimizer", "adam"}, {"schedule", "plateau patience=1"},
        {"batch", "6"},        {"steps", "4"},
        {"patience", "3"},     {"epochs", "3"},
    };
    descent_recipe *recipe;
    descent_error err;

    fuzz_require(descent_recipe_create(&recipe, &err) == DESCENT_OK);
    for (size_t i = 0; i < sizeof setting / sizeof *setting; i++)
        fuzz_require(descent_recipe_set(recipe, setting[i][0], setting[i][1], NULL, &err) ==
                     DESCENT_OK);
    return recipe;
}

/* Ends after one step, so that a checkpoint is left. */
static int stop(const descent_train_progress *progress, void *user)
{
    (void)user;
    return progress->step >= 1;
}

static descent_status train(const descent_recipe *recipe, const char *folder, bool resume,
                            descent_error *err)
{
    descent_train_options o = descent_train_defaults();
    descent_train_result result;
    descent_model *model;

    o.folder = folder;
    o.resume = resume;
    o.threads = 1;
    o.diagnose = 0;
    o.on_progress = resume ? NULL : stop;
    const descent_status status = descent_train(&model, recipe, NULL, &o, &result, err);
    descent_model_free(model);
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static descent_recipe *recipe;
    static char folder[80], log[96];
    static uint8_t *first;
    static size_t n_first;
    descent_error err = {0};

    fuzz_guard_alarm();
    if (!recipe) {
        recipe = make_recipe();
        snprintf(folder, sizeof folder, "%s/run", fuzz_folder());
        fuzz_require(mkdir(folder, 0700) == 0);
        fuzz_require(fuzz_judge(train(recipe, folder, false, &err), &err));
        snprintf(log, sizeof log, "%s/log.jsonl", folder);
        first = fuzz_read(log, &n_first);
    }
    fuzz_file(0, "run/log.jsonl", first, n_first);
    fuzz_tensors(1, "run/checkpoint.safetensors", data, size);
    fuzz_judge(train(recipe, folder, true, &err), &err);
    return 0;
}
