/* resume.c - runs that stop and go on end with the bytes of one that never stopped. */
#include "files.h"
#include "runs.h"

#include <unistd.h>

static int stop_at; /* a step, skipped ones counted */

static int stop_there(const descent_train_progress *now, void *user)
{
    (void)user;
    return now->step + now->skipped >= stop_at;
}

/* The recipe that a run has in its folder, with which the command goes on. */
static descent_recipe *recipe_in(const char *folder)
{
    descent_recipe *recipe;
    descent_error err = {0};
    char path[64];

    snprintf(path, sizeof path, "%s/recipe.ini", folder);
    assert_int_equal(descent_recipe_create(&recipe, NULL), DESCENT_OK);
    if (descent_recipe_read(recipe, path, &err) != DESCENT_OK)
        fail_msg("%s", err.message);
    return recipe;
}

/* One run in "resume-whole", one in "resume-parts" that stops twice; the same files. */
static void check_recipe(const char *const *word)
{
    static const char *const file[] = {"model.safetensors", "log.jsonl", "recipe.ini"};
    descent_recipe *recipe = recipe_of(word);
    descent_train_options options = descent_train_defaults();
    descent_train_result result;

    options.folder = "resume-whole";
    descent_model_free(run(recipe, options, &result));
    const int64_t steps = result.steps + result.skipped_steps;
    assert_true(steps > 6);
    options.folder = "resume-parts";
    options.on_progress = stop_there;
    stop_at = (int)steps / 3;
    descent_model_free(run(recipe, options, &result));
    assert_int_equal(result.stop, DESCENT_STOP_INTERRUPTED);
    descent_recipe_free(recipe);
    recipe = recipe_in("resume-parts");
    options.resume = 1;
    stop_at = (int)(2 * steps / 3);
    descent_model_free(run(recipe, options, &result));
    options.on_progress = NULL;
    descent_model_free(run(recipe, options, &result));
    assert_int_equal(result.steps + result.skipped_steps, steps);
    for (size_t i = 0; i < sizeof file / sizeof *file; i++)
        assert_same_file_in("resume-whole", "resume-parts", file[i]);
    descent_recipe_free(recipe);
}

#define CHECK(...) check_recipe((const char *const[]){__VA_ARGS__, NULL})

/* Wrappers, which are no rules by themselves, have others in them. */
static void with_every_optimizer(void **state)
{
    static const char *const wrapped[] = {"ema (adam lr=0.01)",
                                          "swa (sgd lr=0.05)",
                                          "lookahead (adamw lr=0.01)",
                                          "sam (sgd lr=0.05)",
                                          "sgd lr=0.1 clip_norm=0.1 weight_decay=0.01",
                                          "adam lr=0.01 state=bf16",
                                          "adam lr=0.01 state=8bit"};
    const descent_info *info;
    int rules = 0;

    (void)state;
    for (size_t i = 0; (info = descent_optimizer_info(i)) != NULL; i++) {
        if (!(descent_optimizer_memory(info->name) >= 0.0))
            continue;
        CHECK("data", "iris", "model", "linear 8, relu, dropout 0.2, linear", "epochs", "9",
              "batch", "all", "optimizer", info->name);
        rules++;
    }
    assert_true(rules >= 40);
    for (size_t i = 0; i < sizeof wrapped / sizeof *wrapped; i++)
        CHECK("data", "iris", "model", "linear 8, relu, linear", "epochs", "3", "optimizer",
              wrapped[i]);
}

static void with_every_schedule(void **state)
{
    static const char *const spec[] = {
        "constant",
        "linear",
        "step every=5",
        "multistep at=\"4, 9\"",
        "exponential gamma=0.99",
        "inverse_time rate=0.1",
        "inverse_sqrt",
        "polynomial",
        "cosine warmup=3",
        "restarts first=5",
        "one_cycle momentum",
        "cyclic up=4 momentum",
        "wsd",
        "rex",
        "plateau factor=0.5 patience=0 threshold=0.5 cooldown=1",
        "swa to=0.5",
        "product (one_cycle momentum, plateau patience=1 threshold=0.9)",
        "sequence (linear from=0.1 to=1 for=10, cosine)",
        "expression \"1 - 0.5 * progress\""};

    (void)state;
    for (size_t i = 0; i < sizeof spec / sizeof *spec; i++)
        CHECK("data", "iris", "model", "linear 8, tanh, linear", "epochs", "4", "optimizer",
              "sgd lr=0.05 momentum=0.9", "schedule", spec[i]);
}

static void with_every_kind_of_data(void **state)
{
    (void)state;
    CHECK("data", "digits", "augment", "shift=1 rotate=5", "epochs", "2", "model",
          "conv 4 3x3, batch_norm, relu, flatten, linear");
    CHECK("data", "spiral", "patience", "2", "epochs", "30", "test", "0.4");
    CHECK("data", "iris", "patience", "3", "epochs", "60", "optimizer", "ema (adam lr=0.1)");
    CHECK("data", "diabetes", "clean", "both", "epochs", "5", "accumulate", "3", "batch", "8");
    CHECK("data", "iris", "shuffle", "no", "standardize", "no", "loss",
          "cross_entropy weights=balanced", "epochs", "5", "group", "role=bias lr=2x");
    CHECK("data", "shapes", "epochs", "1", "steps", "20", "precision", "bf16", "model",
          "flatten, linear 16, relu, linear");
    /* steps that are skipped, and a run that gives up */
    CHECK("data", "diabetes", "optimizer", "sgd lr=1000", "model", "linear 16, relu, linear");
}

/* However it was typed: what a recipe holds is read back as it was written. */
static void with_every_way_to_type(void **state)
{
    static const char *const name[] = {"resume #1.csv", "resume ;2.csv"};
    static const char *const data[] = {"\"resume #1.csv\"",
                                       "\"resume ;2.csv\" target=\"c ;of\" ignore=\"a #x\""};

    (void)state;
    for (int i = 0; i < 2; i++) {
        FILE *table = fopen(name[i], "w");
        assert_non_null(table);
        fputs("a #x,b,c ;of\n", table);
        for (int k = 0; k < 80; k++)
            fprintf(table, "%d,%d,%d.5\n", k, k * k % 17, k % 5);
        fclose(table);
        CHECK("data", data[i], "epochs", "6", "model", "linear 8,relu,linear");
        unlink(name[i]);
    }
    CHECK("data", "iris", "epochs", "6", "model",
          "linear 16,relu,linear 16,relu,linear 16,relu,linear 16,relu,linear 16,relu,linear 16,"
          "relu,linear 16,relu,linear 16,relu,\tlinear 16,\trelu,\n linear");
    CHECK("data", "iris", "epochs", "6", "optimizer", "adam\n\tlr=0.01\r\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(with_every_optimizer),
        cmocka_unit_test(with_every_schedule),
        cmocka_unit_test(with_every_kind_of_data),
        cmocka_unit_test(with_every_way_to_type),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
