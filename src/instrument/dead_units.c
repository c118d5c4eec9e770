/* dead_units.c - relu units that did nothing for the whole batch. */
#include "instrument/instrument.h"

#include <math.h>

static double value(const dsc_reading *v, double *memory)
{
    (void)memory;
    return v->activity->units > 0.0 ? v->activity->dead / v->activity->units : (double)NAN;
}

const dsc_instrument dsc_instrument_dead_units = {
    .info = {.name = "dead_units",
             .summary = "share of relu units that are 0 for every example of the batch",
             .advice =
                 "a unit that is 0 for all examples gets no gradient; a share that grows and stays "
                 "means lr was too high, or the init is wrong: try leaky_relu or a lower lr",
             .reference = "Maas, Hannun & Ng 2013; Lu et al. 2020, arXiv:1903.06733"},
    .range =
        "a share, 0 to 1; whole model and each relu or relu6 layer (where convolution, relu and "
        "pooling are computed as one, of the pooled numbers)",
    .cost = "one pass over the outputs of these layers",
    .sees = DSC_SEES_ACTIVATIONS,
    .whole = true,
    .layers = true,
    .value = value,
};
