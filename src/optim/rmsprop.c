/* rmsprop.c - g divided by a running root mean square of itself.
 *
 *     g <- g + weight_decay w
 *     v <- alpha v + (1 - alpha) g^2
 *     a <- alpha a + (1 - alpha) g               centered only: v - a^2 is the variance
 *     d  = g / (sqrt(v) + eps)                   d = g / (sqrt(v - a^2) + eps)
 *     b <- momentum b + d                        momentum only
 *     w <- w - lr d                              w <- w - lr b
 *
 * v and a start at zero and are not corrected for it. Rounding may take v - a^2 below zero, which
 * counts as zero. */
#include "base/real.h"
#include "optim/optim.h"

enum { LR, ALPHA, EPS, MOMENTUM, CENTERED, WEIGHT_DECAY, MAXIMIZE, N_PARAMS };
enum { SIGN };
enum { V, A, B, N_STATE };

/* clang-format off */
static const descent_param params[N_PARAMS] = {
    [LR]           = {"lr",           0.01, 0.0,   1e6,      "learning rate", DESCENT_NUMBER, NULL},
    [ALPHA]        = {"alpha",        0.99, 0.0,   0.999999, "decay of the mean of g^2", DESCENT_NUMBER, NULL},
    [EPS]          = {"eps",          1e-8, 1e-30, 1e3,      "keeps the division finite", DESCENT_NUMBER, NULL},
    [MOMENTUM]     = {"momentum",     0.0,  0.0,   1.0,      "how much of the last move is kept", DESCENT_NUMBER, NULL},
    [CENTERED]     = {"centered",     0.0,  0.0,   1.0,      "divide by the deviation of g instead", DESCENT_FLAG, NULL},
    [WEIGHT_DECAY] = {"weight_decay", 0.0,  0.0,   1e3,      "pull towards zero, added to g (L2)", DESCENT_NUMBER, NULL},
    [MAXIMIZE]     = {"maximize",     0.0,  0.0,   1.0,      "climb instead of descend", DESCENT_FLAG, NULL},
};
/* clang-format on */

static unsigned states(const double *param)
{
    return 1u << V | (param[CENTERED] != 0.0 ? 1u << A : 0u) |
           (param[MOMENTUM] > 0.0 ? 1u << B : 0u);
}

static void begin(dsc_step *s)
{
    s->scalar[SIGN] = s->param[MAXIMIZE] != 0.0 ? -1.0 : 1.0;
}

DSC_SPECIALIZED void move(const dsc_step *s, real *restrict w, const real *restrict g,
                          real *restrict v, real *restrict a, real *restrict b, size_t n,
                          bool centered, bool momentum)
{
    const real lr = (real)s->param[LR], eps = (real)s->param[EPS];
    const real alpha = (real)s->param[ALPHA], rest = (real)(1.0 - s->param[ALPHA]);
    const real keep = (real)s->param[MOMENTUM], sign = (real)s->scalar[SIGN];
    const real weight_decay = (real)s->param[WEIGHT_DECAY];

    for (size_t i = 0; i < n; i++) {
        const real x = sign * g[i] + weight_decay * w[i];
        v[i] = alpha * v[i] + rest * x * x;
        real square = v[i];
        if (centered) {
            a[i] = alpha * a[i] + rest * x;
            square -= a[i] * a[i];
            square = square < (real)0 ? (real)0 : square; /* keeps a NaN */
        }
        real d = x / (real_sqrt(square) + eps);
        if (momentum) {
            b[i] = keep * b[i] + d;
            d = b[i];
        }
        w[i] -= lr * d;
    }
}

static void apply(const dsc_step *s, void *w, const void *g, void *const *state, size_t n)
{
    const bool centered = s->param[CENTERED] != 0.0, momentum = s->param[MOMENTUM] > 0.0;

    if (centered && momentum)
        move(s, w, g, state[V], state[A], state[B], n, true, true);
    else if (centered)
        move(s, w, g, state[V], state[A], NULL, n, true, false);
    else if (momentum)
        move(s, w, g, state[V], NULL, state[B], n, false, true);
    else
        move(s, w, g, state[V], NULL, NULL, n, false, false);
}

const dsc_optim DSC_R(dsc_optim_rmsprop) = {
    .info = {.name = "rmsprop",
             .summary = "step sizes from a running root mean square of g",
             .formula = "v <- alpha v + (1 - alpha) g^2;  w <- w - lr g / (sqrt(v) + eps)",
             .reference = "Tieleman & Hinton 2012, Coursera lecture 6.5; Graves 2013, "
                          "arXiv:1308.0850 (centered)",
             .params = params,
             .n_params = N_PARAMS},
    .n_state = N_STATE,
    .states = states,
    .begin = begin,
    .apply = apply,
};
