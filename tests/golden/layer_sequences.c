/* layer_sequences.c - cases of sequences: embedding, attention, recurrent layers. */
#include "layer_build.h"

static dsc_id embedding(layer_case *c)
{
    const dsc_id input[] = {layer_batched(c, "index"), layer_shared(c, "weight")};

    return layer_op(c, "embedding", 2, input, 1,
                    &(layer_attribute){"padding", golden_get(c->attrs, "padding_idx", -1.0)});
}

static dsc_id normalize(layer_case *c, dsc_id x, const char *weight, const char *bias, double axes)
{
    const dsc_id input[] = {x, layer_shared(c, weight), layer_shared(c, bias)};
    const layer_attribute attribute[] = {{"eps", golden_get(c->attrs, "eps", 1e-5)},
                                         {"axes", axes}};

    return layer_op(c, "layer_norm", 3, input, 2, attribute);
}

static dsc_id layer_norm(layer_case *c)
{
    const size_t axes = json_array_size(json_object_get(c->attrs, "normalized_shape"));

    return normalize(c, layer_batched(c, "x"), "weight", "bias", (double)axes);
}

static dsc_id rms_norm(layer_case *c)
{
    const dsc_id input[] = {layer_batched(c, "x"), layer_shared(c, "weight")};

    return layer_op(c, "rms_norm", 2, input, 1,
                    &(layer_attribute){"eps", golden_get(c->attrs, "eps", 1e-6)});
}

static double causal(const layer_case *c)
{
    return json_is_true(json_object_get(c->attrs, "causal"));
}

static dsc_id sdpa(layer_case *c)
{
    const dsc_id input[] = {layer_batched(c, "q"), layer_batched(c, "k"), layer_batched(c, "v")};
    const layer_attribute attribute[] = {{"causal", causal(c)},
                                         {"scale", golden_get(c->attrs, "scale", 0.0)}};

    return layer_op(c, "sdpa", 3, input, 2, attribute);
}

static dsc_id attend(layer_case *c, dsc_id x)
{
    const double heads = golden_get(c->attrs, "heads", 1.0);
    const layer_attribute attribute[] = {
        {"heads", heads}, {"kv_heads", heads}, {"causal", causal(c)}};
    const dsc_id in =
        layer_plain(c, "linear", x, layer_shared(c, "in_weight"), layer_shared(c, "in_bias"));

    return layer_plain(c, "linear", layer_op(c, "attention", 1, &in, 3, attribute),
                       layer_shared(c, "out_weight"), layer_shared(c, "out_bias"));
}

static dsc_id mha(layer_case *c)
{
    return attend(c, layer_batched(c, "x"));
}

static dsc_id transformer_block(layer_case *c)
{
    const dsc_id x = layer_batched(c, "x");
    const dsc_id h =
        layer_plain(c, "add", attend(c, normalize(c, x, "ln1_weight", "ln1_bias", 1)), x, -1);
    dsc_id f = normalize(c, h, "ln2_weight", "ln2_bias", 1);

    f = layer_plain(c, "linear", f, layer_shared(c, "w1"), layer_shared(c, "b1"));
    f = layer_plain(c, "gelu", f, -1, -1);
    f = layer_plain(c, "linear", f, layer_shared(c, "w2"), layer_shared(c, "b2"));
    return layer_plain(c, "add", f, h, -1);
}

const layer_map layer_sequences[] = {
    {"embedding", embedding, NULL},
    {"layer_norm", layer_norm, NULL},
    {"rms_norm", rms_norm, NULL},
    {"sdpa", sdpa, NULL},
    {"mha", mha, NULL},
    {"transformer_block", transformer_block, NULL},
    {0},
};
