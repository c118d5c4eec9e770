/* distance_rule.h - what prodigy, dadapt_adam and dadapt_sgd share: d, their estimate of how far
 * the solution lies from where w began. It only grows, and takes the place of a learning rate. */
#ifndef DSC_OPTIM_DISTANCE_RULE_H
#define DSC_OPTIM_DISTANCE_RULE_H

#include "base/sums.h"
#include "optim/rule.h"

#include <string.h>

enum { D = 0 }; /* its place in memory */

/* Where f has no minimum d would double for ever; solutions this far away are none. */
#define DSC_FARTHEST 1e9

#define DSC_UNLIMITED ((double)INFINITY) /* growth_rate */

/* d after an estimate of it; one that is 0/0, because g was zero so far, changes nothing. */
static inline double dsc_raise(double d, double estimate, double growth)
{
    const double most = fmin(d * growth, DSC_FARTHEST);

    if (!(estimate > d))
        return d;
    return estimate < most ? estimate : fmax(d, most);
}

/* What decay multiplies weight_decay with, for the estimated rate: where that has gone far, w goes
 * to zero and not beyond, or it would grow with every step. */
static inline double dsc_decay_rate(const dsc_step *s, double rate)
{
    return rate * s->decay > 1.0 ? 1.0 / s->decay : rate;
}

/* sqrt(1 - beta2^t) / (1 - beta1^t): adam's two corrections in one. */
static inline double dsc_correction(double beta1, double beta2, int64_t count)
{
    const double t = (double)count;

    return sqrt(1.0 - pow(beta2, t)) / (1.0 - pow(beta1, t));
}

#endif
