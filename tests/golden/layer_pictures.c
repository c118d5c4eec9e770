/* layer_pictures.c - cases of pictures: convolution, pooling, normalization. */
#include "layer_build.h"

#include <string.h>

static dsc_id conv(layer_case *c, dsc_id x, dsc_id weight, dsc_id bias, double padding)
{
    const dsc_id input[] = {x, weight, bias};
    const layer_attribute attribute[] = {{"stride_h", layer_pair(c, "stride", 0, 1.0)},
                                         {"stride_w", layer_pair(c, "stride", 1, 1.0)},
                                         {"pad_h", layer_pair(c, "padding", 0, padding)},
                                         {"pad_w", layer_pair(c, "padding", 1, padding)},
                                         {"dilation_h", layer_pair(c, "dilation", 0, 1.0)},
                                         {"dilation_w", layer_pair(c, "dilation", 1, 1.0)},
                                         {"groups", layer_pair(c, "groups", 0, 1.0)}};

    return layer_op(c, "conv", 3, input, sizeof attribute / sizeof *attribute, attribute);
}

static dsc_id conv2d(layer_case *c)
{
    return conv(c, layer_batched(c, "x"), layer_shared(c, "weight"), layer_shared(c, "bias"), 0.0);
}

static dsc_id conv1d(layer_case *c)
{
    const dsc_id input[] = {layer_batched(c, "x"), layer_shared(c, "weight"),
                            layer_shared(c, "bias")};
    const layer_attribute attribute[] = {{"stride", layer_pair(c, "stride", 0, 1.0)},
                                         {"pad", layer_pair(c, "padding", 0, 0.0)},
                                         {"dilation", layer_pair(c, "dilation", 0, 1.0)},
                                         {"groups", layer_pair(c, "groups", 0, 1.0)}};

    return layer_op(c, "conv1d", 3, input, sizeof attribute / sizeof *attribute, attribute);
}

static dsc_id conv_transpose2d(layer_case *c)
{
    const dsc_id input[] = {layer_batched(c, "x"), layer_shared(c, "weight"),
                            layer_shared(c, "bias")};
    const layer_attribute attribute[] = {{"stride_h", layer_pair(c, "stride", 0, 1.0)},
                                         {"stride_w", layer_pair(c, "stride", 1, 1.0)},
                                         {"pad_h", layer_pair(c, "padding", 0, 0.0)},
                                         {"pad_w", layer_pair(c, "padding", 1, 0.0)},
                                         {"output_pad_h", layer_pair(c, "output_padding", 0, 0.0)},
                                         {"output_pad_w", layer_pair(c, "output_padding", 1, 0.0)},
                                         {"dilation_h", layer_pair(c, "dilation", 0, 1.0)},
                                         {"dilation_w", layer_pair(c, "dilation", 1, 1.0)},
                                         {"groups", layer_pair(c, "groups", 0, 1.0)}};

    return layer_op(c, "conv_transpose", 3, input, sizeof attribute / sizeof *attribute, attribute);
}

static dsc_id pool(layer_case *c, const char *op, dsc_id x, double size)
{
    const layer_attribute attribute[] = {{"kernel_h", layer_pair(c, "kernel_size", 0, size)},
                                         {"kernel_w", layer_pair(c, "kernel_size", 1, size)},
                                         {"stride_h", layer_pair(c, "stride", 0, size)},
                                         {"stride_w", layer_pair(c, "stride", 1, size)},
                                         {"pad_h", layer_pair(c, "padding", 0, 0.0)},
                                         {"pad_w", layer_pair(c, "padding", 1, 0.0)},
                                         {"dilation_h", layer_pair(c, "dilation", 0, 1.0)},
                                         {"dilation_w", layer_pair(c, "dilation", 1, 1.0)},
                                         {"ceil", layer_pair(c, "ceil_mode", 0, 0.0)},
                                         {"count_pad", layer_pair(c, "count_include_pad", 0, 1.0)}};

    return layer_op(c, op, 1, &x, sizeof attribute / sizeof *attribute, attribute);
}

static dsc_id pool2d(layer_case *c)
{
    const bool max = strcmp(golden_string(c->root, "op"), "max_pool2d") == 0;

    return pool(c, max ? "max_pool" : "avg_pool", layer_batched(c, "x"), 1.0);
}

