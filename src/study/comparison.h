/* comparison.h - contenders, their trainings, and what is said of them. */
#ifndef DSC_STUDY_COMPARISON_H
#define DSC_STUDY_COMPARISON_H

#include "study/pool.h"

#include "descent/study.h"

enum { DSC_MOST_CONTENDERS = 64 };

/* One of each list; NULL and by default: the recipe's. */
typedef struct dsc_contender {
    char *optimizer, *batch, *schedule;           /* owned */
    char *name;                                   /* owned */
    dsc_place place, batch_place, schedule_place; /* of each within its list, or the recipe */
    descent_compare_trial *trial;                 /* owned; of tuning */
    descent_compare_epoch *epoch;                 /* owned; of all its runs, one after another */
    descent_contender facts;
} dsc_contender;

struct descent_comparison {
    dsc_ground ground;
    descent_compare_options options;
    descent_score_kind kind;
    double target;
    size_t test_count;
    dsc_contender *contender;
    size_t n_contenders;
    dsc_trial *trial;         /* (contenders, seeds): the compared trainings */
    descent_compare_run *run; /* (contenders, seeds) */
    descent_compare_pair *pair;
    size_t n_pairs;
    bool interrupted;
};

/* --- contenders.c ----------------------------------------------------------------------------- */

/* c->contender from the lists of the options. */
descent_status dsc_contenders_make(descent_comparison *c, descent_error *err);
void dsc_contenders_free(descent_comparison *c);
/* The recipe of one contender's training. lr NaN leaves the optimizer's. */
descent_status dsc_contender_recipe(descent_recipe **out, const descent_comparison *c,
                                    const dsc_contender *contender, uint64_t seed, double lr,
                                    descent_error *err);

/* --- tune.c ----------------------------------------------------------------------------------- */

/* Chooses an lr for every contender by options.tune trainings of each. */
descent_status dsc_tune(descent_comparison *c, descent_error *err);
/* The lr of point i of n around `centre`, which the seed moves by less than a step of the grid. */
double dsc_tune_lr(double centre, int i, int n, uint64_t seed);
/* Which of n trials in rising order of lr is chosen, that were scored on so many examples: of those
 * within a standard error of the best the one that lies safest. */
size_t dsc_tune_choose(const descent_compare_trial *trial, size_t n, descent_score_kind kind,
                       size_t held_out);

/* --- rates.c ---------------------------------------------------------------------------------- */

/* Finds the lr of every contender that says lr=auto, by a range test. */
descent_status dsc_find_rates(descent_comparison *c, descent_error *err);

/* --- judge.c ---------------------------------------------------------------------------------- */

/* Fills runs, contenders' facts and pairs from the trials. */
descent_status dsc_judge(descent_comparison *c, descent_error *err);
/* A training's score after an epoch, or at its end. NaN: it has none, as its numbers grew without
 * end; no test can be made of such. */
double dsc_score(descent_score_kind kind, double test_accuracy, double test_rmse, double test_loss);
/* True when score a is better than b; NaN is worse than all. */
bool dsc_score_better(descent_score_kind kind, double a, double b);

#endif
