/* sophia_g.c - momentum divided by the Hessian's diagonal and clipped; the Gauss-Newton estimate.
 *
 *     h <- beta2 h + (1 - beta2) q^2             when q comes: a gradient at labels that were drawn
 *                                                from the model's own predictions
 *     m <- beta1 m + (1 - beta1) g
 *     d  = lr clamp(m / (rho bs h + eps), -1, 1) */
#include "optim/rule.h"

/* clang-format off */
enum { LR, BETA1, BETA2, RHO, BS, EPS, WEIGHT_DECAY, N_PARAMS };
enum { M, H, N_STATE };

static const descent_param params[N_PARAMS] = {
    [LR]           = {"lr",           1e-4,  0.0, 1e6,      "learning rate", DESCENT_NUMBER, NULL},
    [BETA1]        = {"beta1",        0.965, 0.0, 0.999999, "decay of the mean of g", DESCENT_NUMBER, NULL},
    [BETA2]        = {"beta2",        0.99,  0.0, 0.999999, "decay of the mean of q^2", DESCENT_NUMBER, NULL},
    [RHO]          = {"rho",          0.04,  0.0, 1e6,      "how far curvature is trusted: larger clips less", DESCENT_NUMBER, NULL},
    [BS]           = {"bs",           0,     0.0, 1e12,     "examples (of texts: tokens) in a batch of q; 0: those of a step", DESCENT_NUMBER, NULL},
    [EPS]          = {"eps",          1e-15, 0.0, 1e3,      "keeps the division finite", DESCENT_NUMBER, NULL},
    [WEIGHT_DECAY] = {"weight_decay", 0.1,   0.0, 1e3,      "w shrinks by lr weight_decay", DESCENT_NUMBER, NULL},
};
/* clang-format on */

static void curvature(const dsc_step *s, const dsc_slice *a)
{
    const real keep = (real)s->param[BETA2], fresh = (real)(1.0 - s->param[BETA2]);
    const real *restrict q = a->x;
    real *restrict h = a->state[H];

    for (size_t i = 0; i < a->n; i++)
        h[i] = keep * h[i] + fresh * q[i] * q[i];
}

DSC_SPECIALIZED void loop(const dsc_step *s, const dsc_slice *a, bool fused)
{
    const real lr = (real)s->lr, b1 = (real)s->param[BETA1], c1 = (real)(1.0 - s->param[BETA1]);
    const double examples = s->param[BS] > 0.0 ? s->param[BS] : s->examples;
    const real scale = dsc_finite(s->param[RHO] * examples), eps = (real)s->param[EPS];
    const dsc_flow f = dsc_flow_of(a);
    const real *restrict h = a->state[H];
    real *restrict m = a->state[M];

    DSC_INDEPENDENT
    for (size_t i = 0; i < a->n; i++) {
        const real x = dsc_in(&f, i, fused);
        m[i] = b1 * m[i] + c1 * x;
        const real divisor = scale * h[i] + eps;
        const real sign = m[i] > 0 ? (real)1 : m[i] < 0 ? (real)-1 : (real)0;
        const real move = divisor > 0 ? dsc_clamp(m[i] / divisor, 1) : sign;
        dsc_out(&f, i, lr * move, fused);
    }
}

static void direction(const dsc_step *s, const dsc_slice *a)
{
    if (a->place)
        loop(s, a, true);
    else
        loop(s, a, false);
}

const dsc_optim DSC_R(dsc_optim_sophia_g) = {
    .info = {.name = "sophia_g",
             .summary = "momentum over squared gradients at sampled labels, clipped",
             .formula = "h <- beta2 h + (1 - beta2) q^2;  m <- beta1 m + (1 - beta1) g;  "
                        "w <- w - lr clamp(m / (rho bs h + eps), -1, 1)",
             .reference = "Liu et al. 2024, arXiv:2305.14342",
             .advice = "language models, with q every 10 steps; lr somewhat below adamw's",
             .params = params,
             .n_params = N_PARAMS},
    .n_state = N_STATE,
    .flags = DSC_RULE_CURVATURE | DSC_RULE_SAMPLES | DSC_RULE_FUSES,
    .decay = DSC_DECAY_LR,
    .first_moment = 1u << M,
    .positive = 1u << H,
    .curvature = curvature,
    .direction = direction,
};
