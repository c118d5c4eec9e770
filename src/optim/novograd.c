/* novograd.c - momentum of gradients that are divided by the norm of their segment.
 *
 *     v <- beta2 v + (1 - beta2) |g|^2           one number a segment; |g|^2 while it is 0
 *     m <- beta1 m + g / (sqrt(v) + eps) + weight_decay w
 *     d  = lr m
 *
 * With grad_averaging what enters m is multiplied by 1 - beta1; with amsgrad the largest v so far
 * stands in for v. */
#include "base/sums.h"
#include "optim/rule.h"

/* clang-format off */
enum { LR, BETA1, BETA2, EPS, WEIGHT_DECAY, GRAD_AVERAGING, AMSGRAD, N_PARAMS };
enum { M, V, LARGEST, N_STATE };

static const descent_param params[N_PARAMS] = {
    [LR]             = {"lr",             0.001, 0.0, 1e6,      "learning rate", DESCENT_NUMBER, NULL},
    [BETA1]          = {"beta1",          0.95,  0.0, 0.999999, "how much of the last move is kept", DESCENT_NUMBER, NULL},
    [BETA2]          = {"beta2",          0.98,  0.0, 0.999999, "decay of the mean of |g|^2", DESCENT_NUMBER, NULL},
    [EPS]            = {"eps",            1e-8,  0.0, 1e3,      "keeps the division finite", DESCENT_NUMBER, NULL},
    [WEIGHT_DECAY]   = {"weight_decay",   0.0,   0.0, 1e3,      "pull towards zero, added to the normalized g", DESCENT_NUMBER, NULL},
    [GRAD_AVERAGING] = {"grad_averaging", 0.0,   0.0, 1.0,      "what enters m is multiplied by 1 - beta1", DESCENT_FLAG, NULL},
    [AMSGRAD]        = {"amsgrad",        0.0,   0.0, 1.0,      "divide by the largest mean of |g|^2 so far", DESCENT_FLAG, NULL},
};
/* clang-format on */

static unsigned states(const double *param)
{
    return 1u << M | 1u << V | (param[AMSGRAD] != 0.0 ? 1u << LARGEST : 0u);
}

static size_t state_size(const double *param, const descent_segment *segment, int k)
{
    (void)param;
    return k == M ? segment->count : 1;
}

static void survey(const dsc_step *s, const dsc_slice *a, double sum[DSC_MAX_SUMS])
{
    (void)s;
    sum[0] += dsc_dot(a->x, a->x, a->n);
}

static void settle(dsc_step *s, void *const *state, const double *sum)
{
    const double b2 = s->param[BETA2];
    real *v = state[V], *largest = state[LARGEST];
    const double before = (double)*v;

    *v = dsc_finite(before == 0.0 ? sum[0] : b2 * before + (1.0 - b2) * sum[0]);
    if (largest && *v > *largest)
        *largest = *v;
}

DSC_SPECIALIZED void loop(const dsc_step *s, const dsc_slice *a, bool fused)
{
    const real lr = (real)s->lr, b1 = (real)s->param[BETA1], decay = (real)s->param[WEIGHT_DECAY];
    const real fresh = (real)(s->param[GRAD_AVERAGING] != 0.0 ? 1.0 - s->param[BETA1] : 1.0);
    const real square = *(const real *)a->state[s->param[AMSGRAD] != 0.0 ? LARGEST : V];
    const real divisor = (real)(sqrt((double)square) + s->param[EPS]);
    const dsc_flow f = dsc_flow_of(a);
    const real *w = a->w;
    real *restrict m = a->state[M];

    DSC_INDEPENDENT
    for (size_t i = 0; i < a->n; i++) {
        const real x = dsc_in(&f, i, fused);
        m[i] = b1 * m[i] + fresh * (dsc_ratio(x, divisor) + decay * w[i]);
        dsc_out(&f, i, lr * m[i], fused);
    }
}

static void direction(const dsc_step *s, const dsc_slice *a)
{
    if (a->place)
        loop(s, a, true);
    else
        loop(s, a, false);
}

const dsc_optim DSC_R(dsc_optim_novograd) = {
    .info = {.name = "novograd",
             .summary = "momentum of gradients divided by a running norm of their layer",
             .formula = "v <- beta2 v + (1 - beta2) |g|^2;  "
                        "m <- beta1 m + g / (sqrt(v) + eps) + weight_decay w;  w <- w - lr m",
             .reference = "Ginsburg et al. 2019, arXiv:1905.11286",
             .advice = "speech and convolutional networks where memory is short: half of adam's "
                       "state; lr=0.01, weight_decay=0.001",
             .params = params,
             .n_params = N_PARAMS},
    .n_state = N_STATE,
    .flags = DSC_RULE_SEGMENTS | DSC_RULE_FUSES,
    .decay = DSC_DECAY_OWN,
    .first_moment = 1u << M,
    .positive = 1u << V | 1u << LARGEST,
    .states = states,
    .state_size = state_size,
    .survey = survey,
    .settle = settle,
    .direction = direction,
};
