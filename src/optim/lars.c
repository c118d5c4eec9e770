/* lars.c - sgd with momentum, its rate in every segment set by the norms of w and g.
 *
 *     r  = trust_coeff |w| / (|g| + weight_decay |w| + eps)      1 where a norm is 0
 *     u  = r (g + weight_decay w)
 *     b <- momentum b + (1 - dampening) u                        b <- u on the first step
 *     d  = lr b                          with nesterov: d = lr (u + momentum b)
 *
 * Segments without weight decay have r = 1 unless always_adapt. With trust_clip r is
 * min(r / lr, 1). */
#include "base/sums.h"
#include "optim/sgd_rule.h"

/* clang-format off */
enum { TRUST_COEFF = N_SHARED, EPS, TRUST_CLIP, ALWAYS_ADAPT, N_PARAMS };
enum { W_SQUARES, X_SQUARES };

static const descent_param params[N_PARAMS] = {
    [LR]           = {"lr",           1.0,   0.0, 1e6, "learning rate, on top of the ratio", DESCENT_NUMBER, NULL},
    [MOMENTUM]     = {"momentum",     0.9,   0.0, 1.0, "how much of the last move is kept", DESCENT_NUMBER, NULL},
    [DAMPENING]    = {"dampening",    0.0,   0.0, 1.0, "how much of u is kept out of the momentum", DESCENT_NUMBER, NULL},
    [NESTEROV]     = {"nesterov",     0.0,   0.0, 1.0, "look ahead along the momentum", DESCENT_FLAG, NULL},
    [WEIGHT_DECAY] = {"weight_decay", 1e-4,  0.0, 1e3, "pull towards zero, inside the ratio", DESCENT_NUMBER, NULL},
    [TRUST_COEFF]  = {"trust_coeff",  0.001, 0.0, 1e6, "length of a step as a part of |w|", DESCENT_NUMBER, NULL},
    [EPS]          = {"eps",          1e-8,  0.0, 1e3, "keeps the ratio finite", DESCENT_NUMBER, NULL},
    [TRUST_CLIP]   = {"trust_clip",   0.0,   0.0, 1.0, "a step of r g, but lr g at most (LARC)", DESCENT_FLAG, NULL},
    [ALWAYS_ADAPT] = {"always_adapt", 0.0,   0.0, 1.0, "take the ratio of segments without weight decay too", DESCENT_FLAG, NULL},
};
/* clang-format on */

static void survey(const dsc_step *s, const dsc_slice *a, double sum[DSC_MAX_SUMS])
{
    (void)s;
    sum[W_SQUARES] += dsc_dot(a->w, a->w, a->n);
    sum[X_SQUARES] += dsc_dot(a->x, a->x, a->n);
}

static double ratio(const dsc_step *s, const double *sum)
{
    const double w = sqrt(sum[W_SQUARES]), x = sqrt(sum[X_SQUARES]);
    const bool adapts = s->decay != 0.0 || s->param[ALWAYS_ADAPT] != 0.0;

    if (!adapts)
        return 1.0;
    const double trust = w > 0.0 && x > 0.0 ? s->param[TRUST_COEFF] * w /
                                                  (x + s->param[WEIGHT_DECAY] * w + s->param[EPS])
                                            : 1.0;
    return s->param[TRUST_CLIP] != 0.0 ? fmin(trust / s->lr, 1.0) : trust;
}

DSC_SPECIALIZED void loop(const dsc_step *s, const dsc_slice *a, bool momentum, bool nesterov,
                          bool fused)
{
    const real lr = (real)s->lr, keep = (real)s->param[MOMENTUM], gain = (real)s->scalar[GAIN];
    const real trust = dsc_finite(ratio(s, a->sum)), decay = (real)s->param[WEIGHT_DECAY];
    const dsc_flow f = dsc_flow_of(a);
    const real *w = a->w;
    real *restrict b = a->state[B];

    DSC_INDEPENDENT
    for (size_t i = 0; i < a->n; i++) {
        const real u = trust * (dsc_in(&f, i, fused) + decay * w[i]);
        real move = u;
        if (momentum) {
            b[i] = keep * b[i] + gain * u;
            move = nesterov ? u + keep * b[i] : b[i];
        }
        dsc_out(&f, i, lr * move, fused);
    }
}

DSC_SPECIALIZED void choose(const dsc_step *s, const dsc_slice *a, bool fused)
{
    if (!a->state[B])
        loop(s, a, false, false, fused);
    else if (s->param[NESTEROV] != 0.0)
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

const dsc_optim DSC_R(dsc_optim_lars) = {
    .info = {.name = "lars",
             .summary = "sgd whose rate in each layer follows the norms of weights and gradient",
             .formula = "r = trust_coeff |w| / (|g| + weight_decay |w| + eps);  "
                        "b <- momentum b + r (g + weight_decay w);  w <- w - lr b",
             .reference = "You, Gitman & Ginsburg 2017, arXiv:1708.03888",
             .advice = "convolutional networks with batches of thousands, with a warm-up; "
                       "lr between 1 and 30",
             .params = params,
             .n_params = N_PARAMS},
    .n_state = N_STATE,
    .flags = DSC_RULE_SEGMENTS | DSC_RULE_FUSES,
    .decay = DSC_DECAY_OWN,
    .first_moment = 1u << B,
    .states = dsc_sgd_states,
    .refuse = dsc_sgd_refuse,
    .begin = dsc_sgd_begin,
    .survey = survey,
    .direction = direction,
};
