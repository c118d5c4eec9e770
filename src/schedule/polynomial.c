/* polynomial.c - down to a floor along a power of what is left of the run. */
#include "schedule/schedule.h"

enum { POWER, STEPS, FLOOR };

static const descent_param params[] = {
    [POWER] = {"power", 1, 0, 1000, "1 is a straight line, more falls faster at first",
               DESCENT_NUMBER, NULL},
    [STEPS] = DSC_SCHEDULE_STEPS,
    [FLOOR] = {"floor", 0, 0, 1e6, "factor at the end", DESCENT_NUMBER, NULL},
    DSC_SCHEDULE_COMMON,
};

static double shape(const descent_schedule *self, double s)
{
    const double left = s < self->length ? 1.0 - s / self->length : 0.0;
    const double lowest = self->value[FLOOR].number;

    return lowest + (1.0 - lowest) * pow(left, self->value[POWER].number);
}

const dsc_schedule_rule dsc_schedule_polynomial = {
    .info = {.name = "polynomial",
             .summary = "down to a floor along a power of what is left",
             .formula = "from (floor + (1 - floor) (1 - t / steps)^power)",
             DSC_SCHEDULE_PARAMS,
             .n_positional = 1},
    .shape = shape,
    .has_length = true,
};
