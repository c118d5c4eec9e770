/* grad_norm.c - the length of the gradient. */
#include "instrument/instrument.h"

#include <math.h>

static double value(const dsc_reading *v, double *memory)
{
    (void)memory;
    return sqrt(v->sums->gradient);
}

const dsc_instrument dsc_instrument_grad_norm = {
    .info = {.name = "grad_norm",
             .summary = "length of the gradient, before clipping",
             .formula = "|g| = sqrt(sum of g_i^2)",
             .advice =
                 "to see gradients that explode (sudden peaks, try clip_norm) or vanish (first "
                 "layers far below the last)",
             .reference = "Pascanu, Mikolov & Bengio 2013, arXiv:1211.5063"},
    .range = "loss for each unit of weight, 0 and more; whole model and each layer",
    .cost = "one pass over g",
    .sees = DSC_SEES_GRADIENT,
    .whole = true,
    .layers = true,
    .value = value,
};
