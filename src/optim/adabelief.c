/* adabelief.c - adam that divides by how far g strays from its own mean: the belief in it.
 *
 *     m <- beta1 m + (1 - beta1) g
 *     s <- beta2 s + (1 - beta2) (g - m)^2 + eps     eps stays in s, step after step
 *     d  = lr m^ / (sqrt(s^) + eps)                  with amsgrad: the largest s so far
 *
 * rectify holds the division back until s has seen enough, as radam does: while the length
 * rho = rho_inf - 2 t beta2^t / (1 - beta2^t) of the mean is below 5, d = lr m^
 * (degenerated_to_sgd) or 0. From there on r = sqrt((rho - 4) (rho - 2) rho_inf /
 * ((rho_inf - 4) (rho_inf - 2) rho)) grows from small to 1:
 *
 *     d  = lr r sqrt(1 - beta2^t) m^ / (sqrt(s) + eps)
 *
 * and amsgrad has no part in it. */
#include "optim/rule.h"

enum { LR, BETA1, BETA2, EPS, WEIGHT_DECAY, AMSGRAD, RECTIFY, DEGENERATED, N_PARAMS };
enum { RATE, ROOT, DIVIDES }; /* what m and sqrt(s) are multiplied by; whether s counts yet */
enum { M, S, LARGEST, N_STATE };

/* clang-format off */
static const descent_param params[N_PARAMS] = {
    [LR]           = {"lr",           0.001, 0.0, 1e6,      "learning rate", DESCENT_NUMBER, NULL},
    [BETA1]        = {"beta1",        0.9,   0.0, 0.999999, "decay of the mean of g", DESCENT_NUMBER, NULL},
    [BETA2]        = {"beta2",        0.999, 0.0, 0.999999, "decay of the mean of (g - m)^2", DESCENT_NUMBER, NULL},
    [EPS]          = {"eps",          1e-16, 0.0, 1e3,      "keeps the division finite; added to s in every step, so it adds up", DESCENT_NUMBER, NULL},
    [WEIGHT_DECAY] = {"weight_decay", 0.0,   0.0, 1e3,      "shrinks w by lr weight_decay (decoupled)", DESCENT_NUMBER, NULL},
    [AMSGRAD]      = {"amsgrad",      0.0,   0.0, 1.0,      "divide by the largest mean so far; only without rectify", DESCENT_FLAG, NULL},
    [RECTIFY]      = {"rectify",      1.0,   0.0, 1.0,      "hold the division back until its mean is known well enough (radam)", DESCENT_FLAG, NULL},
    [DEGENERATED]  = {"degenerated_to_sgd", 1.0, 0.0, 1.0,  "until then move along m; otherwise stand still", DESCENT_FLAG, NULL},
};
/* clang-format on */

static unsigned states(const double *param)
{
    const bool largest = param[AMSGRAD] != 0.0 && param[RECTIFY] == 0.0;

    return 1u << M | 1u << S | (largest ? 1u << LARGEST : 0u);
}

static void begin(dsc_step *s)
{
    const double t = (double)s->count, b2 = s->param[BETA2], b2_t = pow(b2, t);
    const double rate = s->lr / (1.0 - pow(s->param[BETA1], t));
    const double longest = 2.0 / (1.0 - b2) - 1.0;
    const double length = longest - 2.0 * t * b2_t / (1.0 - b2_t);
    const bool known = length >= 5.0, rectify = s->param[RECTIFY] != 0.0;

    s->scalar[DIVIDES] = known || !rectify;
    s->scalar[RATE] = rate;
    s->scalar[ROOT] = 1.0;
    if (!rectify)
        s->scalar[ROOT] = 1.0 / sqrt(1.0 - b2_t);
    else if (known)
        s->scalar[RATE] *= sqrt((1.0 - b2_t) * (length - 4.0) / (longest - 4.0) * (length - 2.0) /
                                length * longest / (longest - 2.0));
    else if (s->param[DEGENERATED] == 0.0)
        s->scalar[RATE] = 0.0;
}

DSC_SPECIALIZED void loop(const dsc_step *step, const dsc_slice *a, bool divides, bool amsgrad,
                          bool fused)
{
    const real b1 = (real)step->param[BETA1], c1 = (real)(1.0 - step->param[BETA1]);
    const real b2 = (real)step->param[BETA2], c2 = (real)(1.0 - step->param[BETA2]);
    const real rate = (real)step->scalar[RATE], root = (real)step->scalar[ROOT];
    const real eps = (real)step->param[EPS];
    const dsc_flow f = dsc_flow_of(a);
    real *restrict m = a->state[M], *restrict s = a->state[S];
    real *restrict largest = a->state[LARGEST];

    DSC_INDEPENDENT
    for (size_t i = 0; i < a->n; i++) {
        const real x = dsc_in(&f, i, fused);
        m[i] = b1 * m[i] + c1 * x;
        const real away = x - m[i];
        s[i] = b2 * s[i] + c2 * away * away + eps;
        real square = s[i];
        if (amsgrad) {
            largest[i] = largest[i] > square ? largest[i] : square;
            square = largest[i];
        }
        const real move = rate * m[i];
        dsc_out(&f, i, divides ? dsc_ratio(move, real_sqrt(square) * root + eps) : move, fused);
    }
}

DSC_SPECIALIZED void choose(const dsc_step *s, const dsc_slice *a, bool fused)
{
    if (s->scalar[DIVIDES] == 0.0)
        loop(s, a, false, false, fused);
    else if (s->param[AMSGRAD] != 0.0 && s->param[RECTIFY] == 0.0)
        loop(s, a, true, true, fused);
    else
        loop(s, a, true, false, fused);
}

static void direction(const dsc_step *s, const dsc_slice *a)
{
    if (a->place)
        choose(s, a, true);
    else
        choose(s, a, false);
}

const dsc_optim DSC_R(dsc_optim_adabelief) = {
    .info = {.name = "adabelief",
             .summary = "adam that trusts g where it keeps to its mean",
             .formula = "m as adam;  s <- beta2 s + (1 - beta2) (g - m)^2 + eps;  "
                        "w <- w - lr m^ / (sqrt(s^) + eps)",
             .reference = "Zhuang et al. 2020, arXiv:2010.07468",
             .advice = "in place of adamw, with its lr; eps=1e-16 for transformers, 1e-8 for "
                       "convolutional networks",
             .params = params,
             .n_params = N_PARAMS},
    .n_state = N_STATE,
    .flags = DSC_RULE_FUSES,
    .decay = DSC_DECAY_LR,
    .first_moment = 1u << M,
    .positive = 1u << S | 1u << LARGEST,
    .states = states,
    .begin = begin,
    .direction = direction,
};
