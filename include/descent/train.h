/* train.h - train a network from a recipe: data, model, optimizer, batch, epochs. */
#ifndef DESCENT_TRAIN_H
#define DESCENT_TRAIN_H

#include "descent/data.h"
#include "descent/finding.h"
#include "descent/minimize.h"
#include "descent/model.h"

#ifdef __cplusplus
extern "C" {
#endif

/* --- recipes -------------------------------------------------------------------------------- */

/* All settings of a training: "key = value" lines, every key also a flag of `descent train`. */
typedef struct descent_recipe descent_recipe;

/* The keys a recipe knows, as text parameters with help; NULL past the end. */
DESCENT_API const descent_param *descent_recipe_key(size_t index);
/* 1 for a key that may be given several times: group. Each time adds to what is there. */
DESCENT_API int descent_recipe_repeats(size_t index);

DESCENT_API descent_status descent_recipe_create(descent_recipe **out, descent_error *err);
DESCENT_API void descent_recipe_free(descent_recipe *recipe); /* NULL is fine */
/* Reads "key = value" lines; unknown keys are errors that name file, line and nearest key. */
DESCENT_API descent_status descent_recipe_read(descent_recipe *recipe, const char *path,
                                               descent_error *err);
/* Sets one key, or adds to one that may be given several times. `origin` names where the value was
 * typed, for errors: "--batch" or NULL. */
DESCENT_API descent_status descent_recipe_set(descent_recipe *recipe, const char *key,
                                              const char *value, const char *origin,
                                              descent_error *err);
/* The value set, or NULL when the key was left to its default. */
DESCENT_API const char *descent_recipe_get(const descent_recipe *recipe, const char *key);

/* --- training ------------------------------------------------------------------------------- */

typedef struct descent_train_progress {
    int64_t step, steps; /* steps taken, and in all */
    int epoch, epochs;   /* the epoch that runs, from 1 */
    double loss;         /* running mean of the training loss; text: of a token */
    double accuracy;     /* of the training batches so far this epoch; NaN for regression */
    double lr;           /* in force at this step */
    double step_loss;    /* of this step's examples alone, before the move */
    double samples_per_second, seconds, seconds_left;
    int tokens_per_sample; /* text: a sample is a window of so many tokens; else 0 */
    int epoch_ended;       /* test_* hold values now */
    double test_loss, test_accuracy, test_rmse;
    int64_t skipped;     /* steps skipped so far, because loss or gradient was not finite */
    int step_skipped;    /* this one was: nothing has moved */
    const char *culprit; /* the first segment whose gradient was at fault; "": the loss alone */
} descent_train_progress;

/* What a training takes of memory, part by part; what people call it, and bytes. */
typedef struct descent_memory_part {
    const char *name, *about;
    size_t bytes;
} descent_memory_part;

enum { DESCENT_SNAPSHOTS_OF_PLANES = -1 };

typedef struct descent_train_options {
    const char *folder; /* where the run is written, in place of one that is there; NULL writes
                         * nothing */
    /* go on with the run in `folder`, from its checkpoint; where it has none yet, from the start.
     * It ends with the bytes of a run that never stopped: model, log.jsonl, report.html. What these
     * options leave open of kernels, snapshots, instruments, diagnose and stop_on is as it was
     * begun */
    int resume;
    /* of a resumed run: settings may differ from those it was begun with. Else a difference, also
     * of the data, fails with DESCENT_INVALID and a sentence that lists them */
    int allow_changes;
    double checkpoint_seconds; /* between two checkpoints; 0: 30, or twenty times what writing one
                                * takes, if that is longer */
    /* 1: a run ends with DESCENT_IO when its files cannot be written. 0: the training goes on, and
     * log and checkpoint are written when there is room again; only the end wants its files, and
     * a snapshot, which can't wait */
    int stop_on_write_error;
    /* called when something could not be written and the training goes on; once, until it could */
    void (*on_write_error)(const descent_error *why, void *user);
    int threads;         /* 0: one for every core; the result does not depend on it */
    int snapshots;       /* keep the weights so many times on the way, in folder/snapshots/; changes
                          * nothing else. A whole model each time. 0: never;
                          * DESCENT_SNAPSHOTS_OF_PLANES: 20 times where examples have two features,
                          * whose plane can be drawn */
    const char *kernels; /* "auto" or "ref"; NULL is "auto" */
    /* what is measured on the way, for log.jsonl (instrument.h): "standard", or names divided by
     * commas, "grad_norm, sharpness iterations=8"; NULL measures nothing. Never changes the result
     */
    const char *instruments;
    /* 1, the default: look for what goes wrong; see result->finding. Takes below 5 % of the time
     * and some vectors as long as the weights (only up to 2^24 of these), and never changes the
     * result
     */
    int diagnose;
    /* names of findings divided by commas, "diverged, dead-units": the run ends when one of them
     * appears. "diverged" is looked for all the time, others at the ends of epochs. NULL: none
     * ever ends a run */
    const char *stop_on;
    /* 1: for choices between trainings. The test part is left alone; a fifth of the training part
     * is held out and scored in its place */
    int hold_out;
    /* above 0: learn only so many examples, spread over the training part, and score as many: can
     * the network learn them by heart? */
    size_t examples;
    /* called once when everything is built, before the first step; the objects live on */
    void (*on_start)(const descent_recipe *resolved, const descent_dataset *data,
                     const descent_model *model, const descent_optimizer *optimizer, void *user);
    /* called before on_start with all that the training will hold at once: the first part is what
     * the process held when descent_train() was called */
    void (*on_memory)(const descent_memory_part *part, size_t n, void *user);
    /* called after every step, skipped ones too; a nonzero answer ends the run after saving */
    int (*on_progress)(const descent_train_progress *progress, void *user);
    /* called when something is found while the training runs that is likely (confidence 0.4 and
     * above), once for each finding; what is found when it is over stands in the result */
    void (*on_finding)(const descent_finding *finding, int64_t step, void *user);
    /* called once after all files are written, with the trained model and what it said of the test
     * part (NULL: the data is text): for a look at all together, such as descent_report_run(); they
     * must not be changed, and go when the call has returned */
    void (*on_end)(const descent_dataset *data, const descent_model *model,
                   const descent_tested *tested, void *user);
    void *user;
} descent_train_options;

typedef struct descent_train_result {
    int64_t steps, skipped_steps;
    int epochs;
    double train_loss, test_loss;
    double test_accuracy;           /* NaN for regression */
    double test_rmse;               /* NaN for classification */
    size_t train_count, test_count; /* examples; of text the tokens of an epoch, and of the test */
    int tokens_per_sample;          /* text: a sample is a window of so many tokens; else 0 */
    double seconds, samples_per_second;
    descent_stop stop;
    size_t peak_bytes; /* the most memory this process ever held; 0 where the system doesn't tell */
    char sentence[256];     /* how it ended, in plain words */
    const char *stopped_by; /* the finding that ended the run, as stop_on asked; NULL: none */
    int best_epoch;         /* with patience: whose weights the model has; else 0 */
    /* what went wrong, if anything, the most important first; behind the last one the name is NULL
     */
    descent_finding finding[DESCENT_FINDINGS + 1];
} descent_train_result;

DESCENT_API descent_train_options descent_train_defaults(void);

/* Trains. `data` may be NULL: then the recipe's `data` key is opened. What the recipe leaves open
 * gets a sensible default that is visible in on_start's `resolved`. On success *out is the
 * trained model (free it), also when the run was interrupted or diverged: result->stop says. */
DESCENT_API descent_status descent_train(descent_model **out, const descent_recipe *recipe,
                                         const descent_dataset *data,
                                         const descent_train_options *options,
                                         descent_train_result *result, descent_error *err);

#ifdef __cplusplus
}
#endif
#endif
