/* fit.h - the loop over epochs and batches, on objects that are already built. */
#ifndef DSC_TRAIN_FIT_H
#define DSC_TRAIN_FIT_H

#include "data/dataset.h"
#include "instrument/measure.h"
#include "minimize/drive.h"
#include "model/tensors.h"
#include "schedule/schedule.h"
#include "train/log.h"
#include "train/recipe.h"
#include "train/stretch.h"
#include "train/trainer.h"

/* Where a training stands between two steps; all of it is saved, so that a resumed run equals an
 * uninterrupted one. */
typedef struct dsc_progress {
    int64_t step;    /* steps taken; skipped ones are not */
    double loss_sum; /* of this epoch: sum over examples of the loss */
    size_t hits, seen;
    double last_train_loss; /* of the last whole epoch; NaN before */
    double seconds;         /* of training, earlier sittings included */
} dsc_progress;

/* The epoch with the lowest test loss, of a training with patience; saved in checkpoints. */
enum {
    DSC_BEST_EPOCH,  /* from 1; 0: there is none yet */
    DSC_BEST_WAITED, /* epochs since then */
    DSC_BEST_LOSS,
    DSC_BEST_TRAIN_LOSS,
    DSC_BEST_NUMBERS,
    DSC_BEST_PARTS = 3
};

typedef struct dsc_best {
    float *w, *b; /* as they were evaluated; NULL: no patience */
    double number[DSC_BEST_NUMBERS];
} dsc_best;

typedef struct dsc_diagnosis dsc_diagnosis; /* diagnose.h */

typedef struct dsc_fit {
    const descent_train_options *options;
    const dsc_settings *settings;
    const descent_recipe *recipe; /* resolved */
    const descent_dataset *data;
    const dsc_split *split;
    const dsc_scaling *scaling;
    descent_model *model;
    dsc_trainer *trainer;
    descent_optimizer *optimizer;
    descent_schedule *schedule;
    dsc_drive drive; /* the schedule at the optimizer's wheel */
    int threads;
    size_t program_bytes;           /* what the process held before */
    int64_t window;                 /* examples of a step */
    int64_t steps_per_epoch, steps; /* steps in all */
    int64_t windows; /* how often examples for a step may be taken; more than steps when these have
                        a limit of their own */
    dsc_log *log;
    dsc_instruments *instruments;    /* or NULL */
    bool tells[DSC_MAX_INSTRUMENTS]; /* those that the log tells of; others measure for findings */
    dsc_diagnosis *diagnosis;        /* or NULL */
    bool new_numbers;                /* of the last step, which no line tells yet */
    int64_t stretch_length;          /* steps of a line in the log */
    dsc_stretch_sums stretch;        /* since the last one */
    uint32_t *order;                 /* split->n_train indexes, shuffled for each epoch */
    bool averages;                   /* an average of the weights is evaluated and saved */
    float *w_training, *b_training;  /* while it is shown: what training goes on with */
    uint32_t *measured;              /* examples for batch_norm's statistics of the average */
    size_t n_measured;
    dsc_best best;
    float *said; /* (split->n_test, outputs), raw: at the last scoring; NULL: nobody will ask */
    float *lost; /* (split->n_test) what each example lost then; NULL as well */
    dsc_forward_runs scoring; /* kept from epoch to epoch */
    descent_score score;      /* of the last epoch, measured after step scored_at; 0: not yet */
    int64_t scored_at;
    char mark[DSC_MARK_SIZE]; /* of the data, when there is a folder */
    bool write_failed;        /* and on_write_error knows */
    double kept_at, keeping;  /* the last checkpoint, by dsc_seconds(), and how long it took */
    dsc_progress progress;
} dsc_fit;

/* Runs until all steps are taken, the caller interrupts or too many steps in a row had to be
 * skipped, and writes the last checkpoint. Then the model holds what is to be saved. Fails only
 * when something cannot be written; result then holds what was reached. */
descent_status dsc_fit_run(dsc_fit *fit, descent_train_result *result, descent_error *err);

/* --- train.c ---------------------------------------------------------------------------------- */

/* Builds all that a training of this recipe would have, hands it to `work`, which may call
 * dsc_fit_run(), and releases it. Nothing is written. */
typedef descent_status (*dsc_fit_work)(dsc_fit *fit, void *user, descent_error *err);
descent_status dsc_train_prepared(const descent_recipe *recipe, const descent_dataset *data,
                                  const descent_train_options *options, dsc_fit_work work,
                                  void *user, descent_error *err);

