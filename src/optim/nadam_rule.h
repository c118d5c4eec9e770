/* nadam_rule.h - what nadam and nadamw share: adam's means, and a step between m and g.
 *
 *     m <- beta1 m + (1 - beta1) g
 *     v <- beta2 v + (1 - beta2) g^2
 *     d  = (p m + q g) / (sqrt(v / (1 - beta2^t)) + eps)
 *
 * p and q, lr and the correction of m in them, are what the two differ in. */
#ifndef DSC_OPTIM_NADAM_RULE_H
#define DSC_OPTIM_NADAM_RULE_H

#include "optim/rule.h"

enum { LR, BETA1, BETA2, EPS, WEIGHT_DECAY, N_SHARED };
enum { P, Q, ROOT }; /* ROOT: 1 / sqrt(1 - beta2^t) */
enum { M, V, N_STATE };

/* clang-format off */
#define DSC_NADAM_PARAMS(lr, decay, decay_help) \
    [LR]           = {"lr",           lr,    0.0, 1e6,      "learning rate", DESCENT_NUMBER, NULL}, \
    [BETA1]        = {"beta1",        0.9,   0.0, 0.999999, "decay of the mean of g", DESCENT_NUMBER, NULL}, \
    [BETA2]        = {"beta2",        0.999, 0.0, 0.999999, "decay of the mean of g^2", DESCENT_NUMBER, NULL}, \
    [EPS]          = {"eps",          1e-8,  0.0, 1e3,      "keeps the division finite", DESCENT_NUMBER, NULL}, \
    [WEIGHT_DECAY] = {"weight_decay", decay, 0.0, 1e3,      decay_help, DESCENT_NUMBER, NULL}
/* clang-format on */

DSC_SPECIALIZED void dsc_nadam_loop(const dsc_step *s, const dsc_slice *a, bool fused)
{
    const real b1 = (real)s->param[BETA1], c1 = (real)(1.0 - s->param[BETA1]);
    const real b2 = (real)s->param[BETA2], c2 = (real)(1.0 - s->param[BETA2]);
    const real p = (real)s->scalar[P], q = (real)s->scalar[Q];
    const real root = (real)s->scalar[ROOT], eps = (real)s->param[EPS];
    const dsc_flow f = dsc_flow_of(a);
    real *restrict m = a->state[M], *restrict v = a->state[V];

    DSC_INDEPENDENT
    for (size_t i = 0; i < a->n; i++) {
        const real x = dsc_in(&f, i, fused);
        m[i] = b1 * m[i] + c1 * x;
        v[i] = b2 * v[i] + c2 * x * x;
        dsc_out(&f, i, dsc_ratio(p * m[i] + q * x, real_sqrt(v[i]) * root + eps), fused);
    }
}

static inline void dsc_nadam_direction(const dsc_step *s, const dsc_slice *a)
{
    if (a->place)
        dsc_nadam_loop(s, a, true);
    else
        dsc_nadam_loop(s, a, false);
}

#endif
