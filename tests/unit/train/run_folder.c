/* run_folder.c - what a run that goes on takes over, and what it refuses. */
#include "files.h"
#include "runs.h"

#include "model/tensors.h"

static int stop_at; /* a step, skipped ones counted */

static int stop_there(const descent_train_progress *now, void *user)
{
    (void)user;
    return now->step + now->skipped >= stop_at;
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
    options.folder = "folder-whole";
    descent_model_free(run(recipe, options, &result));
    options.folder = "folder-parts";
    options.on_progress = stop_there;
    stop_at = 20;
    descent_model_free(run(recipe, options, &result));
    assert_int_equal(remove("folder-parts/checkpoint.safetensors"), 0);
    write_text("folder-parts/checkpoint.safetensors.tmp-123", "half");
    options = descent_train_defaults();
    options.folder = "folder-parts";
    options.resume = 1;
    descent_model_free(run(recipe, options, &result));
    assert_same_file_in("folder-whole", "folder-parts", "model.safetensors");
    assert_same_file_in("folder-whole", "folder-parts", "log.jsonl");
    assert_false(is_there("folder-parts/checkpoint.safetensors.tmp-123"));
    descent_recipe_free(recipe);
}

static void look_for_what_was_there(const descent_recipe *recipe, const descent_dataset *data,
                                    const descent_model *model, const descent_optimizer *optimizer,
                                    void *user)
{
    (void)recipe, (void)data, (void)model, (void)optimizer, (void)user;
    assert_true(is_there("folder-parts/recipe.ini"));
    assert_false(is_there("folder-parts/checkpoint.safetensors"));
    assert_false(is_there("folder-parts/model.safetensors"));
}

/* Else a resume would take the checkpoint of the run before. */
static void a_new_run_leaves_nothing_of_the_old_one(void **state)
{
    descent_recipe *recipe = small();
    descent_train_options options = descent_train_defaults();
    descent_train_result result;

    (void)state;
    options.folder = "folder-parts";
    descent_model_free(run(recipe, options, &result));
    assert_true(is_there("folder-parts/checkpoint.safetensors"));
    options.on_start = look_for_what_was_there;
    descent_model_free(run(recipe, options, &result));
    descent_recipe_free(recipe);
}

/* Called before the step's own checkpoint is written. */
static int compare_with_checkpoint(const descent_train_progress *now, void *user)
{
    dsc_tensors file;

    if (now->step > 1) {
        assert_int_equal(dsc_tensors_read(&file, "folder-parts/checkpoint.safetensors", NULL),
                         DESCENT_OK);
        const char *step = dsc_tensors_note(&file, "checkpoint.step");
        assert_true(strtod(step, NULL) == (double)now->step - 1.0);
        dsc_tensors_free(&file);
        ++*(int *)user;
    }
    return now->step == 40;
}

static void at_most_the_work_of_one_interval_is_lost(void **state)
{
    descent_recipe *recipe = small();
    descent_train_options options = descent_train_defaults();
    descent_train_result result;
    int looks = 0;

    (void)state;
    options.folder = "folder-parts";
    options.checkpoint_seconds = 1e-9; /* every step */
    options.on_progress = compare_with_checkpoint;
    options.user = &looks;
    descent_model_free(run(recipe, options, &result));
    assert_int_equal(looks, 39);
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
    options.folder = "folder-parts";
    options.on_progress = stop_there;
    stop_at = 20;
    descent_model_free(run(recipe, options, &result));
    dsc_free(read_whole("folder-parts/log.jsonl", &before));
    options = descent_train_defaults();
    options.folder = "folder-parts";
    options.resume = 1;
    set_keys(recipe, (const char *const[]){"epochs", "30", "optimizer", "adam lr=0.02", NULL});
    fails(recipe, &options,
          "'folder-parts' was begun with other settings: optimizer adam lr=0.01 -> adam lr=0.02; "
          "epochs 20 -> 30; --allow-changes (allow_changes) goes on with the new ones");
    dsc_free(read_whole("folder-parts/log.jsonl", &after));
    assert_int_equal(before, after);
    options.allow_changes = 1;
    descent_model_free(run(recipe, options, &result));
    assert_int_equal(result.epochs, 30);
    options.allow_changes = 0; /* the new ones are the run's own now */
    descent_model_free(run(recipe, options, &result));
    options.kernels = "ref";
    options.instruments = "grad_norm";
    fails(recipe, &options,
          "'folder-parts' was begun with other settings: kernel auto -> ref; instruments (none) -> "
          "grad_norm; --allow-changes (allow_changes) goes on with the new ones");
    descent_recipe_free(recipe);
}

/* Replaces `from` in a file by as many bytes. */
static void replace_in(const char *path, const char *from, const char *to)
{
    size_t length;
    char *text = read_whole(path, &length);
    const size_t n = strlen(from);
    bool found = false;

    assert_int_equal(n, strlen(to));
    for (size_t i = 0; i + n <= length; i++)
        if (memcmp(text + i, from, n) == 0) {
            memcpy(text + i, to, n);
            found = true;
        }
    assert_true(found);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
    dsc_free(text);
}

static void damaged_counts_are_refused(void **state)
{
    descent_recipe *recipe = small();
    descent_train_options options = descent_train_defaults();
    descent_train_result result;

    (void)state;
    options.folder = "folder-parts";
    options.on_progress = stop_there;
    stop_at = 20;
    descent_model_free(run(recipe, options, &result));
    replace_in("folder-parts/checkpoint.safetensors", "\"checkpoint.seen\":\"6",
               "\"checkpoint.seen\":\"-");
    options.resume = 1;
    fails(recipe, &options,
          "'folder-parts/checkpoint.safetensors': checkpoint.seen is -40, expected a count");
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
        FILE *file = fopen("folder-data.csv", "w");
        assert_non_null(file);
        fputs(line[0], file);
        for (int i = 0; i < 40; i++)
            fputs(turn > 0 && i == 39 ? "7,7,q\n" : line[1 + i % 4], file);
        fclose(file);
        descent_recipe *recipe = RECIPE("data", "folder-data.csv target=y", "epochs", "9", "model",
                                        "linear 4, relu, linear");
        options.folder = "folder-parts";
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

    options.folder = "folder-parts";
    if (now->step == 5)
        fails(recipe, &options, "'folder-parts/log.jsonl' is being written by another process");
    options.resume = 1;
    if (now->step == 6)
        fails(recipe, &options, "'folder-parts/log.jsonl' is being written by another process");
    return 0;
}

static void a_run_belongs_to_one_training(void **state)
{
    descent_recipe *recipe = small();
    descent_train_options options = descent_train_defaults();
    descent_train_result result;

    (void)state;
    options.folder = "folder-parts";
    options.on_progress = begin_a_second;
    options.user = recipe;
    descent_model_free(run(recipe, options, &result));
    assert_true(is_there("folder-parts/model.safetensors"));
    options.resume = 1;
    options.folder = "folder-nowhere";
    fails(recipe, &options,
          "there is no run in 'folder-nowhere': it has no recipe.ini; begin it anew");
    descent_recipe_free(recipe);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_without_a_checkpoint_begins_anew_as_it_was_begun),
        cmocka_unit_test(a_new_run_leaves_nothing_of_the_old_one),
        cmocka_unit_test(at_most_the_work_of_one_interval_is_lost),
        cmocka_unit_test(changed_settings_are_listed_and_refused),
        cmocka_unit_test(damaged_counts_are_refused),
        cmocka_unit_test(other_data_are_refused),
        cmocka_unit_test(a_run_belongs_to_one_training),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
