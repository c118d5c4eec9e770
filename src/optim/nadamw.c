/* nadamw.c - adamw with Nesterov's look ahead: in the rule of nadam_rule.h
 *
 *     p = lr beta1 / (1 - beta1^t),   q = lr (1 - beta1) / (1 - beta1^t)
 *
 * so that the step is along the m that would follow if g came again. */
#include "optim/nadam_rule.h"

static const descent_param params[N_SHARED] = {
    DSC_NADAM_PARAMS(0.001, 0.01, "share of w taken away by each step, times lr")};

static void begin(dsc_step *s)
{
    const double t = (double)s->count, b1 = s->param[BETA1];
    const double rate = s->lr / (1.0 - pow(b1, t));

    s->scalar[P] = rate * b1;
    s->scalar[Q] = rate * (1.0 - b1);
    s->scalar[ROOT] = 1.0 / sqrt(1.0 - pow(s->param[BETA2], t));
}

const dsc_optim DSC_R(dsc_optim_nadamw) = {
    .info = {.name = "nadamw",
             .summary = "adamw with Nesterov momentum",
             .formula = "m, v as adam;  w <- w - lr weight_decay w;  w <- w - lr (beta1 m + "
                        "(1 - beta1) g) / (1 - beta1^t) / (sqrt(v^) + eps)",
             .reference = "Dozat 2016, ICLR workshop; Loshchilov & Hutter 2019, arXiv:1711.05101",
             .advice = "in place of adamw, at the same settings: often a little faster; the "
                       "baseline of the AlgoPerf benchmark",
             .params = params,
             .n_params = N_SHARED},
    .n_state = N_STATE,
    .flags = DSC_RULE_FUSES,
    .decay = DSC_DECAY_LR,
    .first_moment = 1u << M,
    .second_moment = 1u << V,
    .positive = 1u << V,
    .begin = begin,
    .direction = dsc_nadam_direction,
};
