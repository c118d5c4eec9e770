/* lion.c - only the sign of a momentum counts: every weight moves by lr.
 *
 *     u  = sign(beta1 m + (1 - beta1) g)        sign(0) = 0
 *     d  = lr u
 *     m <- beta2 m + (1 - beta2) g              after its use, with a longer memory */
#include "optim/rule.h"

enum { LR, BETA1, BETA2, WEIGHT_DECAY, N_PARAMS };
enum { M, N_STATE };

/* clang-format off */
static const descent_param params[N_PARAMS] = {
    [LR]           = {"lr",           0.0001, 0.0, 1e6,      "learning rate: what every weight moves by", DESCENT_NUMBER, NULL},
    [BETA1]        = {"beta1",        0.9,    0.0, 0.999999, "share of the mean of g in the move", DESCENT_NUMBER, NULL},
    [BETA2]        = {"beta2",        0.99,   0.0, 0.999999, "decay of the mean of g", DESCENT_NUMBER, NULL},
    [WEIGHT_DECAY] = {"weight_decay", 0.0,    0.0, 1e3,      "shrinks w by lr weight_decay (decoupled)", DESCENT_NUMBER, NULL},
};
/* clang-format on */

DSC_SPECIALIZED void loop(const dsc_step *s, const dsc_slice *a, bool fused)
{
    const real b1 = (real)s->param[BETA1], c1 = (real)(1.0 - s->param[BETA1]);
    const real b2 = (real)s->param[BETA2], c2 = (real)(1.0 - s->param[BETA2]);
    const real lr = (real)s->lr;
    const dsc_flow f = dsc_flow_of(a);
    real *restrict m = a->state[M];

    DSC_INDEPENDENT
    for (size_t i = 0; i < a->n; i++) {
        const real x = dsc_in(&f, i, fused);
        const real mixed = b1 * m[i] + c1 * x;
        const real up = mixed > 0 ? lr : 0, down = mixed < 0 ? lr : 0;
        m[i] = b2 * m[i] + c2 * x;
        dsc_out(&f, i, up - down, fused);
    }
}

static void direction(const dsc_step *s, const dsc_slice *a)
{
    if (a->place)
        loop(s, a, true);
    else
        loop(s, a, false);
}

const dsc_optim DSC_R(dsc_optim_lion) = {
    .info = {.name = "lion",
             .summary = "the sign of a momentum: one vector of state, every weight moves by lr",
             .formula = "w <- w - lr sign(beta1 m + (1 - beta1) g);  m <- beta2 m + (1 - beta2) g",
             .reference = "Chen et al. 2023, arXiv:2302.06675",
             .advice = "transformers with large batches, at half of adamw's memory; 3 to 10 times "
                       "less lr than adamw and as much more weight_decay",
             .params = params,
             .n_params = N_PARAMS},
    .n_state = N_STATE,
    .flags = DSC_RULE_FUSES,
    .decay = DSC_DECAY_LR,
    .first_moment = 1u << M,
    .direction = direction,
};
