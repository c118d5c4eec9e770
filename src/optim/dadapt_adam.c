/* dadapt_adam.c - adam by D-Adaptation: d estimates how far away the solution lies.
 *
 *     D  = d lr, q = sqrt(beta2)                      with use_bias_correction D times its factor
 *     r <- q r + (1 - q) D <g, s / (sqrt(v) + eps)>   s, v of the step before; over all of w
 *     s <- q s + (1 - q) D g
 *     m <- beta1 m + (1 - beta1) D g
 *     v <- beta2 v + (1 - beta2) g^2
 *     d <- max(d, r / ((1 - q) |s|_1))                by growth_rate at most; for the next step
 *     w <- w - m / (sqrt(v) + eps)
 *
 * Decoupled decay takes D weight_decay w. */
#include "optim/distance_rule.h"

/* clang-format off */
enum { LR, BETA1, BETA2, EPS, WEIGHT_DECAY, USE_BIAS_CORRECTION, D0, GROWTH_RATE, N_PARAMS };
enum { ALONG = D + 1 };   /* memory: r */
enum { RATE, KEEP };      /* D, q */
enum { TOWARDS, LENGTH }; /* sums: what is added to r, |s|_1 */
enum { M, V, S, N_STATE };

static const descent_param params[N_PARAMS] = {
    [LR]                  = {"lr",           1.0,   0.0,   1e6,      "factor on the rate that is found; for schedules", DESCENT_NUMBER, NULL},
    [BETA1]               = {"beta1",        0.9,   0.0,   0.999999, "decay of the mean of g", DESCENT_NUMBER, NULL},
    [BETA2]               = {"beta2",        0.999, 0.0,   0.999999, "decay of the mean of g^2", DESCENT_NUMBER, NULL},
    [EPS]                 = {"eps",          1e-8,  0.0,   1e3,      "keeps the division finite", DESCENT_NUMBER, NULL},
    [WEIGHT_DECAY]        = {"weight_decay", 0.0,   0.0,   1e3,      "w shrinks by d lr weight_decay", DESCENT_NUMBER, NULL},
    [USE_BIAS_CORRECTION] = {"use_bias_correction", 0.0, 0.0, 1.0,   "adam's corrections in the rate", DESCENT_FLAG, NULL},
    [D0]                  = {"d0",           1e-6,  1e-30, 1e6,      "the first d; raise it when d does not move", DESCENT_NUMBER, NULL},
    [GROWTH_RATE]         = {"growth_rate",  DSC_UNLIMITED, 1.0, DSC_UNLIMITED, "d grows by this factor a step at most; 1.02 warms up", DESCENT_NUMBER, NULL},
};
/* clang-format on */

static void begin(dsc_step *s)
{
    const double *p = s->param;
    const bool corrects = p[USE_BIAS_CORRECTION] != 0.0;

    if (s->count == 1)
        s->memory[D] = p[D0];
    s->scalar[RATE] =
        s->memory[D] * s->lr * (corrects ? dsc_correction(p[BETA1], p[BETA2], s->count) : 1.0);
    s->rate = dsc_decay_rate(s, s->scalar[RATE]);
    s->scalar[KEEP] = sqrt(p[BETA2]);
}

static void survey(const dsc_step *s, const dsc_slice *a, double sum[DSC_MAX_SUMS])
{
    const double rate = s->scalar[RATE], q = s->scalar[KEEP];
    const real keep = (real)q, fresh = (real)(rate * (1.0 - q)), eps = (real)s->param[EPS];
    const real *restrict x = a->x, *restrict v = a->state[V];
    real *restrict total = a->state[S];
    real scaled[DSC_BLOCK];

    for (size_t i = 0; i < a->n; i++) {
        scaled[i] = dsc_ratio(total[i], real_sqrt(v[i]) + eps);
        total[i] = keep * total[i] + fresh * x[i];
    }
    sum[TOWARDS] += rate * dsc_dot(x, scaled, a->n);
    sum[LENGTH] += dsc_sum_abs(total, a->n);
}

static void settle(dsc_step *s, void *const *state, const double *sum)
{
    const double q = s->scalar[KEEP];
    double *along = &s->memory[ALONG];

    (void)state;
    *along = q * *along + (1.0 - q) * sum[TOWARDS];
    s->memory[D] =
        dsc_raise(s->memory[D], *along / ((1.0 - q) * sum[LENGTH]), s->param[GROWTH_RATE]);
}

DSC_SPECIALIZED void loop(const dsc_step *s, const dsc_slice *a, bool fused)
{
    const double b1 = s->param[BETA1], b2 = s->param[BETA2];
    const real keep1 = (real)b1, fresh1 = (real)(s->scalar[RATE] * (1.0 - b1));
    const real keep2 = (real)b2, fresh2 = (real)(1.0 - b2), eps = (real)s->param[EPS];
    const dsc_flow f = dsc_flow_of(a);
    real *restrict m = a->state[M], *restrict v = a->state[V];

    DSC_INDEPENDENT
    for (size_t i = 0; i < a->n; i++) {
        const real x = dsc_in(&f, i, fused);
        m[i] = keep1 * m[i] + fresh1 * x;
        v[i] = keep2 * v[i] + fresh2 * x * x;
        dsc_out(&f, i, dsc_ratio(m[i], real_sqrt(v[i]) + eps), fused);
    }
}

static void direction(const dsc_step *s, const dsc_slice *a)
{
    if (a->place)
        loop(s, a, true);
    else
        loop(s, a, false);
}

const dsc_optim DSC_R(dsc_optim_dadapt_adam) = {
    .info = {.name = "dadapt_adam",
             .summary = "adam that finds its own learning rate, by D-Adaptation",
             .formula = "r <- q r + (1 - q) D <g, s / sqrt(v)>;  s <- q s + (1 - q) D g;  "
                        "d <- max(d, r / ((1 - q) |s|));  w <- w - m / (sqrt(v) + eps), D = d lr",
             .reference = "Defazio & Mishchenko 2023, arXiv:2301.07733",
             .advice = "when lr is unknown and prodigy is too bold; growth_rate=1.02 warms up, and "
                       "d0=1e-4 helps when d does not move",
             .params = params,
             .n_params = N_PARAMS},
    .n_state = N_STATE,
    .flags = DSC_RULE_FUSES,
    .decay = DSC_DECAY_LR,
    .first_moment = 1u << M,
    .second_moment = 1u << V,
    .positive = 1u << V,
    .begin = begin,
    .survey = survey,
    .settle = settle,
    .direction = direction,
    .estimate = "d",
};
