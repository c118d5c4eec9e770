/* schedule_free_adamw.c - adam whose average replaces a schedule and its first moment.
 *
 *     v <- beta2 v + (1 - beta2) g^2
 *     u  = g / (sqrt(v^) + eps) + weight_decay w
 *
 * What becomes of u: schedule_free_rule.h. With inner_momentum a corrected mean of g stands in for
 * g. For warmup_steps steps lr grows in a line. */
#include "optim/schedule_free_rule.h"

/* clang-format off */
enum { LR, BETA1, BETA2, EPS, WEIGHT_DECAY, WARMUP_STEPS, R, WEIGHT_LR_POWER, INNER_MOMENTUM, N_PARAMS };
enum { ROOT = 3, MEAN }; /* 1 / sqrt(1 - beta2^t), 1 / (1 - inner_momentum^t) */
enum { V = Z + 1, M, N_STATE };

static const descent_param params[N_PARAMS] = {
    [LR]              = {"lr",              0.0025, 0.0,  1e6,      "learning rate, without a schedule", DESCENT_NUMBER, NULL},
    [BETA1]           = {"beta1",           0.9,    0.01, 1.0,      "where gradients are taken: 0 at the fast weights, 1 at their average", DESCENT_NUMBER, NULL},
    [BETA2]           = {"beta2",           0.999,  0.0,  0.999999, "decay of the mean of g^2", DESCENT_NUMBER, NULL},
    [EPS]             = {"eps",             1e-8,   0.0,  1e3,      "keeps the division finite", DESCENT_NUMBER, NULL},
    [WEIGHT_DECAY]    = {"weight_decay",    0.0,    0.0,  1e3,      "pull of w towards zero, times lr", DESCENT_NUMBER, NULL},
    [WARMUP_STEPS]    = {"warmup_steps",    0.0,    0.0,  1e9,      "steps over which lr grows from 0", DESCENT_INTEGER, NULL},
    [R]               = {"r",               0.0,    0.0,  20,       "late steps weigh more in the average, as t^r", DESCENT_NUMBER, NULL},
    [WEIGHT_LR_POWER] = {"weight_lr_power", 2.0,    0.0,  20,       "and as the largest lr so far to this power", DESCENT_NUMBER, NULL},
    [INNER_MOMENTUM]  = {"inner_momentum",  0.0,    0.0,  0.999999, "decay of a mean of g, on top; 0: none", DESCENT_NUMBER, NULL},
};
/* clang-format on */

static unsigned states(const double *param)
{
    return 1u << Z | 1u << V | (param[INNER_MOMENTUM] > 0.0 ? 1u << M : 0u);
}

static void begin(dsc_step *s)
{
    const double *p = s->param, t = (double)s->count;
    const double ramp = fmin(1.0, t / fmax(1.0, p[WARMUP_STEPS]));

    dsc_free_begin(s, s->lr * ramp, p[BETA1], p[R], p[WEIGHT_LR_POWER]);
    s->scalar[ROOT] = 1.0 / sqrt(1.0 - pow(p[BETA2], t));
    s->scalar[MEAN] = 1.0 / (1.0 - pow(p[INNER_MOMENTUM], t));
}

DSC_SPECIALIZED void loop(const dsc_step *s, const dsc_slice *a, bool inner, bool fused)
{
    const dsc_free way = dsc_free_of(s);
    const real b2 = (real)s->param[BETA2], c2 = (real)(1.0 - s->param[BETA2]);
    const real im = (real)s->param[INNER_MOMENTUM], rest = (real)(1.0 - s->param[INNER_MOMENTUM]);
    const real root = (real)s->scalar[ROOT], mean = (real)s->scalar[MEAN];
    const real eps = (real)s->param[EPS], decay = (real)s->param[WEIGHT_DECAY];
    const dsc_flow f = dsc_flow_of(a);
    const real *w = a->w;
    real *restrict z = a->state[Z], *restrict v = a->state[V], *restrict m = a->state[M];

    DSC_INDEPENDENT
    for (size_t i = 0; i < a->n; i++) {
        real g = dsc_in(&f, i, fused);
        v[i] = b2 * v[i] + c2 * g * g;
        if (inner) {
            m[i] = im * m[i] + rest * g;
            g = m[i] * mean;
        }
        const real u = dsc_ratio(g, real_sqrt(v[i]) * root + eps) + decay * w[i];
        dsc_put(&f, i, dsc_free_move(&way, w[i], &z[i], u), fused);
    }
}

DSC_SPECIALIZED void choose(const dsc_step *s, const dsc_slice *a, bool fused)
{
    dsc_free_start(s, a);
    if (a->state[M])
        loop(s, a, true, fused);
    else
        loop(s, a, false, fused);
}

static void direction(const dsc_step *s, const dsc_slice *a)
{
    if (a->place)
        choose(s, a, true);
    else
        choose(s, a, false);
}

const dsc_optim DSC_R(dsc_optim_schedule_free_adamw) = {
    .info = {.name = "schedule_free_adamw",
             .summary = "adamw that needs no schedule, because it averages",
             .formula = "v <- beta2 v + (1 - beta2) g^2;  z <- z - lr (g / (sqrt(v^) + eps) + "
                        "weight_decay w);  x <- (1 - c) x + c z;  w <- (1 - beta1) z + beta1 x",
             .reference = "Defazio et al. 2024, arXiv:2405.15682",
             .advice = "when the length of the run is open; lr 1 to 10 times that of adamw, and "
                       "warmup_steps of 5 % of the run",
             .params = params,
             .n_params = N_PARAMS},
    .n_state = N_STATE,
    .flags = DSC_RULE_PLACES | DSC_RULE_FUSES,
    .decay = DSC_DECAY_OWN,
    .first_moment = 1u << M,
    .second_moment = 1u << V,
    .positive = 1u << V,
    .states = states,
    .begin = begin,
    .direction = direction,
    .average = dsc_free_average,
};
