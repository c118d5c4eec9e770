/* amsgrad.c - adam that divides by the largest mean of g^2 so far, so that step sizes only shrink.
 * The rule: adam_rule.h. */
#include "optim/adam_rule.h"

static const descent_param params[N_PARAMS] =
    DSC_ADAM_PARAMS(0.0, "pull towards zero, added to g (L2)", 1);

const dsc_optim DSC_R(dsc_optim_amsgrad) = {
    .info = {.name = "amsgrad",
             .summary = "adam with step sizes that never grow again",
             .formula = "m, v as adam;  V <- max(V, v);  w <- w - lr m^ / (sqrt(V^) + eps)",
             .reference = "Reddi, Kale & Kumar 2018, arXiv:1904.09237",
             .advice = "where adam forgets rare large gradients and wanders off; seldom better "
                       "otherwise",
             .params = params,
             .n_params = N_PARAMS},
    .n_state = N_STATE,
    .flags = DSC_RULE_FUSES,
    .decay = DSC_DECAY_L2,
    .first_moment = 1u << M,
    .second_moment = 1u << V,
    .positive = 1u << V | 1u << LARGEST,
    .states = dsc_adam_states,
    .begin = dsc_adam_begin,
    .direction = dsc_adam_direction,
};
