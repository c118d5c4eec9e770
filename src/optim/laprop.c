/* laprop.c - adam the other way round: g is divided first, and then averaged.
 *
 *     v <- beta2 v + (1 - beta2) g^2
 *     m <- beta1 m + (1 - beta1) lr g / (sqrt(v^) + eps)
 *     l <- beta1 l + (1 - beta1) lr             one number: m has seen that much of lr
 *     w <- w - lr m / l
 *     w <- w - lr weight_decay w                after the move
 *
 * so that beta1 and beta2 don't depend on each other. With a constant lr, m / l corrects the start
 * of m as adam does; with one that changes, m keeps the rates its parts came with. */
#include "optim/rule.h"

enum { LR, BETA1, BETA2, EPS, WEIGHT_DECAY, N_PARAMS };
enum { GAIN, ROOT, RATE, PULL }; /* (1 - beta1) lr, 1 / sqrt(1 - beta2^t), on m, on w */
enum { SEEN };                   /* l */
enum { M, V, N_STATE };

/* clang-format off */
static const descent_param params[N_PARAMS] = {
    [LR]           = {"lr",           0.0004, 0.0, 1e6,      "learning rate", DESCENT_NUMBER, NULL},
    [BETA1]        = {"beta1",        0.9,    0.0, 0.999999, "decay of the mean of the divided g", DESCENT_NUMBER, NULL},
    [BETA2]        = {"beta2",        0.999,  0.0, 0.999999, "decay of the mean of g^2", DESCENT_NUMBER, NULL},
    [EPS]          = {"eps",          1e-15,  0.0, 1e3,      "keeps the division finite", DESCENT_NUMBER, NULL},
    [WEIGHT_DECAY] = {"weight_decay", 0.0,    0.0, 1e3,      "shrinks w by lr weight_decay after the move (decoupled)", DESCENT_NUMBER, NULL},
};
/* clang-format on */

static void begin(dsc_step *s)
{
    const double b1 = s->param[BETA1], pull = s->lr * s->param[WEIGHT_DECAY];
    double *seen = &s->memory[SEEN];

    *seen = b1 * *seen + (1.0 - b1) * s->lr;
    s->scalar[GAIN] = (1.0 - b1) * s->lr;
    s->scalar[ROOT] = 1.0 / sqrt(1.0 - pow(s->param[BETA2], (double)s->count));
    s->scalar[RATE] = *seen > 0.0 ? s->lr / *seen * (1.0 - pull) : 0.0;
    s->scalar[PULL] = pull;
}

/* (w - u) (1 - pull) = w - ((1 - pull) u + pull w) */
DSC_SPECIALIZED void loop(const dsc_step *s, const dsc_slice *a, bool fused)
{
    const real b1 = (real)s->param[BETA1], gain = (real)s->scalar[GAIN];
    const real b2 = (real)s->param[BETA2], c2 = (real)(1.0 - s->param[BETA2]);
    const real rate = (real)s->scalar[RATE], root = (real)s->scalar[ROOT];
    const real eps = (real)s->param[EPS], pull = (real)s->scalar[PULL];
    const dsc_flow f = dsc_flow_of(a);
    const real *w = a->w;
    real *restrict m = a->state[M], *restrict v = a->state[V];

    DSC_INDEPENDENT
    for (size_t i = 0; i < a->n; i++) {
        const real x = dsc_in(&f, i, fused);
        v[i] = b2 * v[i] + c2 * x * x;
        m[i] = b1 * m[i] + dsc_ratio(gain * x, real_sqrt(v[i]) * root + eps);
        dsc_out(&f, i, rate * m[i] + pull * w[i], fused);
    }
}

static void direction(const dsc_step *s, const dsc_slice *a)
{
    if (a->place)
        loop(s, a, true);
    else
        loop(s, a, false);
}

const dsc_optim DSC_R(dsc_optim_laprop) = {
    .info = {.name = "laprop",
             .summary = "adam that divides g by its root mean square before it averages",
             .formula = "v as adam;  m <- beta1 m + (1 - beta1) lr g / (sqrt(v^) + eps);  "
                        "w <- w - m^",
             .reference = "Ziyin, Wang & Ueda 2020, arXiv:2002.04839",
             .advice = "noisy gradients and small beta2, where adam becomes unstable; lr=0.0004 to "
                       "0.001",
             .params = params,
             .n_params = N_PARAMS},
    .n_state = N_STATE,
    .flags = DSC_RULE_FUSES,
    .decay = DSC_DECAY_OWN,
    .first_moment = 1u << M,
    .second_moment = 1u << V,
    .positive = 1u << V,
    .begin = begin,
    .direction = direction,
};
