/* adam_rule.h - what adam, adamw and amsgrad share: everything but their defaults.
 *
 *     m <- beta1 m + (1 - beta1) g               running mean of g
 *     v <- beta2 v + (1 - beta2) g^2             running mean of g^2
 *     d  = lr m^ / (sqrt(v^) + eps)
 *
 * m^ = m / (1 - beta1^t) and v^ = v / (1 - beta2^t) undo the pull towards the zero that m and v
 * start from. Both corrections are the same for every element, so they are folded into two scalars.
 * With amsgrad the largest v so far stands in for v. */
#ifndef DSC_OPTIM_ADAM_RULE_H
#define DSC_OPTIM_ADAM_RULE_H

#include "optim/rule.h"

enum { LR, BETA1, BETA2, EPS, WEIGHT_DECAY, AMSGRAD, N_PARAMS };
enum { RATE, ROOT }; /* lr / (1 - beta1^t), 1 / sqrt(1 - beta2^t) */
enum { M, V, LARGEST, N_STATE };

/* clang-format off */
#define DSC_ADAM_PARAMS(decay, decay_help, largest) { \
    [LR]           = {"lr",           0.001, 0.0, 1e6,      "learning rate", DESCENT_NUMBER, NULL}, \
    [BETA1]        = {"beta1",        0.9,   0.0, 0.999999, "decay of the mean of g", DESCENT_NUMBER, NULL}, \
    [BETA2]        = {"beta2",        0.999, 0.0, 0.999999, "decay of the mean of g^2", DESCENT_NUMBER, NULL}, \
    [EPS]          = {"eps",          1e-8,  0.0, 1e3,      "keeps the division finite", DESCENT_NUMBER, NULL}, \
    [WEIGHT_DECAY] = {"weight_decay", decay, 0.0, 1e3,      decay_help, DESCENT_NUMBER, NULL}, \
    [AMSGRAD]      = {"amsgrad",    largest, 0.0, 1.0,      "divide by the largest mean of g^2 so far", DESCENT_FLAG, NULL}, \
}
/* clang-format on */

static inline unsigned dsc_adam_states(const double *param)
{
    return 1u << M | 1u << V | (param[AMSGRAD] != 0.0 ? 1u << LARGEST : 0u);
}

static inline void dsc_adam_begin(dsc_step *s)
{
    const double t = (double)s->count;

    s->scalar[RATE] = s->lr / (1.0 - pow(s->param[BETA1], t));
    s->scalar[ROOT] = 1.0 / sqrt(1.0 - pow(s->param[BETA2], t));
}

DSC_SPECIALIZED void dsc_adam_loop(const dsc_step *s, const dsc_slice *a, bool amsgrad, int way)
{
    const real b1 = (real)s->param[BETA1], c1 = (real)(1.0 - s->param[BETA1]);
    const real b2 = (real)s->param[BETA2], c2 = (real)(1.0 - s->param[BETA2]);
    const real rate = (real)s->scalar[RATE], root = (real)s->scalar[ROOT];
    const real eps = (real)s->param[EPS];
    const dsc_flow f = dsc_flow_of(a);
    real *restrict m = a->state[M], *restrict v = a->state[V];
    real *restrict largest = a->state[LARGEST];

    DSC_INDEPENDENT
    for (size_t i = 0; i < a->n; i++) {
        const real x = dsc_in(&f, i, way);
        m[i] = b1 * m[i] + c1 * x;
        v[i] = b2 * v[i] + c2 * x * x;
        real square = v[i];
        if (amsgrad) {
            largest[i] = largest[i] > square ? largest[i] : square;
            square = largest[i];
        }
        dsc_out(&f, i, dsc_ratio(rate * m[i], real_sqrt(square) * root + eps), way);
    }
}

DSC_SPECIALIZED void dsc_adam_choose(const dsc_step *s, const dsc_slice *a, int way)
{
    if (s->param[AMSGRAD] != 0.0)
        dsc_adam_loop(s, a, true, way);
    else
        dsc_adam_loop(s, a, false, way);
}

static inline void dsc_adam_direction(const dsc_step *s, const dsc_slice *a)
{
    switch (dsc_way_of(a)) {
    case DSC_FUSED_PLAIN:
        dsc_adam_choose(s, a, DSC_FUSED_PLAIN);
        break;
    case DSC_FUSED:
        dsc_adam_choose(s, a, DSC_FUSED);
        break;
    default:
        dsc_adam_choose(s, a, DSC_APART);
    }
}

#endif
