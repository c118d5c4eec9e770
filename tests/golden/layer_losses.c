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

static dsc_id mse_loss(layer_case *c)
{
    c->reduction = golden_string(c->attrs, "reduction");
    return layer_plain(c, "mse", layer_batched(c, "x"), layer_batched(c, "target"), -1);
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

const layer_map layer_losses[] = {
    {"cross_entropy", cross_entropy, NULL},
    {"mse_loss", mse_loss, NULL},
    {"bce_with_logits", bce_with_logits, NULL},
    {0},
};
