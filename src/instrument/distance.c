/* distance.c - how far the weights are from where they began. */
#include "instrument/instrument.h"

#include <math.h>

static double value(const dsc_reading *v, double *memory)
{
    (void)memory;
    return sqrt(v->sums->distance);
}

const dsc_instrument dsc_instrument_distance = {
    .info =
        {.name = "distance",
         .summary = "distance of the weights from their first values",
         .formula = "|w - w0|",
         .advice =
             "it grows fast at first, then ever more slowly; a layer whose distance stays near 0 "
             "does not learn",
         .reference = "Hoffer, Hubara & Soudry 2017, arXiv:1705.08741"},
    .range = "in the weights' own unit, 0 and more; whole model and each layer",
    .cost = "one pass over w and its first values, which are kept",
    .sees = DSC_SEES_START,
    .whole = true,
    .layers = true,
    .value = value,
};
