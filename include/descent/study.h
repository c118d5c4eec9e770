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

#ifdef __cplusplus
}
#endif
#endif
