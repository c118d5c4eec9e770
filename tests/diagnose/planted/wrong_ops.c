/* wrong_ops.c - activations whose backward is wrong on purpose, in the ways that happen: trainings
 * in which the diagnosis must find it. No part of descent: see meson.build. */
#include "base/real.h"
#include "op/unary.h"

static inline real relu(real x)
{
    return x < 0 ? 0 : x;
}

static inline real sigmoid(real x)
{
    const real e = real_exp(-real_abs(x));

    return (x < 0 ? e : 1) / (1 + e);
}

/* lets the gradient through where nothing went forward */
UNARY_OF_Y(wrong_relu, relu(x), ((void)y, d))
/* 1 - y for 1 - y^2 */
UNARY_OF_Y(wrong_tanh, real_tanh(x), d *(1 - y))
/* the product rule's second half is missing */
UNARY_OF_X(wrong_silu, x *sigmoid(x), d *sigmoid(x))
/* the sign of the slope below zero */
UNARY_OF_X(wrong_leaky_relu, x > 0 ? x : (real)0.1 * x, x > 0 ? d : -(real)0.1 * d)
/* a scale that was forgotten on the way back */
UNARY_OF_X(wrong_scale, (real)0.8 * x, ((void)x, d))

UNARY_ROW(wrong_relu, "y = max(x, 0)", DSC_NEEDS_OUTPUT, );
UNARY_ROW(wrong_tanh, "y = tanh(x)", DSC_NEEDS_OUTPUT, );
UNARY_ROW(wrong_silu, "y = x / (1 + exp(-x))", DSC_NEEDS_INPUT, );
UNARY_ROW(wrong_leaky_relu, "y = x for x > 0, else 0.1 x", DSC_NEEDS_INPUT, );
UNARY_ROW(wrong_scale, "y = 0.8 x", DSC_NEEDS_INPUT, );
