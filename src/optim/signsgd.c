/* signsgd.c - every weight moves by lr, against the sign of its g. The rule: signum_rule.h. */
#include "optim/signum_rule.h"

static const descent_param params[N_PARAMS] = DSC_SIGNUM_PARAMS(0.0);

const dsc_optim DSC_R(dsc_optim_signsgd) = {
    .info = {.name = "signsgd",
             .summary = "every weight moves by lr, against the sign of g",
             .formula = "w <- w - lr weight_decay w;  w <- w - lr sign(g)",
             .reference = "Bernstein et al. 2018, arXiv:1802.04434",
             .advice = "where gradients differ by orders of magnitude, or only signs are passed "
                       "on; lr about a "
                       "tenth of adam's, and a schedule that ends near 0",
             .params = params,
             .n_params = N_PARAMS},
    .n_state = N_STATE,
    .flags = DSC_RULE_FUSES,
    .decay = DSC_DECAY_LR,
    .first_moment = 1u << M,
    .states = dsc_signum_states,
    .direction = dsc_signum_direction,
};
