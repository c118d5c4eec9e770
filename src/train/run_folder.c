/* run_folder.c - the folder of a run; see run_folder.h. */
#include "train/run_folder.h"

#include "base/file.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { PATH = 600 };

static const char *path_of(char out[PATH], const char *folder, const char *name)
{
    snprintf(out, PATH, "%s/%s", folder, name);
    return out;
}

/* --- find ------------------------------------------------------------------------------------- */

static const char *text_of(const json_t *asked, const char *key)
{
    return json_string_value(json_object_get(asked, key));
}

static void fill_options(const json_t *begun, descent_train_options *o)
{
    const json_t *asked = json_object_get(begun, "options");

    if (!asked)
        return;
    if (!o->kernels)
        o->kernels = text_of(asked, "kernel");
    if (!o->instruments)
        o->instruments = text_of(asked, "instruments");
    if (!o->stop_on)
        o->stop_on = text_of(asked, "stop_on");
    const json_int_t snapshots = json_integer_value(json_object_get(asked, "snapshots"));
    if (o->snapshots <= 0 && snapshots > 0 && snapshots <= INT_MAX) /* a log may say anything */
        o->snapshots = (int)snapshots;
    if (json_integer_value(json_object_get(asked, "findings")) == 0)
        o->diagnose = 0;
}

descent_status dsc_run_folder_find(dsc_run_folder *run, descent_train_options *o,
                                   descent_error *err)
{
    char path[PATH];

    *run = (dsc_run_folder){.goes_on = false};
    if (!o->resume)
        return DESCENT_OK;
    if (!dsc_file_exists(path_of(path, o->folder, "recipe.ini")))
        return dsc_fail(err, DESCENT_IO,
                        "there is no run in '%s': it has no recipe.ini; begin it anew", o->folder);
    DSC_TRY(dsc_log_open(&run->log, o->folder, err));
    /* a log that was lost is found out when it is cut to what the checkpoint knows of */
    const descent_status begun = dsc_log_read_start(&run->begun, o->folder, err);
    if (begun == DESCENT_NOMEM)
        return begun;
    if (begun == DESCENT_OK)
        fill_options(run->begun, o);
    if (!dsc_file_exists(path_of(path, o->folder, "checkpoint.safetensors")))
        return DESCENT_OK;
    DSC_TRY(dsc_tensors_read(&run->checkpoint, path, err));
    run->goes_on = true;
    return DESCENT_OK;
}

void dsc_run_folder_free(dsc_run_folder *run)
{
    json_decref(run->begun);
    dsc_tensors_free(&run->checkpoint);
    dsc_log_free(run->log);
}

/* --- begin ------------------------------------------------------------------------------------ */

static void sweep(const char *folder)
{
    char path[PATH];

    dsc_folder_sweep(folder);
    dsc_folder_sweep(path_of(path, folder, "snapshots"));
}

/* What an earlier run left: its recipe first, as without it there is no run, and for good before
 * the log is emptied. One that goes on from its start keeps the recipe. */
static void clear(const char *folder, bool resumed)
{
    static const char *const name[] = {"recipe.ini", "checkpoint.safetensors", "model.safetensors",
                                       "report.html"};
    char path[PATH];
    bool removed = false;

    for (size_t i = resumed ? 1 : 0; i < sizeof name / sizeof *name; i++)
        removed |= unlink(path_of(path, folder, name[i])) == 0;
    if (removed)
        dsc_folder_sync(folder);
}

static descent_status write_recipe(const dsc_fit *fit, descent_error *err)
{
    char path[PATH];

    return dsc_recipe_write(fit->recipe, path_of(path, fit->options->folder, "recipe.ini"), err);
}

static descent_status start(dsc_run_folder *run, dsc_fit *fit, descent_error *err)
{
    const descent_train_options *o = fit->options;
    int64_t bytes;

    if (!run->log) {
        if (o->folder)
            DSC_TRY(dsc_folder_make(o->folder, err));
        DSC_TRY(dsc_log_open(&run->log, o->folder, err));
    }
    fit->log = run->log;
    if (!o->folder)
        return DESCENT_OK;
    sweep(o->folder);
    clear(o->folder, o->resume);
    DSC_TRY(dsc_log_begin(run->log, err));
    dsc_fit_log_start(fit);
    DSC_TRY(dsc_log_sync(run->log, &bytes, err));
    return write_recipe(fit, err);
}

/* Nothing is changed before all of it fits. */
static descent_status go_on(dsc_run_folder *run, dsc_fit *fit, descent_error *err)
{
    bool changed = false;
    int64_t log_bytes;

    fit->log = run->log;
    DSC_TRY(dsc_run_compare(run, fit, NULL, err));
    DSC_TRY(dsc_checkpoint_take(fit, &run->checkpoint, &log_bytes, err));
    DSC_TRY(dsc_log_cut(run->log, log_bytes, err));
    sweep(fit->options->folder);
    DSC_TRY(dsc_run_compare(run, fit, &changed, err));
    dsc_fit_log_resume(fit);
    if (changed)
        DSC_TRY(write_recipe(fit, err));
    return DESCENT_OK;
}

descent_status dsc_run_folder_begin(dsc_run_folder *run, dsc_fit *fit, descent_error *err)
{
    const descent_status status = run->goes_on ? go_on(run, fit, err) : start(run, fit, err);

    dsc_tensors_free(&run->checkpoint);
    run->checkpoint = (dsc_tensors){0};
    return status;
}
