/* landscape.c - opens a run to look around. */
#include "curvature/landscape.h"

#include "base/file.h"
#include "base/memory.h"
#include "base/rng.h"
#include "train/fit.h"

#include <stdio.h>
#include <string.h>

enum { EXAMPLES = 1000 };

descent_landscape_options descent_landscape_defaults(void)
{
    return (descent_landscape_options){.examples = EXAMPLES, .seed = 1};
}

bool dsc_landscape_stops(const descent_landscape *land, size_t done, size_t all)
{
    return land->o.watch && land->o.watch((double)done / (double)all, land->o.user);
}

void dsc_widen(double *to, const float *from, size_t n)
{
    for (size_t i = 0; i < n; i++)
        to[i] = (double)from[i];
}

static descent_status load(descent_landscape *land, descent_error *err)
{
    char path[600];

    if (!dsc_folder_exists(land->folder))
        return dsc_fail(err, DESCENT_IO,
                        "there is no run folder '%s'; descent train says where it writes one",
                        land->folder);
    snprintf(path, sizeof path, "%s/model.safetensors", land->folder);
    DSC_TRY(descent_model_load(&land->model, path, err));
    snprintf(path, sizeof path, "%s/recipe.ini", land->folder);
    DSC_TRY(descent_recipe_create(&land->recipe, err));
    return descent_recipe_read(land->recipe, path, err);
}

/* The data may have changed since the training. */
static descent_status check_data(const descent_landscape *land, descent_error *err)
{
    const descent_model_options *o = &land->model->options;
    const descent_dataset *data = land->data;
    const bool classes = land->model->loss.kind->target == DSC_LABELS;
    dsc_shape shape = {.rank = o->rank};

    memcpy(shape.size, o->shape, sizeof shape.size);
    if (dsc_shape_equal(shape, data->shape) && data->outputs == o->outputs &&
        classes == (data->task == DESCENT_CLASSIFICATION) &&
        (data->tokens != NULL) == (o->vocabulary > 0))
        return DESCENT_OK;
    return dsc_fail(err, DESCENT_SHAPE,
                    "'%s' is no longer the data that the model in '%s' was trained on", data->name,
                    land->folder);
}

/* The run's own data and split, as the training made them. */
static descent_status open_data(descent_landscape *land, descent_error *err)
{
    const char *spec = land->recipe->setting[DSC_KEY_data].text;
    dsc_settings settings;

    if (!spec)
        return dsc_fail(err, DESCENT_INVALID, "'%s/recipe.ini' does not say what data it is about",
                        land->folder);
    DSC_TRY(dsc_dataset_open_at(&land->data, spec, dsc_recipe_place(land->recipe, DSC_KEY_data),
                                false, NULL, err));
    DSC_TRY(dsc_text_context(land->recipe, land->data, land->data, err));
    DSC_TRY(check_data(land, err));
    DSC_TRY(dsc_settings_resolve(&settings, land->recipe, land->data, 0, err));
    return dsc_fit_split(&land->split, &settings, land->data, err);
}

static descent_status choose_examples(descent_landscape *land, descent_error *err)
{
    const size_t wanted = land->o.examples > 0 ? land->o.examples : EXAMPLES;

    land->n = wanted < land->split.n_train ? wanted : land->split.n_train;
    dsc_random_shuffle(land->o.seed, DSC_RNG_EXAMPLES, 0, land->split.train, land->split.n_train);
    return dsc_mean_loss_create(&land->mean, land->model, land->data, land->split.train, land->n,
                                DESCENT_F32, false, land->o.threads, err);
}

static descent_status make(descent_landscape *land, descent_error *err)
{
    DSC_TRY(load(land, err));
    DSC_TRY(open_data(land, err));
    DSC_TRY(choose_examples(land, err));
    land->w = dsc_alloc(land->model->n_w, sizeof *land->w);
    if (!land->w)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for %zu weights", land->model->n_w);
    dsc_widen(land->w, land->model->w, land->model->n_w);
    return dsc_path_find(land, err);
}

descent_status descent_landscape_open(descent_landscape **out, const char *folder,
                                      const descent_landscape_options *options, descent_error *err)
{
    *out = NULL;
    if (strlen(folder) >= sizeof((descent_landscape *)0)->folder)
        return dsc_fail(err, DESCENT_INVALID, "the name of the run folder is too long");
    descent_landscape *land = dsc_alloc(1, sizeof *land);
    if (!land)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for a loss landscape");
    land->o = options ? *options : descent_landscape_defaults();
    snprintf(land->folder, sizeof land->folder, "%s", folder);
    const descent_status status = make(land, err);
    if (status != DESCENT_OK) {
        descent_landscape_free(land);
        return status;
    }
    *out = land;
    return DESCENT_OK;
}

void descent_landscape_free(descent_landscape *land)
{
    if (!land)
        return;
    dsc_mean_loss_free(land->mean);
    dsc_split_free(&land->split);
    descent_dataset_free(land->data);
    descent_recipe_free(land->recipe);
    descent_model_free(land->model);
    dsc_free(land->snapshot);
    dsc_free(land->w);
    dsc_free(land);
}

const descent_model *descent_landscape_model(const descent_landscape *land)
{
    return land->model;
}

const descent_recipe *descent_landscape_recipe(const descent_landscape *land)
{
    return land->recipe;
}

const descent_dataset *descent_landscape_data(const descent_landscape *land)
{
    return land->data;
}

size_t descent_landscape_examples(const descent_landscape *land)
{
    return land->n;
}

size_t descent_landscape_snapshots(const descent_landscape *land)
{
    return land->n_snapshots;
}

const descent_snapshot *descent_landscape_snapshot(const descent_landscape *land, size_t index)
{
    return index < land->n_snapshots ? &land->snapshot[index] : NULL;
}

/* --- curvature -------------------------------------------------------------------------------- */

static descent_status spectrum_of(const descent_landscape *land, const descent_model *model,
                                  size_t count, descent_spectrum *out, descent_error *err)
{
    const descent_spectrum_options o = {
        .count = count, .seed = land->o.seed, .watch = land->o.watch, .user = land->o.user};
    dsc_mean_loss *mean;

    *out = (descent_spectrum){0};
    double *w = dsc_alloc(model->n_w, sizeof *w);
    if (!w)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for %zu weights", model->n_w);
    dsc_widen(w, model->w, model->n_w);
    descent_status status = dsc_mean_loss_create(&mean, model, land->data, land->split.train,
                                                 land->n, DESCENT_F64, true, land->o.threads, err);
    if (status == DESCENT_OK)
        status =
            descent_spectrum_measure(out, dsc_mean_loss_gradient, mean, w, model->n_w, &o, err);
    dsc_mean_loss_free(mean);
    dsc_free(w);
    return status;
}

descent_status descent_landscape_spectrum(descent_landscape *land, int64_t snapshot, size_t count,
                                          descent_spectrum *out, descent_error *err)
{
    descent_model *model;

    if (snapshot < 0)
        return spectrum_of(land, land->model, count, out, err);
    *out = (descent_spectrum){0};
    DSC_TRY(dsc_path_load(land, (size_t)snapshot, &model, err));
    const descent_status status = spectrum_of(land, model, count, out, err);
    descent_model_free(model);
    return status;
}
