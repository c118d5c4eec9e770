/* nadam.c - adam with Nesterov's look ahead, and a momentum that warms up.
 *
 *     mu_t = beta1 (1 - 0.96^(t momentum_decay) / 2),   P_t = mu_1 ... mu_t
 *     p    = lr mu_t+1 / (1 - P_t+1),   q = lr (1 - mu_t) / (1 - P_t)
 *
 * in the rule of nadam_rule.h. With `doubled` P_t+1 has mu_t in it twice, as PyTorch 1.13
 * computes it. */
#include "optim/nadam_rule.h"

enum { MOMENTUM_DECAY = N_SHARED, DOUBLED, N_PARAMS };
enum { PRODUCT }; /* P_t, remembered */

/* clang-format off */
static const descent_param params[N_PARAMS] = {
    DSC_NADAM_PARAMS(0.002, 0.0, "pull towards zero, added to g (L2)"),
    [MOMENTUM_DECAY] = {"momentum_decay", 0.004, 0.0, 1e3, "how fast the momentum warms up; 0: it stays at beta1 / 2", DESCENT_NUMBER, NULL},
    [DOUBLED]        = {"doubled",        0.0,   0.0, 1.0, "as PyTorch 1.13 computes it, for comparison", DESCENT_FLAG, NULL},
};
/* clang-format on */

static double mu(const dsc_step *s, double t)
{
    return s->param[BETA1] * (1.0 - 0.5 * pow(0.96, t * s->param[MOMENTUM_DECAY]));
}

static void begin(dsc_step *s)
{
    const double t = (double)s->count, now = mu(s, t), next = mu(s, t + 1.0);
    const double product = (s->count == 1 ? 1.0 : s->memory[PRODUCT]) * now;
    const double ahead = product * next * (s->param[DOUBLED] != 0.0 ? now : 1.0);

    s->memory[PRODUCT] = product;
    s->scalar[P] = s->lr * next / (1.0 - ahead);
    s->scalar[Q] = s->lr * (1.0 - now) / (1.0 - product);
    s->scalar[ROOT] = 1.0 / sqrt(1.0 - pow(s->param[BETA2], t));
}

const dsc_optim DSC_R(dsc_optim_nadam) = {
    .info = {.name = "nadam",
             .summary = "adam with Nesterov momentum that warms up",
             .formula = "m, v as adam;  w <- w - lr (mu_t+1 m / (1 - P_t+1) + (1 - mu_t) g / "
                        "(1 - P_t)) / (sqrt(v^) + eps)",
             .reference = "Dozat 2016, ICLR workshop",
             .advice = "in place of adam for recurrent networks and short trainings, at lr=0.002",
             .params = params,
             .n_params = N_PARAMS},
    .n_state = N_STATE,
    .flags = DSC_RULE_FUSES,
    .decay = DSC_DECAY_L2,
    .first_moment = 1u << M,
    .second_moment = 1u << V,
    .positive = 1u << V,
    .begin = begin,
    .direction = dsc_nadam_direction,
};
