/* resume.c - runs that stop and go on end with the bytes of one that never stopped. */
#include "files.h"
#include "runs.h"

static int stop_at; /* a step, skipped ones counted */

static int stop_there(const descent_train_progress *now, void *user)
{
    (void)user;
    return now->step + now->skipped >= stop_at;
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

/* --- what was asked for beside the recipe ------------------------------------------------------
 */

static descent_recipe *small(void)
{
    return RECIPE("data", "spiral", "model", "linear 8, tanh, linear", "epochs", "20", "optimizer",
                  "adam lr=0.01");
}

/* Killed before the first checkpoint. */
static void a_run_without_a_checkpoint_begins_anew_as_it_was_begun(void **state)
{
    descent_recipe *recipe = small();
    descent_train_options options = descent_train_defaults();
    descent_train_result result;

    (void)state;
    options.instruments = "grad_norm, update_ratio";
    options.snapshots = 3;
    options.kernels = "ref";
    options.diagnose = 0;
    options.folder = "resume-whole";
    descent_model_free(run(recipe, options, &result));
    options.folder = "resume-parts";
    options.on_progress = stop_there;
    stop_at = 20;
    descent_model_free(run(recipe, options, &result));
    assert_int_equal(remove("resume-parts/checkpoint.safetensors"), 0);
    write_text("resume-parts/checkpoint.safetensors.tmp-123", "half");
    options = descent_train_defaults();
    options.folder = "resume-parts";
    options.resume = 1;
    descent_model_free(run(recipe, options, &result));
    assert_same_file_in("resume-whole", "resume-parts", "model.safetensors");
    assert_same_file_in("resume-whole", "resume-parts", "log.jsonl");
    assert_false(is_there("resume-parts/checkpoint.safetensors.tmp-123"));
    descent_recipe_free(recipe);
}

static void look_for_what_was_there(const descent_recipe *recipe, const descent_dataset *data,
                                    const descent_model *model, const descent_optimizer *optimizer,
                                    void *user)
{
    (void)recipe, (void)data, (void)model, (void)optimizer, (void)user;
    assert_true(is_there("resume-parts/recipe.ini"));
    assert_false(is_there("resume-parts/checkpoint.safetensors"));
    assert_false(is_there("resume-parts/model.safetensors"));
}

/* Else a resume would take the checkpoint of the run before. */
static void a_new_run_leaves_nothing_of_the_old_one(void **state)
{
    descent_recipe *recipe = small();
    descent_train_options options = descent_train_defaults();
    descent_train_result result;

    (void)state;
    options.folder = "resume-parts";
    descent_model_free(run(recipe, options, &result));
    assert_true(is_there("resume-parts/checkpoint.safetensors"));
    options.on_start = look_for_what_was_there;
    descent_model_free(run(recipe, options, &result));
    descent_recipe_free(recipe);
}

/* --- refusals -----------------------------------------------------------------------------------
 */

static void fails(descent_recipe *recipe, const descent_train_options *options, const char *message)
{
    descent_model *model;
    descent_error err = {0};

    assert_int_not_equal(descent_train(&model, recipe, NULL, options, NULL, &err), DESCENT_OK);
    assert_null(model);
    assert_string_equal(err.message, message);
}

static void changed_settings_are_listed_and_refused(void **state)
{
    descent_recipe *recipe = small();
    descent_train_options options = descent_train_defaults();
    descent_train_result result;
    size_t before, after;

    (void)state;
    options.folder = "resume-parts";
    options.on_progress = stop_there;
    stop_at = 20;
    descent_model_free(run(recipe, options, &result));
    dsc_free(read_whole("resume-parts/log.jsonl", &before));
    options = descent_train_defaults();
    options.folder = "resume-parts";
    options.resume = 1;
    set_keys(recipe, (const char *const[]){"epochs", "30", "optimizer", "adam lr=0.02", NULL});
    fails(recipe, &options,
          "'resume-parts' was begun with other settings: optimizer adam lr=0.01 -> adam lr=0.02; "
          "epochs 20 -> 30; --allow-changes (allow_changes) goes on with the new ones");
    dsc_free(read_whole("resume-parts/log.jsonl", &after));
    assert_int_equal(before, after);
    options.allow_changes = 1;
    descent_model_free(run(recipe, options, &result));
    assert_int_equal(result.epochs, 30);
    options.allow_changes = 0; /* the new ones are the run's own now */
    descent_model_free(run(recipe, options, &result));
    options.kernels = "ref";
    options.instruments = "grad_norm";
    fails(recipe, &options,
          "'resume-parts' was begun with other settings: kernel auto -> ref; instruments (none) -> "
          "grad_norm; --allow-changes (allow_changes) goes on with the new ones");
    descent_recipe_free(recipe);
}

static void other_data_are_refused(void **state)
{
    static const char *const line[] = {"a,b,y\n", "1,2,p\n", "2,1,q\n", "3,5,p\n", "4,9,q\n"};
    descent_train_options options = descent_train_defaults();
    descent_train_result result;
    descent_error err = {0};
    descent_model *model;

    (void)state;
    for (int turn = 0; turn < 2; turn++) {
        FILE *file = fopen("resume-data.csv", "w");
        assert_non_null(file);
        fputs(line[0], file);
        for (int i = 0; i < 40; i++)
            fputs(turn > 0 && i == 39 ? "7,7,q\n" : line[1 + i % 4], file);
        fclose(file);
        descent_recipe *recipe = RECIPE("data", "resume-data.csv target=y", "epochs", "9", "model",
                                        "linear 4, relu, linear");
        options.folder = "resume-parts";
        options.resume = turn;
        options.on_progress = stop_there;
        stop_at = 3;
        if (turn == 0) {
            descent_model_free(run(recipe, options, &result));
        } else {
            assert_int_equal(descent_train(&model, recipe, NULL, &options, NULL, &err),
                             DESCENT_INVALID);
            assert_non_null(strstr(err.message, "other settings: examples 40 of mark "));
        }
        descent_recipe_free(recipe);
    }
}

static int begin_a_second(const descent_train_progress *now, void *user)
{
    descent_train_options options = descent_train_defaults();
    descent_recipe *recipe = user;

    options.folder = "resume-parts";
    if (now->step == 5)
        fails(recipe, &options, "'resume-parts/log.jsonl' is being written by another process");
    options.resume = 1;
    if (now->step == 6)
        fails(recipe, &options, "'resume-parts/log.jsonl' is being written by another process");
    return 0;
}

static void a_run_belongs_to_one_training(void **state)
{
    descent_recipe *recipe = small();
    descent_train_options options = descent_train_defaults();
    descent_train_result result;

    (void)state;
    options.folder = "resume-parts";
    options.on_progress = begin_a_second;
    options.user = recipe;
    descent_model_free(run(recipe, options, &result));
    assert_true(is_there("resume-parts/model.safetensors"));
    options.resume = 1;
    options.folder = "resume-nowhere";
    fails(recipe, &options,
          "there is no run in 'resume-nowhere': it has no recipe.ini; begin it anew");
    descent_recipe_free(recipe);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(with_every_optimizer),
        cmocka_unit_test(with_every_schedule),
        cmocka_unit_test(with_every_kind_of_data),
        cmocka_unit_test(a_run_without_a_checkpoint_begins_anew_as_it_was_begun),
        cmocka_unit_test(a_new_run_leaves_nothing_of_the_old_one),
        cmocka_unit_test(changed_settings_are_listed_and_refused),
        cmocka_unit_test(other_data_are_refused),
        cmocka_unit_test(a_run_belongs_to_one_training),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
