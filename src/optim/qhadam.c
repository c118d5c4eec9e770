/* qhadam.c - adam that mixes the fresh g and g^2 with their means (quasi-hyperbolic).
 *
 *     m <- beta1 m + (1 - beta1) g
 *     v <- beta2 v + (1 - beta2) g^2
 *     d  = lr (nu1 m^ + (1 - nu1) g) / (sqrt(nu2 v^ + (1 - nu2) g^2) + eps)
 *
 * with m^ = m / (1 - beta1^t) and v^ = v / (1 - beta2^t). nu1 = nu2 = 1 is adam, nu1 = beta1 close
 * to nadam. The defaults are those the paper recommends. */
#include "optim/rule.h"

enum { LR, BETA1, BETA2, NU1, NU2, EPS, WEIGHT_DECAY, N_PARAMS };
enum { OF_M, OF_G, OF_V, OF_SQUARE }; /* the factors in the mixtures, lr included */
enum { M, V, N_STATE };

/* clang-format off */
static const descent_param params[N_PARAMS] = {
    [LR]           = {"lr",           0.001, 0.0, 1e6,      "learning rate", DESCENT_NUMBER, NULL},
    [BETA1]        = {"beta1",        0.995, 0.0, 0.999999, "decay of the mean of g", DESCENT_NUMBER, NULL},
    [BETA2]        = {"beta2",        0.999, 0.0, 0.999999, "decay of the mean of g^2", DESCENT_NUMBER, NULL},
    [NU1]          = {"nu1",          0.7,   0.0, 1.0,      "share of the mean of g in the move, the rest is g", DESCENT_NUMBER, NULL},
    [NU2]          = {"nu2",          1.0,   0.0, 1.0,      "share of the mean of g^2 in the divisor, the rest is g^2", DESCENT_NUMBER, NULL},
    [EPS]          = {"eps",          1e-8,  0.0, 1e3,      "keeps the division finite", DESCENT_NUMBER, NULL},
    [WEIGHT_DECAY] = {"weight_decay", 0.0,   0.0, 1e3,      "pull towards zero, added to g (L2)", DESCENT_NUMBER, NULL},
};
/* clang-format on */

static void begin(dsc_step *s)
{
    const double t = (double)s->count, nu1 = s->param[NU1], nu2 = s->param[NU2];

    s->scalar[OF_M] = s->lr * nu1 / (1.0 - pow(s->param[BETA1], t));
    s->scalar[OF_G] = s->lr * (1.0 - nu1);
    s->scalar[OF_V] = nu2 / (1.0 - pow(s->param[BETA2], t));
    s->scalar[OF_SQUARE] = 1.0 - nu2;
}

DSC_SPECIALIZED void loop(const dsc_step *s, const dsc_slice *a, bool fused)
{
    const real b1 = (real)s->param[BETA1], c1 = (real)(1.0 - s->param[BETA1]);
    const real b2 = (real)s->param[BETA2], c2 = (real)(1.0 - s->param[BETA2]);
    const real of_m = (real)s->scalar[OF_M], of_g = (real)s->scalar[OF_G];
    const real of_v = (real)s->scalar[OF_V], of_square = (real)s->scalar[OF_SQUARE];
    const real eps = (real)s->param[EPS];
    const dsc_flow f = dsc_flow_of(a);
    real *restrict m = a->state[M], *restrict v = a->state[V];

    DSC_INDEPENDENT
    for (size_t i = 0; i < a->n; i++) {
        const real x = dsc_in(&f, i, fused);
        const real square = x * x;
        m[i] = b1 * m[i] + c1 * x;
        v[i] = b2 * v[i] + c2 * square;
        const real divisor = real_sqrt(of_v * v[i] + of_square * square) + eps;
        dsc_out(&f, i, dsc_ratio(of_m * m[i] + of_g * x, divisor), fused);
    }
}

static void direction(const dsc_step *s, const dsc_slice *a)
{
    if (a->place)
        loop(s, a, true);
    else
        loop(s, a, false);
}

const dsc_optim DSC_R(dsc_optim_qhadam) = {
    .info = {.name = "qhadam",
             .summary = "adam that mixes the fresh gradient with its long means",
             .formula = "m, v as adam;  w <- w - lr (nu1 m^ + (1 - nu1) g) / "
                        "(sqrt(nu2 v^ + (1 - nu2) g^2) + eps)",
             .reference = "Ma & Yarats 2019, arXiv:1810.06801",
             .advice = "where adam is not steady: nu1=0.7 beta1=0.995 makes long averages react "
                       "at once; nu2 below 1 bounds the step",
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
