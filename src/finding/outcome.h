/* outcome.h - what several findings about the plan read off the end of a training. */
#ifndef DSC_FINDING_OUTCOME_H
#define DSC_FINDING_OUTCOME_H

#include "finding/finding.h"

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

#endif
