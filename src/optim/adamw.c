/* adamw.c - adam with decoupled weight decay: w is shrunk by 1 - lr weight_decay, and the decay
 * never enters the running means. The rule: adam_rule.h. */
#include "optim/adam_rule.h"

static const descent_param params[N_PARAMS] =
    DSC_ADAM_PARAMS(0.01, "share of w taken away by each step, times lr", 0);

const dsc_optim DSC_R(dsc_optim_adamw) = {
    .info = {.name = "adamw",
             .summary = "adam with weight decay kept out of the running means",
             .formula = "w <- w - lr weight_decay w;  w <- w - lr m^ / (sqrt(v^) + eps)",
             .reference = "Loshchilov & Hutter 2019, arXiv:1711.05101",
             .advice = "the standard for transformers and for every network that needs "
                       "regularisation; weight_decay 0.01 to 0.1 with a cosine schedule",
             .params = params,
             .n_params = N_PARAMS},
    .n_state = N_STATE,
    .flags = DSC_RULE_FUSES,
    .decay = DSC_DECAY_LR,
    .first_moment = 1u << M,
    .second_moment = 1u << V,
    .positive = 1u << V,
    .states = dsc_adam_states,
    .begin = dsc_adam_begin,
    .direction = dsc_adam_direction,
};
