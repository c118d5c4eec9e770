/* sophia_h.c - momentum divided by the Hessian's diagonal and clipped; Hutchinson's estimate.
 *
 *     h <- beta2 h + (1 - beta2) H               when an estimate H = u (H u) comes
 *     m <- beta1 m + (1 - beta1) g
 *     d  = lr clamp(m / max(h, eps), -p, p)
 *
 * Where h is not positive the step is p long, in the direction of m. */
#include "optim/rule.h"

/* clang-format off */
enum { LR, BETA1, BETA2, EPS, P, WEIGHT_DECAY, N_PARAMS };
enum { M, H, N_STATE };

static const descent_param params[N_PARAMS] = {
    [LR]           = {"lr",           0.06,  0.0, 1e6,      "learning rate", DESCENT_NUMBER, NULL},
    [BETA1]        = {"beta1",        0.96,  0.0, 0.999999, "decay of the mean of g", DESCENT_NUMBER, NULL},
    [BETA2]        = {"beta2",        0.99,  0.0, 0.999999, "decay of the mean of the curvature", DESCENT_NUMBER, NULL},
    [EPS]          = {"eps",          1e-12, 0.0, 1e3,      "least curvature to divide by", DESCENT_NUMBER, NULL},
    [P]            = {"p",            0.01,  0.0, 1e6,      "longest step of a weight, as a multiple of lr", DESCENT_NUMBER, NULL},
    [WEIGHT_DECAY] = {"weight_decay", 0.0,   0.0, 1e3,      "w shrinks by lr weight_decay", DESCENT_NUMBER, NULL},
};
/* clang-format on */

static void curvature(const dsc_step *s, const dsc_slice *a)
{
    const real keep = (real)s->param[BETA2], fresh = (real)(1.0 - s->param[BETA2]);
    const real *restrict x = a->x;
    real *restrict h = a->state[H];

    for (size_t i = 0; i < a->n; i++)
        h[i] = keep * h[i] + fresh * x[i];
}

DSC_SPECIALIZED void loop(const dsc_step *s, const dsc_slice *a, bool fused)
{
    const real lr = (real)s->lr, b1 = (real)s->param[BETA1], c1 = (real)(1.0 - s->param[BETA1]);
    const real eps = (real)s->param[EPS], p = (real)s->param[P];
    const dsc_flow f = dsc_flow_of(a);
    const real *restrict h = a->state[H];
    real *restrict m = a->state[M];

    DSC_INDEPENDENT
    for (size_t i = 0; i < a->n; i++) {
        const real x = dsc_in(&f, i, fused);
        m[i] = b1 * m[i] + c1 * x;
        const real divisor = h[i] > eps ? h[i] : eps;
        const real sign = m[i] > 0 ? p : m[i] < 0 ? -p : (real)0;
        const real move = divisor > 0 ? dsc_clamp(m[i] / divisor, p) : sign;
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

const dsc_optim DSC_R(dsc_optim_sophia_h) = {
    .info = {.name = "sophia_h",
             .summary = "momentum over an estimated Hessian diagonal, clipped",
             .formula = "h <- beta2 h + (1 - beta2) u (H u);  m <- beta1 m + (1 - beta1) g;  "
                        "w <- w - lr clamp(m / max(h, eps), -p, p)",
             .reference = "Liu et al. 2024, arXiv:2305.14342",
             .advice = "where Hessian-vector products can be had, every 10 steps; choose p so that "
                       "half of the weights are clipped",
             .params = params,
             .n_params = N_PARAMS},
    .n_state = N_STATE,
    .flags = DSC_RULE_CURVATURE | DSC_RULE_FUSES,
    .decay = DSC_DECAY_LR,
    .first_moment = 1u << M,
    .curvature = curvature,
    .direction = direction,
};
