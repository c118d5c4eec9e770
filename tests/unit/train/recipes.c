/* recipes.c - every recipe in recipes/ can be read, built and trained, and allocates nothing while
 * it trains; and those that promise a size keep it. */
#define _GNU_SOURCE /* dladdr */
#include "counting.h"

#include "runs.h"

#include <dirent.h>
#include <sys/stat.h>

/* What recipes train on that leave the data to their user, by the beginning of their name. A path
 * without a leading word of a built-in set lies in the shared folder. */
static const struct {
    const char *name, *data;
    bool built_in;
} data_of[] = {
    {"mnist-", "data/mnist", false},
    {"resnet-32x32", "shapes n=200", true},
    {"char-", "data/text/tinyshakespeare.txt", false},
};

/* The data of a recipe, or NULL: not here. */
static const char *find_data(const char *name, char path[4096])
{
    const char *shared = getenv("DESCENT_SHARED");
    struct stat info;

    for (size_t i = 0; i < sizeof data_of / sizeof *data_of; i++) {
        if (strncmp(name, data_of[i].name, strlen(data_of[i].name)) != 0)
            continue;
        if (data_of[i].built_in)
            return data_of[i].data;
        snprintf(path, 4096, "%s/%s", shared ? shared : ".", data_of[i].data);
        return stat(path, &info) == 0 ? path : NULL;
    }
    fail_msg("recipes/%s names no data, and this test knows none for it", name);
    return NULL;
}

/* Steps at whose end nothing is evaluated, and what was allocated in them. */
static int quiet_steps, allocated, before;

static int count_steps(const descent_train_progress *progress, void *user)
{
    (void)user;
    counting = 0;
    if (progress->step > 10 && !progress->epoch_ended) {
        quiet_steps++;
        allocated += ours - before;
    }
    before = ours;
    counting = 1;
    return quiet_steps == 100;
}

/* Small batches and windows: what is tested is not their size. */
static void train_100_steps(descent_recipe *recipe, const char *name)
{
    descent_train_options options = descent_train_defaults();
    descent_train_result result;
    descent_model *model;
    descent_error err = {0};

    quiet_steps = allocated = 0;
    options.threads = 2;
    options.on_progress = count_steps;
    set_keys(recipe, (const char *const[]){"batch", "8", "shards", "2", "epochs", "100", NULL});
    if (descent_recipe_get(recipe, "context"))
        set_keys(recipe, (const char *const[]){"context", "16", "test", "0.001", NULL});
    if (descent_train(&model, recipe, NULL, &options, &result, &err) != DESCENT_OK)
        fail_msg("recipes/%s: %s", name, err.message);
    counting = 0;
    if (result.stop == DESCENT_STOP_DIVERGED)
        fail_msg("recipes/%s: %s", name, result.sentence);
    assert_int_equal(quiet_steps, 100);
    if (COUNTED && allocated > 0)
        fail_msg("recipes/%s allocates while it trains: %d times in 100 steps", name, allocated);
    descent_model_free(model);
}

static descent_recipe *read_recipe(const char *source, const char *name)
{
    descent_recipe *recipe;
    descent_error err = {0};
    char path[4096];

    snprintf(path, sizeof path, "%s/recipes/%s", source, name);
    assert_int_equal(descent_recipe_create(&recipe, &err), DESCENT_OK);
    if (descent_recipe_read(recipe, path, &err) != DESCENT_OK)
        fail_msg("%s:%d:%d: %s", path, err.line, err.column, err.message);
    return recipe;
}

static void every_recipe_trains_without_allocating(void **state)
{
    const char *source = getenv("DESCENT_SOURCE");
    char path[4096];
    const struct dirent *entry;
    int trained = 0;

    (void)state;
    if (!source)
        skip();
    snprintf(path, sizeof path, "%s/recipes", source);
    DIR *folder = opendir(path);
    assert_non_null(folder);
    while ((entry = readdir(folder)) != NULL) {
        const char *ending = strrchr(entry->d_name, '.');
        if (!ending || strcmp(ending, ".ini") != 0)
            continue;
        descent_recipe *recipe = read_recipe(source, entry->d_name);
        const char *data = descent_recipe_get(recipe, "data");
        if (!data && (data = find_data(entry->d_name, path)))
            set_keys(recipe, (const char *const[]){"data", data, NULL});
        if (data) {
            train_100_steps(recipe, entry->d_name);
            trained++;
        } else {
            printf("recipes/%s skipped: its data are not here\n", entry->d_name);
        }
        descent_recipe_free(recipe);
    }
    closedir(folder);
    assert_true(trained > 0);
}

static void resnet_fits_pictures_of_32x32(void **state)
{
    const char *source = getenv("DESCENT_SOURCE");
    descent_model_options o = {.loss = "cross_entropy", .rank = 3, .shape = {3, 32, 32}};
    descent_error err = {0};
    descent_recipe *recipe;
    descent_model *model;
    char path[4096];

    (void)state;
    if (!source)
        skip();
    snprintf(path, sizeof path, "%s/recipes/resnet-32x32.ini", source);
    assert_int_equal(descent_recipe_create(&recipe, &err), DESCENT_OK);
    if (descent_recipe_read(recipe, path, &err) != DESCENT_OK)
        fail_msg("%s", err.message);
    o.layers = descent_recipe_get(recipe, "model");
    o.outputs = 10;
    if (descent_model_create(&model, &o, &err) != DESCENT_OK)
        fail_msg("%s", err.message);
    assert_int_equal(descent_model_size(model), 175258);
    descent_model_free(model);
    descent_recipe_free(recipe);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_recipe_trains_without_allocating),
        cmocka_unit_test(resnet_fits_pictures_of_32x32),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
