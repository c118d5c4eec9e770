/* conv_transpose.c - the convolution that makes pictures larger: every pixel puts down a window. */
#include "layer/convolution.h"

#include <math.h>

enum {
    FILTERS,
    SIZE,
    STRIDE,
    PAD,
    OUTPUT_PAD,
    DILATION,
    GROUPS,
    BIAS,
    INIT,
    GAIN,
    BIAS_INIT,
    N_PARAMS
};

static const descent_param params[N_PARAMS] = {
    [FILTERS] = {"filters", (double)NAN, 1, 1 << 20, "output channels", DESCENT_INTEGER, NULL},
    [SIZE] = {"size", (double)NAN, 1, 1 << 16, "window: 3 or 3x3 (height x width)", DESCENT_SIZE,
              NULL},
    [STRIDE] = {"stride", 1, 1, 1 << 16, "pixels of the output from one window to the next",
                DESCENT_SIZE, NULL},
    [PAD] = {"pad", 0, 0, 1 << 16, "pixels cut off around the output", DESCENT_SIZE, NULL},
    [OUTPUT_PAD] = {"output_pad", 0, 0, 1 << 16, "lines more at the bottom and the right",
                    DESCENT_SIZE, NULL},
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
    const dsc_node *from = dsc_convolution_picture(graph, x, "conv_transpose");

    if (!from)
        return -1;
    const double attributes[] = {
        values[STRIDE].number,   values[STRIDE].second,     values[PAD].number,
        values[PAD].second,      values[OUTPUT_PAD].number, values[OUTPUT_PAD].second,
        values[DILATION].number, values[DILATION].second,   values[GROUPS].number};
    /* an output pixel lies under one window in stride_h stride_w of its elements only */
    const double windows = 1.0 / (values[STRIDE].number * values[STRIDE].second);
    return dsc_convolution_add(
        graph, x,
        &(dsc_convolution){.op = "conv_transpose",
                           .channels = from->shape.size[0],
                           .filters = (int)values[FILTERS].number,
                           .groups = (int)values[GROUPS].number,
                           .height = (int)values[SIZE].number,
                           .width = (int)values[SIZE].second,
                           .transposed = true,
                           .windows = windows,
                           .bias = values[BIAS].number != 0,
                           .bias_init = values[BIAS_INIT].number,
                           .first = dsc_init_read(&values[INIT], &values[GAIN], scope->activation),
                           .n_attributes = sizeof attributes / sizeof *attributes,
                           .attribute = attributes},
        scope);
}

const dsc_layer dsc_layer_conv_transpose = {
    .info = {.name = "conv_transpose",
             .summary = "makes pictures larger, each pixel a window of weights: "
                        "conv_transpose 16 2x2 stride=2",
             .formula = "out = (in - 1) stride - 2 pad + dilation (size - 1) + output_pad + 1",
             .reference = "Zeiler et al. 2010, doi:10.1109/CVPR.2010.5539957",
             .params = params,
             .n_params = N_PARAMS,
             .n_positional = 2},
    .weights = true,
    .add = add,
};