static dsc_id adaptive_pool2d(layer_case *c)
{
    const bool max = strcmp(golden_string(c->root, "op"), "adaptive_max_pool2d") == 0;
    const dsc_id x = layer_batched(c, "x");
    const layer_tensor *t = layer_find(c, "x"); /* null in an output size: as it is */
    const layer_attribute attribute[] = {
        {"out_h", layer_pair(c, "output_size", 0, t->size[t->rank - 2])},
        {"out_w", layer_pair(c, "output_size", 1, t->size[t->rank - 1])}};

    return layer_op(c, max ? "adaptive_max_pool" : "adaptive_avg_pool", 1, &x, 2, attribute);
}

static dsc_id upsample_nearest(layer_case *c)
{
    const dsc_id x = layer_batched(c, "x");
    const layer_attribute attribute[] = {{"scale_h", layer_pair(c, "scale", 0, 1.0)},
                                         {"scale_w", layer_pair(c, "scale", 1, 1.0)}};

    return layer_op(c, "upsample", 1, &x, 2, attribute);
}

/* Instance normalization has as many groups as channels. */
static dsc_id group_norm(layer_case *c)
{
    const dsc_id input[] = {layer_batched(c, "x"), layer_shared(c, "weight"),
                            layer_shared(c, "bias")};
    const layer_attribute attribute[] = {
        {"groups", golden_get(c->attrs, "num_groups", layer_find(c, "x")->size[1])},
        {"eps", golden_get(c->attrs, "eps", 1e-5)}};

    return layer_op(c, "group_norm", 3, input, 2, attribute);
}

/* A statistic with the case's own values, or one nobody compares. */
static dsc_id buffer(layer_case *c, const char *name, int channels, double initial)
{
    layer_tensor *t = layer_find(c, name);
    const dsc_id id = dsc_graph_buffer(c->graph, name, (dsc_shape){1, {channels}}, initial,
                                       golden_get(c->attrs, "momentum", 0.1));

    if (t)
        t->id = id;
    return id;
}

static dsc_id normalize(layer_case *c, dsc_id x, int channels, dsc_id weight, dsc_id bias)
{
    const dsc_id input[] = {x, buffer(c, "running_mean", channels, 0.0),
                            buffer(c, "running_var", channels, 1.0), weight, bias};

    return layer_op(c, "batch_norm", 5, input, 1,
                    &(layer_attribute){"eps", golden_get(c->attrs, "eps", 1e-5)});
}

static dsc_id batch_norm(layer_case *c)
{
    const dsc_id x = layer_batched(c, "x");

    c->training = json_is_true(json_object_get(c->attrs, "training"));
    return normalize(c, x, layer_find(c, "x")->size[1], layer_shared(c, "weight"),
                     layer_shared(c, "bias"));
}

static dsc_id small_cnn(layer_case *c)
{
    dsc_id h = conv(c, layer_batched(c, "x"), layer_shared(c, "cw"), layer_shared(c, "cb"), 1.0);

    c->training = true;
    h = normalize(c, h, layer_find(c, "bw")->size[0], layer_shared(c, "bw"), layer_shared(c, "bb"));
    h = pool(c, "max_pool", layer_plain(c, "relu", h, -1, -1), 2.0);
    h = layer_plain(c, "flatten", h, -1, -1);
    h = layer_plain(c, "linear", h, layer_shared(c, "fw"), layer_shared(c, "fb"));
    return layer_cross_entropy(c, h, "mean");
}

const layer_map layer_pictures[] = {
    {"conv1d", conv1d, NULL},
    {"conv2d", conv2d, NULL},
    {"conv_transpose2d", conv_transpose2d, NULL},
    {"max_pool2d", pool2d, NULL},
    {"avg_pool2d", pool2d, NULL},
    {"adaptive_avg_pool2d", adaptive_pool2d, NULL},
    {"adaptive_max_pool2d", adaptive_pool2d, NULL},
    {"upsample_nearest", upsample_nearest, NULL},
    {"batch_norm", batch_norm, NULL},
    {"group_norm", group_norm, NULL},
    {"instance_norm", group_norm, NULL},
    {"small_cnn", small_cnn, NULL},
    {0},
};
