/* update_ratio.c - how far a step moves, as a share of the weights. */
#include "instrument/instrument.h"

#include <math.h>

static double value(const dsc_reading *v, double *memory)
{
    (void)memory;
    return v->sums->weights > 0.0 ? sqrt(v->sums->move / v->sums->weights) : (double)NAN;
}

const dsc_instrument dsc_instrument_update_ratio = {
    .info = {.name = "update_ratio",
             .summary = "length of the step as a share of the length of the weights",
             .formula = "|w after - w before| / |w before|",
             .advice = "to judge lr: about 0.001 is usual; far above it the step is too long, far "
                       "below it little is learned",
             .reference = "You, Gitman & Ginsburg 2017, arXiv:1708.03888; Karpathy 2015"},
    .range = "a share, 0 and more; whole model and each layer",
    .cost = "a copy of w and one pass over both",
    .sees = DSC_SEES_MOVE,
    .whole = true,
    .layers = true,
    .value = value,
};
