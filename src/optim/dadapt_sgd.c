/* dadapt_sgd.c - gradient descent by D-Adaptation: d estimates how far away the solution lies.
 *
 *     D  = d lr / |g0|                                g0: the first gradient
 *     r <- r + D <g, s>                               s of the step before; over all of w
 *     s <- s + D g
 *     d <- max(d, 2 r / |s|)                          by growth_rate at most; for the next step
 *     w <- momentum w + (1 - momentum) (x0 - s)       x0: w before the first step */
#include "optim/distance_rule.h"

/* clang-format off */
enum { LR, MOMENTUM, WEIGHT_DECAY, D0, GROWTH_RATE, N_PARAMS };
enum { ALONG = D + 1, FIRST }; /* memory: r, |g0| */
enum { RATE };                 /* D */
enum { TOWARDS, SQUARES };     /* sums: what is added to r, |s|^2 */
enum { S, X0, N_STATE };

static const descent_param params[N_PARAMS] = {
    [LR]           = {"lr",           1.0,  0.0,   1e6, "factor on the rate that is found; for schedules", DESCENT_NUMBER, NULL},
    [MOMENTUM]     = {"momentum",     0.0,  0.0,   1.0, "how slowly w follows", DESCENT_NUMBER, NULL},
    [WEIGHT_DECAY] = {"weight_decay", 0.0,  0.0,   1e3, "pull towards zero, added to g (L2)", DESCENT_NUMBER, NULL},
    [D0]           = {"d0",           1e-6, 1e-30, 1e6, "the first d; raise it when d does not move", DESCENT_NUMBER, NULL},
    [GROWTH_RATE]  = {"growth_rate",  DSC_UNLIMITED, 1.0, DSC_UNLIMITED, "d grows by this factor a step at most; 1.02 warms up", DESCENT_NUMBER, NULL},
};
/* clang-format on */

static void begin(dsc_step *s)
{
    if (s->count == 1)
        s->memory[D] = s->param[D0];
    if (s->memory[FIRST] == 0.0)
        s->memory[FIRST] = s->norm;
    s->scalar[RATE] = s->memory[FIRST] > 0.0 ? s->memory[D] * s->lr / s->memory[FIRST] : 0.0;
}

static void survey(const dsc_step *s, const dsc_slice *a, double sum[DSC_MAX_SUMS])
{
    /* far from the largest, because x0 - s has to be finite too */
    const real rate = dsc_finite(s->scalar[RATE]), limit = DSC_REAL_MAX / 4;
    const real *restrict x = a->x;
    real *restrict total = a->state[S], *restrict x0 = a->state[X0];

    if (s->count == 1)
        memcpy(x0, a->w, a->n * sizeof *x0);
    sum[TOWARDS] += s->scalar[RATE] * dsc_dot(x, total, a->n);
    for (size_t i = 0; i < a->n; i++)
        total[i] = dsc_clamp(total[i] + rate * x[i], limit);
    sum[SQUARES] += dsc_dot(total, total, a->n);
}

static void settle(dsc_step *s, void *const *state, const double *sum)
{
    double *along = &s->memory[ALONG];
    const double more = *along + sum[TOWARDS];

    (void)state;
    *along = isnan(more) ? *along : fmax(-DBL_MAX, fmin(more, DBL_MAX));
    s->memory[D] =
        dsc_raise(s->memory[D], 2.0 * *along / sqrt(sum[SQUARES]), s->param[GROWTH_RATE]);
}

DSC_SPECIALIZED void loop(const dsc_step *s, const dsc_slice *a, bool fused)
{
    const real keep = (real)s->param[MOMENTUM], rest = (real)(1.0 - s->param[MOMENTUM]);
    const dsc_flow f = dsc_flow_of(a);
    const real *w = a->w, *restrict total = a->state[S], *restrict x0 = a->state[X0];

    DSC_INDEPENDENT
    for (size_t i = 0; i < a->n; i++)
        dsc_put(&f, i, keep * w[i] + rest * (x0[i] - total[i]), fused);
}

static void direction(const dsc_step *s, const dsc_slice *a)
{
    if (a->place)
        loop(s, a, true);
    else
        loop(s, a, false);
}

const dsc_optim DSC_R(dsc_optim_dadapt_sgd) = {
    .info = {.name = "dadapt_sgd",
             .summary = "gradient descent that finds its own learning rate, by D-Adaptation",
             .formula = "r <- r + D <g, s>;  s <- s + D g;  d <- max(d, 2 r / |s|);  "
                        "w <- momentum w + (1 - momentum) (x0 - s), D = d lr / |g0|",
             .reference = "Defazio & Mishchenko 2023, arXiv:2301.07733",
             .advice = "in place of sgd when lr is unknown; momentum=0.9, and d0=1e-3 when d does "
                       "not move",
             .params = params,
             .n_params = N_PARAMS},
    .n_state = N_STATE,
    .flags = DSC_RULE_PLACES | DSC_RULE_FUSES | DSC_RULE_NORM,
    .decay = DSC_DECAY_L2,
    .begin = begin,
    .survey = survey,
    .settle = settle,
    .direction = direction,
    .estimate = "d",
};
