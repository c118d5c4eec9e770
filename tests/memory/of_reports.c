/* of_reports.c - without enough memory: pages about trainings. */
#include "scenario.h"

#include <stdio.h>

static void keep_a_page(void)
{
    make_reference();
    write_text("reference/report.html", "old");
}

static descent_status report_on(const char *folder, const char *spec, scenario_sum *sum,
                                descent_error *err)
{
    char path[64];
    descent_dataset *data = NULL;
    descent_model *model = NULL;

    snprintf(path, sizeof path, "%s/model.safetensors", folder);
    descent_status status = descent_model_load(&model, path, err);
    if (status == DESCENT_OK)
        status = descent_dataset_open(&data, spec, err);
    if (status == DESCENT_OK && descent_report_available())
        status = descent_report_run(folder, data, model, NULL, err);
    snprintf(path, sizeof path, "%s/report.html", folder);
    if (status == DESCENT_OK)
        sum_file(sum, path);
    descent_model_free(model);
    descent_dataset_free(data);
    return status;
}

static descent_status report(scenario_sum *sum, descent_error *err)
{
    return report_on("reference", "iris", sum, err);
}

static void page_is_whole(bool success)
{
    scenario_sum found = {0}, old = {0};

    sum_file(&found, "reference/report.html");
    sum_bytes(&old, "old", 3);
    if (!success && found.value != old.value)
        complain("the old page is gone");
    no_temporary_files("reference");
}

/* Two features: tens of thousands of numbers, of what the model says of a plane. */
static void make_plane(void)
{
    descent_train_options o = descent_train_defaults();
    descent_recipe *recipe;
    descent_model *model = NULL;
    descent_error err;
    static bool made;

    if (made)
        return;
    made = true;
    o.folder = "plane";
    o.threads = 1;
    if (make_recipe(&recipe, &err, "data", "spiral n=40", "model", "linear 4, tanh, linear",
                    "epochs", "1", NULL) != DESCENT_OK ||
        descent_train(&model, recipe, NULL, &o, NULL, &err) != DESCENT_OK)
        complain("can't train: %s", err.message);
    descent_model_free(model);
    descent_recipe_free(recipe);
}

static descent_status report_plane(scenario_sum *sum, descent_error *err)
{
    return report_on("plane", "spiral n=40", sum, err);
}

/* A page alone, so that each of the allocations that unpack it is tried every time. */
static descent_status unpack(scenario_sum *sum, descent_error *err)
{
    descent_recipe *recipe;
    char *text = NULL;

    descent_status status = make_recipe(&recipe, err, "data", "iris", NULL);
    if (status == DESCENT_OK && descent_report_available())
        status = descent_report_text(&text, "{\"kind\": \"minimize\"}", err);
    if (status == DESCENT_OK)
        sum_text(sum, text ? text : "none");
    descent_report_text_free(text);
    descent_recipe_free(recipe);
    return status;
}

const scenario scenarios_of_reports[] = {
    {.name = "page", .run = unpack},
    {.name = "report", .run = report, .before = keep_a_page, .after = page_is_whole, .tries = 60},
    {.name = "report of a plane",
     .run = report_plane,
     .before = make_plane,
     .tries = 20,
     .most = 500},
    {.name = NULL},
};
