/* gelu.c - y = x Phi(x), where Phi is the normal distribution (Hendrycks & Gimpel 2016,
 * arXiv:1606.08415), exact or in its short form.
 *
 *     exact    Phi(x) = (1 + erf(x / sqrt 2)) / 2
 *              slope Phi(x) + x exp(-x^2 / 2) / sqrt(2 pi)
 *     short    Phi(x) = (1 + tanh u) / 2 = 1 / (1 + exp(-2 u)) = s
 *              with u = sqrt(2 / pi) (x + 0.044715 x^3);  slope s + x s (1 - s) 2 du/dx */
#include "base/real.h"
#include "op/elements.h"
#include "op/parts.h"

enum { TANH_FORM, N_ATTRIBUTES };
static const char *const attributes[N_ATTRIBUTES] = {"tanh"};

static inline real normal(real x)
{
    return (real)0.5 * (1 + real_erf(x * (real)0.70710678118654752440));
}

static inline real slope(real x)
{
    return normal(x) + x * (real_exp((real)-0.5 * x * x) * (real)0.39894228040143267794);
}

/* exp(-2 u), which stays finite: 1 / (1 + exp(80)) is nothing beside 1. NaN stays NaN. */
static inline real short_power(real x)
{
    const real v = x * ((real)-1.5957691216057308 - (real)0.07135481627260025 * x * x);

    return real_exp(v > 80 ? 80 : v);
}

static inline real short_slope(real x)
{
    const real e = short_power(x), s = 1 / (1 + e);
    const real twice_du = (real)1.5957691216057308 + (real)0.21406444881780073 * x * x;

    return s + x * twice_du * (e * s * s);
}

typedef struct work {
    const dsc_call *call;
    size_t n;
    int parts;
} work;

static work of_call(const dsc_call *c)
{
    const size_t n = elements(c, c->node);

    return (work){.call = c, .n = n, .parts = parts_worth((double)n, 1 << 14)};
}

static void forward_part(int part, void *user)
{
    const work *w = user;
    const size_t begin = part_begin(w->n, w->parts, part, 64);
    const size_t n = part_begin(w->n, w->parts, part + 1, 64) - begin;
    const real *x = (const real *)w->call->x[0] + begin;
    real *y = (real *)w->call->y + begin;

    if (w->call->node->attribute[TANH_FORM] != 0) {
        DSC_INDEPENDENT
        for (size_t i = 0; i < n; i++)
            y[i] = x[i] / (1 + short_power(x[i]));
        return;
    }
    DSC_INDEPENDENT
    for (size_t i = 0; i < n; i++)
        y[i] = x[i] * normal(x[i]);
}

static void forward(const dsc_call *c)
{
    work w = of_call(c);

    for_parts(c, w.parts, forward_part, &w);
}

static void backward_part(int part, void *user)
{
    const work *w = user;
    const size_t begin = part_begin(w->n, w->parts, part, 64);
    const size_t n = part_begin(w->n, w->parts, part + 1, 64) - begin;
    const real *restrict x = (const real *)w->call->x[0] + begin;
    const real *dy = (const real *)w->call->dy + begin;
    real *dx = (real *)w->call->dx[0] + begin;

    if (w->call->node->attribute[TANH_FORM] != 0) {
        DSC_INDEPENDENT
        for (size_t i = 0; i < n; i++)
            dx[i] = dy[i] * short_slope(x[i]);
        return;
    }
    DSC_INDEPENDENT
    for (size_t i = 0; i < n; i++)
        dx[i] = dy[i] * slope(x[i]);
}

static void backward(const dsc_call *c)
{
    work w = of_call(c);

    for_parts(c, w.parts, backward_part, &w);
}

const dsc_op DSC_R(dsc_op_gelu) = {
    .name = "gelu",
    .formula = "y = x Phi(x)",
    .attribute = attributes,
    .n_attributes = N_ATTRIBUTES,
    .n_inputs = 1,
    .flags = DSC_IN_PLACE | DSC_NEEDS_INPUT,
    .shape = same_shape,
    .forward = forward,
    .backward = backward,
};
