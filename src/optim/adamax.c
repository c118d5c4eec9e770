/* adamax.c - adam with the largest |g| of late, which fades, in place of the root of a mean of g^2.
 *
 *     m <- beta1 m + (1 - beta1) g
 *     u <- max(beta2 u, |g| + eps)
 *     d  = lr / (1 - beta1^t) m / u
 *
 * u starts from zero but needs no correction: the first |g| takes it over. */
#include "optim/rule.h"

enum { LR, BETA1, BETA2, EPS, WEIGHT_DECAY, N_PARAMS };
enum { RATE }; /* lr / (1 - beta1^t) */
enum { M, U, N_STATE };

/* clang-format off */
static const descent_param params[N_PARAMS] = {
    [LR]           = {"lr",           0.002, 0.0, 1e6,      "learning rate", DESCENT_NUMBER, NULL},
    [BETA1]        = {"beta1",        0.9,   0.0, 0.999999, "decay of the mean of g", DESCENT_NUMBER, NULL},
    [BETA2]        = {"beta2",        0.999, 0.0, 0.999999, "how slowly the largest |g| fades", DESCENT_NUMBER, NULL},
    [EPS]          = {"eps",          1e-8,  0.0, 1e3,      "added to |g|; keeps the division finite", DESCENT_NUMBER, NULL},
    [WEIGHT_DECAY] = {"weight_decay", 0.0,   0.0, 1e3,      "pull towards zero, added to g (L2)", DESCENT_NUMBER, NULL},
};
/* clang-format on */

static void begin(dsc_step *s)
{
    s->scalar[RATE] = s->lr / (1.0 - pow(s->param[BETA1], (double)s->count));
}

DSC_SPECIALIZED void loop(const dsc_step *s, const dsc_slice *a, bool fused)
{
    const real b1 = (real)s->param[BETA1], c1 = (real)(1.0 - s->param[BETA1]);
    const real b2 = (real)s->param[BETA2], eps = (real)s->param[EPS];
    const real rate = (real)s->scalar[RATE];
    const dsc_flow f = dsc_flow_of(a);
    real *restrict m = a->state[M], *restrict u = a->state[U];

    DSC_INDEPENDENT
    for (size_t i = 0; i < a->n; i++) {
        const real x = dsc_in(&f, i, fused);
        const real faded = b2 * u[i], now = real_abs(x) + eps;
        m[i] = b1 * m[i] + c1 * x;
        u[i] = faded > now ? faded : now;
        dsc_out(&f, i, dsc_ratio(rate * m[i], u[i]), fused);
    }
}

static void direction(const dsc_step *s, const dsc_slice *a)
{
    if (a->place)
        loop(s, a, true);
    else
        loop(s, a, false);
}

const dsc_optim DSC_R(dsc_optim_adamax) = {
    .info = {.name = "adamax",
             .summary = "adam that divides by the largest |g| of late",
             .formula = "m <- beta1 m + (1 - beta1) g;  u <- max(beta2 u, |g| + eps);  "
                        "w <- w - lr / (1 - beta1^t) m / u",
             .reference = "Kingma & Ba 2015, arXiv:1412.6980, section 7",
             .advice = "where rare large gradients upset adam, such as embeddings; lr=0.002",
             .params = params,
             .n_params = N_PARAMS},
    .n_state = N_STATE,
    .flags = DSC_RULE_FUSES,
    .decay = DSC_DECAY_L2,
    .first_moment = 1u << M,
    .positive = 1u << U,
    .begin = begin,
    .direction = direction,
};
