/* yogi.c - adam whose mean square gives way slowly: it changes by (1 - beta2) g^2, up or down,
 * however far away it is, so that it doesn't collapse after a few small gradients.
 *
 *     m <- beta1 m + (1 - beta1) g
 *     v <- v - (1 - beta2) sign(v - g^2) g^2
 *     d  = lr m^ / (sqrt(v^) + eps)
 *
 * m^ and v^ are corrected as adam's, though both m and v begin at `start` and not at zero. v is
 * never negative: it loses less than g^2 only while it is larger. */
#include "optim/rule.h"

enum { LR, BETA1, BETA2, EPS, START, WEIGHT_DECAY, N_PARAMS };
enum { RATE, ROOT }; /* lr / (1 - beta1^t), 1 / sqrt(1 - beta2^t) */
enum { M, V, N_STATE };

/* clang-format off */
static const descent_param params[N_PARAMS] = {
    [LR]           = {"lr",           0.01,  0.0, 1e6,      "learning rate", DESCENT_NUMBER, NULL},
    [BETA1]        = {"beta1",        0.9,   0.0, 0.999999, "decay of the mean of g", DESCENT_NUMBER, NULL},
    [BETA2]        = {"beta2",        0.999, 0.0, 0.999999, "v changes by (1 - beta2) g^2", DESCENT_NUMBER, NULL},
    [EPS]          = {"eps",          1e-3,  0.0, 1e3,      "keeps the division finite, and bounds the step sizes", DESCENT_NUMBER, NULL},
    [START]        = {"start",        1e-6,  0.0, 1e6,      "what m and v start from", DESCENT_NUMBER, NULL},
    [WEIGHT_DECAY] = {"weight_decay", 0.0,   0.0, 1e3,      "pull towards zero, added to g (L2)", DESCENT_NUMBER, NULL},
};
/* clang-format on */

static void begin(dsc_step *s)
{
    const double t = (double)s->count;

    s->scalar[RATE] = s->lr / (1.0 - pow(s->param[BETA1], t));
    s->scalar[ROOT] = 1.0 / sqrt(1.0 - pow(s->param[BETA2], t));
}

DSC_SPECIALIZED void loop(const dsc_step *s, const dsc_slice *a, bool fused)
{
    const real b1 = (real)s->param[BETA1], c1 = (real)(1.0 - s->param[BETA1]);
    const real c2 = (real)(1.0 - s->param[BETA2]), start = (real)s->param[START];
    const real rate = (real)s->scalar[RATE], root = (real)s->scalar[ROOT];
    const real eps = (real)s->param[EPS];
    const dsc_flow f = dsc_flow_of(a);
    real *restrict m = a->state[M], *restrict v = a->state[V];

    for (size_t i = 0; s->count == 1 && i < a->n; i++)
        m[i] = v[i] = start;
    DSC_INDEPENDENT
    for (size_t i = 0; i < a->n; i++) {
        const real x = dsc_in(&f, i, fused);
        const real square = x * x, change = c2 * square;
        m[i] = b1 * m[i] + c1 * x;
        const real more = v[i] < square ? change : 0, less = v[i] > square ? change : 0;
        v[i] = v[i] + more - less;
        dsc_out(&f, i, dsc_ratio(rate * m[i], real_sqrt(v[i]) * root + eps), fused);
    }
}

static void direction(const dsc_step *s, const dsc_slice *a)
{
    if (a->place)
        loop(s, a, true);
    else
        loop(s, a, false);
}

const dsc_optim DSC_R(dsc_optim_yogi) = {
    .info = {.name = "yogi",
             .summary = "adam whose step sizes grow slowly after rare large gradients",
             .formula = "m as adam;  v <- v - (1 - beta2) sign(v - g^2) g^2;  "
                        "w <- w - lr m^ / (sqrt(v^) + eps)",
             .reference = "Zaheer et al. 2018, NeurIPS: Adaptive methods for nonconvex "
                          "optimization",
             .advice = "sparse or very uneven gradients, federated averages; lr about ten times "
                       "adam's, eps=0.001",
             .params = params,
             .n_params = N_PARAMS},
    .n_state = N_STATE,
    .flags = DSC_RULE_FUSES,
    .decay = DSC_DECAY_L2,
    .first_moment = 1u << M,
    .positive = 1u << V,
    .begin = begin,
    .direction = direction,
};
