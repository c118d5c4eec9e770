/* of_data.c - without enough memory: reading data, recipes, strings and formulas. */
#include "scenario.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static descent_status open(scenario_sum *sum, const char *spec, descent_error *err)
{
    descent_dataset *data;
    const descent_status status = descent_dataset_open(&data, spec, err);

    if (status != DESCENT_OK) {
        if (data)
            complain("failed, and there is a data set");
        return status;
    }
    sum_number(sum, (double)descent_dataset_count(data));
    sum_text(sum, descent_dataset_name(data));
    for (int i = 0; i < descent_dataset_outputs(data); i++)
        sum_text(sum, descent_dataset_class(data, i));
    for (size_t i = 0; i < descent_dataset_count(data); i++)
        sum_number(sum, descent_dataset_label(data, i));
    if (descent_dataset_tokens(data) == 0)
        sum_number(sum, descent_dataset_summary(data, 0).mean);
    descent_dataset_free(data);
    return DESCENT_OK;
}

#define OPENS(name, spec)                                           \
  static descent_status name(scenario_sum *sum, descent_error *err) \
  {                                                                 \
    return open(sum, spec, err);                                    \
  }

OPENS(open_csv, "table.csv target=kind")
OPENS(open_idx, "idx/")
OPENS(open_packed, "packed/")
OPENS(open_pictures, "pictures/")
OPENS(open_cifar, "cifar/")
OPENS(open_text, "words.txt")
OPENS(open_built_in, "iris")
OPENS(open_digits, "digits")
OPENS(open_drawn, "spiral n=60 noise=0.1")
OPENS(open_shapes, "shapes n=6 size=8")
OPENS(open_named_with_blanks, "with blanks.csv")
OPENS(open_without_constant, "\"with blanks.csv\" target=y ignore=constant")

OPENS(open_arrays, "array.npy target=kinds.npy")

/* As NumPy does: the header ends at byte 128. */
static void write_array(const char *path, const char *shape, size_t n)
{
    FILE *file = fopen(path, "wb");

    fwrite("\x93NUMPY\1\0\x76\0", 1, 10, file);
    fprintf(file, "{'descr': '|u1', 'fortran_order': False, 'shape': %s, }%*s\n", shape,
            (int)(118 - 54 - strlen(shape)), "");
    for (size_t i = 0; i < n; i++)
        fputc((int)(i * i % 7 % 2), file);
    fclose(file);
}

static void write_arrays(void)
{
    write_array("array.npy", "(12, 3)", 36);
    write_array("kinds.npy", "(12,)", 12);
}

static descent_status open_features(scenario_sum *sum, descent_error *err)
{
    descent_dataset *data;
    const descent_status status = descent_dataset_open_features(&data, "table.csv", "kind", err);

    if (status == DESCENT_OK)
        sum_text(sum, descent_dataset_feature(data, 0));
    descent_dataset_free(data);
    return status;
}

static descent_status wrap(scenario_sum *sum, descent_error *err)
{
    static const float x[4][2] = {{0, 1}, {1, 0}, {1, 1}, {0, 0}};
    static const int32_t label[4] = {0, 1, 1, 0};
    const int shape[1] = {2};
    descent_dataset *data;
    const descent_status status =
        descent_dataset_wrap_classes(&data, x[0], 4, 1, shape, label, 2, err);

    if (status == DESCENT_OK)
        sum_number(sum, descent_dataset_summary(data, 1).mean);
    descent_dataset_free(data);
    return status;
}

static descent_status read_recipe(scenario_sum *sum, descent_error *err)
{
    descent_recipe *recipe;
    descent_status status = descent_recipe_create(&recipe, err);

    if (status == DESCENT_OK)
        status = descent_recipe_read(recipe, "recipe.ini", err);
    if (status == DESCENT_OK)
        status = descent_recipe_set_flags(recipe, "--batch 4 --optimizer \"sgd lr=0.1\"", err);
    for (size_t i = 0; status == DESCENT_OK && descent_recipe_key(i); i++)
        sum_text(sum, descent_recipe_get(recipe, descent_recipe_key(i)->name));
    descent_recipe_free(recipe);
    return status;
}

static descent_status parse_formula(scenario_sum *sum, descent_error *err)
{
    const double w[3] = {1, 2, 3};
    double g[3];
    descent_expression *f;
    const descent_status status =
        descent_expression_parse(&f, "(x - 3)^2 + sin(y*x)/max(z, 2) - exp(-abs(z))", err);

    if (status == DESCENT_OK) {
        sum_number(sum, descent_expression_evaluate(3, w, g, f));
        sum_bytes(sum, g, sizeof g);
    }
    descent_expression_free(f);
    return status;
}

static descent_status make_schedule(scenario_sum *sum, descent_error *err)
{
    static const char *const specs[] = {"sequence (linear to=2 for=20, cosine warmup=10)",
                                        "piecewise \"0:1, 30:0.5, 60:0.1\"", "plateau patience=2"};
    descent_status status = DESCENT_OK;

    for (size_t k = 0; status == DESCENT_OK && k < sizeof specs / sizeof *specs; k++) {
        descent_schedule *schedule;
        status = descent_schedule_create(&schedule, specs[k], 100, err);
        for (int i = 0; status == DESCENT_OK && i < 100; i += 7)
            sum_number(sum, descent_schedule_factor(schedule, i));
        descent_schedule_free(schedule);
    }
    return status;
}

descent_status make_recipe(descent_recipe **out, descent_error *err, ...)
{
    descent_status status = descent_recipe_create(out, err);
    const char *key;
    va_list args;

    va_start(args, err);
    while (status == DESCENT_OK && (key = va_arg(args, const char *)) != NULL)
        status = descent_recipe_set(*out, key, va_arg(args, const char *), NULL, err);
    va_end(args);
    return status;
}

const scenario scenarios_of_data[] = {
    {.name = "csv", .run = open_csv},
    {.name = "csv to predict", .run = open_features},
    {.name = "idx", .run = open_idx},
    {.name = "idx packed by gzip", .run = open_packed},
    {.name = "pictures", .run = open_pictures},
    {.name = "cifar", .run = open_cifar},
    {.name = "text", .run = open_text},
    {.name = "arrays of NumPy", .run = open_arrays, .before = write_arrays},
    {.name = "built-in data", .run = open_built_in, .tries = 200},
    {.name = "built-in pictures", .run = open_digits},
    {.name = "drawn data", .run = open_drawn},
    {.name = "drawn pictures", .run = open_shapes},
    {.name = "a name with blanks", .run = open_named_with_blanks},
    {.name = "csv without what never changes", .run = open_without_constant},
    {.name = "wrapped data", .run = wrap},
    {.name = "recipe", .run = read_recipe},
    {.name = "formula", .run = parse_formula},
    {.name = "schedule", .run = make_schedule},
    {.name = NULL},
};
