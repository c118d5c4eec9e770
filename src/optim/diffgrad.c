/* diffgrad.c - adam with smaller steps, down to half, where the gradient hardly changes.
 *
 *     m, v as adam
 *     f  = 1 / (1 + exp(-|g - g of the step before|))     the friction, 1/2 to 1
 *     d  = lr sqrt(1 - beta2^t) / (1 - beta1^t) f m / (sqrt(v) + eps)
 *
 * Before the first step g was 0. */
#include "optim/rule.h"

#include <stdint.h>
#include <string.h>

enum { LR, BETA1, BETA2, EPS, WEIGHT_DECAY, N_PARAMS };
enum { RATE };
enum { M, V, BEFORE, N_STATE };

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
    const double t = (double)s->count;

    s->scalar[RATE] = s->lr * sqrt(1.0 - pow(s->param[BETA2], t)) / (1.0 - pow(s->param[BETA1], t));
}

#if DSC_REAL == 32
typedef uint32_t bits;
enum { MANTISSA = 23, BIAS = 127, TERMS = 7 };
#  define ROUNDER 12582912.0f              /* 1.5 * 2^23 */
#  define LN2     0.693359375f             /* short, so that its multiples are exact */
#  define LN2_LOW -2.12194440054690583e-4f /* and the rest of it */
#else
typedef uint64_t bits;
enum { MANTISSA = 52, BIAS = 1023, TERMS = 13 };
#  define ROUNDER 6755399441055744.0 /* 1.5 * 2^52 */
#  define LN2     0.693147180369123816490
#  define LN2_LOW 1.90821492927058770002e-10
#endif

/* exp(-y) for y >= 0, as exact above 40 as 1 / (1 + exp(-y)) needs it, written so that it
 * vectorizes: y = k ln 2 + r with |r| <= ln(2) / 2, and exp(-y) = 2^-k exp(-r). Adding and taking
 * away ROUNDER rounds to whole numbers, which then stand in the lowest bits of the sum. */
static inline real exp_minus(real y)
{
    const real near = y < 40 ? y : 40, sum = near * (real)1.44269504088896340736 + ROUNDER;
    const real k = sum - ROUNDER, r = near - k * LN2 - k * LN2_LOW;
    /* 1 / j! */
    static const real term[] = {(real)1.0,
                                (real)1.0,
                                (real)(1.0 / 2.0),
                                (real)(1.0 / 6.0),
                                (real)(1.0 / 24.0),
                                (real)(1.0 / 120.0),
                                (real)(1.0 / 720.0),
                                (real)(1.0 / 5040.0),
                                (real)(1.0 / 40320.0),
                                (real)(1.0 / 362880.0),
                                (real)(1.0 / 3628800.0),
                                (real)(1.0 / 39916800.0),
                                (real)(1.0 / 479001600.0),
                                (real)(1.0 / 6227020800.0)};
    bits b;
    real power, series = term[TERMS];

    memcpy(&b, &sum, sizeof b);
    b = (BIAS - b) << MANTISSA;
    memcpy(&power, &b, sizeof power);
    for (int j = TERMS - 1; j >= 0; j--)
        series = term[j] - r * series;
    return series * power;
}

DSC_SPECIALIZED void loop(const dsc_step *s, const dsc_slice *a, bool fused)
{
    const real b1 = (real)s->param[BETA1], c1 = (real)(1.0 - s->param[BETA1]);
    const real b2 = (real)s->param[BETA2], c2 = (real)(1.0 - s->param[BETA2]);
    const real rate = (real)s->scalar[RATE], eps = (real)s->param[EPS];
    const dsc_flow f = dsc_flow_of(a);
    real *restrict m = a->state[M], *restrict v = a->state[V];
    real *restrict before = a->state[BEFORE];

    DSC_INDEPENDENT
    for (size_t i = 0; i < a->n; i++) {
        const real x = dsc_in(&f, i, fused);
        const real change = real_abs(x - before[i]);
        before[i] = x;
        m[i] = b1 * m[i] + c1 * x;
        v[i] = b2 * v[i] + c2 * x * x;
        const real divisor = (real_sqrt(v[i]) + eps) * (1 + exp_minus(change));
        dsc_out(&f, i, dsc_ratio(rate * m[i], divisor), fused);
    }
}

static void direction(const dsc_step *s, const dsc_slice *a)
{
    if (a->place)
        loop(s, a, true);
    else
        loop(s, a, false);
}

const dsc_optim DSC_R(dsc_optim_diffgrad) = {
    .info = {.name = "diffgrad",
             .summary = "adam that slows down where the gradient hardly changes",
             .formula = "m, v as adam;  f = sigmoid(|g - g_before|);  "
                        "w <- w - lr f m^ / (sqrt(v^) + eps)",
             .reference = "Dubey et al. 2019, arXiv:1909.11015",
             .advice = "convolutional networks on small pictures, where adam overshoots minima; "
                       "with small gradients it is adam at half of lr",
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
