/* of_studies.c - without enough memory: what several trainings, or looks around one, answer. */
#include "scenario.h"

#include <stdlib.h>

static descent_status small_recipe(descent_recipe **out, descent_error *err)
{
    return make_recipe(out, err, "data", "iris", "model", "linear 4, tanh, linear", "batch", "30",
                       "epochs", "1", NULL);
}

static descent_status check(scenario_sum *sum, descent_error *err)
{
    descent_check_options o = descent_check_defaults();
    descent_check *made = NULL;
    descent_recipe *recipe;

    o.threads = 1;
    o.lr_steps = 20;
    descent_status status = small_recipe(&recipe, err);
    if (status == DESCENT_OK)
        status = descent_check_run(&made, recipe, NULL, &o, err);
    for (size_t i = 0; made && descent_check_line_at(made, i); i++) {
        sum_text(sum, descent_check_line_at(made, i)->name);
        sum_number(sum, descent_check_line_at(made, i)->verdict);
    }
    descent_check_free(made);
    descent_recipe_free(recipe);
    return status;
}

static descent_status find_lr(scenario_sum *sum, descent_error *err)
{
    descent_lr_options o = descent_lr_defaults();
    descent_lr_search *search = NULL;
    descent_recipe *recipe;

    o.threads = 1;
    o.steps = 20;
    o.seeds = 2;
    o.probes = 2;
    o.probe_steps = 20;
    descent_status status = small_recipe(&recipe, err);
    if (status == DESCENT_OK)
        status = descent_lr_find(&search, recipe, NULL, &o, err);
    if (status == DESCENT_OK)
        sum_number(sum, descent_lr_suggest(search).lr);
    descent_lr_free(search);
    descent_recipe_free(recipe);
    return status;
}

static descent_status compare_on(int threads, scenario_sum *sum, descent_error *err)
{
    descent_compare_options o = descent_compare_defaults();
    descent_comparison *comparison = NULL;
    descent_recipe *recipe;

    o.threads = threads;
    o.optimizers = "adam; sgd";
    o.seeds = 2;
    o.tune = 3;
    descent_status status = small_recipe(&recipe, err);
    if (status == DESCENT_OK)
        status = descent_compare(&comparison, recipe, NULL, &o, err);
    for (size_t i = 0; status == DESCENT_OK && i < 2; i++) {
        const descent_contender c = descent_comparison_contender(comparison, i);
        sum_text(sum, c.name);
        sum_number(sum, c.mean);
        sum_number(sum, c.lr);
    }
    descent_comparison_free(comparison);
    descent_recipe_free(recipe);
    return status;
}

static descent_status compare(scenario_sum *sum, descent_error *err)
{
    return compare_on(1, sum, err);
}

static descent_status compare_on_two(scenario_sum *sum, descent_error *err)
{
    return compare_on(2, sum, err);
}

static descent_status confirm(scenario_sum *sum, descent_error *err)
{
    descent_train_options o = descent_train_defaults();
    descent_confirmation confirmed = {.finding = NULL};
    descent_train_result result;
    descent_model *model = NULL;
    descent_recipe *recipe;

    o.threads = 1;
    descent_status status =
        make_recipe(&recipe, err, "data", "iris", "model", "linear 4, relu, linear", "optimizer",
                    "sgd lr=30", "epochs", "2", NULL);
    if (status == DESCENT_OK)
        status = descent_train(&model, recipe, NULL, &o, &result, err);
    if (status == DESCENT_OK && result.finding[0].name)
        status = descent_confirm(&confirmed, recipe, NULL, &result, 0, NULL, err);
    if (status == DESCENT_OK) {
        sum_text(sum, confirmed.finding);
        sum_number(sum, confirmed.confirmed);
    }
    descent_model_free(model);
    descent_recipe_free(recipe);
    return status;
}

/* --- around a trained model ---------------------------------------------------------------------
 */

static void make_runs(void)
{
    static bool made;

    for (int i = 0; i < 2 && !made; i++) {
        descent_train_options o = descent_train_defaults();
        descent_recipe *recipe;
        descent_model *model = NULL;
        descent_error err;
        o.folder = i ? "land-2" : "land-1";
        o.threads = 1;
        o.snapshots = 4;
        if (make_recipe(&recipe, &err, "data", "iris", "model", "linear 3, tanh, linear", "epochs",
                        "2", "seed", i ? "2" : "1", NULL) != DESCENT_OK ||
            descent_train(&model, recipe, NULL, &o, NULL, &err) != DESCENT_OK)
            complain("can't train: %s", err.message);
        descent_model_free(model);
        descent_recipe_free(recipe);
    }
    made = true;
}

static descent_status look(descent_landscape *land, scenario_sum *sum, descent_error *err)
{
    descent_status status = DESCENT_OK;
    descent_landscape_line line;
    descent_spectrum spectrum;

    for (int d = 0; d < 2 && status == DESCENT_OK; d++) {
        descent_landscape_map map;
        status = descent_landscape_plane(
            land, d ? DESCENT_DIRECTIONS_PCA : DESCENT_DIRECTIONS_RANDOM, 3, 1, &map, err);
        if (status == DESCENT_OK)
            sum_bytes(sum, map.loss, map.side * map.side * sizeof *map.loss);
        descent_landscape_map_free(&map);
    }
    if (status != DESCENT_OK)
        return status;
    status = descent_landscape_between(land, "land-2", 3, &line, err);
    if (status == DESCENT_OK)
        sum_bytes(sum, line.loss, line.n * sizeof *line.loss);
    descent_landscape_line_free(&line);
    if (status == DESCENT_OK)
        status = descent_landscape_spectrum(land, -1, 2, &spectrum, err);
    if (status == DESCENT_OK)
        sum_number(sum, spectrum.largest[0].value);
    return status;
}

static descent_status landscape(scenario_sum *sum, descent_error *err)
{
    descent_landscape_options o = descent_landscape_defaults();
    descent_landscape *land;

    o.threads = 1;
    o.examples = 20;
    descent_status status = descent_landscape_open(&land, "land-1", &o, err);
    if (status == DESCENT_OK)
        status = look(land, sum, err);
    descent_landscape_free(land);
    return status;
}

const scenario scenarios_of_studies[] = {
    {.name = "check", .run = check, .tries = 100},
    {.name = "find-lr", .run = find_lr, .tries = 100},
    {.name = "compare", .run = compare, .tries = 80},
    {.name = "compare on two threads", .run = compare_on_two, .tries = 40},
    {.name = "confirm", .run = confirm, .tries = 60},
    {.name = "landscape", .run = landscape, .before = make_runs, .tries = 150},
    {.name = NULL},
};
