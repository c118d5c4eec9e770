/* objects.c - one object of each kind, made and freed. */
#include "objects.h"

#include <stdio.h>

int object_failures;
descent_model *text_model;

void must(descent_status status, const descent_error *err)
{
    if (status == DESCENT_OK)
        return;
    fprintf(stderr, "%s\n", err->message);
    object_failures++;
}

descent_recipe *small_recipe(void)
{
    descent_recipe *recipe;
    descent_error err;

    must(descent_recipe_create(&recipe, &err), &err);
    must(descent_recipe_set(recipe, "data", "iris", NULL, &err), &err);
    must(descent_recipe_set(recipe, "model", "linear 3, relu, linear", NULL, &err), &err);
    must(descent_recipe_set(recipe, "batch", "30", NULL, &err), &err);
    must(descent_recipe_set(recipe, "epochs", "1", NULL, &err), &err);
    return recipe;
}

/* --- one of each ------------------------------------------------------------------------------ */

static void a_recipe(void)
{
    descent_recipe_free(small_recipe());
}

static void a_data_set(void)
{
    descent_dataset *data;
    descent_error err;

    must(descent_dataset_open(&data, "xor n=8", &err), &err);
    descent_dataset_free(data);
    must(descent_dataset_open_features(&data, "x.csv", "kind", &err), &err);
    descent_dataset_free(data);
}

static void a_wrapped_data_set(void)
{
    static const float x[4] = {1, 2, 3, 4}, y[4] = {4, 3, 2, 1};
    static const int32_t label[4] = {0, 1, 0, 1};
    const int shape[1] = {1};
    descent_dataset *data;
    descent_error err;

    must(descent_dataset_wrap_classes(&data, x, 4, 1, shape, label, 2, &err), &err);
    descent_dataset_free(data);
    must(descent_dataset_wrap_targets(&data, x, 4, 1, shape, y, 1, &err), &err);
    descent_dataset_free(data);
}

static void a_model(void)
{
    static const float x[8] = {1};
    static const int32_t label[2] = {0, 1};
    float g[64];
    descent_model_options o = {.layers = "linear 3, tanh, linear",
                               .loss = "cross_entropy",
                               .rank = 1,
                               .shape = {4},
                               .outputs = 2};
    descent_model *model;
    descent_error err;

    must(descent_model_create(&model, &o, &err), &err);
    descent_model_gradient(model, x, label, 2, g);
    descent_model_free(model);
}

static void a_model_file(void)
{
    char path[64];
    descent_model *model;
    descent_error err;

    snprintf(path, sizeof path, "run/model.safetensors");
    must(descent_model_load(&model, path, &err), &err);
    descent_model_free(model);
}

static void an_optimizer(void)
{
    float w[4] = {1}, g[4] = {1};
    descent_optimizer *optimizer;
    descent_error err;

    must(descent_optimizer_create(&optimizer, "lookahead (adam lr=(cosine from=1 steps=5))", 4,
                                  DESCENT_F32, &err),
         &err);
    descent_optimizer_step_f32(optimizer, w, g);
    descent_optimizer_free(optimizer);
}

static void a_schedule(void)
{
    descent_schedule *schedule;
    descent_error err;

    must(descent_schedule_create(&schedule, "sequence (linear for=2, cosine)", 10, &err), &err);
    descent_schedule_free(schedule);
}

static void a_formula(void)
{
    descent_expression *f;
    descent_error err;

    must(descent_expression_parse(&f, "x^2 + sin(y)/2", &err), &err);
    descent_expression_free(f);
}

static void a_minimum(void)
{
    descent_minimize_options o = descent_minimize_defaults();
    descent_minimum minimum;
    descent_expression *f;
    descent_error err;
    double w[1] = {1};

    must(descent_expression_parse(&f, "x^2", &err), &err);
    o.user = f;
    o.steps = 3;
    must(descent_minimize(descent_expression_evaluate, w, 1, &o, &minimum, &err), &err);
    descent_expression_free(f);
}

static void a_generator(void)
{
    descent_generate_options o = descent_generate_defaults();
    descent_generator *generator;
    descent_error err;

    o.prompt = "a";
    must(descent_generator_create(&generator, text_model, &o, &err), &err);
    descent_generator_free(generator);
}

