/* diagnose.h - what a walk down a function shows, for findings to judge. */
#ifndef DSC_MINIMIZE_DIAGNOSE_H
#define DSC_MINIMIZE_DIAGNOSE_H

#include "finding/finding.h"
#include "minimize/verdict.h"

/* Sums over all steps of a walk; before the first zero, but g_least, f_most and lr NaN. */
typedef struct dsc_strides {
    double rises, turns;
    double g_least, g_most, f_most;
    double lr; /* the highest */
    double cosine;
    bool rose;
} dsc_strides;

/* Adds the last step of the path. product: of the gradients before and after it; share: of the
 * planned steps that are taken. */
void dsc_strides_add(dsc_strides *s, const dsc_path *path, double product, double share);

/* How much lower f is a little beside w along a variable, on both sides of it, by more than
 * rounding makes; 0: nowhere. At a minimum it is higher, on a ridge lower, on a slope one of each.
 * w is moved and put back, g of n elements is scratch. Evaluates f 2 n + 1 times. */
double dsc_lower_beside(descent_objective f, void *user, double *w, double *g, size_t n);

/* Fills result->finding; its verdict stands. */
void dsc_walk_judge(const dsc_path *path, const dsc_strides *strides,
                    const descent_minimize_options *options, const descent_optimizer *optimizer,
                    double lower_beside, descent_minimum *result);

#endif
