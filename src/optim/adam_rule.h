/* adam_rule.h - what adam and adamw share: everything but where the weight decay enters.
 *
 *     m <- beta1 m + (1 - beta1) g               running mean of g
 *     v <- beta2 v + (1 - beta2) g^2             running mean of g^2
 *     w <- w - lr m^ / (sqrt(v^) + eps)
 *
 * m^ = m / (1 - beta1^t) and v^ = v / (1 - beta2^t) undo the pull towards the zero that m and v
 * start from. Both corrections are the same for every element, so they are folded into two scalars.
 * With amsgrad the largest v so far stands in for v. */
#ifndef DSC_OPTIM_ADAM_RULE_H
#define DSC_OPTIM_ADAM_RULE_H

#include "base/real.h"
#include "optim/optim.h"

enum { LR, BETA1, BETA2, EPS, WEIGHT_DECAY, AMSGRAD, MAXIMIZE, N_PARAMS };
enum { RATE, ROOT, KEEP, L2, SIGN }; /* lr / (1 - beta1^t), 1 / sqrt(1 - beta2^t), see below */
enum { M, V, LARGEST, N_STATE };

/* clang-format off */
#define DSC_ADAM_PARAMS(decay, decay_help) { \
    [LR]           = {"lr",           0.001, 0.0,   1e6,      "learning rate", DESCENT_NUMBER, NULL}, \
    [BETA1]        = {"beta1",        0.9,   0.0,   0.999999, "decay of the mean of g", DESCENT_NUMBER, NULL}, \
    [BETA2]        = {"beta2",        0.999, 0.0,   0.999999, "decay of the mean of g^2", DESCENT_NUMBER, NULL}, \
    [EPS]          = {"eps",          1e-8,  1e-30, 1e3,      "keeps the division finite", DESCENT_NUMBER, NULL}, \
    [WEIGHT_DECAY] = {"weight_decay", decay, 0.0,   1e3,      decay_help, DESCENT_NUMBER, NULL}, \
    [AMSGRAD]      = {"amsgrad",      0.0,   0.0,   1.0,      "divide by the largest mean of g^2 so far", DESCENT_FLAG, NULL}, \
    [MAXIMIZE]     = {"maximize",     0.0,   0.0,   1.0,      "climb instead of descend", DESCENT_FLAG, NULL}, \
}
/* clang-format on */

static inline unsigned dsc_adam_states(const double *param)
{
    return 1u << M | 1u << V | (param[AMSGRAD] != 0.0 ? 1u << LARGEST : 0u);
}

/* w is first multiplied by `keep` (decoupled decay), or l2 * w is added to g (coupled). */
static inline void dsc_adam_begin(dsc_step *s, double keep, double l2)
{
    const double t = (double)s->count;

    s->scalar[RATE] = s->param[LR] / (1.0 - pow(s->param[BETA1], t));
    s->scalar[ROOT] = 1.0 / sqrt(1.0 - pow(s->param[BETA2], t));
    s->scalar[KEEP] = keep;
    s->scalar[L2] = l2;
    s->scalar[SIGN] = s->param[MAXIMIZE] != 0.0 ? -1.0 : 1.0;
}

DSC_SPECIALIZED void dsc_adam_move(const dsc_step *s, real *restrict w, const real *restrict g,
                                   real *restrict m, real *restrict v, real *restrict largest,
                                   size_t n, bool amsgrad)
{
    const real b1 = (real)s->param[BETA1], c1 = (real)(1.0 - s->param[BETA1]);
    const real b2 = (real)s->param[BETA2], c2 = (real)(1.0 - s->param[BETA2]);
    const real rate = (real)s->scalar[RATE], root = (real)s->scalar[ROOT];
    const real keep = (real)s->scalar[KEEP], l2 = (real)s->scalar[L2];
    const real eps = (real)s->param[EPS], sign = (real)s->scalar[SIGN];

    for (size_t i = 0; i < n; i++) {
        const real x = sign * g[i] + l2 * w[i];
        m[i] = b1 * m[i] + c1 * x;
        v[i] = b2 * v[i] + c2 * x * x;
        real square = v[i];
        if (amsgrad) {
            largest[i] = largest[i] > square ? largest[i] : square;
            square = largest[i];
        }
        w[i] = keep * w[i] - rate * m[i] / (real_sqrt(square) * root + eps);
    }
}

static inline void dsc_adam_apply(const dsc_step *s, void *w, const void *g, void *const *state,
                                  size_t n)
{
    if (s->param[AMSGRAD] != 0.0)
        dsc_adam_move(s, w, g, state[M], state[V], state[LARGEST], n, true);
    else
        dsc_adam_move(s, w, g, state[M], state[V], NULL, n, false);
}

#endif
