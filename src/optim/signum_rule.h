/* signum_rule.h - what signsgd and signum share: everything but their default momentum.
 *
 *     m <- momentum m + (1 - momentum) g          m is g without momentum
 *     d  = lr sign(m)                             sign(0) = 0
 *
 * Weight decay is decoupled: added to g it would only be a vote on a sign. */
#ifndef DSC_OPTIM_SIGNUM_RULE_H
#define DSC_OPTIM_SIGNUM_RULE_H

#include "optim/rule.h"

enum { LR, MOMENTUM, WEIGHT_DECAY, N_PARAMS };
enum { M, N_STATE };

/* clang-format off */
#define DSC_SIGNUM_PARAMS(momentum) { \
    [LR]           = {"lr",           0.001,    0.0, 1e6,      "learning rate: how far every weight moves", DESCENT_NUMBER, NULL}, \
    [MOMENTUM]     = {"momentum",     momentum, 0.0, 0.999999, "decay of the mean of g", DESCENT_NUMBER, NULL}, \
    [WEIGHT_DECAY] = {"weight_decay", 0.0,      0.0, 1e3,      "share of w taken away by each step, times lr", DESCENT_NUMBER, NULL}, \
}
/* clang-format on */

static inline unsigned dsc_signum_states(const double *param)
{
    return param[MOMENTUM] > 0.0 ? 1u << M : 0u;
}

DSC_SPECIALIZED void dsc_signum_loop(const dsc_step *s, const dsc_slice *a, bool momentum,
                                     bool fused)
{
    const real keep = (real)s->param[MOMENTUM], rest = (real)(1.0 - s->param[MOMENTUM]);
    const real lr = (real)s->lr;
    const dsc_flow f = dsc_flow_of(a);
    real *restrict m = a->state[M];

    DSC_INDEPENDENT
    for (size_t i = 0; i < a->n; i++) {
        const real x = dsc_in(&f, i, fused);
        real mean = x;
        if (momentum) {
            m[i] = keep * m[i] + rest * x;
            mean = m[i];
        }
        dsc_out(&f, i, mean != 0 ? real_copysign(lr, mean) : 0, fused);
    }
}

DSC_SPECIALIZED void dsc_signum_choose(const dsc_step *s, const dsc_slice *a, bool fused)
{
    if (a->state[M])
        dsc_signum_loop(s, a, true, fused);
    else
        dsc_signum_loop(s, a, false, fused);
}

static inline void dsc_signum_direction(const dsc_step *s, const dsc_slice *a)
{
    if (a->place)
        dsc_signum_choose(s, a, true);
    else
        dsc_signum_choose(s, a, false);
}

#endif
