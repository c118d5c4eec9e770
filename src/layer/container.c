/* container.c - layers that hold others: the model builder walks into them. */
#include "layer/layer.h"

#include <math.h>

enum { TIMES, N_REPEAT };
static const descent_param repeat_params[N_REPEAT] = {
    [TIMES] = {"times", (double)NAN, 1, 10000, "how many copies, each with its own weights",
               DESCENT_INTEGER, NULL},
};

enum { SHORTCUT, N_RESIDUAL };
static const descent_param residual_params[N_RESIDUAL] = {
    [SHORTCUT] = {"shortcut", 0, 0, 0,
                  "layers for the input on its way to the sum, where the inside changes its shape: "
                  "shortcut=(conv 32 1x1 stride=2, batch_norm)",
                  DESCENT_LAYERS, NULL},
};

const dsc_layer dsc_layer_residual = {
    .info = {.name = "residual",
             .summary = "adds its input to what the layers inside make: residual (linear 64, relu)",
             .formula = "y = f(x) + x, or f(x) + shortcut(x)",
             .reference = "He et al. 2016, arXiv:1512.03385",
             .params = residual_params,
             .n_params = N_RESIDUAL},
    .container = true,
};
const dsc_layer dsc_layer_repeat = {
    .info = {.name = "repeat",
             .summary = "the layers inside, several times: repeat 3 (linear 64, relu)",
             .params = repeat_params,
             .n_params = N_REPEAT,
             .n_positional = 1},
    .container = true,
};
const dsc_layer dsc_layer_concat = {
    .info = {.name = "concat",
             .summary = "several branches on the same input, joined on the first axis (channels): "
                        "concat (conv 8 1x1, relu) (conv 16 3x3 pad=1, relu)",
             .formula = "y = f1(x), f2(x), ... one after another",
             .reference = "Szegedy et al. 2015, arXiv:1409.4842"},
    .container = true,
};
