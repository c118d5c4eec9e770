/* adan.c - adam with Nesterov momentum, which it takes from the difference of two gradients.
 *
 *     g <- min(1, max_grad_norm / (|all g| + eps)) g     max_grad_norm only
 *     b  = g - (g of the step before)                    0 in the first step
 *     m <- beta1 m + (1 - beta1) g
 *     v <- beta2 v + (1 - beta2) b
 *     n <- beta3 n + (1 - beta3) (g + beta2 b)^2
 *     u  = lr (m^ + beta2 v^) / (sqrt(n^) + eps)
 *     w <- (w - u) / (1 + lr weight_decay)               without prox: w - u - lr weight_decay w
 *
 * m^, v^ and n^ are corrected for their start at zero. */
#include "optim/rule.h"

enum { LR, BETA1, BETA2, BETA3, EPS, WEIGHT_DECAY, MAX_GRAD_NORM, PROX, N_PARAMS };
enum { GAIN, OF_M, OF_V, ROOT, PULL, SHARE }; /* SHARE: what the proximal step leaves of a move */
enum { M, V, N, BEFORE, N_STATE };

/* clang-format off */
static const descent_param params[N_PARAMS] = {
    [LR]            = {"lr",            0.001, 0.0, 1e6,      "learning rate", DESCENT_NUMBER, NULL},
    [BETA1]         = {"beta1",         0.98,  0.0, 0.999999, "decay of the mean of g", DESCENT_NUMBER, NULL},
    [BETA2]         = {"beta2",         0.92,  0.0, 0.999999, "decay of the mean of the change of g", DESCENT_NUMBER, NULL},
    [BETA3]         = {"beta3",         0.99,  0.0, 0.999999, "decay of the mean square", DESCENT_NUMBER, NULL},
    [EPS]           = {"eps",           1e-8,  0.0, 1e3,      "keeps the division finite", DESCENT_NUMBER, NULL},
    [WEIGHT_DECAY]  = {"weight_decay",  0.0,   0.0, 1e3,      "shrinks w by lr weight_decay, as prox has it", DESCENT_NUMBER, NULL},
    [MAX_GRAD_NORM] = {"max_grad_norm", 0.0,   0.0, 1e30,     "the norm of the whole g at most; 0: off", DESCENT_NUMBER, NULL},
    [PROX]          = {"prox",          1.0,   0.0, 1.0,      "decay after the move, by division: never overshoots", DESCENT_FLAG, NULL},
};
/* clang-format on */

static void begin(dsc_step *s)
{
    const double t = (double)s->count, b2 = s->param[BETA2], most = s->param[MAX_GRAD_NORM];
    const double norm = s->norm + s->param[EPS], pull = s->lr * s->param[WEIGHT_DECAY];

    s->scalar[GAIN] = most > 0.0 && norm > most ? most / norm : 1.0;
    s->scalar[OF_M] = s->lr / (1.0 - pow(s->param[BETA1], t));
    s->scalar[OF_V] = s->lr * b2 / (1.0 - pow(b2, t));
    s->scalar[ROOT] = 1.0 / sqrt(1.0 - pow(s->param[BETA3], t));
    s->scalar[PULL] = pull;
    s->scalar[SHARE] = s->param[PROX] != 0.0 ? 1.0 / (1.0 + pull) : 1.0;
}

/* (w - u) / (1 + pull) = w - (u + pull w) / (1 + pull) */
DSC_SPECIALIZED void loop(const dsc_step *s, const dsc_slice *a, bool fused)
{
    const real b1 = (real)s->param[BETA1], c1 = (real)(1.0 - s->param[BETA1]);
    const real b2 = (real)s->param[BETA2], c2 = (real)(1.0 - s->param[BETA2]);
    const real b3 = (real)s->param[BETA3], c3 = (real)(1.0 - s->param[BETA3]);
    const real of_m = (real)s->scalar[OF_M], of_v = (real)s->scalar[OF_V];
    const real gain = (real)s->scalar[GAIN], root = (real)s->scalar[ROOT];
    const real pull = (real)s->scalar[PULL], share = (real)s->scalar[SHARE];
    const real eps = (real)s->param[EPS];
    const dsc_flow f = dsc_flow_of(a);
    const real *w = a->w;
    real *restrict m = a->state[M], *restrict v = a->state[V], *restrict n = a->state[N];
    real *restrict before = a->state[BEFORE];

    for (size_t i = 0; s->count == 1 && i < a->n; i++)
        before[i] = gain * dsc_in(&f, i, fused);
    DSC_INDEPENDENT
    for (size_t i = 0; i < a->n; i++) {
        const real g = gain * dsc_in(&f, i, fused), change = g - before[i];
        const real ahead = g + b2 * change;
        before[i] = g;
        m[i] = b1 * m[i] + c1 * g;
        v[i] = b2 * v[i] + c2 * change;
        n[i] = b3 * n[i] + c3 * ahead * ahead;
        const real move = dsc_ratio(of_m * m[i] + of_v * v[i], real_sqrt(n[i]) * root + eps);
        dsc_out(&f, i, share * (move + pull * w[i]), fused);
    }
}

static void direction(const dsc_step *s, const dsc_slice *a)
{
    if (a->place)
        loop(s, a, true);
    else
        loop(s, a, false);
}

const dsc_optim DSC_R(dsc_optim_adan) = {
    .info = {.name = "adan",
             .summary = "adam with nesterov momentum from the change of g",
             .formula = "b = g - g_before;  m, v, n <- means of g, b, (g + beta2 b)^2;  "
                        "w <- (w - lr (m^ + beta2 v^) / (sqrt(n^) + eps)) / (1 + lr weight_decay)",
             .reference = "Xie et al. 2022, arXiv:2208.06677",
             .advice = "vision and language transformers with large batches; takes 5 to 10 times "
                       "adamw's lr, with weight_decay=0.02",
             .params = params,
             .n_params = N_PARAMS},
    .n_state = N_STATE,
    .flags = DSC_RULE_NORM | DSC_RULE_FUSES,
    .decay = DSC_DECAY_OWN,
    .first_moment = 1u << M | 1u << V,
    .positive = 1u << N,
    .begin = begin,
    .direction = direction,
};
