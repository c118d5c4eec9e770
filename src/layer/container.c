/* container.c - layers that hold others: the model builder walks into them. */
#include "layer/layer.h"

#include <math.h>

enum { TIMES, N_REPEAT };
static const descent_param repeat_params[N_REPEAT] = {
    [TIMES] = {"times", (double)NAN, 1, 10000, "how many copies, each with its own weights",
               DESCENT_INTEGER, NULL},
};

const dsc_layer dsc_layer_residual = {
    .info = {.name = "residual",
             .summary = "adds its input to what the layers inside make: residual (linear 64, relu)",
             .formula = "y = x + f(x)",
             .reference = "He et al. 2016, arXiv:1512.03385"},
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
