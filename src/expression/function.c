/* function.c - the operators and functions of formulas: value and derivatives, one row each.
 *
 * Where a function has a kink the derivative is the middle of what it is on both sides: 0 for abs
 * at 0, one half to each argument of min and max where they are equal. */
#include "expression/function.h"

#include <math.h>

/* Every row defines value_NAME and slope_NAME. */
#define ROW(name, value_of, slopes)                                   \
  static double value_##name(double a, double b)                      \
  {                                                                   \
    (void)a, (void)b;                                                 \
    return value_of;                                                  \
  }                                                                   \
  static void slope_##name(double a, double b, double v, double d[2]) \
  {                                                                   \
    (void)a, (void)b, (void)v;                                        \
    slopes                                                            \
  }

/* a^b. The squares and the like that formulas are full of are exact to the last bit, which pow()
 * does not promise. */
static double power(double a, double b)
{
    if (b == 2.0)
        return a * a;
    if (b == 1.0)
        return a;
    return pow(a, b);
}

/* d(a^b)/db = a^b log a. At a = 0 it is the limit from above; below 0 there is none. */
static double power_slope(double a, double b, double v)
{
    if (a == 0.0 && b > 0.0)
        return 0.0;
    return v * log(a);
}

static double sign(double a)
{
    return (double)(a > 0.0) - (double)(a < 0.0);
}

/* How much of max(a, b) is a. */
static double share(double a, double b)
{
    return 0.5 + 0.5 * sign(a - b);
}

/* fmin and fmax would drop a NaN. */
static double larger(double a, double b)
{
    return a > b || isnan(a) ? a : b;
}

/* clang-format off */
ROW(negate,   -a,           d[0] = -1.0;)
ROW(add,      a + b,        d[0] = 1.0; d[1] = 1.0;)
ROW(subtract, a - b,        d[0] = 1.0; d[1] = -1.0;)
ROW(multiply, a * b,        d[0] = b; d[1] = a;)
ROW(divide,   a / b,        d[0] = 1.0 / b; d[1] = -v / b;)
ROW(power,    power(a, b),  d[0] = b == 0.0 ? 0.0 : b * power(a, b - 1.0); d[1] = power_slope(a, b, v);)

ROW(sin,      sin(a),       d[0] = cos(a);)
ROW(cos,      cos(a),       d[0] = -sin(a);)
ROW(tan,      tan(a),       d[0] = 1.0 + v * v;)
ROW(exp,      exp(a),       d[0] = v;)
ROW(log,      log(a),       d[0] = 1.0 / a;)
ROW(sqrt,     sqrt(a),      d[0] = 0.5 / v;)
ROW(abs,      fabs(a),      d[0] = sign(a);)
ROW(tanh,     tanh(a),      d[0] = 1.0 / cosh(a) / cosh(a);) /* 1 - v^2 would cancel */
ROW(min,     -larger(-a, -b), d[0] = share(b, a); d[1] = share(a, b);)
ROW(max,      larger(a, b), d[0] = share(a, b); d[1] = share(b, a);)

#define ENTRY(name, arity) {#name, arity, value_##name, slope_##name}
/* clang-format on */

static const dsc_function operators[] = {
    [DSC_NEGATE] = ENTRY(negate, 1),     [DSC_ADD] = ENTRY(add, 2),
    [DSC_SUBTRACT] = ENTRY(subtract, 2), [DSC_MULTIPLY] = ENTRY(multiply, 2),
    [DSC_DIVIDE] = ENTRY(divide, 2),     [DSC_POWER] = ENTRY(power, 2),
};

static const dsc_function functions[] = {
    ENTRY(sin, 1),  ENTRY(cos, 1), ENTRY(tan, 1),  ENTRY(exp, 1), ENTRY(log, 1),
    ENTRY(sqrt, 1), ENTRY(abs, 1), ENTRY(tanh, 1), ENTRY(min, 2), ENTRY(max, 2),
};

const dsc_function *dsc_operator_at(dsc_operator index)
{
    return &operators[index];
}

const dsc_function *dsc_function_at(size_t index)
{
    return index < sizeof functions / sizeof *functions ? &functions[index] : NULL;
}
