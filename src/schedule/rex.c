/* rex.c - reflected exponential: slow at first, steep towards the end. */
#include "schedule/schedule.h"

enum { STEPS, FLOOR };

static const descent_param params[] = {
    [STEPS] = DSC_SCHEDULE_STEPS,
    [FLOOR] = {"floor", 0, 0, 1e6, "factor at the end", DESCENT_NUMBER, NULL},
    DSC_SCHEDULE_COMMON,
};

static double shape(const descent_schedule *self, double s)
{
    const double left = s < self->length ? 1.0 - s / self->length : 0.0;
    const double lowest = self->value[FLOOR].number;

    return lowest + (1.0 - lowest) * left / (0.5 + 0.5 * left);
}

const dsc_schedule_rule dsc_schedule_rex = {
    .info = {.name = "rex",
             .summary = "slow at first, steep towards the end",
             .formula = "from (floor + (1 - floor) q / (1/2 + q/2)), q = 1 - t / steps",
             .reference = "Chen et al. 2021, arXiv:2107.04197",
             DSC_SCHEDULE_PARAMS},
    .shape = shape,
    .has_length = true,
};
