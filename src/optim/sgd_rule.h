/* sgd_rule.h - what sgd and sgdw share: everything but how weights decay, and their defaults; lars
 * keeps its momentum alike.
 *
 *     b <- momentum b + (1 - dampening) g         b <- g on the first step
 *     d  = lr b                                   d  = lr (g + momentum b) with nesterov
 *
 * Without momentum there is no b, and d = lr g. */
#ifndef DSC_OPTIM_SGD_RULE_H
#define DSC_OPTIM_SGD_RULE_H

#include "optim/rule.h"

enum { LR, MOMENTUM, DAMPENING, NESTEROV, WEIGHT_DECAY, N_SHARED };
enum { GAIN }; /* what g is multiplied by on its way into b */
enum { B, N_STATE };

/* clang-format off */
#define DSC_SGD_PARAMS(momentum, decay, decay_help) { \
    [LR]           = {"lr",           0.01,     0.0, 1e6, "learning rate", DESCENT_NUMBER, NULL}, \
    [MOMENTUM]     = {"momentum",     momentum, 0.0, 1.0, "how much of the last move is kept", DESCENT_NUMBER, NULL}, \
    [DAMPENING]    = {"dampening",    0.0,      0.0, 1.0, "how much of g is kept out of the momentum", DESCENT_NUMBER, NULL}, \
    [NESTEROV]     = {"nesterov",     0.0,      0.0, 1.0, "look ahead along the momentum", DESCENT_FLAG, NULL}, \
    [WEIGHT_DECAY] = {"weight_decay", decay,    0.0, 1e3, decay_help, DESCENT_NUMBER, NULL}, \
}
/* clang-format on */

static inline unsigned dsc_sgd_states(const double *param)
{
    return param[MOMENTUM] > 0.0 ? 1u << B : 0u;
}

static inline const char *dsc_sgd_refuse(const double *param, int *at)
{
    *at = NESTEROV;
    if (param[NESTEROV] == 0.0)
        return NULL;
    if (param[MOMENTUM] == 0.0)
        return "nesterov needs momentum, such as momentum=0.9";
    if (param[DAMPENING] > 0.0)
        return "nesterov does not go with dampening; leave one of them out";
    return NULL;
}

static inline void dsc_sgd_begin(dsc_step *s)
{
    /* without momentum nothing is dampened, though b may be there for other segments */
    const bool fresh = s->count == 1 || s->param[MOMENTUM] == 0.0;

    s->scalar[GAIN] = fresh ? 1.0 : 1.0 - s->param[DAMPENING];
}

DSC_SPECIALIZED void dsc_sgd_loop(const dsc_step *s, const dsc_slice *a, bool momentum,
                                  bool nesterov, int way)
{
    const real lr = (real)s->lr, keep = (real)s->param[MOMENTUM];
    const real gain = (real)s->scalar[GAIN];
    const dsc_flow f = dsc_flow_of(a);
    real *restrict b = a->state[B];

    DSC_INDEPENDENT
    for (size_t i = 0; i < a->n; i++) {
        const real x = dsc_in(&f, i, way);
        real move = x;
        if (momentum) {
            const real next = keep * b[i] + gain * x;
            b[i] = next;
            move = nesterov ? x + keep * next : next;
        }
        dsc_out(&f, i, lr * move, way);
    }
}

DSC_SPECIALIZED void dsc_sgd_choose(const dsc_step *s, const dsc_slice *a, int way)
{
    if (!a->state[B])
        dsc_sgd_loop(s, a, false, false, way);
    else if (s->param[NESTEROV] != 0.0)
        dsc_sgd_loop(s, a, true, true, way);
    else
        dsc_sgd_loop(s, a, true, false, way);
}

static inline void dsc_sgd_direction(const dsc_step *s, const dsc_slice *a)
{
    switch (dsc_way_of(a)) {
    case DSC_FUSED_PLAIN:
        dsc_sgd_choose(s, a, DSC_FUSED_PLAIN);
        break;
    case DSC_FUSED:
        dsc_sgd_choose(s, a, DSC_FUSED);
        break;
    default:
        dsc_sgd_choose(s, a, DSC_APART);
    }
}

#endif
