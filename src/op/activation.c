/* activation.c - element-wise nonlinearities: one formula and its derivative each. */
#include "base/real.h"
#include "op/elements.h"

/* NaN stays NaN: it must not vanish in the first layer it meets. */
static inline real relu(real x)
{
    return x < 0 ? 0 : x;
}

static inline real sigmoid(real x)
{
    const real e = real_exp(-real_abs(x)); /* never overflows */

    return x < 0 ? e / (1 + e) : 1 / (1 + e);
}

/* x Phi(x) with Phi(x) = (1 + erf(x / sqrt 2)) / 2 */
static inline real gelu(real x)
{
    return x * (real)0.5 * (1 + real_erf(x * (real)0.70710678118654752440));
}

/* Phi(x) + x phi(x) */
static inline real gelu_slope(real x)
{
    const real density = real_exp((real)-0.5 * x * x) * (real)0.39894228040143267794;

    return (real)0.5 * (1 + real_erf(x * (real)0.70710678118654752440)) + x * density;
}

/* x (1 + tanh u) / 2 with u = sqrt(2 / pi) (x + 0.044715 x^3): Hendrycks & Gimpel's short form */
static inline real gelu_inner(real x)
{
    return (real)0.79788456080286535588 * (x + (real)0.044715 * x * x * x);
}

static inline real gelu_tanh(real x)
{
    return (real)0.5 * x * (1 + real_tanh(gelu_inner(x)));
}

static inline real gelu_tanh_slope(real x)
{
    const real t = real_tanh(gelu_inner(x));
    const real du = (real)0.79788456080286535588 * (1 + (real)0.134145 * x * x);

    return (real)0.5 * (1 + t) + (real)0.5 * x * (1 - t * t) * du;
}

/* y = value; dx = slope, where slope may use d (dy), and x or y. y may lie where x lies, dx where
 * dy. */
#define FORWARD(name, value)                    \
  static void name##_forward(const dsc_call *c) \
  {                                             \
    const size_t n = elements(c, c->node);      \
    const real *from = c->x[0];                 \
    real *to = c->y;                            \
    DSC_INDEPENDENT                             \
    for (size_t i = 0; i < n; i++) {            \
      const real x = from[i];                   \
      to[i] = (value);                          \
    }                                           \
  }
#define BACKWARD(name, source, letter, slope)    \
  static void name##_backward(const dsc_call *c) \
  {                                              \
    const size_t n = elements(c, c->node);       \
    const real *from = (source), *dy = c->dy;    \
    real *dx = c->dx[0];                         \
    DSC_INDEPENDENT                              \
    for (size_t i = 0; i < n; i++) {             \
      const real letter = from[i];               \
      const real d = dy[i];                      \
      dx[i] = (slope);                           \
    }                                            \
  }

FORWARD(relu, relu(x))
BACKWARD(relu, c->y, y, y > 0 ? d : 0)
FORWARD(tanh, real_tanh(x))
BACKWARD(tanh, c->y, y, d *(1 - y * y))
FORWARD(sigmoid, sigmoid(x))
BACKWARD(sigmoid, c->y, y, d *(y *(1 - y)))
FORWARD(gelu_erf, gelu(x))
BACKWARD(gelu_erf, c->x[0], x, d *gelu_slope(x))
FORWARD(gelu_short, gelu_tanh(x))
BACKWARD(gelu_short, c->x[0], x, d *gelu_tanh_slope(x))

enum { TANH_FORM, N_GELU_ATTRIBUTES };
static const char *const gelu_attributes[N_GELU_ATTRIBUTES] = {"tanh"};

static void gelu_forward(const dsc_call *c)
{
    if (c->node->attribute[TANH_FORM] != 0)
        gelu_short_forward(c);
    else
        gelu_erf_forward(c);
}

static void gelu_backward(const dsc_call *c)
{
    if (c->node->attribute[TANH_FORM] != 0)
        gelu_short_backward(c);
    else
        gelu_erf_backward(c);
}

#define ROW(op, text)                                                          \
  const dsc_op DSC_R(dsc_op_##op) = {.name = #op,                              \
                                     .formula = text,                          \
                                     .n_inputs = 1,                            \
                                     .flags = DSC_IN_PLACE | DSC_NEEDS_OUTPUT, \
                                     .shape = same_shape,                      \
                                     .forward = op##_forward,                  \
                                     .backward = op##_backward}
ROW(relu, "y = max(x, 0)");
ROW(tanh, "y = tanh(x)");
ROW(sigmoid, "y = 1 / (1 + exp(-x))");

const dsc_op DSC_R(dsc_op_gelu) = {
    .name = "gelu",
    .formula = "y = x Phi(x)",
    .attribute = gelu_attributes,
    .n_attributes = N_GELU_ATTRIBUTES,
    .n_inputs = 1,
    .flags = DSC_NEEDS_INPUT,
    .shape = same_shape,
    .forward = gelu_forward,
    .backward = gelu_backward,
};
