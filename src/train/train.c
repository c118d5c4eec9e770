/* train.c - descent_train(): from a recipe to a trained model. */
#include "train/diagnose.h"

#include "base/memory.h"
#include "base/parallel.h"
#include "base/resident.h"
#include "schedule/schedule.h"
#include "train/run_folder.h"
#include "train/targets.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Everything a training owns; released in one place whatever happens. */
typedef struct session {
    descent_train_options options;
    dsc_run_folder run;
    descent_recipe *recipe;  /* resolved */
    descent_dataset *opened; /* when the recipe named the data */
    char *loss;              /* the loss with weights that were counted; or NULL */
    dsc_settings settings;
    dsc_split split;
    dsc_scaling scaling;
    dsc_augment augment; /* of the training part */
    descent_model *model;
    dsc_network network; /* sized for one shard */
    bool trains; /* else it is only prepared: a check looks at the gradient itself, at length */
    dsc_fit fit;
} session;

descent_train_options descent_train_defaults(void)
{
    return (descent_train_options){.diagnose = 1};
}

static void release(session *s)
{
    descent_recipe_free(s->recipe);
    descent_dataset_free(s->opened);
    dsc_free(s->loss);
    dsc_split_free(&s->split);
    dsc_scaling_free(&s->scaling);
    dsc_trainer_free(s->fit.trainer);
    descent_optimizer_free(s->fit.optimizer);
    descent_schedule_free(s->fit.schedule);
    dsc_diagnosis_free(s->fit.diagnosis);
    dsc_instruments_free(s->fit.instruments);
    dsc_run_folder_free(&s->run); /* the log, after those that write to it */
    dsc_free(s->fit.order);
    dsc_tested_free(&s->fit);
    dsc_average_free(&s->fit);
    dsc_best_free(&s->fit);
    dsc_network_free(&s->network);
    descent_model_free(s->model);
}

/* Data, settings, split, augmentation and scaling. */
static descent_status prepare_data(session *s, const descent_recipe *recipe,
                                   const descent_dataset *data, descent_error *err)
{
    DSC_TRY(dsc_recipe_copy(&s->recipe, recipe, err));
    if (!data) {
        const char *spec = recipe->setting[DSC_KEY_data].text;
        if (!spec)
            return dsc_fail(err, DESCENT_INVALID,
                            "no data to train on; name a data set or a file, such as digits or "
                            "iris.csv");
        DSC_TRY(dsc_dataset_open_at(&s->opened, spec, dsc_recipe_place(recipe, DSC_KEY_data), false,
                                    NULL, err));
        data = s->opened;
    }
    DSC_TRY(dsc_text_context(s->recipe, s->opened, data, err));
    s->fit.data = data;
    s->fit.scaling = &s->scaling;
    if (data->outputs == 0)
        return dsc_fail(err, DESCENT_INVALID, "'%s' has no target to learn", data->name);
    DSC_TRY(dsc_settings_resolve(&s->settings, s->recipe, data, 0, err));
    DSC_TRY(dsc_fit_split(&s->split, &s->settings, data, err));
    DSC_TRY(dsc_fit_resolve(&s->fit, &s->settings, s->recipe, &s->split, err));
    DSC_TRY(dsc_fit_make_augmentation(&s->augment, s->recipe, data, err));
    if (s->settings.standardize && !data->tokens)
        DSC_TRY(dsc_scaling_fit(&s->scaling, data, s->split.train, s->split.n_train, err));
    if (s->options.folder)
        DSC_TRY(dsc_dataset_mark(data, s->fit.mark, err));
    return dsc_targets_prepare(&s->settings, &s->loss, data, &s->split, &s->scaling, err);
}

