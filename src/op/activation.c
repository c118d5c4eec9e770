/* activation.c - element-wise nonlinearities: one formula and its derivative each. */
#include "base/real.h"
#include "op/unary.h"

/* NaN stays NaN: it must not vanish in the first layer it meets. */
static inline real relu(real x)
{
    return x < 0 ? 0 : x;
}

static inline real between(real x, real low, real high)
{
    const real above = x < low ? low : x;

    return above > high ? high : above;
}

static inline real sigmoid(real x)
{
    const real e = real_exp(-real_abs(x)); /* never overflows */

    return (x < 0 ? e : 1) / (1 + e);
}

/* log(1 + exp(x)) */
static inline real softplus(real x)
{
    return real_log1p(real_exp(-real_abs(x))) + relu(x);
}

static inline real silu_slope(real x)
{
    const real s = sigmoid(x);

    return s * (1 + x * (1 - s));
}

/* tanh(log(1 + exp(x))) = n / (n + 2) with n = exp(x) (exp(x) + 2), both times exp(-2x) for x > 0
 */
static inline real tanh_of_softplus(real x)
{
    const real e = real_exp(-real_abs(x));
    const real n = x > 0 ? 1 + 2 * e : e * (e + 2);

    return n / (n + (x > 0 ? 2 * e * e : 2));
}

static inline real mish_slope(real x)
{
    const real t = tanh_of_softplus(x);

    return t + x * (1 - t * t) * sigmoid(x);
}

static inline real hardswish_slope(real x)
{
    const real middle = x / 3 + (real)0.5;
    const real above = x < 3 ? middle : 1;

    return x > -3 ? above : 0;
}

/* PyTorch's slope of hardsigmoid in both precisions, 1/6 as a float; kept so that its double
 * results can be compared with. */
#define SIXTH ((real)(1.0f / 6.0f))

static inline real elu(real x, real alpha)
{
    return x > 0 ? x : alpha * real_expm1(x);
}

static inline real elu_slope(real x, real alpha)
{
    return x > 0 ? 1 : alpha * real_exp(x);
}

/* Klambauer et al. 2017: the two numbers that keep mean 0 and variance 1 */
#define SELU_SCALE ((real)1.0507009873554804934193349852946)
#define SELU_ALPHA ((real)1.6732632423543772848170429916717)

UNARY_OF_Y(relu, relu(x), y > 0 ? d : 0)
UNARY_OF_Y(relu6, between(x, 0, 6), y > 0 && y < 6 ? d : 0)
UNARY_OF_Y(tanh, real_tanh(x), d *(1 - y * y))
UNARY_OF_Y(sigmoid, sigmoid(x), d *(y *(1 - y)))
UNARY_OF_X(leaky_relu, x > 0 ? x : p * x, x > 0 ? d : p * d)
UNARY_OF_X(elu, elu(x, p), d *elu_slope(x, p))
UNARY_OF_X(selu, SELU_SCALE *elu(x, SELU_ALPHA), d *SELU_SCALE *elu_slope(x, SELU_ALPHA))
UNARY_OF_X(silu, x *sigmoid(x), d *silu_slope(x))
UNARY_OF_X(mish, x *tanh_of_softplus(x), d *mish_slope(x))
UNARY_OF_X(softplus, p *x > q ? x : softplus(p * x) / p, p *x > q ? d : d * sigmoid(p * x))
UNARY_OF_X(logsigmoid, -softplus(-x), d *sigmoid(-x))
UNARY_OF_X(hardsigmoid, between(x + 3, 0, 6) / 6, x > -3 && x < 3 ? d * SIXTH : 0)
UNARY_OF_X(hardswish, x *between(x + 3, 0, 6) / 6, d *hardswish_slope(x))
UNARY_OF_X(softsign, x / (1 + real_abs(x)), d / ((1 + real_abs(x)) * (1 + real_abs(x))))
static const char *const leaky_relu_attributes[] = {"negative_slope"};
static const char *const elu_attributes[] = {"alpha"};
static const char *const softplus_attributes[] = {"beta", "threshold"};

static descent_status softplus_shape(dsc_node *node, const dsc_node *const *input,
                                     descent_error *err)
{
    if (!(node->attribute[0] > 0))
        return dsc_fail(err, DESCENT_INVALID, "softplus: beta = %g, must be above 0",
                        node->attribute[0]);
    return same_shape(node, input, err);
}

UNARY_ROW(relu, "y = max(x, 0)", DSC_NEEDS_OUTPUT, );
UNARY_ROW(relu6, "y = min(max(x, 0), 6)", DSC_NEEDS_OUTPUT, );
UNARY_ROW(tanh, "y = tanh(x)", DSC_NEEDS_OUTPUT, );
UNARY_ROW(sigmoid, "y = 1 / (1 + exp(-x))", DSC_NEEDS_OUTPUT, );
UNARY_ROW(leaky_relu, "y = x for x > 0, else negative_slope x", DSC_NEEDS_INPUT,
          UNARY_ATTRIBUTES(leaky_relu_attributes));
UNARY_ROW(elu, "y = x for x > 0, else alpha (exp(x) - 1)", DSC_NEEDS_INPUT,
          UNARY_ATTRIBUTES(elu_attributes));
UNARY_ROW(selu, "y = 1.0507 (x for x > 0, else 1.67326 (exp(x) - 1))", DSC_NEEDS_INPUT, );
UNARY_ROW(silu, "y = x / (1 + exp(-x))", DSC_NEEDS_INPUT, );
UNARY_ROW(mish, "y = x tanh(log(1 + exp(x)))", DSC_NEEDS_INPUT, );
UNARY_ROW(logsigmoid, "y = -log(1 + exp(-x))", DSC_NEEDS_INPUT, );
UNARY_ROW(hardsigmoid, "y = min(max(x + 3, 0), 6) / 6", DSC_NEEDS_INPUT, );
UNARY_ROW(hardswish, "y = x min(max(x + 3, 0), 6) / 6", DSC_NEEDS_INPUT, );
UNARY_ROW(softsign, "y = x / (1 + |x|)", DSC_NEEDS_INPUT, );

const dsc_op DSC_R(dsc_op_softplus) = {
    .name = "softplus",
    .formula = "y = log(1 + exp(beta x)) / beta, x where beta x > threshold",
    .n_inputs = 1,
    .flags = DSC_IN_PLACE | DSC_NEEDS_INPUT,
    .shape = softplus_shape,
    .forward = softplus_forward,
    .backward = softplus_backward,
    UNARY_ATTRIBUTES(softplus_attributes),
};
