/* groups.c - groups of a recipe: what they change, where mistakes are, files that have several. */
#include "runs.h"

#include <unistd.h>

static const char layers[] = "linear 8, tanh, linear 8, tanh, linear";

/* Weights after so many steps of sgd. */
static descent_model *after(const char *optimizer, const char *group, const char *steps)
{
    descent_recipe *recipe = RECIPE("data", "iris", "model", layers, "optimizer", optimizer,
                                    "steps", steps, "schedule", "constant");
    descent_train_result result;

    if (group)
        assert_int_equal(descent_recipe_set(recipe, "group", group, "--group", NULL), DESCENT_OK);
    descent_model *model = run(recipe, descent_train_defaults(), &result);
    descent_recipe_free(recipe);
    return model;
}

static void a_group_has_a_rate_of_its_own(void **state)
{
    descent_model *start = after("sgd lr=0", NULL, "1");
    descent_model *plain = after("sgd lr=0.5", NULL, "1");
    descent_model *grouped =
        after("sgd lr=0.5", "2.* lr=0.5x; role=head frozen; 4.bias lr=0.5", "1");

    (void)state;
    for (size_t i = 0; i < descent_model_segments(start); i++) {
        const descent_segment *s = descent_model_segment(start, i);
        double factor = strncmp(s->name, "2.", 2) == 0 ? 0.5 : 1.0;
        factor = strcmp(s->role, "head") == 0 ? 0.0 : factor;
        for (size_t k = s->offset; k < s->offset + s->count; k++) {
            const double w = (double)descent_model_weights(start)[k];
            const double move = (double)descent_model_weights(plain)[k] - w;
            const double moved = (double)descent_model_weights(grouped)[k] - w;
            assert_true(fabs(moved - factor * move) < 1e-6);
            assert_true(factor != 0.0 || moved == 0.0);
        }
    }
    descent_model_free(start);
    descent_model_free(plain);
    descent_model_free(grouped);
}

static void keep_treatment(const descent_recipe *resolved, const descent_dataset *data,
                           const descent_model *model, const descent_optimizer *optimizer,
                           void *user)
{
    (void)resolved, (void)data;
    assert_int_equal(descent_model_segments(model), 6);
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(descent_optimizer_treatment(optimizer, i, (descent_treatment *)user + i),
                         1);
    assert_int_equal(descent_optimizer_treatment(optimizer, 6, &(descent_treatment){0}), 0);
}

static void layers_below_move_less(void **state)
{
    descent_recipe *recipe =
        RECIPE("data", "iris", "model", layers, "optimizer", "adamw lr=0.01 layer_decay=0.5",
               "group", "0.bias frozen", "group", "2.* weight_decay=0.5", "steps", "1");
    static const double lr[6] = {0.0025, 0, 0.005, 0.005, 0.01, 0.01};
    static const double decay[6] = {0.01, 0, 0.5, 0, 0.01, 0};
    descent_train_options options = descent_train_defaults();
    descent_treatment t[6];
    descent_train_result result;

    (void)state;
    options.on_start = keep_treatment;
    options.user = t;
    descent_model_free(run(recipe, options, &result));
    for (int i = 0; i < 6; i++) {
        assert_int_equal(t[i].frozen, i == 1);
        assert_int_equal(t[i].as_matrix, 0);
        if (i == 1)
            continue;
        assert_true(fabs(t[i].lr - lr[i]) < 1e-15);
        assert_true(t[i].weight_decay == decay[i]);
    }
    descent_recipe_free(recipe);
}

static void mistakes_have_a_place(void **state)
{
    static const struct {
        const char *group, *message;
        int column;
    } c[] = {
        {"7.* lr=0.1x", "the group '7.*' matches no segment; they are called 0.weight to 4.bias",
         1},
        {"role=bais lr=0.1x",
         "the group 'role=bais' matches no segment; they are called 0.weight to 4.bias; did you "
         "mean 'role=bias'?",
         1},
        {"0.* lr=0.1x;  2.* lr=2x momentum=7", "sgd: momentum = 7, must be between 0 and 1", 34},
        {"role=weight lr=2y", "sgd: lr = '2y', must be a number", 16},
        {"", "a group needs a selector such as role=bias or 2.*, and settings", 1},
        {"* frozen", "all segments are frozen: nothing would move", 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        descent_recipe *recipe =
            RECIPE("data", "iris", "model", layers, "optimizer", "sgd lr=0.1", "group", c[i].group);
        descent_error err;
        assert_refused(recipe, &err);
        assert_string_equal(err.message, c[i].message);
        assert_int_equal(err.column, c[i].column);
        assert_string_equal(err.file, c[i].column ? "--group" : "");
        assert_string_equal(err.excerpt, c[i].column ? c[i].group : "");
        descent_recipe_free(recipe);
    }
}

static const char path[] = "groups-test.ini";

static descent_recipe *read_text(const char *text)
{
    descent_recipe *recipe;
    descent_error err = {0};
    FILE *f = fopen(path, "w");

    assert_non_null(f);
    fputs(text, f);
    fclose(f);
    assert_int_equal(descent_recipe_create(&recipe, &err), DESCENT_OK);
    if (descent_recipe_read(recipe, path, &err) != DESCENT_OK)
        fail_msg("%s", err.message);
    unlink(path);
    return recipe;
}

static void a_file_may_have_several(void **state)
{
    descent_recipe *recipe = read_text("data = iris\n"
                                       "group = role=bias lr=2x  # faster\n"
                                       "group = 0.*\n"
                                       "        lr=0.5x\n"
                                       "group = 9.* frozen\n");
    descent_error err;

    (void)state;
    assert_string_equal(descent_recipe_get(recipe, "group"),
                        "role=bias lr=2x; 0.* lr=0.5x; 9.* frozen");
    assert_refused(recipe, &err);
    assert_string_equal(err.message,
                        "the group '9.*' matches no segment; they are called 0.weight to 5.bias");
    assert_string_equal(err.file, path);
    assert_int_equal(err.line, 5);
    assert_int_equal(err.column, 9);
    assert_string_equal(err.excerpt, "group = 9.* frozen");
    descent_recipe_free(recipe);

    /* flags add to the file's */
    recipe = read_text("data = iris\ngroup = role=bias lr=2x\n");
    assert_int_equal(
        descent_recipe_set(recipe, "group", "0.* lr=3x ;; 2.* lr=4x ;", "--group", NULL),
        DESCENT_OK);
    assert_string_equal(descent_recipe_get(recipe, "group"),
                        "role=bias lr=2x; 0.* lr=3x; 2.* lr=4x");
    descent_recipe_free(recipe);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_group_has_a_rate_of_its_own),
        cmocka_unit_test(layers_below_move_less),
        cmocka_unit_test(mistakes_have_a_place),
        cmocka_unit_test(a_file_may_have_several),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
