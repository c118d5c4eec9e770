/* layer_losses.c - cases of losses. */
#include "layer_build.h"

#include <string.h>

dsc_id layer_cross_entropy(layer_case *c, dsc_id x, const char *reduction)
{
    const dsc_id input[] = {x, layer_batched(c, "target"), layer_shared(c, "weight")};
    const layer_attribute attribute[] = {
        {"label_smoothing", golden_get(c->attrs, "label_smoothing", 0.0)},
        {"ignore_index", golden_get(c->attrs, "ignore_index", -100.0)}};

    c->reduction = reduction;
    return layer_op(c, "cross_entropy", 3, input, 2, attribute);
}

static dsc_id cross_entropy(layer_case *c)
{
    return layer_cross_entropy(c, layer_batched(c, "x"), golden_string(c->attrs, "reduction"));
}

static dsc_id bce_with_logits(layer_case *c)
{
    dsc_id input[4] = {layer_batched(c, "x"), layer_batched(c, "target")};
    int n = 2;
    const bool weight = layer_find(c, "weight"), positive = layer_find(c, "pos_weight");
    const layer_attribute attribute[] = {{"has_weight", weight}, {"has_pos_weight", positive}};

    c->reduction = golden_string(c->attrs, "reduction");
    if (weight)
        input[n++] = layer_batched(c, "weight");
    if (positive)
        input[n++] = layer_shared(c, "pos_weight");
    return layer_op(c, "bce_with_logits", n, input, 2, attribute);
}

/* How a loss is reduced; those that don't say give their mean. */
static const char *reduction_of(const layer_case *c)
{
    const json_t *given = json_object_get(c->attrs, "reduction");

    return given ? json_string_value(given) : "mean";
}

/* x and target number by number; bce may have a weight of every number. */
static dsc_id elements(layer_case *c, const char *op, int n_attributes,
                       const layer_attribute *attribute)
{
    dsc_id input[3] = {layer_batched(c, "x"), layer_batched(c, "target"), -1};
    const layer_tensor *weight = layer_find(c, "weight");

    c->reduction = reduction_of(c);
    if (weight)
        input[2] = weight->rank == layer_find(c, "x")->rank ? layer_batched(c, "weight")
                                                            : layer_shared(c, "weight");
    return layer_op(c, op, 3, input, n_attributes, attribute);
}

/* "l1_loss" and its like, without attributes. */
static dsc_id plain(layer_case *c)
{
    static const char *const op[][2] = {
        {"l1_loss", "l1"}, {"mse_loss", "mse"}, {"log_cosh_loss", "log_cosh"}, {"bce", "bce"}};
    const char *kind = golden_string(c->root, "op");

    for (size_t i = 0; i < sizeof op / sizeof *op; i++)
        if (strcmp(kind, op[i][0]) == 0)
            return elements(c, op[i][1], 0, NULL);
    return -1;
}

static dsc_id huber_loss(layer_case *c)
{
    return elements(c, "huber", 1, &(layer_attribute){"delta", golden_get(c->attrs, "delta", 1.0)});
}

static dsc_id smooth_l1_loss(layer_case *c)
{
    return elements(c, "smooth_l1", 1,
                    &(layer_attribute){"beta", golden_get(c->attrs, "beta", 1.0)});
}

static dsc_id hinge(layer_case *c)
{
    return elements(c, "hinge", 1, &(layer_attribute){"p", golden_get(c->attrs, "p", 1.0)});
}

static dsc_id hinge_embedding_loss(layer_case *c)
{
    return elements(c, "hinge_embedding", 1,
                    &(layer_attribute){"margin", golden_get(c->attrs, "margin", 1.0)});
}

static double flag(const layer_case *c, const char *name, bool otherwise)
{
    const json_t *value = json_object_get(c->attrs, name);

    return value ? json_is_true(value) : otherwise;
}

static dsc_id kl_div(layer_case *c)
{
    return elements(c, "kl_div", 1, &(layer_attribute){"log_target", flag(c, "log_target", false)});
}

static dsc_id poisson_nll_loss(layer_case *c)
{
    const layer_attribute attribute[] = {{"log_input", flag(c, "log_input", true)},
                                         {"full", flag(c, "full", false)},
                                         {"eps", golden_get(c->attrs, "eps", 1e-8)}};

    return elements(c, "poisson_nll", 3, attribute);
}

/* x with classes on axis 1, labels, and perhaps weights of the classes. */
static dsc_id classes(layer_case *c, const char *op, int n_attributes,
                      const layer_attribute *attribute)
{
    const dsc_id input[] = {layer_batched(c, "x"), layer_batched(c, "target"),
                            layer_shared(c, "weight")};

    c->reduction = reduction_of(c);
    return layer_op(c, op, 3, input, n_attributes, attribute);
}

static dsc_id nll_loss(layer_case *c)
{
    return classes(
        c, "nll", 1,
        &(layer_attribute){"ignore_index", golden_get(c->attrs, "ignore_index", -100.0)});
}

static dsc_id multi_margin_loss(layer_case *c)
{
    const layer_attribute attribute[] = {{"p", golden_get(c->attrs, "p", 1.0)},
                                         {"margin", golden_get(c->attrs, "margin", 1.0)}};

    return classes(c, "multi_margin", 2, attribute);
}

const layer_map layer_losses[] = {
    {"cross_entropy", cross_entropy, NULL},
    {"bce_with_logits", bce_with_logits, NULL},
    {"mse_loss", plain, NULL},
    {"l1_loss", plain, NULL},
    {"log_cosh_loss", plain, NULL},
    {"bce", plain, NULL},
    {"huber_loss", huber_loss, NULL},
    {"smooth_l1_loss", smooth_l1_loss, NULL},
    {"hinge", hinge, NULL},
    {"hinge_embedding_loss", hinge_embedding_loss, NULL},
    {"kl_div", kl_div, NULL},
    {"poisson_nll_loss", poisson_nll_loss, NULL},
    {"nll_loss", nll_loss, NULL},
    {"multi_margin_loss", multi_margin_loss, NULL},
    {0},
};
