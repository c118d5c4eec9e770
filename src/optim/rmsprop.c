/* rmsprop.c - g divided by a running root mean square of itself.
 *
 *     v <- alpha v + (1 - alpha) g^2
 *     a <- alpha a + (1 - alpha) g               centered only: v - a^2 is the variance
 *     d  = g / (sqrt(v) + eps)                   d = g / (sqrt(v - a^2) + eps)
 *     b <- momentum b + d                        momentum only
 *     w <- w - lr d                              w <- w - lr b
 *
 * with eps_inside d = g / sqrt(v + eps); with lr_in_momentum b <- momentum b + lr d, w <- w - b.
 *
 * v starts at `start`, a at zero; they are not corrected for it. Rounding may take v - a^2 below
 * zero, which counts as zero. */
#include "optim/rule.h"

enum {
    LR,
    ALPHA,
    EPS,
    MOMENTUM,
    CENTERED,
    EPS_INSIDE,
    START,
    LR_IN_MOMENTUM,
    WEIGHT_DECAY,
    N_PARAMS
};
enum { V, A, B, N_STATE };

/* clang-format off */
static const descent_param params[N_PARAMS] = {
    [LR]           = {"lr",           0.01, 0.0,   1e6,      "learning rate", DESCENT_NUMBER, NULL},
    [ALPHA]        = {"alpha",        0.99, 0.0,   1.0,      "decay of the mean of g^2", DESCENT_NUMBER, NULL},
    [EPS]          = {"eps",          1e-8, 0.0,   1e3,      "keeps the division finite", DESCENT_NUMBER, NULL},
    [MOMENTUM]     = {"momentum",     0.0,  0.0,   1.0,      "how much of the last move is kept", DESCENT_NUMBER, NULL},
    [CENTERED]     = {"centered",     0.0,  0.0,   1.0,      "divide by the deviation of g instead", DESCENT_FLAG, NULL},
    [EPS_INSIDE]   = {"eps_inside",   0.0,  0.0,   1.0,      "eps under the root, as TensorFlow and Optax have it", DESCENT_FLAG, NULL},
    [START]        = {"start",        0.0,  0.0,   1e6,      "what v starts from; 1 in TensorFlow", DESCENT_NUMBER, NULL},
    [LR_IN_MOMENTUM] = {"lr_in_momentum", 0.0, 0.0, 1.0,     "lr goes into the momentum, not on it: they differ when lr changes", DESCENT_FLAG, NULL},
    [WEIGHT_DECAY] = {"weight_decay", 0.0,  0.0,   1e3,      "pull towards zero, added to g (L2)", DESCENT_NUMBER, NULL},
};
/* clang-format on */

static unsigned states(const double *param)
{
    return 1u << V | (param[CENTERED] != 0.0 ? 1u << A : 0u) |
           (param[MOMENTUM] > 0.0 ? 1u << B : 0u);
}

/* With v and a rounded, v - a^2 would be zero time and again. */
static unsigned exact(const double *param)
{
    return param[CENTERED] != 0.0 ? 1u << V | 1u << A : 0u;
}

DSC_SPECIALIZED void loop(const dsc_step *s, const dsc_slice *a, bool centered, bool momentum,
                          bool fused)
{
    const real lr = (real)s->lr;
    const real alpha = (real)s->param[ALPHA], rest = (real)(1.0 - s->param[ALPHA]);
    const real keep = (real)s->param[MOMENTUM];
    const bool early = s->param[LR_IN_MOMENTUM] != 0.0;
    const real before = early ? lr : 1, after = early ? 1 : lr;
    const bool under = s->param[EPS_INSIDE] != 0.0;
    const real inside = under ? (real)s->param[EPS] : 0, outside = under ? 0 : (real)s->param[EPS];
    const dsc_flow f = dsc_flow_of(a);
    real *restrict v = a->state[V], *restrict mean = a->state[A], *restrict b = a->state[B];

    DSC_INDEPENDENT
    for (size_t i = 0; i < a->n; i++) {
        const real x = dsc_in(&f, i, fused);
        v[i] = alpha * v[i] + rest * x * x;
        real square = v[i];
        if (centered) {
            mean[i] = alpha * mean[i] + rest * x;
            square -= mean[i] * mean[i];
            square = square < (real)0 ? (real)0 : square; /* keeps a NaN */
        }
        real move = before * dsc_ratio(x, real_sqrt(square + inside) + outside);
        if (momentum) {
            b[i] = keep * b[i] + move;
            move = b[i];
        }
        dsc_out(&f, i, after * move, fused);
    }
}

DSC_SPECIALIZED void choose(const dsc_step *s, const dsc_slice *a, bool fused)
{
    const bool centered = s->param[CENTERED] != 0.0, momentum = a->state[B] != NULL;

    if (centered && momentum)
        loop(s, a, true, true, fused);
    else if (centered)
        loop(s, a, true, false, fused);
    else if (momentum)
        loop(s, a, false, true, fused);
    else
        loop(s, a, false, false, fused);
}

static void direction(const dsc_step *s, const dsc_slice *a)
{
    real *v = a->state[V];

    for (size_t i = 0; s->count == 1 && i < a->n; i++)
        v[i] = (real)s->param[START];
    if (a->place)
        choose(s, a, true);
    else
        choose(s, a, false);
}

const dsc_optim DSC_R(dsc_optim_rmsprop) = {
    .info = {.name = "rmsprop",
             .summary = "step sizes from a running root mean square of g",
             .formula = "v <- alpha v + (1 - alpha) g^2;  w <- w - lr g / (sqrt(v) + eps)",
             .reference = "Tieleman & Hinton 2012, Coursera lecture 6.5; Graves 2013, "
                          "arXiv:1308.0850 (centered)",
             .advice =
                 "recurrent networks and reinforcement learning; elsewhere adam does the same "
                 "and corrects its start",
             .params = params,
             .n_params = N_PARAMS},
    .n_state = N_STATE,
    .flags = DSC_RULE_FUSES,
    .decay = DSC_DECAY_L2,
    .first_moment = 1u << B, /* a belongs to the variance, and goes on when momentum is reset */
    .second_moment = 1u << V,
    .positive = 1u << V,
    .states = states,
    .exact = exact,
    .direction = direction,
};
