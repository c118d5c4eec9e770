/* adabound.c - adam whose step sizes are clamped between bounds that close in on those of sgd.
 *
 *     m, v as adam                                 with amsbound V <- max(V, v) in place of v
 *     a  = lr sqrt(1 - beta2^t) / (1 - beta1^t) / (sqrt(v) + eps)
 *     F  = final_lr lr / (the first lr)
 *     d  = clamp(a, F (1 - 1 / (gamma t + 1)), F (1 + 1 / (gamma t))) m
 *
 * A schedule thus moves the bounds along with lr. */
#include "optim/rule.h"

enum { LR, BETA1, BETA2, FINAL_LR, GAMMA, EPS, WEIGHT_DECAY, AMSBOUND, N_PARAMS };
enum { RATE, LOW, HIGH };
enum { M, V, LARGEST, N_STATE };

/* clang-format off */
static const descent_param params[N_PARAMS] = {
    [LR]           = {"lr",           0.001, 0.0, 1e6,      "learning rate, as adam's", DESCENT_NUMBER, NULL},
    [BETA1]        = {"beta1",        0.9,   0.0, 0.999999, "decay of the mean of g", DESCENT_NUMBER, NULL},
    [BETA2]        = {"beta2",        0.999, 0.0, 0.999999, "decay of the mean of g^2", DESCENT_NUMBER, NULL},
    [FINAL_LR]     = {"final_lr",     0.1,   0.0, 1e6,      "learning rate at the end, as sgd's", DESCENT_NUMBER, NULL},
    [GAMMA]        = {"gamma",        0.001, 0.0, 1e3,      "how fast the bounds close in; 0: never", DESCENT_NUMBER, NULL},
    [EPS]          = {"eps",          1e-8,  0.0, 1e3,      "keeps the division finite", DESCENT_NUMBER, NULL},
    [WEIGHT_DECAY] = {"weight_decay", 0.0,   0.0, 1e3,      "pull towards zero, added to g (L2)", DESCENT_NUMBER, NULL},
    [AMSBOUND]     = {"amsbound",     0.0,   0.0, 1.0,      "divide by the largest mean of g^2 so far", DESCENT_FLAG, NULL},
};
/* clang-format on */

static unsigned states(const double *param)
{
    return 1u << M | 1u << V | (param[AMSBOUND] != 0.0 ? 1u << LARGEST : 0u);
}

static void begin(dsc_step *s)
{
    const double t = (double)s->count, closing = s->param[GAMMA] * t;
    const double share = s->first_lr > 0.0 ? s->lr / s->first_lr : s->lr > 0.0;
    const double final_lr = s->param[FINAL_LR] * share;

    s->scalar[RATE] = s->lr * sqrt(1.0 - pow(s->param[BETA2], t)) / (1.0 - pow(s->param[BETA1], t));
    s->scalar[LOW] = final_lr * (1.0 - 1.0 / (closing + 1.0));
    s->scalar[HIGH] = final_lr > 0.0 ? final_lr * (1.0 + 1.0 / closing) : 0.0;
}

DSC_SPECIALIZED void loop(const dsc_step *s, const dsc_slice *a, bool amsbound, bool fused)
{
    const real b1 = (real)s->param[BETA1], c1 = (real)(1.0 - s->param[BETA1]);
    const real b2 = (real)s->param[BETA2], c2 = (real)(1.0 - s->param[BETA2]);
    const real rate = (real)s->scalar[RATE], eps = (real)s->param[EPS];
    const real low = (real)s->scalar[LOW], high = (real)s->scalar[HIGH];
    const dsc_flow f = dsc_flow_of(a);
    real *restrict m = a->state[M], *restrict v = a->state[V];
    real *restrict largest = a->state[LARGEST];

    DSC_INDEPENDENT
    for (size_t i = 0; i < a->n; i++) {
        const real x = dsc_in(&f, i, fused);
        m[i] = b1 * m[i] + c1 * x;
        v[i] = b2 * v[i] + c2 * x * x;
        real square = v[i];
        if (amsbound) {
            largest[i] = largest[i] > square ? largest[i] : square;
            square = largest[i];
        }
        real size = dsc_ratio(rate, real_sqrt(square) + eps);
        size = size > low ? size : low;
        size = size < high ? size : high;
        dsc_out(&f, i, size * m[i], fused);
    }
}

DSC_SPECIALIZED void choose(const dsc_step *s, const dsc_slice *a, bool fused)
{
    if (s->param[AMSBOUND] != 0.0)
        loop(s, a, true, fused);
    else
        loop(s, a, false, fused);
}

static void direction(const dsc_step *s, const dsc_slice *a)
{
    if (a->place)
        choose(s, a, true);
    else
        choose(s, a, false);
}

const dsc_optim DSC_R(dsc_optim_adabound) = {
    .info = {.name = "adabound",
             .summary = "begins as adam and ends as sgd: step sizes between closing bounds",
             .formula = "m, v as adam;  w <- w - clamp(lr^ / (sqrt(v) + eps), low(t), high(t)) m,  "
                        "both bounds -> final_lr",
             .reference = "Luo et al. 2019, arXiv:1902.09843",
             .advice = "where sgd ends better than adam but starts too slowly; final_lr is the lr "
                       "you would give sgd with momentum, about 0.1",
             .params = params,
             .n_params = N_PARAMS},
    .n_state = N_STATE,
    .flags = DSC_RULE_FUSES,
    .decay = DSC_DECAY_L2,
    .first_moment = 1u << M,
    .second_moment = 1u << V,
    .positive = 1u << V | 1u << LARGEST,
    .states = states,
    .begin = begin,
    .direction = direction,
};
