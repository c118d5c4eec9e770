/* pool.h - many trainings at once, one thread each. */
#ifndef DSC_STUDY_POOL_H
#define DSC_STUDY_POOL_H

#include "study/ground.h"

/* A training and what it came to. Fill in recipe and data; the rest is the pool's. */
typedef struct dsc_trial {
    descent_recipe *recipe;      /* owned by the trial */
    const descent_dataset *data; /* borrowed */
    uint64_t weights;            /* a check sum of the initial ones */
    descent_train_result result;
    descent_status status;
    descent_error err;
    struct dsc_trial_epoch *epoch; /* what was measured after each */
    size_t n_epochs, room;
} dsc_trial;

typedef struct dsc_trial_epoch {
    int64_t step;
    double train_loss, test_loss, test_accuracy, test_rmse, lr, seconds;
} dsc_trial_epoch;

typedef struct dsc_pool_options {
    int threads;   /* 0: one for every core */
    bool hold_out; /* as in descent_train_options */
    const char *kernels;
    /* as in descent_compare_options; called by the caller's thread only */
    int (*on_progress)(double part, int done, int all, void *user);
    void *user;
    int before, all; /* trainings done earlier, and in all, for on_progress */
} dsc_pool_options;

/* Runs all trials; each goes the same way whatever runs beside it. Stops at the first that fails,
 * and gives its error. *interrupted: on_progress ended it. */
descent_status dsc_pool_run(dsc_trial *trial, int count, const dsc_pool_options *options,
                            bool *interrupted, descent_error *err);
void dsc_trial_free(dsc_trial *trial); /* what it owns */

#endif
