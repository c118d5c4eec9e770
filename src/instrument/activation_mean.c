/* activation_mean.c - the mean of what an activation layer gives. */
#include "instrument/instrument.h"

#include <math.h>

static double value(const dsc_reading *v, double *memory)
{
    (void)memory;
    return v->activity->count > 0.0 ? v->activity->sum / v->activity->count : (double)NAN;
}

const dsc_instrument dsc_instrument_activation_mean = {
    .info =
        {.name = "activation_mean",
         .summary = "mean of the outputs of each activation layer over the batch",
         .advice =
             "a mean that drifts away from its first value moves the work of the layers behind it",
         .reference = "Glorot & Bengio 2010"},
    .range = "any number; each activation layer",
    .cost = "one pass over the outputs of these layers, shared with activation_deviation",
    .sees = DSC_SEES_ACTIVATIONS,
    .layers = true,
    .value = value,
};
