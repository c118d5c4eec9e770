/* grad_cosine.c - whether successive gradients agree. */
#include "instrument/instrument.h"

#include <math.h>

static double value(const dsc_reading *v, double *memory)
{
    const double lengths = sqrt(v->sums->gradient) * sqrt(v->sums->previous);

    (void)memory;
    return v->has_previous && lengths > 0.0 ? v->sums->product / lengths : (double)NAN;
}

const dsc_instrument dsc_instrument_grad_cosine = {
    .info = {.name = "grad_cosine",
             .summary = "cosine of the angle between the gradients of two successive steps",
             .formula = "g . g' / (|g| |g'|), with g' of the step before",
             .advice =
                 "near 0 noise of the batches rules; lasting values near -1 mean that steps jump "
                 "from wall to wall (lower lr), near 1 that a higher lr would do",
             .reference = "Almeida et al. 1998; Baydin et al. 2018, arXiv:1703.04782"},
    .range = "-1 to 1; whole model and each layer",
    .cost = "a copy of g at two steps and one pass over both",
    .sees = DSC_SEES_GRADIENT | DSC_SEES_PREVIOUS,
    .whole = true,
    .layers = true,
    .value = value,
};
