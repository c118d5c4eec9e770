/* unary.c - the elementary functions as ops, number by number. */
#include "op/unary.h"
#include "base/real.h"

/* 2 / sqrt(pi) exp(-x^2) */
static inline real erf_slope(real x)
{
    return (real)1.12837916709551257390 * real_exp(-x * x);
}

static inline real sign(real x)
{
    return (real)(x > 0) - (real)(x < 0);
}

/* The derivative of a constant is 0, also where x^(p - 1) is infinite. */
static inline real pow_slope(real x, real p)
{
    return p == 0 ? 0 : p * real_pow(x, p - 1);
}

static inline real clamp(real x, real low, real high)
{
    const real above = x < low ? low : x;

    return above > high ? high : above;
}

UNARY_OF_X(abs, real_abs(x), d *sign(x))
UNARY_FORWARD(neg, -x)
UNARY_BACKWARD(neg, c->dy, y, ((void)y, -d))
UNARY_OF_X(square, x *x, 2 * x * d)
UNARY_OF_Y(sqrt, real_sqrt(x), d *(real)0.5 / y)
UNARY_OF_Y(exp, real_exp(x), d *y)
UNARY_OF_X(log, real_log(x), d / x)
UNARY_OF_Y(reciprocal, 1 / x, -d *y *y)
UNARY_OF_X(sin, real_sin(x), d *real_cos(x))
UNARY_OF_X(cos, real_cos(x), -d *real_sin(x))
UNARY_OF_X(erf, real_erf(x), d *erf_slope(x))
UNARY_OF_X(pow, real_pow(x, p), d *pow_slope(x, p))
UNARY_OF_X(clamp, clamp(x, p, q), x >= p && x <= q ? d : 0)

static const char *const pow_attributes[] = {"exponent"};
static const char *const clamp_attributes[] = {"min", "max"};

UNARY_ROW(abs, "y = |x|", DSC_NEEDS_INPUT, );
UNARY_ROW(neg, "y = -x", 0, );
UNARY_ROW(square, "y = x^2", DSC_NEEDS_INPUT, );
UNARY_ROW(sqrt, "y = sqrt(x)", DSC_NEEDS_OUTPUT, );
UNARY_ROW(exp, "y = exp(x)", DSC_NEEDS_OUTPUT, );
UNARY_ROW(log, "y = log(x)", DSC_NEEDS_INPUT, );
UNARY_ROW(reciprocal, "y = 1 / x", DSC_NEEDS_OUTPUT, );
UNARY_ROW(sin, "y = sin(x)", DSC_NEEDS_INPUT, );
UNARY_ROW(cos, "y = cos(x)", DSC_NEEDS_INPUT, );
UNARY_ROW(erf, "y = erf(x)", DSC_NEEDS_INPUT, );
UNARY_ROW(pow, "y = x^exponent", DSC_NEEDS_INPUT, UNARY_ATTRIBUTES(pow_attributes));
UNARY_ROW(clamp, "y = min(max(x, min), max)", DSC_NEEDS_INPUT, UNARY_ATTRIBUTES(clamp_attributes));
