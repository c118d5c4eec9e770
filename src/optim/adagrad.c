/* adagrad.c - g divided by the root of the sum of all its squares so far.
 *
 *     v <- v + g^2                                v starts at `start`
 *     d  = lr / (1 + (t - 1) lr_decay) g / (sqrt(v) + eps)
 *
 * A sum has no bound, so v stops at the largest number there is. */
#include "optim/rule.h"

enum { LR, LR_DECAY, EPS, START, WEIGHT_DECAY, N_PARAMS };
enum { RATE };
enum { V, N_STATE };

/* clang-format off */
static const descent_param params[N_PARAMS] = {
    [LR]           = {"lr",           0.01,  0.0, 1e6, "learning rate", DESCENT_NUMBER, NULL},
    [LR_DECAY]     = {"lr_decay",     0.0,   0.0, 1e6, "lr is divided by 1 + (t - 1) lr_decay at step t", DESCENT_NUMBER, NULL},
    [EPS]          = {"eps",          1e-10, 0.0, 1e3, "keeps the division finite", DESCENT_NUMBER, NULL},
    [START]        = {"start",        0.0,   0.0, 1e6, "what v starts from; 0.1 in TensorFlow", DESCENT_NUMBER, NULL},
    [WEIGHT_DECAY] = {"weight_decay", 0.0,   0.0, 1e3, "pull towards zero, added to g (L2)", DESCENT_NUMBER, NULL},
};
/* clang-format on */

static void begin(dsc_step *s)
{
    s->scalar[RATE] = s->lr / (1.0 + (double)(s->count - 1) * s->param[LR_DECAY]);
}

DSC_SPECIALIZED void loop(const dsc_step *s, const dsc_slice *a, bool fused)
{
    const real rate = (real)s->scalar[RATE], eps = (real)s->param[EPS];
    const real most = DSC_REAL_MAX;
    const dsc_flow f = dsc_flow_of(a);
    real *restrict v = a->state[V];

    DSC_INDEPENDENT
    for (size_t i = 0; i < a->n; i++) {
        const real x = dsc_in(&f, i, fused);
        const real sum = v[i] + x * x;
        v[i] = sum > most ? most : sum;
        dsc_out(&f, i, dsc_ratio(rate * x, real_sqrt(v[i]) + eps), fused);
    }
}

static void direction(const dsc_step *s, const dsc_slice *a)
{
    real *v = a->state[V];

    for (size_t i = 0; s->count == 1 && i < a->n; i++)
        v[i] = (real)s->param[START];
    if (a->place)
        loop(s, a, true);
    else
        loop(s, a, false);
}

const dsc_optim DSC_R(dsc_optim_adagrad) = {
    .info = {.name = "adagrad",
             .summary = "step sizes that shrink with the sum of g^2 so far",
             .formula = "v <- v + g^2;  w <- w - lr / (1 + (t - 1) lr_decay) g / (sqrt(v) + eps)",
             .reference = "Duchi, Hazan & Singer 2011, JMLR 12",
             .advice = "sparse features and convex problems, at lr 0.01 to 0.5; its steps shrink "
                       "for good, so for long trainings of networks take adam",
             .params = params,
             .n_params = N_PARAMS},
    .n_state = N_STATE,
    .flags = DSC_RULE_FUSES,
    .decay = DSC_DECAY_L2,
    .positive = 1u << V,
    .begin = begin,
    .direction = direction,
};
