/* conv.c - convolution: the same small window of weights slides over a picture. */
#include "layer/layer.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>

enum { FILTERS, SIZE, STRIDE, PAD, DILATION, GROUPS, BIAS, N_PARAMS };

static const descent_param params[N_PARAMS] = {
    [FILTERS] = {"filters", (double)NAN, 1, 1 << 20, "output channels", DESCENT_INTEGER, NULL},
    [SIZE] = {"size", (double)NAN, 1, 1 << 16, "window: 3 or 3x3 (height x width)", DESCENT_SIZE,
              NULL},
    [STRIDE] = {"stride", 1, 1, 1 << 16, "pixels from one window to the next", DESCENT_SIZE, NULL},
    [PAD] = {"pad", 0, 0, 1 << 16, "zeros around the picture", DESCENT_SIZE, NULL},
    [DILATION] = {"dilation", 1, 1, 1 << 16, "pixels from one weight to the next", DESCENT_SIZE,
                  NULL},
    [GROUPS] = {"groups", 1, 1, 1 << 20, "channels are cut into this many groups, each on its own",
                DESCENT_INTEGER, NULL},
    [BIAS] = {"bias", 1, 0, 1, "add a bias to each filter", DESCENT_FLAG, NULL},
};

static dsc_id add(dsc_graph *graph, dsc_id x, const dsc_value *values, const dsc_layer_scope *scope)
{
    const dsc_node *from = dsc_graph_node(graph, x);
    char name[64], found[48];

    if (!from)
        return -1;
    const int filters = (int)values[FILTERS].number, groups = (int)values[GROUPS].number;
    const int height = (int)values[SIZE].number, width = (int)values[SIZE].second;
    if (from->shape.rank != 3) {
        dsc_graph_fail(graph, DESCENT_SHAPE,
                       "conv needs pictures (channels x height x width), found %s",
                       dsc_shape_words(from->shape, found));
        return -1;
    }
    if (from->shape.size[0] % groups != 0 || filters % groups != 0) {
        dsc_graph_fail(graph, DESCENT_SHAPE,
                       "conv: groups=%d must divide both %d channels and %d filters", groups,
                       from->shape.size[0], filters);
        return -1;
    }
    const int channels = from->shape.size[0] / groups;
    const int64_t window = (int64_t)height * width;
    if (channels * window > INT_MAX || filters * window > INT_MAX) {
        dsc_graph_fail(graph, DESCENT_SHAPE,
                       "conv: %d filters of %dx%d over %d channels have more than 2^31 - 1 weights",
                       filters, height, width, channels);
        return -1;
    }
    const int fan_in = (int)(channels * window), fan_out = (int)(filters / groups * window);
    const double attributes[] = {
        values[STRIDE].number,   values[STRIDE].second,   values[PAD].number,   values[PAD].second,
        values[DILATION].number, values[DILATION].second, values[GROUPS].number};
    snprintf(name, sizeof name, "%s.weight", scope->path);
    const dsc_id weight = dsc_graph_parameter(graph, name, "weight",
                                              (dsc_shape){4, {filters, channels, height, width}},
                                              dsc_init_for(scope->activation), fan_in, fan_out);
    snprintf(name, sizeof name, "%s.bias", scope->path);
    const bool has_bias = values[BIAS].number != 0;
    const dsc_id bias = has_bias
                            ? dsc_graph_parameter(graph, name, "bias", (dsc_shape){1, {filters}},
                                                  DSC_INIT_ZERO, fan_in, fan_out)
                            : -1;
    return dsc_graph_op(graph, "conv", has_bias ? 3 : 2, (dsc_id[]){x, weight, bias},
                        sizeof attributes / sizeof *attributes, attributes);
}

const dsc_layer dsc_layer_conv = {
    .info = {.name = "conv",
             .summary = "a window of weights slides over a picture: conv 32 3x3 pad=1",
             .formula = "y = w * x + b",
             .params = params,
             .n_params = N_PARAMS,
             .n_positional = 2},
    .add = add,
};