/* --- events.c: lines of the log --------------------------------------------------------------- */

void dsc_fit_log_start(const dsc_fit *fit);
/* The run goes on from its checkpoint; the first for timing.jsonl alone. NULL: not set. */
void dsc_fit_log_resume(const dsc_fit *fit);
void dsc_fit_log_change(const dsc_fit *fit, const char *key, const char *from, const char *to);
void dsc_fit_log_result(const dsc_fit *fit, const descent_train_result *r);
void dsc_fit_log_epoch(const dsc_fit *fit, const descent_train_progress *r);
/* when: "training" where it was new on the way, "end" of those that stand in the result. */
void dsc_fit_log_finding(const dsc_fit *fit, const descent_finding *finding, const char *when);
/* `element` of g, -1: the loss alone, is why the step was skipped. */
void dsc_fit_log_skip(const dsc_fit *fit, const descent_train_progress *r, int64_t element,
                      double loss);
/* The stretch that ends here, and what was measured at its last step; the next one begins. */
void dsc_fit_log_steps(dsc_fit *fit, const descent_train_progress *r);

/* --- instruments.c ---------------------------------------------------------------------------- */

/* fit->instruments, if the options or findings want some, for networks of this graph; w is at its
 * start. */
descent_status dsc_fit_make_instruments(dsc_fit *fit, const dsc_graph *graph, descent_error *err);
/* True when the log tells of the i-th that was chosen. */
bool dsc_fit_tells(const dsc_fit *fit, size_t i);
/* How often the network of this graph uses a weight of a matrix or filter for one example, all
 * added up: its multiplications, forward. *weights: how many there are; NULL: not wanted. */
double dsc_fit_uses(const dsc_graph *graph, double *weights);
/* Before a step, and after it was taken on so many examples: true when something was measured. */
void dsc_fit_show_step(dsc_fit *fit);
bool dsc_fit_measure(dsc_fit *fit, size_t examples);

/* --- diagnose_save.c -------------------------------------------------------------------------- */

enum { DSC_DIAGNOSIS_PARTS = 10 };
/* What a checkpoint holds of the diagnosis: how many arrays. */
int dsc_diagnosis_parts(dsc_fit *fit, dsc_part part[DSC_DIAGNOSIS_PARTS]);
/* Takes them from a file; a diagnosis that it does not hold begins anew. */
void dsc_diagnosis_restore(dsc_fit *fit, const dsc_tensors *file);

/* --- ending.c --------------------------------------------------------------------------------- */

/* Whether NaN or infinity is in what is to be saved, or in what it loses on the test part. */
bool dsc_fit_is_odd(const dsc_fit *fit);
/* result->sentence: how it ended, and what to try when it went badly. */
void dsc_fit_say(const dsc_fit *fit, double lr, descent_train_result *result);

/* --- setup.c ---------------------------------------------------------------------------------- */

/* The parts of the data that a training with these settings has; release with dsc_split_free(). */
descent_status dsc_fit_split(dsc_split *split, const dsc_settings *settings,
                             const descent_dataset *data, descent_error *err);
/* All settings, now that the split is known; then the split is that of the options' hold_out. */
descent_status dsc_fit_resolve(const dsc_fit *fit, dsc_settings *settings, descent_recipe *recipe,
                               dsc_split *split, descent_error *err);
/* The kernels that options->kernels and the precision ask for. */
descent_status dsc_fit_read_kernels(const char *word, const dsc_settings *settings,
                                    dsc_backend *backend, descent_error *err);
/* fit->optimizer from the recipe; fit->steps and fit->window are known. */
descent_status dsc_fit_make_optimizer(dsc_fit *fit, const descent_recipe *recipe,
                                      descent_error *err);
/* True for rules whose theory wants no schedule: they average, or search for the length of each
 * step. */
bool dsc_fit_wants_constant_lr(const dsc_fit *fit);

/* How the training part is changed: the recipe's `augment`, or else the options of the data. */
descent_status dsc_fit_make_augmentation(dsc_augment *augment, const descent_recipe *recipe,
                                         const descent_dataset *data, descent_error *err);

/* --- shards.c --------------------------------------------------------------------------------- */

/* Chooses settings->shards, if it is 0: a power of two up to 16. A function of recipe and data, not
 * of the machine, because it is part of the result. Returns how many examples the largest has. */
