/* cosine.c - half a cosine wave from the full value down to a floor. */
#include "schedule/schedule.h"

enum { STEPS, FLOOR, WAVES, POWER };

static const descent_param params[] = {
    [STEPS] = DSC_SCHEDULE_STEPS,
    [FLOOR] = {"floor", 0, 0, 1e6, "factor at the end", DESCENT_NUMBER, NULL},
    [WAVES] = {"waves", 0, 0, 1, "go up and down again past the end, as PyTorch does", DESCENT_FLAG,
               NULL},
    [POWER] = {"power", 1, 0, 1000, "of the wave; optax calls it exponent", DESCENT_NUMBER, NULL},
    DSC_SCHEDULE_COMMON,
};

static double shape(const descent_schedule *self, double s)
{
    const double length = self->length, lowest = self->value[FLOOR].number;
    double progress = s < length ? s / length : 1.0;

    if (self->value[WAVES].number != 0.0)
        progress = fmod(s, 2.0 * length) / length;
    return lowest + (1.0 - lowest) * pow(dsc_half_cosine(progress), self->value[POWER].number);
}

const dsc_schedule_rule dsc_schedule_cosine = {
    .info = {.name = "cosine",
             .summary = "half a cosine wave down to a floor",
             .formula = "from (floor + (1 - floor) ((1 + cos(pi t / steps)) / 2)^power)",
             .reference = "Loshchilov & Hutter 2017, arXiv:1608.03983",
             DSC_SCHEDULE_PARAMS},
    .shape = shape,
    .has_length = true,
};
