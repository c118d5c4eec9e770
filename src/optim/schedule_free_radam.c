/* schedule_free_radam.c - rectified adam whose average replaces a schedule, warm-up included.
 *
 *     v   <- beta2 v + (1 - beta2) g^2
 *     rho  = R - 2 t beta2^t / (1 - beta2^t),  R = 2 / (1 - beta2) - 1
 *     u    = g / (sqrt(v^) + eps) + weight_decay w           where rho > 4
 *     u    = g + weight_decay w                              before that
 *
 * What becomes of u: schedule_free_rule.h, with lr times
 * sqrt((rho - 4) (rho - 2) R / ((R - 4) (R - 2) rho)). While rho <= 4 lr is 0, or with
 * silent_sgd_phase=no as it is. */
#include "optim/schedule_free_rule.h"

/* clang-format off */
enum { LR, BETA1, BETA2, EPS, WEIGHT_DECAY, R, WEIGHT_LR_POWER, SILENT_SGD_PHASE, N_PARAMS };
enum { ROOT = 3 }; /* 1 / sqrt(1 - beta2^t); 0 while u = g */
enum { V = Z + 1, N_STATE };

static const descent_param params[N_PARAMS] = {
    [LR]               = {"lr",               0.0025, 0.0,  1e6,      "learning rate, without a schedule", DESCENT_NUMBER, NULL},
    [BETA1]            = {"beta1",            0.9,    0.01, 1.0,      "where gradients are taken: 0 at the fast weights, 1 at their average", DESCENT_NUMBER, NULL},
    [BETA2]            = {"beta2",            0.999,  0.0,  0.999999, "decay of the mean of g^2", DESCENT_NUMBER, NULL},
    [EPS]              = {"eps",              1e-8,   0.0,  1e3,      "keeps the division finite", DESCENT_NUMBER, NULL},
    [WEIGHT_DECAY]     = {"weight_decay",     0.0,    0.0,  1e3,      "pull of w towards zero, times lr", DESCENT_NUMBER, NULL},
    [R]                = {"r",                0.0,    0.0,  20,       "late steps weigh more in the average, as t^r", DESCENT_NUMBER, NULL},
    [WEIGHT_LR_POWER]  = {"weight_lr_power",  2.0,    0.0,  20,       "and as the largest lr so far to this power", DESCENT_NUMBER, NULL},
    [SILENT_SGD_PHASE] = {"silent_sgd_phase", 1.0,    0.0,  1.0,      "stand still while v says too little; no: plain gradient descent", DESCENT_FLAG, NULL},
};
/* clang-format on */

static void begin(dsc_step *s)
{
    const double *p = s->param, t = (double)s->count, b2 = p[BETA2], power = pow(b2, t);
    const double most = 2.0 / (1.0 - b2) - 1.0, rho = most - 2.0 * t * power / (1.0 - power);
    double factor = p[SILENT_SGD_PHASE] != 0.0 ? 0.0 : 1.0;

    s->scalar[ROOT] = 0.0;
    if (rho > 4.0) {
        factor = sqrt((rho - 4.0) * (rho - 2.0) * most / ((most - 4.0) * (most - 2.0) * rho));
        s->scalar[ROOT] = 1.0 / sqrt(1.0 - power);
    }
    dsc_free_begin(s, s->lr * factor, p[BETA1], p[R], p[WEIGHT_LR_POWER]);
}

DSC_SPECIALIZED void loop(const dsc_step *s, const dsc_slice *a, bool divides, bool fused)
{
    const dsc_free way = dsc_free_of(s);
    const real b2 = (real)s->param[BETA2], c2 = (real)(1.0 - s->param[BETA2]);
    const real root = (real)s->scalar[ROOT];
    const real eps = (real)s->param[EPS], decay = (real)s->param[WEIGHT_DECAY];
    const dsc_flow f = dsc_flow_of(a);
    const real *w = a->w;
    real *restrict z = a->state[Z], *restrict v = a->state[V];

    DSC_INDEPENDENT
    for (size_t i = 0; i < a->n; i++) {
        const real x = dsc_in(&f, i, fused);
        v[i] = b2 * v[i] + c2 * x * x;
        const real step = divides ? dsc_ratio(x, real_sqrt(v[i]) * root + eps) : x;
        const real place = dsc_free_move(&way, w[i], &z[i], step + decay * w[i]);
        dsc_put(&f, i, place, fused);
    }
}

DSC_SPECIALIZED void choose(const dsc_step *s, const dsc_slice *a, bool fused)
{
    dsc_free_start(s, a);
    if (s->scalar[ROOT] > 0.0)
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

const dsc_optim DSC_R(dsc_optim_schedule_free_radam) = {
    .info = {.name = "schedule_free_radam",
             .summary = "rectified adam that needs neither schedule nor warm-up",
             .formula = "v <- beta2 v + (1 - beta2) g^2;  z <- z - lr rect (g / (sqrt(v^) + eps) + "
                        "weight_decay w);  x <- (1 - c) x + c z;  w <- (1 - beta1) z + beta1 x",
             .reference =
                 "Defazio et al. 2024, arXiv:2405.15682; Liu et al. 2020, arXiv:1908.03265",
             .advice = "schedule_free_adamw without a warm-up to choose; same lr",
             .params = params,
             .n_params = N_PARAMS},
    .n_state = N_STATE,
    .flags = DSC_RULE_PLACES | DSC_RULE_FUSES,
    .decay = DSC_DECAY_OWN,
    .second_moment = 1u << V,
    .positive = 1u << V,
    .begin = begin,
    .direction = direction,
    .average = dsc_free_average,
};
