/* saturation.c - outputs of squeezing functions near the ends of their range. */
#include "instrument/instrument.h"

#include <math.h>

static double value(const dsc_reading *v, double *memory)
{
    (void)memory;
    return v->activity->squeezes && v->activity->count > 0.0
               ? v->activity->ends / v->activity->count
               : (double)NAN;
}

const dsc_instrument dsc_instrument_saturation = {
    .info =
        {.name = "saturation",
         .summary = "share of tanh and sigmoid outputs near the ends of their range",
         .formula =
             "share of y in the outer 2.5 % at either end: |y| > 0.95 for tanh, y < 0.025 or "
             "y > 0.975 for sigmoid",
         .advice =
             "saturated outputs let hardly any gradient through: smaller initial weights, a norm "
             "layer, or another activation",
         .reference = "Glorot & Bengio 2010"},
    .range = "a share, 0 to 1; whole model, each tanh, sigmoid, softsign or hardsigmoid layer, and "
             "each rnn of tanh, lstm and gru",
    .cost = "one pass over the outputs of these layers",
    .sees = DSC_SEES_ACTIVATIONS,
    .whole = true,
    .layers = true,
    .value = value,
};
