/* activation_deviation.c - the spread of what an activation layer gives. */
#include "instrument/instrument.h"

#include <math.h>

static double value(const dsc_reading *v, double *memory)
{
    const dsc_activity *a = v->activity;
    const double mean = a->sum / a->count;

    (void)memory;
    return a->count > 0.0 ? sqrt(fmax(0.0, a->squares / a->count - mean * mean)) : (double)NAN;
}

const dsc_instrument dsc_instrument_activation_deviation = {
    .info = {.name = "activation_deviation",
             .summary = "standard deviation of the outputs of each activation layer over the batch",
             .advice = "it should neither shrink nor grow from layer to layer: else the init or a "
                       "missing norm "
                       "layer lets signals vanish or explode",
             .reference = "He et al. 2015, arXiv:1502.01852"},
    .range = "0 and more; each activation layer",
    .cost = "one pass over the outputs of these layers, shared with activation_mean",
    .sees = DSC_SEES_ACTIVATIONS,
    .layers = true,
    .value = value,
};
