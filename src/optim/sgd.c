/* sgd.c - gradient descent, the one line everything else refines, with momentum.
 *
 *     g <- g + weight_decay w
 *     b <- momentum b + (1 - dampening) g         b <- g on the first step
 *     w <- w - lr b                               w <- w - lr (g + momentum b) with nesterov
 *
 * Without momentum there is no b, and w <- w - lr g. */
#include "base/real.h"
#include "optim/optim.h"

enum { LR, MOMENTUM, DAMPENING, NESTEROV, WEIGHT_DECAY, MAXIMIZE, N_PARAMS };
enum { GAIN, SIGN }; /* what g is multiplied by on its way into b, and before all else */
enum { B, N_STATE };

/* clang-format off */
static const descent_param params[N_PARAMS] = {
    [LR]           = {"lr",           0.01, 0.0, 1e6, "learning rate", DESCENT_NUMBER, NULL},
    [MOMENTUM]     = {"momentum",     0.0,  0.0, 1.0, "how much of the last move is kept", DESCENT_NUMBER, NULL},
    [DAMPENING]    = {"dampening",    0.0,  0.0, 1.0, "how much of g is kept out of the momentum", DESCENT_NUMBER, NULL},
    [NESTEROV]     = {"nesterov",     0.0,  0.0, 1.0, "look ahead along the momentum", DESCENT_FLAG, NULL},
    [WEIGHT_DECAY] = {"weight_decay", 0.0,  0.0, 1e3, "pull towards zero, added to g (L2)", DESCENT_NUMBER, NULL},
    [MAXIMIZE]     = {"maximize",     0.0,  0.0, 1.0, "climb instead of descend", DESCENT_FLAG, NULL},
};
/* clang-format on */

static unsigned states(const double *param)
{
    return param[MOMENTUM] > 0.0 ? 1u << B : 0u;
}

static const char *refuse(const double *param, int *at)
{
    *at = NESTEROV;
    if (param[NESTEROV] == 0.0)
        return NULL;
    if (param[MOMENTUM] == 0.0)
        return "nesterov needs momentum, such as momentum=0.9";
    if (param[DAMPENING] > 0.0)
        return "nesterov does not go with dampening; leave one of them out";
    return NULL;
}

static void begin(dsc_step *s)
{
    s->scalar[GAIN] = s->count == 1 ? 1.0 : 1.0 - s->param[DAMPENING];
    s->scalar[SIGN] = s->param[MAXIMIZE] != 0.0 ? -1.0 : 1.0;
}

DSC_SPECIALIZED void move(const dsc_step *s, real *restrict w, const real *restrict g,
                          real *restrict b, size_t n, bool momentum, bool nesterov, bool decay)
{
    const real lr = (real)s->param[LR], keep = (real)s->param[MOMENTUM];
    const real gain = (real)s->scalar[GAIN], sign = (real)s->scalar[SIGN];
    const real weight_decay = (real)s->param[WEIGHT_DECAY];

    for (size_t i = 0; i < n; i++) {
        real d = sign * g[i];
        if (decay)
            d += weight_decay * w[i];
        if (momentum) {
            b[i] = keep * b[i] + gain * d;
            d = nesterov ? d + keep * b[i] : b[i];
        }
        w[i] -= lr * d;
    }
}

static void apply(const dsc_step *s, void *w, const void *g, void *const *state, size_t n)
{
    const bool momentum = s->param[MOMENTUM] > 0.0, nesterov = s->param[NESTEROV] != 0.0;
    const bool decay = s->param[WEIGHT_DECAY] > 0.0;

    if (nesterov && decay)
        move(s, w, g, state[B], n, true, true, true);
    else if (nesterov)
        move(s, w, g, state[B], n, true, true, false);
    else if (momentum && decay)
        move(s, w, g, state[B], n, true, false, true);
    else if (momentum)
        move(s, w, g, state[B], n, true, false, false);
    else if (decay)
        move(s, w, g, NULL, n, false, false, true);
    else
        move(s, w, g, NULL, n, false, false, false);
}

const dsc_optim DSC_R(dsc_optim_sgd) = {
    .info = {.name = "sgd",
             .summary = "gradient descent, plain or with momentum",
             .formula = "b <- momentum b + (1 - dampening) g;  w <- w - lr b",
             .reference = "Robbins & Monro 1951; Polyak 1964 (momentum); Sutskever et al. 2013 "
                          "(nesterov)",
             .params = params,
             .n_params = N_PARAMS},
    .n_state = N_STATE,
    .states = states,
    .refuse = refuse,
    .begin = begin,
    .apply = apply,
};
