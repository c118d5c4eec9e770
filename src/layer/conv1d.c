/* conv1d.c - convolution of sequences: a window of weights slides along them. */
#include "layer/convolution.h"

#include <math.h>

enum { FILTERS, SIZE, STRIDE, PAD, DILATION, GROUPS, BIAS, INIT, GAIN, BIAS_INIT, N_PARAMS };

static const descent_param params[N_PARAMS] = {
    [FILTERS] = {"filters", (double)NAN, 1, 1 << 20, "output channels", DESCENT_INTEGER, NULL},
    [SIZE] = {"size", (double)NAN, 1, 1 << 16, "length of the window", DESCENT_INTEGER, NULL},
    [STRIDE] = {"stride", 1, 1, 1 << 16, "steps from one window to the next", DESCENT_INTEGER,
                NULL},
    [PAD] = {"pad", 0, 0, 1 << 16, "zeros at both ends", DESCENT_INTEGER, NULL},
    [DILATION] = {"dilation", 1, 1, 1 << 16, "steps from one weight to the next", DESCENT_INTEGER,
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
    const dsc_node *from = dsc_convolution_sequence(graph, x, "conv1d");

    if (!from)
        return -1;
    const double attributes[] = {values[STRIDE].number, values[PAD].number, values[DILATION].number,
                                 values[GROUPS].number};
    return dsc_convolution_add(
        graph, x,
        &(dsc_convolution){.op = "conv1d",
                           .channels = from->shape.size[0],
                           .filters = (int)values[FILTERS].number,
                           .groups = (int)values[GROUPS].number,
                           .width = (int)values[SIZE].number,
                           .windows = 1,
                           .bias = values[BIAS].number != 0,
                           .bias_init = values[BIAS_INIT].number,
                           .first = dsc_init_read(&values[INIT], &values[GAIN], scope->activation),
                           .n_attributes = sizeof attributes / sizeof *attributes,
                           .attribute = attributes},
        scope);
}

const dsc_layer dsc_layer_conv1d = {
    .info = {.name = "conv1d",
             .summary = "a window of weights slides along a sequence (channels x length): "
                        "conv1d 32 5 pad=2",
             .formula = "y = w * x + b",
             .params = params,
             .n_params = N_PARAMS,
             .n_positional = 2},
    .weights = true,
    .add = add,
};
