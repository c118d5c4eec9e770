/* depthwise.c - convolution of every channel on its own; with a conv 1x1 behind it a separable one.
 */
#include "layer/convolution.h"

#include <math.h>

enum { SIZE, STRIDE, PAD, DILATION, MULTIPLIER, BIAS, INIT, GAIN, BIAS_INIT, N_PARAMS };

static const descent_param params[N_PARAMS] = {
    [SIZE] = {"size", (double)NAN, 1, 1 << 16, "window: 3 or 3x3 (height x width)", DESCENT_SIZE,
              NULL},
    [STRIDE] = {"stride", 1, 1, 1 << 16, "pixels from one window to the next", DESCENT_SIZE, NULL},
    [PAD] = {"pad", 0, 0, 1 << 16, "zeros around the picture", DESCENT_SIZE, NULL},
    [DILATION] = {"dilation", 1, 1, 1 << 16, "pixels from one weight to the next", DESCENT_SIZE,
                  NULL},
    [MULTIPLIER] = {"multiplier", 1, 1, 1 << 10, "filters of each channel", DESCENT_INTEGER, NULL},
    [BIAS] = {"bias", 1, 0, 1, "add a bias to each filter", DESCENT_FLAG, NULL},
    [INIT] = DSC_INIT_PARAM,
    [GAIN] = DSC_GAIN_PARAM,
    [BIAS_INIT] = DSC_BIAS_INIT_PARAM,
};

static dsc_id add(dsc_graph *graph, dsc_id x, const dsc_value *values, const dsc_layer_scope *scope)
{
    const dsc_node *from = dsc_convolution_picture(graph, x, "depthwise");

    if (!from)
        return -1;
    const int channels = from->shape.size[0], multiplier = (int)values[MULTIPLIER].number;
    if (channels > (1 << 20)) {
        dsc_graph_fail(graph, DESCENT_SHAPE, "depthwise takes at most 1048576 channels, found %d",
                       channels);
        return -1;
    }
    const double attributes[] = {values[STRIDE].number,
                                 values[STRIDE].second,
                                 values[PAD].number,
                                 values[PAD].second,
                                 values[DILATION].number,
                                 values[DILATION].second,
                                 channels};
    return dsc_convolution_add(
        graph, x,
        &(dsc_convolution){.op = "conv",
                           .channels = channels,
                           .filters = channels * multiplier,
                           .groups = channels,
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

const dsc_layer dsc_layer_depthwise = {
    .info = {.name = "depthwise",
             .summary = "a window of weights for every channel alone: depthwise 3x3 pad=1; a conv "
                        "with groups=channels",
             .formula = "y_c = w_c * x_c + b_c",
             .reference = "Howard et al. 2017, arXiv:1704.04861",
             .params = params,
             .n_params = N_PARAMS,
             .n_positional = 1},
    .weights = true,
    .add = add,
};
