/* stretch.c - sums and extremes over the steps of one line of the log. */
#include "train/stretch.h"

#include <stdbool.h>

int64_t dsc_stretch_length(int64_t steps)
{
    return steps > DSC_STRETCHES ? (steps + DSC_STRETCHES - 1) / DSC_STRETCHES : 1;
}

void dsc_stretch_add(dsc_stretch_sums *s, const dsc_stretch_step *step)
{
    const bool begins = s->count == 0;

    if (begins)
        s->first = (double)step->step;
    s->count++;
    s->sum += step->loss;
    s->low = begins || step->loss < s->low ? step->loss : s->low;
    s->high = begins || step->loss > s->high ? step->loss : s->high;
    s->hits += (double)step->hits;
    s->labels += (double)step->labels;
    s->samples += (double)step->samples;
    s->seconds += step->seconds;
}

void dsc_stretch_skip(dsc_stretch_sums *s, double seconds)
{
    s->skipped++;
    s->seconds += seconds;
}
