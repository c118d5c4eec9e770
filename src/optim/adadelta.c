/* adadelta.c - g times the ratio of two running root mean squares: of past moves, and of g.
 *
 *     v <- rho v + (1 - rho) g^2
 *     u  = sqrt(a + eps) / sqrt(v + eps) g        in the units of w
 *     a <- rho a + (1 - rho) u^2
 *     d  = lr u
 *
 * With eps=0 nothing ever moves: a starts at zero. */
#include "optim/rule.h"

enum { LR, RHO, EPS, WEIGHT_DECAY, N_PARAMS };
enum { V, A, N_STATE };

/* clang-format off */
static const descent_param params[N_PARAMS] = {
    [LR]           = {"lr",           1.0,  0.0, 1e6,      "learning rate", DESCENT_NUMBER, NULL},
    [RHO]          = {"rho",          0.9,  0.0, 1.0,      "decay of both means", DESCENT_NUMBER, NULL},
    [EPS]          = {"eps",          1e-6, 0.0, 1e3,      "under both roots; the first moves are as large as its root", DESCENT_NUMBER, NULL},
    [WEIGHT_DECAY] = {"weight_decay", 0.0,  0.0, 1e3,      "pull towards zero, added to g (L2)", DESCENT_NUMBER, NULL},
};
/* clang-format on */

DSC_SPECIALIZED void loop(const dsc_step *s, const dsc_slice *a, bool fused)
{
    const real rho = (real)s->param[RHO], rest = (real)(1.0 - s->param[RHO]);
    const real lr = (real)s->lr, eps = (real)s->param[EPS];
    const dsc_flow f = dsc_flow_of(a);
    real *restrict v = a->state[V], *restrict moves = a->state[A];

    DSC_INDEPENDENT
    for (size_t i = 0; i < a->n; i++) {
        const real x = dsc_in(&f, i, fused);
        v[i] = rho * v[i] + rest * x * x;
        const real u = dsc_ratio(real_sqrt(moves[i] + eps), real_sqrt(v[i] + eps)) * x;
        moves[i] = rho * moves[i] + rest * u * u;
        dsc_out(&f, i, lr * u, fused);
    }
}

static void direction(const dsc_step *s, const dsc_slice *a)
{
    if (a->place)
        loop(s, a, true);
    else
        loop(s, a, false);
}

const dsc_optim DSC_R(dsc_optim_adadelta) = {
    .info = {.name = "adadelta",
             .summary = "step sizes from running means of g^2 and of past moves squared",
             .formula = "v <- rho v + (1 - rho) g^2;  u = sqrt(a + eps) / sqrt(v + eps) g;  "
                        "a <- rho a + (1 - rho) u^2;  w <- w - lr u",
             .reference = "Zeiler 2012, arXiv:1212.5701",
             .advice = "where no lr can be found: lr=1 always works, if slowly; a larger eps, such "
                       "as 1e-4, starts faster",
             .params = params,
             .n_params = N_PARAMS},
    .n_state = N_STATE,
    .flags = DSC_RULE_FUSES,
    .decay = DSC_DECAY_L2,
    .second_moment = 1u << V,
    .positive = 1u << V | 1u << A,
    .direction = direction,
};