/* The model that people get, and the network of one shard that shares its weights. */
static descent_status prepare_model(session *s, dsc_backend backend, descent_error *err)
{
    const descent_dataset *data = s->fit.data;
    dsc_settings *set = &s->settings;
    descent_model_options options = {.layers = set->model,
                                     .loss = set->loss,
                                     .rank = data->shape.rank,
                                     .outputs = data->outputs,
                                     .seed = set->seed,
                                     .vocabulary = data->tokens ? data->outputs : 0};

    memcpy(options.shape, data->shape.size, sizeof options.shape);
    dsc_place place = dsc_recipe_place(s->recipe, DSC_KEY_model);
    bool changed;
    DSC_TRY(dsc_model_create_at(&s->model, &options, backend, place, SIZE_MAX, err));
    DSC_TRY(dsc_recipe_space_model(s->recipe, &changed, err));
    if (changed) { /* which is right, as it was typed; the run has it as its recipe will be read */
        options.layers = set->model = s->recipe->setting[DSC_KEY_model].text;
        place = dsc_recipe_place(s->recipe, DSC_KEY_model);
        descent_model_free(s->model);
        s->model = NULL;
        DSC_TRY(dsc_model_create_at(&s->model, &options, backend, place, SIZE_MAX, err));
    }
    DSC_TRY(dsc_model_describe(s->model, data, &s->scaling, err));
    const int rows = dsc_shards_choose(set, data, &s->model->network);
    DSC_TRY(dsc_network_build(&s->network, &options, DESCENT_F32, rows, backend, place, NULL, err));
    DSC_TRY(dsc_network_expect(&s->network, &s->scaling, err));
    return dsc_text_check(&s->network, data, place, err);
}

/* An example comes once an epoch, so its number and the epoch's say how it is changed. */
static void fill_from_data(const void *user, int64_t step, const uint32_t *index, size_t n, void *x,
                           void *y)
{
    const session *s = user;
    const dsc_augmenting how = {.augment = &s->augment,
                                .seed = s->settings.seed,
                                .epoch = (uint64_t)(step / s->fit.steps_per_epoch)};

    dsc_batch_gather_augmented(s->fit.data, &how, &s->scaling, DESCENT_F32, index, n, x, y);
}

/* Optimizer, schedule and the trainer with its memory. */
static descent_status prepare_steps(session *s, descent_error *err)
{
    dsc_fit *fit = &s->fit;
    const dsc_settings *set = &s->settings;
    const int64_t n = (int64_t)s->split.n_train;
    const int64_t window = (int64_t)set->batch * set->accumulate;

    fit->window = window < n ? window : n;
    fit->steps_per_epoch = (n + fit->window - 1) / fit->window;
    fit->windows = fit->steps = fit->steps_per_epoch * set->epochs;
    if (set->steps > 0 && set->steps < fit->steps)
        fit->steps = set->steps;
    fit->stretch_length = dsc_stretch_length(fit->steps);
    DSC_TRY(dsc_fit_make_optimizer(fit, s->recipe, err));
    if (s->recipe->setting[DSC_KEY_schedule].by_default && dsc_fit_wants_constant_lr(fit)) {
        DSC_TRY(dsc_recipe_put(s->recipe, DSC_KEY_schedule, "constant", (dsc_place){0}, err));
        s->settings.schedule = s->recipe->setting[DSC_KEY_schedule].text;
    }
    const dsc_place place = dsc_recipe_place(s->recipe, DSC_KEY_schedule);
    DSC_TRY(dsc_schedule_create_at(&fit->schedule, set->schedule, fit->steps, place, err));
    DSC_TRY(dsc_drive_begin(&fit->drive, fit->optimizer, fit->schedule, fit->steps, place, err));
    fit->order = dsc_alloc(s->split.n_train, sizeof *fit->order);
    if (!fit->order)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for the order of %zu examples",
                        s->split.n_train);
    DSC_TRY(dsc_tested_prepare(fit, err));
    DSC_TRY(dsc_average_prepare(fit, err));
    DSC_TRY(dsc_best_prepare(fit, err));
    DSC_TRY(dsc_fit_make_instruments(fit, s->network.graph, err));
    DSC_TRY(dsc_diagnosis_create(fit, err));
    DSC_TRY(dsc_watch_prepare(fit, err));
    /* while the trainer is not there yet: the memory that this gives back becomes the trainer's */
    if (s->trains)
        DSC_TRY(dsc_diagnosis_direction(fit, err));
    return dsc_trainer_create(&fit->trainer,
                              &(dsc_trainer_options){.network = &s->network,
                                                     .optimizer = fit->optimizer,
                                                     .w = s->model->w,
                                                     .b = s->model->b,
                                                     .shards = set->shards,
                                                     .threads = fit->threads,
                                                     .batch = (size_t)set->batch,
                                                     .accumulate = set->accumulate,
                                                     .seed = set->seed,
                                                     .fill = fill_from_data,
                                                     .fill_user = s},
                              err);
}

