/* sgd.c - gradient descent, w <- w - lr g: the one line everything else refines, with momentum.
 * Weight decay is added to g (L2). The rule: sgd_rule.h. */
#include "optim/sgd_rule.h"

static const descent_param params[N_SHARED] =
    DSC_SGD_PARAMS(0.0, 0.0, "pull towards zero, added to g (L2)");

const dsc_optim DSC_R(dsc_optim_sgd) = {
    .info = {.name = "sgd",
             .summary = "gradient descent, plain or with momentum",
             .formula = "b <- momentum b + (1 - dampening) g;  w <- w - lr b",
             .reference = "Robbins & Monro 1951; Polyak 1964 (momentum); Sutskever et al. 2013 "
                          "(nesterov)",
             .advice = "with momentum=0.9 and a schedule still the best for many convolutional "
                       "networks; lr has to be found",
             .params = params,
             .n_params = N_SHARED},
    .n_state = N_STATE,
    .flags = DSC_RULE_FUSES,
    .decay = DSC_DECAY_L2,
    .first_moment = 1u << B,
    .states = dsc_sgd_states,
    .refuse = dsc_sgd_refuse,
    .begin = dsc_sgd_begin,
    .direction = dsc_sgd_direction,
};
