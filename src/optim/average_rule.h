/* average_rule.h - what ema and swa share: an average of the weights that takes a share of w.
 *
 *     average <- average + share (w - average) */
#ifndef DSC_OPTIM_AVERAGE_RULE_H
#define DSC_OPTIM_AVERAGE_RULE_H

#include "optim/rule.h"

#include <string.h>

enum { SHARE };

static inline void dsc_average_after(const dsc_step *s, const dsc_slice *a)
{
    const real share = (real)s->scalar[SHARE];
    const real *restrict w = a->d;
    real *restrict average = a->state[0];

    if (share == 1) { /* w itself, to the last bit */
        memcpy(average, w, a->n * sizeof *w);
        return;
    }
    for (size_t i = 0; i < a->n; i++)
        average[i] += share * (w[i] - average[i]);
}

#endif
