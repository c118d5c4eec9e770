/* adamw.c - adam with decoupled weight decay: w is shrunk by 1 - lr weight_decay first, and the
 * decay never enters the running means. The rule: adam_rule.h. */
#include "optim/adam_rule.h"

static const descent_param params[N_PARAMS] =
    DSC_ADAM_PARAMS(0.01, "share of w taken away by each step, times lr");

static void begin(dsc_step *s)
{
    dsc_adam_begin(s, 1.0 - s->param[LR] * s->param[WEIGHT_DECAY], 0.0);
}

const dsc_optim DSC_R(dsc_optim_adamw) = {
    .info = {.name = "adamw",
             .summary = "adam with weight decay kept out of the running means",
             .formula = "w <- w - lr weight_decay w;  w <- w - lr m^ / (sqrt(v^) + eps)",
             .reference = "Loshchilov & Hutter 2019, arXiv:1711.05101",
             .params = params,
             .n_params = N_PARAMS},
    .n_state = N_STATE,
    .states = dsc_adam_states,
    .begin = begin,
    .apply = dsc_adam_apply,
};
