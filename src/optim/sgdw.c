/* sgdw.c - sgd with decoupled weight decay: w is shrunk by 1 - lr weight_decay, and the decay never
 * enters the momentum. The rule: sgd_rule.h. */
#include "optim/sgd_rule.h"

static const descent_param params[N_SHARED] =
    DSC_SGD_PARAMS(0.9, 0.005, "share of w taken away by each step, times lr");

const dsc_optim DSC_R(dsc_optim_sgdw) = {
    .info = {.name = "sgdw",
             .summary = "sgd with weight decay kept out of the momentum",
             .formula = "w <- w - lr weight_decay w;  b <- momentum b + (1 - dampening) g;  "
                        "w <- w - lr b",
             .reference = "Loshchilov & Hutter 2019, arXiv:1711.05101",
             .advice = "where sgd with momentum is tuned for weight decay: the best lr no longer "
                       "depends on it; with momentum=0.9 ten times sgd's weight_decay",
             .params = params,
             .n_params = N_SHARED},
    .n_state = N_STATE,
    .flags = DSC_RULE_FUSES,
    .decay = DSC_DECAY_LR,
    .first_moment = 1u << B,
    .states = dsc_sgd_states,
    .refuse = dsc_sgd_refuse,
    .begin = dsc_sgd_begin,
    .direction = dsc_sgd_direction,
};
