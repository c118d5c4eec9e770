/* adam.c - adaptive moment estimation; weight decay is added to g (L2). The rule: adam_rule.h. */
#include "optim/adam_rule.h"

static const descent_param params[N_PARAMS] =
    DSC_ADAM_PARAMS(0.0, "pull towards zero, added to g (L2)", 0);

const dsc_optim DSC_R(dsc_optim_adam) = {
    .info = {.name = "adam",
             .summary = "per-weight step sizes from running means of g and g^2",
             .formula = "m <- beta1 m + (1 - beta1) g;  v <- beta2 v + (1 - beta2) g^2;  "
                        "w <- w - lr m^ / (sqrt(v^) + eps)",
             .reference = "Kingma & Ba 2015, arXiv:1412.6980",
             .advice = "the one to start with: works for most networks at lr=0.001; with weight "
                       "decay take adamw",
             .params = params,
             .n_params = N_PARAMS},
    .n_state = N_STATE,
    .flags = DSC_RULE_FUSES,
    .decay = DSC_DECAY_L2,
    .first_moment = 1u << M,
    .second_moment = 1u << V,
    .positive = 1u << V,
    .states = dsc_adam_states,
    .begin = dsc_adam_begin,
    .direction = dsc_adam_direction,
};
