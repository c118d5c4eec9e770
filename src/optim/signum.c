/* signum.c - every weight moves by lr, against the sign of a running mean of g. The rule:
 * signum_rule.h. */
#include "optim/signum_rule.h"

static const descent_param params[N_PARAMS] = DSC_SIGNUM_PARAMS(0.9);

const dsc_optim DSC_R(dsc_optim_signum) = {
    .info = {.name = "signum",
             .summary = "every weight moves by lr, against the sign of a running mean of g",
             .formula = "m <- momentum m + (1 - momentum) g;  w <- w - lr weight_decay w;  w <- w "
                        "- lr sign(m)",
             .reference = "Bernstein et al. 2018, arXiv:1802.04434",
             .advice =
                 "half of adam's memory for much the same steps; lr a third to a tenth of adam's, "
                 "weight_decay as many times larger",
             .params = params,
             .n_params = N_PARAMS},
    .n_state = N_STATE,
    .flags = DSC_RULE_FUSES,
    .decay = DSC_DECAY_LR,
    .first_moment = 1u << M,
    .states = dsc_signum_states,
    .direction = dsc_signum_direction,
};
