/* noise_scale.c - the batch size beyond which more examples bring little.
 *
 * Two successive batches of B examples are one of 2 B. McCandlish et al., appendix A.1, with B and
 * 2 B as the small and the big batch: g . g' estimates |G|^2, and B (|g|^2 + |g'|^2) / 2 - B g . g'
 * the trace of the covariance of one example's gradient. Both are averaged over measurements before
 * they are divided, as the quotient of single ones means little. */
#include "instrument/instrument.h"

#include <math.h>

enum { SIGNAL, NOISE };
static const double KEEP = 0.9; /* of the averages from one measurement to the next */

static double value(const dsc_reading *v, double *memory)
{
    const dsc_sums *s = v->sums;

    if (!v->has_previous)
        return (double)NAN;
    const double noise = v->examples * (0.5 * (s->gradient + s->previous) - s->product);
    memory[SIGNAL] = KEEP * memory[SIGNAL] + (1 - KEEP) * s->product;
    memory[NOISE] = KEEP * memory[NOISE] + (1 - KEEP) * noise;
    return memory[SIGNAL] > 0.0 ? memory[NOISE] / memory[SIGNAL] : (double)NAN;
}

const dsc_instrument dsc_instrument_noise_scale = {
    .info =
        {.name = "noise_scale",
         .summary = "gradient noise scale: the batch size beyond which more examples bring little",
         .formula = "tr(covariance of an example's g) / |mean g|^2, from two successive batches, "
                    "both averaged over about ten measurements",
         .advice = "to choose the batch: far below it, twice the batch needs about half the steps; "
                   "far above it, it needs nearly as many",
         .reference = "McCandlish et al. 2018, arXiv:1812.06162, simple noise scale, appendix A.1"},
    .range = "examples, 0 and more; nothing while noise hides the mean gradient; whole model",
    .cost = "what grad_cosine costs, shared with it",
    .sees = DSC_SEES_GRADIENT | DSC_SEES_PREVIOUS,
    .whole = true,
    .value = value,
};
