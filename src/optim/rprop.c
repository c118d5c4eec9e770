/* rprop.c - a step size of its own for every weight, from nothing but the signs of g.
 *
 *     size <- etaplus size                        where g has kept its sign
 *     size <- etaminus size,  g <- 0              where it has turned: one step is left out
 *     d     = sign(g) size                        size within [step_min, step_max]
 *
 * All sizes start at lr; later values of lr mean nothing. What is remembered of g is its sign: the
 * product of two gradients, which usually tells whether it turned, may underflow. */
#include "optim/rule.h"

enum { LR, ETAMINUS, ETAPLUS, STEP_MIN, STEP_MAX, WEIGHT_DECAY, N_PARAMS };
enum { SIZE, SIGN, N_STATE };

/* clang-format off */
static const descent_param params[N_PARAMS] = {
    [LR]           = {"lr",           0.01, 0.0, 1e6, "step size that every weight starts with", DESCENT_NUMBER, NULL},
    [ETAMINUS]     = {"etaminus",     0.5,  0.0, 1.0, "factor on the step size where g turns", DESCENT_NUMBER, NULL},
    [ETAPLUS]      = {"etaplus",      1.2,  1.0, 1e3, "factor on it where g keeps its sign", DESCENT_NUMBER, NULL},
    [STEP_MIN]     = {"step_min",     1e-6, 0.0, 1e6, "smallest step size", DESCENT_NUMBER, NULL},
    [STEP_MAX]     = {"step_max",     50.0, 0.0, 1e6, "largest step size", DESCENT_NUMBER, NULL},
    [WEIGHT_DECAY] = {"weight_decay", 0.0,  0.0, 1e3, "pull towards zero, added to g (L2)", DESCENT_NUMBER, NULL},
};
/* clang-format on */

static const char *refuse(const double *param, int *at)
{
    *at = STEP_MIN;
    return param[STEP_MIN] > param[STEP_MAX] ? "step_min must not be above step_max" : NULL;
}

DSC_SPECIALIZED void loop(const dsc_step *s, const dsc_slice *a, bool fused)
{
    const real shrink = (real)s->param[ETAMINUS], grow = (real)s->param[ETAPLUS];
    const real least = (real)s->param[STEP_MIN], most = (real)s->param[STEP_MAX];
    const dsc_flow f = dsc_flow_of(a);
    real *restrict size = a->state[SIZE], *restrict last = a->state[SIGN];

    DSC_INDEPENDENT
    for (size_t i = 0; i < a->n; i++) {
        const real x = dsc_in(&f, i, fused);
        const real down = x < 0 ? (real)-1 : 0;
        const real sign = x > 0 ? (real)1 : down;
        const real turn = sign * last[i];
        const real kept = turn > 0 ? grow : 1;
        const real next = size[i] * (turn < 0 ? shrink : kept);
        const real raised = next < least ? least : next;
        size[i] = raised > most ? most : raised;
        last[i] = turn < 0 ? 0 : sign;
        dsc_out(&f, i, last[i] * size[i], fused);
    }
}

static void direction(const dsc_step *s, const dsc_slice *a)
{
    real *size = a->state[SIZE];

    for (size_t i = 0; s->count == 1 && i < a->n; i++)
        size[i] = (real)s->lr;
    if (a->place)
        loop(s, a, true);
    else
        loop(s, a, false);
}

const dsc_optim DSC_R(dsc_optim_rprop) = {
    .info = {.name = "rprop",
             .summary = "step sizes that grow while g keeps its sign and shrink when it turns",
             .formula = "size <- etaplus size, or etaminus size where g turns;  "
                        "w <- w - sign(g) size",
             .reference = "Riedmiller & Braun 1993; Igel & Huesken 2000 (iRprop-)",
             .advice = "full-batch training of small networks, without tuning; not for "
                       "mini-batches, whose noise turns signs",
             .params = params,
             .n_params = N_PARAMS},
    .n_state = N_STATE,
    .flags = DSC_RULE_FUSES,
    .decay = DSC_DECAY_L2,
    .positive = 1u << SIZE,
    .refuse = refuse,
    .direction = direction,
};
