/* check.h - what can be known of a training before it begins, and whether a change helped after. */
#ifndef DESCENT_CHECK_H
#define DESCENT_CHECK_H

#include "descent/train.h"

#ifdef __cplusplus
extern "C" {
#endif

/* --- before a training ------------------------------------------------------------------------ */

typedef enum descent_mark {
    DESCENT_PASS,
    DESCENT_SKIP, /* it does not apply here, or would take too long; the text says why */
    DESCENT_WARN, /* the result will suffer */
    DESCENT_FAIL  /* there will be no useful result */
} descent_mark;

/* "pass", "skip", "warn", "fail". */
DESCENT_API const char *descent_mark_text(descent_mark verdict);

/* One line of the table. */
typedef struct descent_check_line {
    const char *name; /* what was checked: "data", "plan", "start", "gradient", "signals",
                       * "decay", "overfit", "lr", "repeat"; static */
    descent_mark verdict;
    char text[400];  /* what was measured, with numbers and what they should be */
    char flags[320]; /* the change to make, as flags of `descent train`; "": none */
} descent_check_line;

/* What one layer of the untrained network does with the first batch; NaN: it has no such value. */
typedef struct descent_check_layer {
    const char *name;       /* "0 conv" */
    double mean, deviation; /* of an activation's output */
    double dead, saturated; /* share of an activation's units, of its outputs */
    double grad_norm;       /* of a layer with weights */
    double grad_rms;        /* the same over the root of its weights */
} descent_check_layer;

typedef struct descent_check_options {
    int threads;         /* 0: one for every core; only times depend on it */
    const char *kernels; /* as in descent_train_options */
    double seconds;      /* that learning a few examples by heart may take, above 0; default 3 */
    int lr_steps;        /* of the search for a learning rate, 20 to 100,000; default 100 */
    /* as in descent_train_options: called once, when all is built */
    void (*on_start)(const descent_recipe *resolved, const descent_dataset *data,
                     const descent_model *model, const descent_optimizer *optimizer, void *user);
    /* called now and then: the part that is done, from 0 to 1, and what is being checked; nonzero
     * ends it */
    int (*on_progress)(double part, const char *name, void *user);
    void *user;
} descent_check_options;

DESCENT_API descent_check_options descent_check_defaults(void);

typedef struct descent_check descent_check;

/* Checks a recipe: its data; the untrained network's loss against chance; the gradient against
 * finite differences in double; whether the network learns 20 examples by heart; what its layers do
 * with the first batch; weight decay; where its learning rate stands in a search of 100 steps;
 * whether two short trainings, on one thread and on two, end with the same bits. `data` may be
 * NULL: then the recipe's `data` key is opened. Writes nothing. On failure, and when on_progress
 * ended it (DESCENT_OK then), *out is NULL. Free with descent_check_free(). */
DESCENT_API descent_status descent_check_run(descent_check **out, const descent_recipe *recipe,
                                             const descent_dataset *data,
                                             const descent_check_options *options,
                                             descent_error *err);
DESCENT_API void descent_check_free(descent_check *check); /* NULL is fine */

/* The worst verdict of all lines. */
DESCENT_API descent_mark descent_check_worst(const descent_check *check);
/* By number, in order; NULL past the end. They live as long as the check. */
DESCENT_API const descent_check_line *descent_check_line_at(const descent_check *check,
                                                            size_t index);
DESCENT_API const descent_check_layer *descent_check_layer_at(const descent_check *check,
                                                              size_t index);
/* What the data and the start make findings say; behind the last one the name is NULL. */
DESCENT_API const descent_finding *descent_check_findings(const descent_check *check);

/* --- after a training: did the change help? --------------------------------------------------- */

typedef struct descent_confirm_options {
    int threads;
    const char *kernels;
    double seconds; /* that each of the two trainings may take, about; default 10 */
    /* called now and then, from 0 to 1; nonzero ends it */
    int (*on_progress)(double part, void *user);
    void *user;
} descent_confirm_options;

DESCENT_API descent_confirm_options descent_confirm_defaults(void);

typedef struct descent_confirmation {
    const char *finding; /* whose flags were tried; NULL: nothing was */
    int confirmed;       /* the result is better, or as good and the finding is gone; a failure must
                          * be gone */
    int gone;            /* the changed training does not show the finding */
    const char *measure; /* "test loss", or "test accuracy", "test rmse" where the losses differ;
                          * "": there was no time to compare */
    double before, after;
    double part;        /* of the training that both went through: 1, or less where it is long */
    char sentence[256]; /* "confirmed: test loss 0.31 -> 0.12, and dead-units is gone" */
} descent_confirmation;

/* Trains with the flags of a finding, with the same seed, and compares. `recipe` is that of the
 * training whose `result` has the finding (by number); its own scores are what is compared with,
 * unless it took longer than options->seconds: then both are trained anew, up to the same part of
 * their steps. `data` may be NULL: then the recipe's `data` key is opened, which flags may change.
 * Writes nothing. When on_progress ended it, out->finding is NULL. Fails when the
 * flags can't be applied, or the changed recipe can't be trained. */
DESCENT_API descent_status descent_confirm(descent_confirmation *out, const descent_recipe *recipe,
                                           const descent_dataset *data,
                                           const descent_train_result *result, size_t finding,
                                           const descent_confirm_options *options,
                                           descent_error *err);

/* Sets recipe keys from flags such as --optimizer "adam lr=0.01" --batch 64. */
DESCENT_API descent_status descent_recipe_set_flags(descent_recipe *recipe, const char *flags,
                                                    descent_error *err);

#ifdef __cplusplus
}
#endif
#endif
