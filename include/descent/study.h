/* study.h - questions that several trainings answer: which learning rate, which optimizer. */
#ifndef DESCENT_STUDY_H
#define DESCENT_STUDY_H

#include "descent/train.h"

#ifdef __cplusplus
extern "C" {
#endif

/* --- which learning rate ---------------------------------------------------------------------- */

/* How a range test goes (Smith 2017, "Cyclical learning rates for training neural networks"): lr
 * grows by the same factor at every step, from `from` to `to`, on the recipe's model, data, batch
 * and optimizer, until the loss explodes. */
typedef struct descent_lr_options {
    double from, to; /* both above 0, from < to; default 1e-6 and 100 */
    int steps;       /* from the one to the other, 20 to 100,000; default 160 */
    int seeds;       /* repeated with the recipe's seed, the next one, ...; 1 to 100; default 3 */
    int probes; /* rates from steepest / 2 to lowest that are tried; 0 or 2 to 100; default 6 */
    int probe_steps;     /* of each such trial, 20 to 100,000; default 200 */
    int threads;         /* 0: one for every core; the result does not depend on it */
    const char *kernels; /* as in descent_train_options */
    /* called after every step with how many of all steps are done; nonzero ends the search */
    int (*on_progress)(int64_t done, int64_t all, void *user);
    void *user;
} descent_lr_options;

DESCENT_API descent_lr_options descent_lr_defaults(void);

/* One step: the loss of its batch before the move, and the mean of the losses so far whose weights
 * fall by 0.9 a step, corrected for its start. Not finite where the training broke. */
typedef struct descent_lr_point {
    double lr, loss, smoothed;
} descent_lr_point;

/* One seed's test. `steepest` is the lr at which the smoothed loss falls fastest over log lr,
 * `lowest` where it is lowest, `divergence` where it passes 4 times its lowest value or is not
 * finite (the last lr when it never does: then `diverged` is 0). */
typedef struct descent_lr_curve {
    const descent_lr_point *point;
    size_t n;
    uint64_t seed;
    double steepest, lowest, divergence;
    int diverged;
} descent_lr_curve;

typedef struct descent_lr_search descent_lr_search;

/* Runs the test for every seed. `data` may be NULL: then the recipe's `data` key is opened. The
 * recipe's optimizer may say lr=auto; its schedule and its number of epochs play no part. Fails for
 * an optimizer without a learning rate. On failure, and when on_progress ended it (*out then is
 * NULL with DESCENT_OK), nothing is left. Free with descent_lr_free(). */
DESCENT_API descent_status descent_lr_find(descent_lr_search **out, const descent_recipe *recipe,
                                           const descent_dataset *data,
                                           const descent_lr_options *options, descent_error *err);
DESCENT_API void descent_lr_free(descent_lr_search *search); /* NULL is fine */

DESCENT_API size_t descent_lr_curves(const descent_lr_search *search); /* one a seed */
/* The curve of one seed; all zero past the end. Its points live as long as the search. */
DESCENT_API descent_lr_curve descent_lr_curve_at(const descent_lr_search *search, size_t index);

/* One rate that was tried: a short training with it from every seed's initial weights. */
typedef struct descent_lr_probe {
    double lr;
    double loss; /* mean over the seeds of the last quarter's training loss; infinite: diverged */
} descent_lr_probe;

DESCENT_API size_t descent_lr_probes(const descent_lr_search *search);
/* In rising order of lr; all zero past the end. */
DESCENT_API descent_lr_probe descent_lr_probe_at(const descent_lr_search *search, size_t index);

/* What all seeds say together: geometric means over them, of two digits. */
typedef struct descent_lr_suggestion {
    double lr; /* to train with: the lowest probe that did as well as any; without probes the mean
                  of steepest and tenth */
    double low, high;  /* the same from the seed that says least, and most */
    double steepest;   /* where the smoothed loss falls fastest */
    double tenth;      /* a tenth of where it diverges */
    double lowest;     /* where it is lowest */
    size_t n_diverged; /* seeds whose loss exploded before the end */
} descent_lr_suggestion;

DESCENT_API descent_lr_suggestion descent_lr_suggest(const descent_lr_search *search);
/* The recipe's optimizer with the suggested lr: "adam lr=0.0031"; and the data's name. */
DESCENT_API const char *descent_lr_optimizer(const descent_lr_search *search);

/* 1 when the recipe's optimizer says lr=auto. */
DESCENT_API int descent_lr_wanted(const descent_recipe *recipe);

/* --- which optimizer, batch or schedule ------------------------------------------------------- */

/* Contenders are all combinations of the lists, each of which ';' divides: "sgd lr=0.1; adam". NULL
 * lists keep the recipe's. Every contender is trained once with every seed; a seed stands for one
 * split of the data, one set of initial weights and one order of examples, the same for all. */
typedef struct descent_compare_options {
    const char *optimizers, *batches, *schedules;
    int seeds;     /* the recipe's, the next one, ...; 2 to 1,000; default 5 */
    int tune;      /* trainings for each contender that choose its lr first, 3 to 1,000; 0: none */
    double target; /* a score to be reached; NaN (default): what the middle contender reaches */
    double level;  /* differences with a corrected p below it are told as such; default 0.05 */
    int threads;   /* trainings at once; 0: one for every core. Only times depend on it */
    const char *kernels; /* as in descent_train_options */
    /* called now and then by the caller's thread: the part that is done, from 0 to 1, and trainings
     * that ended, of all; nonzero ends the comparison */
    int (*on_progress)(double part, int done, int all, void *user);
    void *user;
} descent_compare_options;

DESCENT_API descent_compare_options descent_compare_defaults(void);

/* What is compared: the higher the better of the first, the lower the better of the others. */
typedef enum descent_score_kind {
    DESCENT_SCORE_ACCURACY, /* of classes, between 0 and 1 */
    DESCENT_SCORE_RMSE,     /* of numbers to predict */
    DESCENT_SCORE_LOSS      /* of text */
} descent_score_kind;

/* After one epoch of one training. */
typedef struct descent_compare_epoch {
    int64_t step;
    double train_loss, test_loss, score; /* the score is of the test part */
    double lr, seconds;
} descent_compare_epoch;

/* One training. */
typedef struct descent_compare_run {
    uint64_t seed, weights; /* weights: a check sum of the initial ones */
    const descent_compare_epoch *epoch;
    size_t n_epochs;
    double score, best, train_loss, test_loss; /* at the end; best: of all epochs */
    int64_t steps;
    double seconds;
    int64_t target_steps;  /* at the end of the first epoch that reached the target; -1: none did */
    double target_seconds; /* NaN: none did */
    int diverged;
} descent_compare_run;

/* One lr that was tried, and what its training reached on examples that were held out. */
typedef struct descent_compare_trial {
    double lr, score, held_out_loss;
    int diverged;
} descent_compare_trial;

/* One contender over all seeds. */
typedef struct descent_contender {
    const char *name;                         /* what sets it apart: "adam lr=0.001" */
    const char *optimizer, *batch, *schedule; /* NULL: the recipe's, which was left open */
    double mean, deviation, best, worst;      /* of the final scores */
    double loss_mean, loss_deviation;         /* of the final test losses */
    double seconds;                           /* mean of a training */
    double target_steps, target_seconds;      /* medians over the seeds that reached the target */
    int reached, diverged;                    /* how many seeds did */
    int place;                                /* in the order of the means: 1 is the best */
    int rank; /* as place, but shared by those that are not distinct from the best of their rank */
    int shared;                         /* others have this rank too */
    double lr;                          /* that tuning or lr=auto chose; NaN without */
    int lr_at_edge;                     /* it is the lowest or highest that was tried */
    const descent_compare_trial *trial; /* in rising order of lr */
    size_t n_trials;
} descent_contender;

/* Two contenders, of which `better` has the better mean. p is that of a paired t-test over the
 * seeds, `corrected` the same after Holm's correction for all pairs, sign_flip_p that of an exact
 * sign-flip test (NaN for more than 20 seeds). */
typedef struct descent_compare_pair {
    size_t better, worse;
    double difference, deviation; /* of the paired differences, >= 0 on the mean */
    double p, corrected, sign_flip_p;
    int distinct; /* corrected < level */
} descent_compare_pair;

typedef struct descent_comparison descent_comparison;

/* Trains all contenders. `data` may be NULL: then the recipe's `data` key is opened. Fails when
 * there are fewer than two contenders, or more than 64, or one of them cannot be trained. On
 * failure, and when on_progress ended it (DESCENT_OK then), *out is NULL. Free with
 * descent_comparison_free(). */
DESCENT_API descent_status descent_compare(descent_comparison **out, const descent_recipe *recipe,
                                           const descent_dataset *data,
                                           const descent_compare_options *options,
                                           descent_error *err);
DESCENT_API void descent_comparison_free(descent_comparison *comparison); /* NULL is fine */

DESCENT_API descent_score_kind descent_comparison_kind(const descent_comparison *comparison);
DESCENT_API double descent_comparison_target(const descent_comparison *comparison);
DESCENT_API const char *descent_comparison_data(const descent_comparison *comparison);
DESCENT_API size_t descent_comparison_test_count(const descent_comparison *comparison);
DESCENT_API size_t descent_comparison_contenders(const descent_comparison *comparison);
DESCENT_API size_t descent_comparison_seeds(const descent_comparison *comparison);
/* What it tells lives as long as the comparison; all zero out of range. */
DESCENT_API descent_contender descent_comparison_contender(const descent_comparison *comparison,
                                                           size_t index);
DESCENT_API descent_compare_run descent_comparison_run(const descent_comparison *comparison,
                                                       size_t contender, size_t seed);
DESCENT_API size_t descent_comparison_pairs(const descent_comparison *comparison);
DESCENT_API descent_compare_pair descent_comparison_pair(const descent_comparison *comparison,
                                                         size_t index);
/* One sentence about a pair: "adam lr=0.001 and rmsprop lr=0.001: no difference that 5 seeds can
 * show". Returns how long it is, as snprintf() does. */
DESCENT_API int descent_comparison_sentence(const descent_comparison *comparison, size_t pair,
                                            char *out, size_t size);

/* Performance profiles (Dolan and More 2002): cost is (solvers, problems), NaN or infinite where a
 * solver fails; ratio, of the same shape, becomes cost over the least of all solvers. */
DESCENT_API void descent_performance_ratios(const double *cost, double *ratio, size_t solvers,
                                            size_t problems);

#ifdef __cplusplus
}
#endif
#endif
