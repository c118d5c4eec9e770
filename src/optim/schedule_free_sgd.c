/* schedule_free_sgd.c - gradient descent whose average replaces a schedule: u = g. What becomes of
 * u: schedule_free_rule.h. For warmup_steps steps lr grows in a line. */
#include "optim/schedule_free_rule.h"

/* clang-format off */
enum { LR, MOMENTUM, WEIGHT_DECAY, WARMUP_STEPS, R, WEIGHT_LR_POWER, N_PARAMS };
enum { N_STATE = Z + 1 };

static const descent_param params[N_PARAMS] = {
    [LR]              = {"lr",              1.0, 0.0,  1e6, "learning rate, without a schedule", DESCENT_NUMBER, NULL},
    [MOMENTUM]        = {"momentum",        0.9, 0.01, 1.0, "where gradients are taken: 0 at the fast weights, 1 at their average", DESCENT_NUMBER, NULL},
    [WEIGHT_DECAY]    = {"weight_decay",    0.0, 0.0,  1e3, "pull towards zero, added to g (L2)", DESCENT_NUMBER, NULL},
    [WARMUP_STEPS]    = {"warmup_steps",    0.0, 0.0,  1e9, "steps over which lr grows from 0", DESCENT_INTEGER, NULL},
    [R]               = {"r",               0.0, 0.0,  20,  "late steps weigh more in the average, as t^r", DESCENT_NUMBER, NULL},
    [WEIGHT_LR_POWER] = {"weight_lr_power", 2.0, 0.0,  20,  "and as the largest lr so far to this power", DESCENT_NUMBER, NULL},
};
/* clang-format on */

static void begin(dsc_step *s)
{
    const double *p = s->param;
    const double ramp = fmin(1.0, (double)s->count / fmax(1.0, p[WARMUP_STEPS]));

    dsc_free_begin(s, s->lr * ramp, p[MOMENTUM], p[R], p[WEIGHT_LR_POWER]);
}

DSC_SPECIALIZED void loop(const dsc_step *s, const dsc_slice *a, bool fused)
{
    const dsc_free way = dsc_free_of(s);
    const dsc_flow f = dsc_flow_of(a);
    const real *w = a->w;
    real *restrict z = a->state[Z];

    dsc_free_start(s, a);
    DSC_INDEPENDENT
    for (size_t i = 0; i < a->n; i++) {
        const real x = dsc_in(&f, i, fused);
        dsc_put(&f, i, dsc_free_move(&way, w[i], &z[i], x), fused);
    }
}

static void direction(const dsc_step *s, const dsc_slice *a)
{
    if (a->place)
        loop(s, a, true);
    else
        loop(s, a, false);
}

const dsc_optim DSC_R(dsc_optim_schedule_free_sgd) = {
    .info = {.name = "schedule_free_sgd",
             .summary = "gradient descent that needs no schedule, because it averages",
             .formula = "z <- z - lr g;  x <- (1 - c) x + c z;  w <- (1 - momentum) z + momentum x",
             .reference = "Defazio et al. 2024, arXiv:2405.15682",
             .advice = "when the length of the run is open; lr 10 to 50 times that of sgd with "
                       "momentum, and warmup_steps of 5 % of the run",
             .params = params,
             .n_params = N_PARAMS},
    .n_state = N_STATE,
    .flags = DSC_RULE_PLACES | DSC_RULE_FUSES,
    .decay = DSC_DECAY_L2,
    .begin = begin,
    .direction = direction,
    .average = dsc_free_average,
};
