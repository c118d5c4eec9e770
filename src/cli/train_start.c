/* train_start.c - what is trained, told before the first step. */
#include "command.h"

#include <string.h>

static void show_setting(FILE *out, const descent_recipe *resolved, const char *key)
{
    if (descent_recipe_get(resolved, key))
        fprintf(out, "%-10s %s\n", key, descent_recipe_get(resolved, key));
}

/* "64, 5 epochs": examples a step; several batches where gradients add up. */
static void show_batch(FILE *out, const descent_recipe *resolved)
{
    const char *accumulate = descent_recipe_get(resolved, "accumulate");
    const char *steps = descent_recipe_get(resolved, "steps");
    const char *patience = descent_recipe_get(resolved, "patience");
    const bool several = strcmp(accumulate, "1") != 0, waits = strcmp(patience, "0") != 0;

    fprintf(out, "%-10s %s%s%s, %s epochs%s%s%s%s, seed %s\n", "batch",
            descent_recipe_get(resolved, "batch"), several ? ", accumulate " : "",
            several ? accumulate : "", descent_recipe_get(resolved, "epochs"),
            steps ? " up to step " : "", steps ? steps : "", waits ? ", patience " : "",
            waits ? patience : "", descent_recipe_get(resolved, "seed"));
}

static void show_json(const cli_started *a, bool segments)
{
    const char *average = descent_optimizer_average_name(a->optimizer);
    json_t *line = json_pack("{s:s}", "event", "start");

    for (size_t i = 0; descent_recipe_key(i); i++) {
        const char *key = descent_recipe_key(i)->name;
        const char *value = descent_recipe_get(a->recipe, key);
        json_object_set_new(line, key, value ? json_string(value) : json_null());
    }
    json_object_set_new(line, "parameters", json_integer((json_int_t)descent_model_size(a->model)));
    json_object_set_new(line, "average", average ? json_string(average) : json_null());
    if (segments)
        json_object_set_new(line, "segments", cli_treatment_json(a->model, a->optimizer));
    cli_json_line(line);
}

void cli_start_show(const cli_started *a, FILE *out, bool json, bool segments)
{
    const char *average = descent_optimizer_average_name(a->optimizer);
    const bool all = segments || descent_recipe_get(a->recipe, "group") != NULL;

    if (json)
        show_json(a, all);
    if (!out)
        return;
    cli_print_data(out, a->data);
    cli_print_model(out, a->model);
    show_setting(out, a->recipe, "augment");
    show_setting(out, a->recipe, "loss");
    show_setting(out, a->recipe, "optimizer");
    show_setting(out, a->recipe, "group");
    if (average)
        fprintf(out, "%-10s evaluates and saves the average of the weights (%s)\n", "average",
                average);
    show_setting(out, a->recipe, "schedule");
    show_batch(out, a->recipe);
    cli_print_treatment(out, a->model, a->optimizer, all);
    putc('\n', out);
    fflush(out);
}
