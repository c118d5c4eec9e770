/* qhm.c - quasi-hyperbolic momentum: a step between plain sgd (nu = 0) and momentum (nu = 1).
 *
 *     b <- momentum b + (1 - momentum) g          running mean of g, from zero
 *     d  = lr (nu b + (1 - nu) g)
 *
 * As b is a mean and not a sum, lr is that of sgd without momentum. */
#include "optim/rule.h"

enum { LR, MOMENTUM, NU, WEIGHT_DECAY, N_PARAMS };
enum { MEAN_RATE, PLAIN_RATE }; /* lr nu, lr (1 - nu) */
enum { B, N_STATE };

/* clang-format off */
static const descent_param params[N_PARAMS] = {
    [LR]           = {"lr",           0.1,   0.0, 1e6,      "learning rate", DESCENT_NUMBER, NULL},
    [MOMENTUM]     = {"momentum",     0.999, 0.0, 0.999999, "decay of the mean of g", DESCENT_NUMBER, NULL},
    [NU]           = {"nu",           0.7,   0.0, 1.0,      "share of the mean in a step; the rest is g", DESCENT_NUMBER, NULL},
    [WEIGHT_DECAY] = {"weight_decay", 0.0,   0.0, 1e3,      "pull towards zero, added to g (L2)", DESCENT_NUMBER, NULL},
};
/* clang-format on */

static void begin(dsc_step *s)
{
    s->scalar[MEAN_RATE] = s->lr * s->param[NU];
    s->scalar[PLAIN_RATE] = s->lr * (1.0 - s->param[NU]);
}

DSC_SPECIALIZED void loop(const dsc_step *s, const dsc_slice *a, bool fused)
{
    const real keep = (real)s->param[MOMENTUM], rest = (real)(1.0 - s->param[MOMENTUM]);
    const real mean_rate = (real)s->scalar[MEAN_RATE], plain_rate = (real)s->scalar[PLAIN_RATE];
    const dsc_flow f = dsc_flow_of(a);
    real *restrict b = a->state[B];

    DSC_INDEPENDENT
    for (size_t i = 0; i < a->n; i++) {
        const real x = dsc_in(&f, i, fused);
        b[i] = keep * b[i] + rest * x;
        dsc_out(&f, i, mean_rate * b[i] + plain_rate * x, fused);
    }
}

static void direction(const dsc_step *s, const dsc_slice *a)
{
    if (a->place)
        loop(s, a, true);
    else
        loop(s, a, false);
}

const dsc_optim DSC_R(dsc_optim_qhm) = {
    .info = {.name = "qhm",
             .summary = "a weighted average of a plain step and a momentum step",
             .formula = "b <- momentum b + (1 - momentum) g;  w <- w - lr (nu b + (1 - nu) g)",
             .reference = "Ma & Yarats 2019, arXiv:1810.06801",
             .advice = "in place of sgd with momentum, whose lr it takes times 10 (momentum=0.9); "
                       "nu=0.7 momentum=0.999 seldom needs tuning",
             .params = params,
             .n_params = N_PARAMS},
    .n_state = N_STATE,
    .flags = DSC_RULE_FUSES,
    .decay = DSC_DECAY_L2,
    .first_moment = 1u << B,
    .begin = begin,
    .direction = direction,
};
