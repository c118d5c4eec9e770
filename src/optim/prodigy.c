/* prodigy.c - adam that finds its learning rate: d estimates how far away the solution lies.
 *
 *     D  = d lr                                       with use_bias_correction times its factor
 *     r <- beta3 r + d/d0 D <g, x0 - w>               x0: w before the first step; over all of w
 *     s <- beta3 s + d/d0 D g                         with safeguard_warmup d in place of D
 *     m <- beta1 m + d (1 - beta1) g
 *     v <- beta2 v + d^2 (1 - beta2) g^2
 *     d <- max(d, d_coef r / |s|_1)                   by growth_rate at most
 *     w <- w - D m / (sqrt(v) + d eps)                new d beside eps, the old one in D
 *
 * m, v and s use the d of the step before. Decoupled decay takes D weight_decay w. */
#include "optim/distance_rule.h"

/* clang-format off */
enum { LR, BETA1, BETA2, BETA3, EPS, WEIGHT_DECAY, USE_BIAS_CORRECTION, SAFEGUARD_WARMUP, D0, D_COEF, GROWTH_RATE, N_PARAMS };
enum { LARGEST = D + 1, ALONG }; /* memory: the largest estimate; r */
enum { BEFORE, RATE, KEEP };     /* d of the step before, D, beta3 */
enum { TOWARDS, LENGTH };        /* sums: what is added to r, |s|_1 */
enum { M, V, S, X0, N_STATE };

static const descent_param params[N_PARAMS] = {
    [LR]                  = {"lr",           1.0,   0.0,   1e6,      "factor on the rate that is found; for schedules", DESCENT_NUMBER, NULL},
    [BETA1]               = {"beta1",        0.9,   0.0,   0.999999, "decay of the mean of g", DESCENT_NUMBER, NULL},
    [BETA2]               = {"beta2",        0.999, 0.0,   0.999999, "decay of the mean of g^2", DESCENT_NUMBER, NULL},
    [BETA3]               = {"beta3",        0.0,   0.0,   0.999999, "decay of what d is estimated from; 0: sqrt(beta2)", DESCENT_NUMBER, NULL},
    [EPS]                 = {"eps",          1e-8,  0.0,   1e3,      "keeps the division finite", DESCENT_NUMBER, NULL},
    [WEIGHT_DECAY]        = {"weight_decay", 0.0,   0.0,   1e3,      "w shrinks by d lr weight_decay", DESCENT_NUMBER, NULL},
    [USE_BIAS_CORRECTION] = {"use_bias_correction", 0.0, 0.0, 1.0,   "adam's corrections in the rate", DESCENT_FLAG, NULL},
    [SAFEGUARD_WARMUP]    = {"safeguard_warmup",    0.0, 0.0, 1.0,   "leave lr out of the estimate's divisor: for warm-ups", DESCENT_FLAG, NULL},
    [D0]                  = {"d0",           1e-6,  1e-30, 1e6,      "the first d; raise it when d does not move", DESCENT_NUMBER, NULL},
    [D_COEF]              = {"d_coef",       1.0,   0.0,   1e6,      "factor on the estimate: 0.5 is careful, 2 is bold", DESCENT_NUMBER, NULL},
    [GROWTH_RATE]         = {"growth_rate",  DSC_UNLIMITED, 1.0, DSC_UNLIMITED, "d grows by this factor a step at most", DESCENT_NUMBER, NULL},
};
/* clang-format on */

static void begin(dsc_step *s)
{
    const double *p = s->param;
    const bool corrects = p[USE_BIAS_CORRECTION] != 0.0;

    if (s->count == 1)
        s->memory[D] = s->memory[LARGEST] = p[D0];
    s->scalar[BEFORE] = s->memory[D];
    s->scalar[RATE] =
        s->memory[D] * s->lr * (corrects ? dsc_correction(p[BETA1], p[BETA2], s->count) : 1.0);
    s->rate = dsc_decay_rate(s, s->scalar[RATE]);
    s->scalar[KEEP] = p[BETA3] > 0.0 ? p[BETA3] : sqrt(p[BETA2]);
}