static void a_mistake(void)
{
    descent_optimizer *optimizer;
    descent_dataset *data;
    descent_recipe *recipe;
    descent_model *model;
    descent_error err;

    object_failures += descent_dataset_open(&data, "iris target=", &err) == DESCENT_OK;
    object_failures += descent_model_load(&model, "nowhere", &err) == DESCENT_OK;
    object_failures +=
        descent_optimizer_create(&optimizer, "adam lr=x", 4, DESCENT_F32, &err) == DESCENT_OK;
    must(descent_recipe_create(&recipe, &err), &err);
    object_failures +=
        descent_recipe_set_flags(recipe, "--batch nothing --bach", &err) == DESCENT_OK;
    descent_recipe_free(recipe);
    descent_dataset_free(data);
    descent_model_free(model);
    descent_optimizer_free(optimizer);
}

static void a_training(void)
{
    descent_train_options o = descent_train_defaults();
    descent_recipe *recipe = small_recipe();
    descent_model *model;
    descent_error err;

    o.threads = 1;
    o.diagnose = 0;
    must(descent_train(&model, recipe, NULL, &o, NULL, &err), &err);
    descent_model_free(model);
    descent_recipe_free(recipe);
}

static void a_page(void)
{
    char *text = NULL;
    descent_error err;

    if (descent_report_available())
        must(descent_report_text(&text, "{\"kind\":\"compare\"}", &err), &err);
    descent_report_text_free(text);
}

static void a_landscape(void)
{
    descent_landscape_options o = descent_landscape_defaults();
    descent_landscape_line line;
    descent_landscape_map map;
    descent_landscape *land;
    descent_error err;

    o.threads = 1;
    o.examples = 10;
    must(descent_landscape_open(&land, "run", &o, &err), &err);
    must(descent_landscape_plane(land, DESCENT_DIRECTIONS_RANDOM, 3, 1, &map, &err), &err);
    descent_landscape_map_free(&map);
    must(descent_landscape_between(land, "run", 2, &line, &err), &err);
    descent_landscape_line_free(&line);
    descent_landscape_free(land);
}

static void a_check(void)
{
    descent_check_options o = descent_check_defaults();
    descent_recipe *recipe = small_recipe();
    descent_check *check;
    descent_error err;

    o.threads = 1;
    o.lr_steps = 20;
    must(descent_check_run(&check, recipe, NULL, &o, &err), &err);
    descent_check_free(check);
    descent_recipe_free(recipe);
}

static void a_search(void)
{
    descent_lr_options o = descent_lr_defaults();
    descent_recipe *recipe = small_recipe();
    descent_lr_search *search;
    descent_error err;

    o.threads = 1;
    o.steps = 20;
    o.seeds = 1;
    o.probes = 0;
    must(descent_lr_find(&search, recipe, NULL, &o, &err), &err);
    descent_lr_free(search);
    descent_recipe_free(recipe);
}

static void a_comparison(void)
{
    descent_compare_options o = descent_compare_defaults();
    descent_recipe *recipe = small_recipe();
    descent_comparison *comparison;
    descent_error err;

    o.threads = 1;
    o.optimizers = "adam; sgd";
    o.seeds = 2;
    must(descent_compare(&comparison, recipe, NULL, &o, &err), &err);
    descent_comparison_free(comparison);
    descent_recipe_free(recipe);
}

const object objects[] = {
    {"recipe", a_recipe, 1},
    {"data set", a_data_set, 1},
    {"wrapped data set", a_wrapped_data_set, 1},
    {"model", a_model, 1},
    {"model of a file", a_model_file, 1},
    {"optimizer", an_optimizer, 1},
    {"schedule", a_schedule, 1},
    {"formula", a_formula, 1},
    {"minimum", a_minimum, 1},
    {"generator", a_generator, 1},
    {"mistakes", a_mistake, 1},
    {"training", a_training, 20},
    {"page", a_page, 100},
    {"landscape", a_landscape, 20},
    {"check", a_check, 200},
    {"search for lr", a_search, 100},
    {"comparison", a_comparison, 100},
};
const size_t objects_count = sizeof objects / sizeof *objects;
