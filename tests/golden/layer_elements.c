/* layer_elements.c - cases of elements, sums and shapes: one op each, or a few. */
#include "layer_build.h"

#include <string.h>

static dsc_id unary(layer_case *c)
{
    return layer_plain(c, golden_string(c->root, "op"), layer_batched(c, "x"), -1, -1);
}

static dsc_id gelu(layer_case *c)
{
    const dsc_id x = layer_batched(c, "x");
    const bool tanh_form = strcmp(golden_string(c->attrs, "approximate"), "tanh") == 0;

    return layer_op(c, "gelu", 1, &x, 1, &(layer_attribute){"tanh", tanh_form});
}

/* Inputs of the same shape: the only form of add that is built. */
static bool adds_alike(layer_case *c)
{
    const layer_tensor *a = layer_find(c, "a"), *b = layer_find(c, "b");

    return dsc_shape_equal(layer_shape(a, 0), layer_shape(b, 0));
}

static dsc_id add(layer_case *c)
{
    return layer_plain(c, "add", layer_batched(c, "a"), layer_batched(c, "b"), -1);
}

/* Flatten gives another shape than the case, but the same numbers in the same order. */
static dsc_id reshape(layer_case *c)
{
    return layer_plain(c, "flatten", layer_batched(c, "x"), -1, -1);
}

static dsc_id residual(layer_case *c)
{
    const dsc_id x = layer_batched(c, "x");
    const dsc_id h =
        layer_plain(c, "linear", x, layer_shared(c, "weight"), layer_shared(c, "bias"));

    return layer_plain(c, "add", x, layer_plain(c, "relu", h, -1, -1), -1);
}

static dsc_id linear(layer_case *c)
{
    return layer_plain(c, "linear", layer_batched(c, "x"), layer_shared(c, "weight"),
                       layer_shared(c, "bias"));
}

const layer_map layer_elements[] = {
    {"relu", unary, NULL},      {"tanh", unary, NULL},        {"sigmoid", unary, NULL},
    {"gelu", gelu, NULL},       {"linear", linear, NULL},     {"add", add, adds_alike},
    {"reshape", reshape, NULL}, {"residual", residual, NULL}, {0},
};
