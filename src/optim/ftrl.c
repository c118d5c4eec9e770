/* ftrl.c - follow the regularized leader, proximal: adagrad's step sizes with an L1 penalty that
 * makes weights exactly zero.
 *
 *     q  = -lr_power                                   0.5: adagrad
 *     z <- z + g - ((n + g^2)^q - n^q) / lr w
 *     n <- n + g^2
 *     w <- 0 where |z| < lambda_1
 *     w <- (sign(z) lambda_1 - z) / ((beta + sqrt(n)) / lr + lambda_2) elsewhere
 *
 * w follows from z and n alone; it stays where both penalties are off and no gradient came yet (0/0
 * by the formula). Since lr stands in it, a change of lr rescales w. Powers other than that of the
 * root in the divisor can make w grow from step to step, hence the limits. */
#include "optim/rule.h"

#include <string.h>

enum { LR, LR_POWER, BETA, LAMBDA_1, LAMBDA_2, N_PARAMS };
enum { Z, N, N_STATE };

/* clang-format off */
static const descent_param params[N_PARAMS] = {
    [LR]       = {"lr",       0.1,  0.0,  1e6, "learning rate; keep it constant", DESCENT_NUMBER, NULL},
    [LR_POWER] = {"lr_power", -0.5, -1.0, 0.0, "how step sizes fall with the sum of g^2", DESCENT_NUMBER, NULL},
    [BETA]     = {"beta",     0.0,  0.0,  1e6, "added to the root of the sum of g^2: smaller first steps", DESCENT_NUMBER, NULL},
    [LAMBDA_1] = {"lambda_1", 0.0,  0.0,  1e6, "L1 penalty: weights it outweighs are 0", DESCENT_NUMBER, NULL},
    [LAMBDA_2] = {"lambda_2", 0.0,  0.0,  1e6, "L2 penalty", DESCENT_NUMBER, NULL},
};
/* clang-format on */

/* b^q - a^q with b = a + square; for roots without taking the difference of near numbers. */
static inline real growth(real a, real b, real square, real q, bool root)
{
    if (root)
        return dsc_ratio(square, real_sqrt(b) + real_sqrt(a));
    return real_pow(b, q) - real_pow(a, q);
}

DSC_SPECIALIZED void loop(const dsc_step *s, const dsc_slice *a, bool root, bool fused)
{
    const real per_lr = (real)(1.0 / s->lr), q = (real)-s->param[LR_POWER];
    const real beta = (real)s->param[BETA];
    const real l1 = (real)s->param[LAMBDA_1], l2 = (real)s->param[LAMBDA_2];
    const dsc_flow f = dsc_flow_of(a);
    const real *w = a->w;
    real *restrict z = a->state[Z], *restrict n = a->state[N];

    DSC_INDEPENDENT
    for (size_t i = 0; i < a->n; i++) {
        const real x = dsc_in(&f, i, fused);
        const real square = x * x, sum = n[i] + square;
        const real next = sum < DSC_REAL_MAX ? sum : DSC_REAL_MAX;
        const real pushed = z[i] + x - growth(n[i], next, square, q, root) * w[i] * per_lr;
        z[i] = root ? pushed : dsc_clamp(pushed, DSC_REAL_MAX);
        n[i] = next;
        const real divisor = (beta + real_sqrt(next)) * per_lr + l2;
        const real toward = z[i] < 0 ? -l1 : l1;
        const real placed = divisor > 0 ? (toward - z[i]) / divisor : w[i];
        const real found = root ? placed : dsc_clamp(placed, DSC_REAL_MAX);
        dsc_put(&f, i, real_abs(z[i]) < l1 ? 0 : found, fused);
    }
}

/* The limit of lr to 0. Where w is moved at once it has nothing to do. */
static void stay(const dsc_slice *a)
{
    if (a->d)
        memcpy(a->d, a->w, a->n * sizeof(real));
}

DSC_SPECIALIZED void choose(const dsc_step *s, const dsc_slice *a, bool fused)
{
    if (s->lr == 0.0)
        stay(a);
    else if (s->param[LR_POWER] == -0.5)
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

const dsc_optim DSC_R(dsc_optim_ftrl) = {
    .info = {.name = "ftrl",
             .summary = "adagrad with an L1 penalty that makes weights exactly zero",
             .formula = "z <- z + g - (sqrt(n + g^2) - sqrt(n)) / lr w;  n <- n + g^2;  "
                        "w <- -shrink(z, lambda_1) / ((beta + sqrt(n)) / lr + lambda_2)",
             .reference = "McMahan et al. 2013, KDD: Ad click prediction",
             .advice = "linear and logistic models with many sparse inputs; lambda_1 about 1, "
                       "beta=1, no schedule",
             .params = params,
             .n_params = N_PARAMS},
    .n_state = N_STATE,
    .flags = DSC_RULE_PLACES | DSC_RULE_FUSES,
    .decay = DSC_DECAY_L2,
    .positive = 1u << N,
    .direction = direction,
};
