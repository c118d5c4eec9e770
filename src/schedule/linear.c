/* linear.c - a straight line from one value to another, then level. */
#include "schedule/schedule.h"

enum { FROM, TO, STEPS };

static const descent_param params[] = {
    [FROM] = {"from", 1, 0, 1e6, "value at the start", DESCENT_NUMBER, NULL},
    [TO] = {"to", 0, 0, 1e6, "value at the end", DESCENT_NUMBER, NULL},
    [STEPS] = DSC_SCHEDULE_STEPS,
    DSC_SCHEDULE_WARMUP,
    DSC_SCHEDULE_FOR,
};

static double shape(const descent_schedule *self, double s)
{
    const double progress = s < self->length ? s / self->length : 1.0;

    return self->from + (self->value[TO].number - self->from) * progress;
}

const dsc_schedule_rule dsc_schedule_linear = {
    .info = {.name = "linear",
             .summary = "a straight line down (or up), then level",
             .formula = "from + (to - from) min(1, t / steps)",
             DSC_SCHEDULE_PARAMS},
    .shape = shape,
    .has_length = true,
    .ends = true,
};
