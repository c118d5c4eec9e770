/* fit.h - the loop over epochs and batches, on objects that are already built. */
#ifndef DSC_TRAIN_FIT_H
#define DSC_TRAIN_FIT_H

#include "minimize/drive.h"
#include "schedule/schedule.h"
#include "train/log.h"
#include "train/recipe.h"
#include "train/trainer.h"

/* Where a training stands between two steps; all of it is saved, so that a resumed run equals an
 * uninterrupted one. */
typedef struct dsc_progress {
    int64_t step;    /* steps taken */
    double loss_sum; /* of this epoch: sum over examples of the loss */
    size_t hits, seen;
    double last_train_loss; /* of the last whole epoch; NaN before */
    double seconds;         /* of training, earlier sittings included */
} dsc_progress;

typedef struct dsc_fit {
    const descent_train_options *options;
    const dsc_settings *settings;
    const descent_recipe *recipe; /* resolved */
    const descent_dataset *data;
    const dsc_split *split;
    descent_model *model;
    dsc_trainer *trainer;
    descent_optimizer *optimizer;
    descent_schedule *schedule;
    dsc_drive drive; /* the schedule at the optimizer's wheel */
    int threads;
    int64_t steps_per_epoch, steps; /* steps in all */
    dsc_log *log;
    uint32_t *order; /* split->n_train indexes, shuffled for each epoch */
    dsc_progress progress;
} dsc_fit;

/* Runs until all steps are taken, the caller interrupts or the loss is no longer finite. Fails
 * only when something cannot be written; result then holds what was reached. */
descent_status dsc_fit_run(dsc_fit *fit, descent_train_result *result, descent_error *err);

/* --- checkpoint.c ----------------------------------------------------------------------------- */

/* Writes FOLDER/checkpoint.safetensors: model, optimizer state, recipe and progress. */
descent_status dsc_checkpoint_write(const dsc_fit *fit, descent_error *err);
/* Reads it back into a fit that was built from the same recipe; fails on any difference. */
descent_status dsc_checkpoint_read(dsc_fit *fit, descent_error *err);

#endif
