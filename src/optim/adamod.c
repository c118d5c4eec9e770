/* adamod.c - adam whose step sizes don't exceed their own long running mean.
 *
 *     m, v as adam
 *     a  = lr sqrt(1 - beta2^t) / (1 - beta1^t) / (sqrt(v) + eps)
 *     e <- beta3 e + (1 - beta3) a
 *     d  = min(a, e) m
 *
 * e starts at zero and is not corrected for it: a warm-up of about 1 / (1 - beta3) steps. */
#include "optim/rule.h"

enum { LR, BETA1, BETA2, BETA3, EPS, WEIGHT_DECAY, N_PARAMS };
enum { RATE };
enum { M, V, E, N_STATE };

/* clang-format off */
static const descent_param params[N_PARAMS] = {
    [LR]           = {"lr",           0.001, 0.0, 1e6,      "learning rate", DESCENT_NUMBER, NULL},
    [BETA1]        = {"beta1",        0.9,   0.0, 0.999999, "decay of the mean of g", DESCENT_NUMBER, NULL},
    [BETA2]        = {"beta2",        0.999, 0.0, 0.999999, "decay of the mean of g^2", DESCENT_NUMBER, NULL},
    [BETA3]        = {"beta3",        0.999, 0.0, 0.999999, "decay of the mean of the step sizes", DESCENT_NUMBER, NULL},
    [EPS]          = {"eps",          1e-8,  0.0, 1e3,      "keeps the division finite", DESCENT_NUMBER, NULL},
    [WEIGHT_DECAY] = {"weight_decay", 0.0,   0.0, 1e3,      "shrinks w by lr weight_decay (decoupled)", DESCENT_NUMBER, NULL},
};
/* clang-format on */

static void begin(dsc_step *s)
{
    const double t = (double)s->count;

    s->scalar[RATE] = s->lr * sqrt(1.0 - pow(s->param[BETA2], t)) / (1.0 - pow(s->param[BETA1], t));
}

DSC_SPECIALIZED void loop(const dsc_step *s, const dsc_slice *a, bool fused)
{
    const real b1 = (real)s->param[BETA1], c1 = (real)(1.0 - s->param[BETA1]);
    const real b2 = (real)s->param[BETA2], c2 = (real)(1.0 - s->param[BETA2]);
    const real b3 = (real)s->param[BETA3], c3 = (real)(1.0 - s->param[BETA3]);
    const real rate = (real)s->scalar[RATE], eps = (real)s->param[EPS];
    const dsc_flow f = dsc_flow_of(a);
    real *restrict m = a->state[M], *restrict v = a->state[V], *restrict e = a->state[E];

    DSC_INDEPENDENT
    for (size_t i = 0; i < a->n; i++) {
        const real x = dsc_in(&f, i, fused);
        m[i] = b1 * m[i] + c1 * x;
        v[i] = b2 * v[i] + c2 * x * x;
        const real size = dsc_ratio(rate, real_sqrt(v[i]) + eps);
        e[i] = b3 * e[i] + c3 * size;
        dsc_out(&f, i, (size < e[i] ? size : e[i]) * m[i], fused);
    }
}

static void direction(const dsc_step *s, const dsc_slice *a)
{
    if (a->place)
        loop(s, a, true);
    else
        loop(s, a, false);
}

const dsc_optim DSC_R(dsc_optim_adamod) = {
    .info = {.name = "adamod",
             .summary = "adam whose step sizes are bounded by their own running mean",
             .formula = "m, v as adam;  a = lr^ / (sqrt(v) + eps);  e <- beta3 e + (1 - beta3) a;  "
                        "w <- w - min(a, e) m",
             .reference = "Ding et al. 2019, arXiv:1910.12249",
             .advice = "transformers without a warm-up of lr; 1 / (1 - beta3) is how many steps "
                       "it warms up by itself",
             .params = params,
             .n_params = N_PARAMS},
    .n_state = N_STATE,
    .flags = DSC_RULE_FUSES,
    .decay = DSC_DECAY_LR,
    .first_moment = 1u << M,
    .second_moment = 1u << V,
    .positive = 1u << V | 1u << E,
    .begin = begin,
    .direction = direction,
};