/* What a model file says of where it comes from; a checkpoint tells by it how it was begun. */
static descent_status note_recipe(session *s, descent_error *err)
{
    for (int key = 0; key < DSC_KEY_COUNT; key++) {
        char note[DSC_RECIPE_NOTE];
        if (s->recipe->setting[key].text)
            DSC_TRY(dsc_model_note(s->model, dsc_recipe_note((dsc_key)key, note),
                                   s->recipe->setting[key].text, err));
    }
    return DESCENT_OK;
}

/* The last line of the log, and the files of the run. */
static descent_status save(session *s, const descent_train_result *r, descent_error *err)
{
    char text[32], path[512];
    int64_t bytes;

    dsc_fit_log_result(&s->fit, r);
    DSC_TRY(dsc_log_sync(s->fit.log, &bytes, err));
    snprintf(text, sizeof text, "%lld", (long long)r->steps);
    DSC_TRY(dsc_model_note(s->model, "step", text, err));
    if (!s->fit.options->folder)
        return DESCENT_OK;
    snprintf(path, sizeof path, "%s/model.safetensors", s->fit.options->folder);
    return descent_model_save(s->model, path, err);
}

/* All that a training needs, but for its folder. */
static descent_status prepare(session *s, const descent_recipe *recipe, const descent_dataset *data,
                              const descent_train_options *o, descent_error *err)
{
    dsc_backend backend;

    s->fit.threads = dsc_threads(o->threads);
    s->fit.program_bytes = dsc_measure_program(s->fit.threads);
    s->fit.progress.last_train_loss = (double)NAN;
    s->options = *o;
    s->fit.options = &s->options;
    DSC_TRY(dsc_run_folder_find(&s->run, &s->options, err));
    DSC_TRY(prepare_data(s, recipe, data, err));
    DSC_TRY(dsc_fit_read_kernels(s->options.kernels, &s->settings, &backend, err));
    DSC_TRY(prepare_model(s, backend, err));
    s->fit.settings = &s->settings;
    s->fit.recipe = s->recipe;
    s->fit.split = &s->split;
    s->fit.model = s->model;
    DSC_TRY(prepare_steps(s, err));
    DSC_TRY(note_recipe(s, err));
    dsc_diagnosis_start(&s->fit);
    return DESCENT_OK;
}

static descent_status train(session *s, const descent_recipe *recipe, const descent_dataset *data,
                            const descent_train_options *o, descent_train_result *result,
                            descent_error *err)
{
    s->trains = true;
    DSC_TRY(prepare(s, recipe, data, o, err));
    DSC_TRY(dsc_run_folder_begin(&s->run, &s->fit, err));
    DSC_TRY(dsc_fit_tell_memory(&s->fit, err));
    if (o->on_start)
        o->on_start(s->recipe, s->fit.data, s->model, s->fit.optimizer, o->user);
    DSC_TRY(dsc_fit_run(&s->fit, result, err));
    result->peak_bytes = dsc_peak_bytes();
    DSC_TRY(save(s, result, err));
    dsc_tested_show(&s->fit);
    return DESCENT_OK;
}

descent_status dsc_train_prepared(const descent_recipe *recipe, const descent_dataset *data,
                                  const descent_train_options *options, dsc_fit_work work,
                                  void *user, descent_error *err)
{
    descent_train_options o = *options;
    session s = {0};

    o.folder = NULL; /* nothing is written */
    o.resume = 0;
    descent_status status = prepare(&s, recipe, data, &o, err);
    if (status == DESCENT_OK)
        status = dsc_run_folder_begin(&s.run, &s.fit, err);
    if (status == DESCENT_OK)
        status = work(&s.fit, user, err);
    release(&s);
    return status;
}

descent_status descent_train(descent_model **out, const descent_recipe *recipe,
                             const descent_dataset *data, const descent_train_options *options,
                             descent_train_result *result, descent_error *err)
{
    const descent_train_options defaults = descent_train_defaults();
    descent_train_result scratch;
    session s = {0};

    *out = NULL;
    const descent_status status =
        train(&s, recipe, data, options ? options : &defaults, result ? result : &scratch, err);
    if (status == DESCENT_OK) {
        *out = s.model;
        s.model = NULL;
    }
    release(&s);
    return status;
}
