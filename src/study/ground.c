/* ground.c - the recipe and data that all trainings of a study share. */
#include "study/ground.h"

#include "train/fit.h"

#include <inttypes.h>
#include <stdio.h>

static descent_status open_data(dsc_ground *g, descent_error *err)
{
    const char *spec = g->recipe->setting[DSC_KEY_data].text;

    if (!spec)
        return dsc_fail(err, DESCENT_INVALID,
                        "no data to train on; name a data set or a file, such as digits or "
                        "iris.csv");
    DSC_TRY(dsc_dataset_open_at(&g->opened, spec, dsc_recipe_place(g->recipe, DSC_KEY_data), false,
                                NULL, err));
    g->data = g->opened;
    return DESCENT_OK;
}

/* The seed, and the optimizer that is chosen where the recipe has none. Everything else that is
 * left open stays open: some of it depends on what a study changes. */
static descent_status look(dsc_ground *g, descent_error *err)
{
    descent_recipe *resolved;
    dsc_settings settings;

    DSC_TRY(dsc_recipe_copy(&resolved, g->recipe, err));
    descent_status status = dsc_settings_resolve(&settings, resolved, g->data, 0, err);
    if (status == DESCENT_OK) {
        g->seed = settings.seed;
        if (!g->recipe->setting[DSC_KEY_optimizer].text)
            status = dsc_recipe_put(g->recipe, DSC_KEY_optimizer, settings.optimizer,
                                    (dsc_place){0}, err);
    }
    descent_recipe_free(resolved);
    return status;
}

descent_status dsc_ground_prepare(dsc_ground *ground, const descent_recipe *recipe,
                                  const descent_dataset *data, descent_error *err)
{
    *ground = (dsc_ground){.data = data};
    DSC_TRY(dsc_recipe_copy(&ground->recipe, recipe, err));
    if (!data)
        DSC_TRY(open_data(ground, err));
    DSC_TRY(dsc_text_context(recipe, ground->opened, ground->data, err));
    if (ground->data->outputs == 0)
        return dsc_fail(err, DESCENT_INVALID, "'%s' has no target to learn", ground->data->name);
    return look(ground, err);
}

void dsc_ground_free(dsc_ground *ground)
{
    descent_recipe_free(ground->recipe);
    descent_dataset_free(ground->opened);
    *ground = (dsc_ground){0};
}

static descent_status put_number(descent_recipe *recipe, dsc_key key, uint64_t value,
                                 descent_error *err)
{
    char text[24];

    snprintf(text, sizeof text, "%" PRIu64, value);
    return dsc_recipe_put(recipe, key, text, (dsc_place){0}, err);
}

descent_status dsc_ground_put_steps(descent_recipe *recipe, int steps, descent_error *err)
{
    DSC_TRY(put_number(recipe, DSC_KEY_steps, (uint64_t)steps, err));
    return put_number(recipe, DSC_KEY_epochs, (uint64_t)steps, err);
}

descent_status dsc_ground_recipe(descent_recipe **out, const dsc_ground *ground, uint64_t seed,
                                 descent_error *err)
{
    DSC_TRY(dsc_recipe_copy(out, ground->recipe, err));
    const descent_status status = put_number(*out, DSC_KEY_seed, seed, err);
    if (status != DESCENT_OK) {
        descent_recipe_free(*out);
        *out = NULL;
    }
    return status;
}