int dsc_shards_choose(dsc_settings *settings, const descent_dataset *data,
                      const dsc_network *network);

/* --- memory.c --------------------------------------------------------------------------------- */

/* Tells options->on_memory, if there is one. */
descent_status dsc_fit_tell_memory(const dsc_fit *fit, descent_error *err);
/* What the process holds, and what the kernel library takes for a moment while it multiplies; the
 * latter shows where the peak moves. */
size_t dsc_measure_program(int threads);

/* --- text.c ----------------------------------------------------------------------------------- */

/* The recipe's `context`, if it has one, goes before that of the data, when the training opened it
 * (else `opened` is NULL). */
descent_status dsc_text_context(const descent_recipe *recipe, descent_dataset *opened,
                                const descent_dataset *data, descent_error *err);
/* Text wants an output for every token; a model may have one for the whole window. */
descent_status dsc_text_check(const dsc_network *network, const descent_dataset *data,
                              dsc_place place, descent_error *err);

/* --- snapshot.c ------------------------------------------------------------------------------- */

/* How often options->snapshots asks for the weights. */
int64_t dsc_snapshot_count(const dsc_fit *fit);
/* Before a step: keeps the weights, if options->snapshots asks for them now. */
descent_status dsc_snapshot_keep(dsc_fit *fit, double lr, descent_error *err);
/* Where the weights of that step lie within a run folder. */
enum { DSC_SNAPSHOT_PATH = 600 };
void dsc_snapshot_path(char out[DSC_SNAPSHOT_PATH], const char *folder, int64_t step);

/* --- average.c -------------------------------------------------------------------------------- */

descent_status dsc_average_prepare(dsc_fit *fit, descent_error *err);
void dsc_average_free(dsc_fit *fit);
/* Puts the average into fit->model, and takes it out again; no steps between the two. */
void dsc_average_show(dsc_fit *fit);
void dsc_average_hide(dsc_fit *fit);

/* --- best.c ----------------------------------------------------------------------------------- */

/* Takes the memory, if the settings have patience; without it the other calls do nothing. */
descent_status dsc_best_prepare(dsc_fit *fit, descent_error *err);
void dsc_best_free(dsc_fit *fit);
/* An epoch was scored, and fit->model holds what was scored. */
void dsc_best_see(dsc_fit *fit, const descent_train_progress *epoch);
/* Patience is at its end. */
bool dsc_best_ends(const dsc_fit *fit);
/* Puts the best weights into fit->model, which is to be scored again; false: there are none. */
bool dsc_best_restore(dsc_fit *fit);
/* What checkpoints save; how many parts. */
int dsc_best_parts(dsc_fit *fit, dsc_part part[DSC_BEST_PARTS]);

/* --- tested.c --------------------------------------------------------------------------------- */

/* fit->said and fit->lost, if somebody wants to look at the end; the model and the split are known.
 */
descent_status dsc_tested_prepare(dsc_fit *fit, descent_error *err);
void dsc_tested_free(dsc_fit *fit);
/* Shows data, model and fit->said to options->on_end, if there is one. The training is over. */
void dsc_tested_show(dsc_fit *fit);

/* --- keep.c ----------------------------------------------------------------------------------- */

/* What a failed write means: it is told once and the training goes on (DESCENT_OK), or `why`
 * becomes *err and ends the run. Other failures always end it. */
descent_status dsc_keep_on(dsc_fit *fit, descent_status status, const descent_error *why,
                           descent_error *err);
/* Whether the log could be written; and a checkpoint, when there is a folder. Both go by
 * dsc_keep_on(). */
descent_status dsc_keep_log(dsc_fit *fit, descent_error *err);
descent_status dsc_keep_checkpoint(dsc_fit *fit, descent_error *err);
/* Is it time for one? */
bool dsc_keep_is_due(const dsc_fit *fit, double now);

/* --- checkpoint.c ----------------------------------------------------------------------------- */

/* The note of a checkpoint that says which examples it learned: fit->mark. */
#define DSC_MARK_NOTE "checkpoint.examples"

/* Writes FOLDER/checkpoint.safetensors: model, notes, optimizer state, progress, and how much of
 * the log, which is written first. */
descent_status dsc_checkpoint_write(dsc_fit *fit, descent_error *err);
/* Puts one into a fit that was built from the same recipe; fails on any difference. */
descent_status dsc_checkpoint_take(dsc_fit *fit, const dsc_tensors *file, int64_t *log_bytes,
                                   descent_error *err);

#endif
