/* search.h - a search for a learning rate while it goes on. */
#ifndef DSC_STUDY_SEARCH_H
#define DSC_STUDY_SEARCH_H

#include "study/curve.h"
#include "study/ground.h"

#include "descent/train.h"

struct descent_lr_search {
    dsc_ground ground;
    descent_lr_options options;
    dsc_lr_curve *curve; /* one a seed; n of them are there */
    size_t n;
    descent_lr_point *block; /* of all curves */
    descent_lr_probe *probe; /* NULL: none were wanted */
    double *probe_loss;      /* (probes, seeds) */
    char *optimizer;         /* with the suggested lr */
    int64_t steps_done;
    bool interrupted;
};

/* One of its trainings: the search's recipe but for these, and without an early end. */
typedef struct dsc_lr_training {
    size_t seed; /* added to the recipe's */
    double lr;
    int steps;
    const char *schedule; /* NULL: the default one */
    int (*on_progress)(const descent_train_progress *now, void *user);
    void *user;
} dsc_lr_training;

/* Calls on_progress; true when the search is to end. */
bool dsc_lr_search_tell(descent_lr_search *search);
descent_status dsc_lr_search_train(const descent_lr_search *search, const dsc_lr_training *training,
                                   descent_error *err);

/* --- probe.c ---------------------------------------------------------------------------------- */

/* Tries rates from half the steepest place of all curves to the lowest. */
descent_status dsc_lr_search_probe(descent_lr_search *search, descent_error *err);
/* The lowest rate that did as well as any, for a seed or for all of them (seed == n). */
double dsc_lr_search_best(const descent_lr_search *search, size_t seed);

#endif