static void survey(const dsc_step *s, const dsc_slice *a, double sum[DSC_MAX_SUMS])
{
    const bool guarded = s->param[SAFEGUARD_WARMUP] != 0.0;
    const double d = s->scalar[BEFORE], scale = d / s->param[D0];
    const real keep = (real)s->scalar[KEEP];
    const real fresh = dsc_finite(scale * (guarded ? d : s->scalar[RATE]));
    const real *restrict w = a->w, *restrict x = a->x;
    real *restrict total = a->state[S], *restrict x0 = a->state[X0];
    real back[DSC_BLOCK];

    if (s->count == 1)
        memcpy(x0, w, a->n * sizeof *x0);
    for (size_t i = 0; i < a->n; i++) {
        back[i] = x0[i] - w[i];
        total[i] = dsc_clamp(keep * total[i] + fresh * x[i], DSC_REAL_MAX);
    }
    sum[TOWARDS] += scale * s->scalar[RATE] * dsc_dot(x, back, a->n);
    sum[LENGTH] += dsc_sum_abs(total, a->n);
}

static void settle(dsc_step *s, void *const *state, const double *sum)
{
    double *d = &s->memory[D], *largest = &s->memory[LARGEST];
    double *along = &s->memory[ALONG];

    (void)state;
    *along = s->scalar[KEEP] * *along + sum[TOWARDS];
    const double estimate = s->param[D_COEF] * *along / sum[LENGTH];
    if (!(sum[LENGTH] > 0.0))
        return;
    if (*d == s->param[D0]) /* nothing limits the first leap */
        *d = dsc_raise(*d, estimate, DSC_UNLIMITED);
    *largest = dsc_raise(*largest, estimate, DSC_UNLIMITED);
    *d = dsc_raise(*d, *largest, s->param[GROWTH_RATE]);
}

DSC_SPECIALIZED void loop(const dsc_step *s, const dsc_slice *a, bool fused)
{
    const double d_before = s->scalar[BEFORE], b1 = s->param[BETA1], b2 = s->param[BETA2];
    const real keep1 = (real)b1, fresh1 = (real)(d_before * (1.0 - b1));
    const real keep2 = (real)b2, fresh2 = (real)(d_before * d_before * (1.0 - b2));
    const real rate = dsc_finite(s->scalar[RATE]), eps = (real)(s->memory[D] * s->param[EPS]);
    const dsc_flow f = dsc_flow_of(a);
    real *restrict m = a->state[M], *restrict v = a->state[V];

    DSC_INDEPENDENT
    for (size_t i = 0; i < a->n; i++) {
        const real x = dsc_in(&f, i, fused);
        m[i] = keep1 * m[i] + fresh1 * x;
        v[i] = dsc_clamp(keep2 * v[i] + fresh2 * x * x, DSC_REAL_MAX);
        dsc_out(&f, i, dsc_ratio(rate * m[i], real_sqrt(v[i]) + eps), fused);
    }
}

static void direction(const dsc_step *s, const dsc_slice *a)
{
    if (a->place)
        loop(s, a, true);
    else
        loop(s, a, false);
}

const dsc_optim DSC_R(dsc_optim_prodigy) = {
    .info = {.name = "prodigy",
             .summary = "adamw that finds its own learning rate",
             .formula = "r <- beta3 r + d/d0 D <g, x0 - w>;  s <- beta3 s + d/d0 D g;  "
                        "d <- max(d, d_coef r / |s|);  w <- w - D m / (sqrt(v) + d eps), D = d lr",
             .reference = "Mishchenko & Defazio 2024, arXiv:2306.06101",
             .advice = "when lr is unknown: leave lr=1 and give it a cosine schedule; with a "
                       "warm-up add safeguard_warmup, and raise d0 to 1e-4 if d stays there",
             .params = params,
             .n_params = N_PARAMS},
    .n_state = N_STATE,
    .flags = DSC_RULE_FUSES,
    .decay = DSC_DECAY_LR,
    .first_moment = 1u << M,
    .positive = 1u << V,
    .begin = begin,
    .survey = survey,
    .settle = settle,
    .direction = direction,
    .estimate = "d",
};
