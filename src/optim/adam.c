/* adam.c - adaptive moment estimation; weight decay is added to g (L2). The rule: adam_rule.h. */
#include "optim/adam_rule.h"

static const descent_param params[N_PARAMS] =
    DSC_ADAM_PARAMS(0.0, "pull towards zero, added to g (L2)");

static void begin(dsc_step *s)
{
    dsc_adam_begin(s, 1.0, s->param[WEIGHT_DECAY]);
}

const dsc_optim DSC_R(dsc_optim_adam) = {
    .info = {.name = "adam",
             .summary = "per-weight step sizes from running means of g and g^2",
             .formula = "m <- beta1 m + (1 - beta1) g;  v <- beta2 v + (1 - beta2) g^2;  "
                        "w <- w - lr m^ / (sqrt(v^) + eps)",
             .reference = "Kingma & Ba 2015, arXiv:1412.6980; Reddi et al. 2018, "
                          "arXiv:1904.09237 (amsgrad)",
             .params = params,
             .n_params = N_PARAMS},
    .n_state = N_STATE,
    .states = dsc_adam_states,
    .begin = begin,
    .apply = dsc_adam_apply,
};
