/* outcome.h - how well a training came out, and what else several findings read off its end. */
#ifndef DSC_FINDING_OUTCOME_H
#define DSC_FINDING_OUTCOME_H

#include "finding/finding.h"

/* Test accuracy of the weights that are saved; for numbers the share of the variance that is
 * explained. NaN: unknown. */
double dsc_outcome_accuracy(const dsc_case *c);
double dsc_outcome_explained(const dsc_case *c);
/* How much better than guessing, 0, compared with what neighbours know, 1. NaN: unknown. */
double dsc_outcome_skill(const dsc_case *c);
/* A note when the training came out well nonetheless, else a warning. */
descent_severity dsc_outcome_severity(const dsc_case *c);
/* True when the trained network does most of what its training part asks. */
bool dsc_outcome_learned(const dsc_case *c);

/* The loss of guessing: entropy of the labels in nats, or variance of the targets; NaN: unknown. */
double dsc_outcome_chance(const dsc_case *c);
/* The training loss of the last tenth of the steps as a share of that; NaN: unknown. */
double dsc_outcome_left(const dsc_case *c);
/* What the loss fell by from the third quarter of the steps to the last, as a share. */
double dsc_outcome_fall(const dsc_case *c);
/* Over all steps; NaN: unknown. */
double dsc_outcome_mean_lr(const dsc_case *c);
/* Gradient noise scale over the batch from share `from` to `to` of the run; NaN: not measured. */
double dsc_outcome_noise(const dsc_case *c, double from, double to);

/* A norm takes away what the next layer would read: of a single unit it leaves a constant, and so
 * does the mean over a picture of what was given mean 0 there. And the outputs are all the same. */
bool dsc_outcome_normed_away(const dsc_case *c);

#endif
