/* layer_elements.c - cases of single numbers: functions of one and of two, and what is made of
 * them.
 */
#include "layer_build.h"

#include "graph/op.h"
#include "op/registry.h"

#include <math.h>
#include <string.h>

static dsc_id unary(layer_case *c)
{
    return layer_plain(c, golden_string(c->root, "op"), layer_batched(c, "x"), -1, -1);
}

/* Functions whose attributes the case calls as the op does; null is no limit. */
static dsc_id with_attributes(layer_case *c)
{
    const char *op = golden_string(c->root, "op");
    const dsc_op *found = dsc_op_find(op, c->type, dsc_level_choose());
    const dsc_id x = layer_batched(c, "x");
    layer_attribute attribute[DSC_MAX_ATTRIBUTES];
    int n = 0;

    for (; found && n < found->n_attributes; n++) {
        const char *key = found->attribute[n];
        const double none = strcmp(key, "min") == 0 ? -HUGE_VAL : HUGE_VAL;
        attribute[n] = (layer_attribute){key, golden_get(c->attrs, key, none)};
    }
    return layer_op(c, op, 1, &x, n, attribute);
}

static dsc_id gelu(layer_case *c)
{
    const dsc_id x = layer_batched(c, "x");
    const bool tanh_form = strcmp(golden_string(c->attrs, "approximate"), "tanh") == 0;

    return layer_op(c, "gelu", 1, &x, 1, &(layer_attribute){"tanh", tanh_form});
}

static dsc_id binary(layer_case *c)
{
    const char *op = golden_string(c->root, "op");
    const layer_tensor *a = layer_find(c, "a"), *b = layer_find(c, "b");
    dsc_id first, second;

    if (!a || !b)
        return -1;
    if (a->rank == b->rank && a->rank > 0 && a->size[0] == b->size[0]) { /* both in a batch */
        first = layer_batched(c, "a");
        second = layer_batched(c, "b");
    } else if (a->rank > b->rank) { /* one for all examples */
        first = layer_batched(c, "a");
        second = layer_shared(c, "b");
    } else {
        first = layer_whole(c, "a");
        second = layer_whole(c, "b");
    }
    return layer_plain(c, op, first, second, -1);
}

static dsc_id prelu(layer_case *c)
{
    return layer_plain(c, "prelu", layer_batched(c, "x"), layer_shared(c, "weight"), -1);
}

static dsc_id cosine_similarity(layer_case *c)
{
    const json_t *eps = json_object_get(c->attrs, "eps");
    const dsc_id input[] = {layer_batched(c, "x"), layer_batched(c, "target")};

    return layer_op(c, "cosine_similarity", 2, input, 1,
                    &(layer_attribute){"eps", eps ? golden_number(eps) : 1e-8});
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

/* x x + x sin(x) + sum(x) x */
static dsc_id reuse(layer_case *c)
{
    const dsc_id x = layer_whole(c, "x");
    const dsc_id squares = layer_plain(c, "mul", x, x, -1);
    const dsc_id waves = layer_plain(c, "mul", x, layer_plain(c, "sin", x, -1, -1), -1);
    const dsc_id sums = layer_plain(c, "mul", layer_plain(c, "sum", x, -1, -1), x, -1);

    return layer_plain(c, "add", layer_plain(c, "add", squares, waves, -1), sums, -1);
}

const layer_map layer_elements[] = {
    {"relu", unary, NULL},          {"relu6", unary, NULL},
    {"tanh", unary, NULL},          {"sigmoid", unary, NULL},
    {"selu", unary, NULL},          {"silu", unary, NULL},
    {"mish", unary, NULL},          {"logsigmoid", unary, NULL},
    {"hardsigmoid", unary, NULL},   {"hardswish", unary, NULL},
    {"softsign", unary, NULL},      {"abs", unary, NULL},
    {"neg", unary, NULL},           {"square", unary, NULL},
    {"sqrt", unary, NULL},          {"exp", unary, NULL},
    {"log", unary, NULL},           {"reciprocal", unary, NULL},
    {"sin", unary, NULL},           {"cos", unary, NULL},
    {"erf", unary, NULL},           {"leaky_relu", with_attributes, NULL},
    {"elu", with_attributes, NULL}, {"softplus", with_attributes, NULL},
    {"pow", with_attributes, NULL}, {"clamp", with_attributes, NULL},
    {"gelu", gelu, NULL},           {"add", binary, NULL},
    {"sub", binary, NULL},          {"mul", binary, NULL},
    {"div", binary, NULL},          {"maximum", binary, NULL},
    {"prelu", prelu, NULL},         {"cosine_similarity", cosine_similarity, NULL},
    {"linear", linear, NULL},       {"residual", residual, NULL},
    {"reuse", reuse, NULL},         {0},
};
