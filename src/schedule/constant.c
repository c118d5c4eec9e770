/* constant.c - the same value throughout, or another one for the first steps only. */
#include "schedule/schedule.h"

enum { FACTOR, STEPS };

static const descent_param params[] = {
    [FACTOR] = {"factor", 1, 0, 1e6, "factor of the first steps", DESCENT_NUMBER, NULL},
    [STEPS] = {"steps", 0, 0, (double)INFINITY, "how many these are, with 1 afterwards; 0: all",
               DESCENT_INTEGER, NULL},
    DSC_SCHEDULE_COMMON,
};

static double shape(const descent_schedule *self, double s)
{
    const bool first = self->value[STEPS].number == 0.0 || s < self->value[STEPS].number;

    return first ? self->value[FACTOR].number : 1.0;
}

const dsc_schedule_rule dsc_schedule_constant = {
    .info = {.name = "constant",
             .summary = "the same value at every step",
             .formula = "from factor for t < steps, then from",
             DSC_SCHEDULE_PARAMS},
    .shape = shape,
};
