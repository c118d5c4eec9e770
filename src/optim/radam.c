/* radam.c - adam that trusts v only as far as its variance allows: a warm-up that needs no tuning.
 *
 *     m <- beta1 m + (1 - beta1) g
 *     v <- beta2 v + (1 - beta2) g^2
 *     rho_inf = 2 / (1 - beta2) - 1,   rho = rho_inf - 2 t beta2^t / (1 - beta2^t)
 *     d  = lr r m^ sqrt(1 - beta2^t) / (sqrt(v) + eps)      where rho > 5, with
 *          r^2 = (rho - 4) (rho - 2) rho_inf / ((rho_inf - 4) (rho_inf - 2) rho)
 *     d  = lr m^                                            before that
 *
 * m^ = m / (1 - beta1^t). With beta2 up to 2/3 rho never comes above 5. */
#include "optim/rule.h"

enum { LR, BETA1, BETA2, EPS, WEIGHT_DECAY, N_PARAMS };
enum { RATE, ADAPTS }; /* all that is the same for every element, and whether rho > 5 */
enum { M, V, N_STATE };

/* clang-format off */
static const descent_param params[N_PARAMS] = {
    [LR]           = {"lr",           0.001, 0.0, 1e6,      "learning rate", DESCENT_NUMBER, NULL},
    [BETA1]        = {"beta1",        0.9,   0.0, 0.999999, "decay of the mean of g", DESCENT_NUMBER, NULL},
    [BETA2]        = {"beta2",        0.999, 0.0, 0.999999, "decay of the mean of g^2", DESCENT_NUMBER, NULL},
    [EPS]          = {"eps",          1e-8,  0.0, 1e3,      "keeps the division finite", DESCENT_NUMBER, NULL},
    [WEIGHT_DECAY] = {"weight_decay", 0.0,   0.0, 1e3,      "pull towards zero, added to g (L2)", DESCENT_NUMBER, NULL},
};
/* clang-format on */

static void begin(dsc_step *s)
{
    const double t = (double)s->count, b2 = s->param[BETA2], left = pow(b2, t);
    const double limit = 2.0 / (1.0 - b2) - 1.0;
    const double rho = limit - 2.0 * t * left / (1.0 - left);

    s->scalar[RATE] = s->lr / (1.0 - pow(s->param[BETA1], t));
    s->scalar[ADAPTS] = rho > 5.0;
    if (rho > 5.0)
        s->scalar[RATE] *= sqrt((rho - 4.0) * (rho - 2.0) * limit /
                                ((limit - 4.0) * (limit - 2.0) * rho) * (1.0 - left));
}

DSC_SPECIALIZED void loop(const dsc_step *s, const dsc_slice *a, bool adapts, bool fused)
{
    const real b1 = (real)s->param[BETA1], c1 = (real)(1.0 - s->param[BETA1]);
    const real b2 = (real)s->param[BETA2], c2 = (real)(1.0 - s->param[BETA2]);
    const real rate = (real)s->scalar[RATE], eps = (real)s->param[EPS];
    const dsc_flow f = dsc_flow_of(a);
    real *restrict m = a->state[M], *restrict v = a->state[V];

    DSC_INDEPENDENT
    for (size_t i = 0; i < a->n; i++) {
        const real x = dsc_in(&f, i, fused);
        m[i] = b1 * m[i] + c1 * x;
        v[i] = b2 * v[i] + c2 * x * x;
        const real move = rate * m[i];
        dsc_out(&f, i, adapts ? dsc_ratio(move, real_sqrt(v[i]) + eps) : move, fused);
    }
}

DSC_SPECIALIZED void choose(const dsc_step *s, const dsc_slice *a, bool fused)
{
    if (s->scalar[ADAPTS] != 0.0)
        loop(s, a, true, fused);
    else
        loop(s, a, false, fused);
}

static void direction(const dsc_step *s, const dsc_slice *a)
{
    if (a->place)
        choose(s, a, true);
    else
        choose(s, a, false);
}

const dsc_optim DSC_R(dsc_optim_radam) = {
    .info = {.name = "radam",
             .summary = "adam with a warm-up derived from the variance of its step sizes",
             .formula = "m, v as adam;  w <- w - lr r m^ / sqrt(v^), or w <- w - lr m^ in the "
                        "first steps",
             .reference = "Liu et al. 2020, arXiv:1908.03265",
             .advice = "in place of adam with a warm-up, at adam's lr; it starts as sgd with "
                       "momentum, so lr must suit that for 5 steps",
             .params = params,
             .n_params = N_PARAMS},
    .n_state = N_STATE,
    .flags = DSC_RULE_FUSES,
    .decay = DSC_DECAY_L2,
    .first_moment = 1u << M,
    .second_moment = 1u << V,
    .positive = 1u << V,
    .begin = begin,
    .direction = direction,
};
