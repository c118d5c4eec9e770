/* adopt.c - adam that divides g by the mean square of the gradients before it, not by one that
 * holds g itself: it converges for any beta2.
 *
 *     first step:  v <- g^2, and w stays
 *     n  = clamp(g / max(sqrt(v), eps), -c, c)        c = (t - 1)^clip
 *     m <- beta1 m + (1 - beta1) n
 *     d  = lr m
 *     v <- beta2 v + (1 - beta2) g^2                  after its use
 *
 * There is nothing to correct: v starts at g^2. */
#include "optim/rule.h"

enum { LR, BETA1, BETA2, EPS, WEIGHT_DECAY, CLIP, N_PARAMS };
enum { LIMIT }; /* c */
enum { M, V, N_STATE };

/* clang-format off */
static const descent_param params[N_PARAMS] = {
    [LR]           = {"lr",           0.001,  0.0, 1e6,      "learning rate", DESCENT_NUMBER, NULL},
    [BETA1]        = {"beta1",        0.9,    0.0, 0.999999, "decay of the mean of the divided g", DESCENT_NUMBER, NULL},
    [BETA2]        = {"beta2",        0.9999, 0.0, 0.999999, "decay of the mean of g^2", DESCENT_NUMBER, NULL},
    [EPS]          = {"eps",          1e-6,   0.0, 1e3,      "what g is divided by at least", DESCENT_NUMBER, NULL},
    [WEIGHT_DECAY] = {"weight_decay", 0.0,    0.0, 1e3,      "pull towards zero, added to g (L2)", DESCENT_NUMBER, NULL},
    [CLIP]         = {"clip",         0.25,   0.0, 10.0,     "divided gradients are clamped to t^clip; 0: off", DESCENT_NUMBER, NULL},
};
/* clang-format on */

/* Without clip the limit only keeps a quotient that overflows out of m. */
static void begin(dsc_step *s)
{
    const double clip = s->param[CLIP];

    s->scalar[LIMIT] = clip > 0.0 ? pow((double)(s->count - 1), clip) : 1e30;
}

DSC_SPECIALIZED void initialize(const dsc_slice *a, bool fused)
{
    const dsc_flow f = dsc_flow_of(a);
    real *restrict v = a->state[V];

    DSC_INDEPENDENT
    for (size_t i = 0; i < a->n; i++) {
        const real x = dsc_in(&f, i, fused);
        v[i] = x * x;
        dsc_out(&f, i, 0, fused);
    }
}

DSC_SPECIALIZED void loop(const dsc_step *s, const dsc_slice *a, bool fused)
{
    const real b1 = (real)s->param[BETA1], c1 = (real)(1.0 - s->param[BETA1]);
    const real b2 = (real)s->param[BETA2], c2 = (real)(1.0 - s->param[BETA2]);
    const real lr = (real)s->lr, eps = (real)s->param[EPS], limit = (real)s->scalar[LIMIT];
    const dsc_flow f = dsc_flow_of(a);
    real *restrict m = a->state[M], *restrict v = a->state[V];

    DSC_INDEPENDENT
    for (size_t i = 0; i < a->n; i++) {
        const real x = dsc_in(&f, i, fused);
        const real root = real_sqrt(v[i]);
        real n = dsc_ratio(x, root > eps ? root : eps);
        n = n < -limit ? -limit : n;
        n = n > limit ? limit : n;
        m[i] = b1 * m[i] + c1 * n;
        v[i] = b2 * v[i] + c2 * x * x;
        dsc_out(&f, i, lr * m[i], fused);
    }
}

DSC_SPECIALIZED void choose(const dsc_step *s, const dsc_slice *a, bool fused)
{
    if (s->count == 1)
        initialize(a, fused);
    else
        loop(s, a, fused);
}

static void direction(const dsc_step *s, const dsc_slice *a)
{
    if (a->place)
        choose(s, a, true);
    else
        choose(s, a, false);
}

const dsc_optim DSC_R(dsc_optim_adopt) = {
    .info = {.name = "adopt",
             .summary = "adam that divides by the mean square of earlier gradients only",
             .formula = "m <- beta1 m + (1 - beta1) clamp(g / max(sqrt(v), eps), t^clip);  "
                        "w <- w - lr m;  v <- beta2 v + (1 - beta2) g^2",
             .reference = "Taniguchi et al. 2024, arXiv:2411.02853",
             .advice = "small or noisy batches, where adam needs its beta2 tuned; lr=0.001, and "
                       "decay=lr for weight decay as adamw has it",
             .params = params,
             .n_params = N_PARAMS},
    .n_state = N_STATE,
    .flags = DSC_RULE_WAITS | DSC_RULE_FUSES,
    .decay = DSC_DECAY_L2,
    .first_moment = 1u << M,
    .positive = 1u << V,
    .begin = begin,
    .direction = direction,
};
