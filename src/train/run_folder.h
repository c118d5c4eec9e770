/* run_folder.h - the folder of a run, as a training begins it or goes on with it.
 *
 *     recipe.ini               all settings; the last to be written, so that what has one is a run
 *     log.jsonl                its first line also tells what else was asked for
 *     timing.jsonl             what a clock said
 *     checkpoint.safetensors   where the training stood
 *     snapshots/               the weights on their way
 *     model.safetensors, report.html
 *
 * The lock on log.jsonl keeps a second training from it. */
#ifndef DSC_TRAIN_RUN_FOLDER_H
#define DSC_TRAIN_RUN_FOLDER_H

#include "train/fit.h"

typedef struct dsc_run_folder {
    json_t *begun; /* the first line of the log of a run that goes on; or NULL */
    bool goes_on;  /* from `checkpoint`, until that is taken */
    dsc_tensors checkpoint;
    dsc_log *log;
} dsc_run_folder;

/* Before anything is built. Of a run that is to be resumed: opens its files, reads where it stood,
 * and fills what the options leave open from what it was begun with (borrowed from `run`). Changes
 * nothing. Free `run` in any case. */
descent_status dsc_run_folder_find(dsc_run_folder *run, descent_train_options *options,
                                   descent_error *err);
/* Now that all of `fit` is built, whose log then is that of the run: makes the folder what a
 * training may write to, and puts the checkpoint into the fit. */
descent_status dsc_run_folder_begin(dsc_run_folder *run, dsc_fit *fit, descent_error *err);
void dsc_run_folder_free(dsc_run_folder *run);

/* --- changes.c -------------------------------------------------------------------------------- */

/* Compares settings and data with those that the run was begun with: fails with DESCENT_INVALID and
 * lists the differences, or *changed and they stand in the log, if the options allow changes. */
descent_status dsc_run_compare(const dsc_run_folder *run, const dsc_fit *fit, bool *changed,
                               descent_error *err);

#endif
