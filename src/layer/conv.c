/* conv.c - convolution: the same small window of weights slides over a picture. */
#include "layer/convolution.h"

#include <math.h>

enum { FILTERS, SIZE, STRIDE, PAD, DILATION, GROUPS, BIAS, INIT, GAIN, BIAS_INIT, N_PARAMS };

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
    [INIT] = DSC_INIT_PARAM,
    [GAIN] = DSC_GAIN_PARAM,
    [BIAS_INIT] = DSC_BIAS_INIT_PARAM,
};

static dsc_id add(dsc_graph *graph, dsc_id x, const dsc_value *values, const dsc_layer_scope *scope)
{
    const dsc_node *from = dsc_convolution_picture(graph, x, "conv");

    if (!from)
        return -1;
    const double attributes[] = {
        values[STRIDE].number,   values[STRIDE].second,   values[PAD].number,   values[PAD].second,
        values[DILATION].number, values[DILATION].second, values[GROUPS].number};
    return dsc_convolution_add(
        graph, x,
        &(dsc_convolution){.op = "conv",
                           .channels = from->shape.size[0],
                           .filters = (int)values[FILTERS].number,
                           .groups = (int)values[GROUPS].number,
                           .height = (int)values[SIZE].number,
                           .width = (int)values[SIZE].second,
                           .windows = 1,
                           .bias = values[BIAS].number != 0,
                           .bias_init = values[BIAS_INIT].number,
                           .first = dsc_init_read(&values[INIT], &values[GAIN], scope->activation),
                           .n_attributes = sizeof attributes / sizeof *attributes,
                           .attribute = attributes},
        scope);
}

const dsc_layer dsc_layer_conv = {
    .info = {.name = "conv",
             .summary = "a window of weights slides over a picture: conv 32 3x3 pad=1",
             .formula = "y = w * x + b",
             .params = params,
             .n_params = N_PARAMS,
             .n_positional = 2},
    .weights = true,
    .add = add,
};
