/* madgrad.c - dual averaging with momentum: w is found anew each step from where it began and the
 * weighted sums of all gradients and their squares.
 *
 *     k  = lr + eps (0 if lr is),  weight = k sqrt(t)
 *     v <- v + weight g^2
 *     s <- s + weight g
 *     z  = x0 - s / (cbrt(v) + eps)               x0: w before the first step
 *     w <- momentum w + (1 - momentum) z - k weight_decay w
 *
 * Without momentum w is z, so x0 need not be kept: z = w + s/(..) before - s/(..) after. */
#include "optim/rule.h"

#include <stdint.h>
#include <string.h>

enum { LR, MOMENTUM, EPS, WEIGHT_DECAY, N_PARAMS };
enum { WEIGHT, PULL };
enum { S, V, X0, N_STATE };

/* clang-format off */
static const descent_param params[N_PARAMS] = {
    [LR]           = {"lr",           0.01, 0.0, 1e6,      "learning rate", DESCENT_NUMBER, NULL},
    [MOMENTUM]     = {"momentum",     0.9,  0.0, 0.999999, "how much of w stays where it is", DESCENT_NUMBER, NULL},
    [EPS]          = {"eps",          1e-6, 0.0, 1e3,      "keeps the division finite; also added to lr", DESCENT_NUMBER, NULL},
    [WEIGHT_DECAY] = {"weight_decay", 0.0,  0.0, 1e3,      "shrinks w by lr weight_decay (decoupled); most often 0 is best", DESCENT_NUMBER, NULL},
};
/* clang-format on */

static unsigned states(const double *param)
{
    return 1u << S | 1u << V | (param[MOMENTUM] > 0.0 ? 1u << X0 : 0u);
}

static void begin(dsc_step *s)
{
    const double rate = s->lr > 0.0 ? s->lr + s->param[EPS] : 0.0;

    s->scalar[WEIGHT] = rate * sqrt((double)s->count);
    s->scalar[PULL] = rate * s->param[WEIGHT_DECAY];
}

#if DSC_REAL == 32
typedef uint32_t bits;
enum { TURNS = 1 };
#  define ORIGIN   0x54a22000u
#  define SMALLEST FLT_MIN
#else
typedef uint64_t bits;
enum { TURNS = 2 };
#  define ORIGIN   0x553ed00000000000u
#  define SMALLEST DBL_MIN
#endif

/* Cube root c of a >= 0, written so that it vectorizes, without a division: by y = 1 / c. Minus a
 * third of the bits of a number is, but for the bias of its exponent, y within 4 percent, where a
 * third is 1/4 (1 + 1/4) (1 + 1/16) (1 + 1/256) ... With e = 1 - a y^3 the inverse root is
 * y (1 - e)^(-1/3): two terms of that series cube the error, and at last the same is done for
 * c = a y^2, whose exponent is -2/3. Products are taken in pairs, which need not wait for one
 * another. Zero, and what is too small for a normal number, count as the smallest of these: a root
 * is never 0, and what s has gathered by then is nothing beside it. */
static inline real cube_root(real a)
{
    const real of = a > SMALLEST ? a : SMALLEST;
    bits b;
    real y;

    memcpy(&b, &of, sizeof b);
    b >>= 2;
    b += b >> 2;
    b += b >> 4;
    b += b >> 8;
    b = ORIGIN - b;
    memcpy(&y, &b, sizeof y);
    for (int turn = 0; turn < TURNS; turn++) {
        const real e = 1 - (of * y) * (y * y);
        y += (y * e) * ((real)(1.0 / 3.0) + (real)(2.0 / 9.0) * e);
    }
    const real c = of * y * y, e = 1 - c * y;
    return c + (c * e) * ((real)(2.0 / 3.0) + (real)(5.0 / 9.0) * e);
}

DSC_SPECIALIZED void loop(const dsc_step *step, const dsc_slice *a, bool momentum, bool fused)
{
    const real weight = (real)step->scalar[WEIGHT], pull = (real)step->scalar[PULL];
    const real eps = (real)step->param[EPS], go = (real)(1.0 - step->param[MOMENTUM]);
    const dsc_flow f = dsc_flow_of(a);
    const real *w = a->w;
    real *restrict s = a->state[S], *restrict v = a->state[V], *restrict x0 = a->state[X0];

    DSC_INDEPENDENT
    for (size_t i = 0; i < a->n; i++) {
        const real x = dsc_in(&f, i, fused);
        const real before = momentum ? x0[i] - w[i] : s[i] / (cube_root(v[i]) + eps);
        const real sum = v[i] + weight * x * x, squares = sum < DSC_REAL_MAX ? sum : DSC_REAL_MAX;
        const real gathered = s[i] + weight * x;
        const real move = gathered / (cube_root(squares) + eps) - before;
        v[i] = squares;
        s[i] = gathered;
        dsc_out(&f, i, go * move + pull * w[i], fused);
    }
}

DSC_SPECIALIZED void choose(const dsc_step *s, const dsc_slice *a, bool fused)
{
    if (a->state[X0] && s->count == 1)
        memcpy(a->state[X0], a->w, a->n * sizeof(real));
    if (a->state[X0] && s->param[MOMENTUM] > 0.0)
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

const dsc_optim DSC_R(dsc_optim_madgrad) = {
    .info = {.name = "madgrad",
             .summary = "dual averaging with momentum and cube-root step sizes",
             .formula = "v <- v + lr sqrt(t) g^2;  s <- s + lr sqrt(t) g;  w <- momentum w + "
                        "(1 - momentum) (w0 - s / (cbrt(v) + eps))",
             .reference = "Defazio & Jelassi 2021, arXiv:2101.11075",
             .advice = "vision, and sparse gradients such as embeddings'; lr has to be found anew, "
                       "and weight_decay is much smaller than sgd's, often 0",
             .params = params,
             .n_params = N_PARAMS},
    .n_state = N_STATE,
    .flags = DSC_RULE_FUSES,
    .decay = DSC_DECAY_OWN,
    .positive = 1u << V,
    .states = states,
    .begin = begin,
    .direction = direction,
};
