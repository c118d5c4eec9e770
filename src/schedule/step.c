/* step.c - down by a factor every so many steps. */
#include "schedule/schedule.h"

enum { EVERY, GAMMA };

static const descent_param params[] = {
    [EVERY] = {"every", (double)NAN, 1, (double)INFINITY, "steps from one drop to the next",
               DESCENT_INTEGER, NULL},
    [GAMMA] = {"gamma", 0.1, 0, 1e6, "factor of each drop", DESCENT_NUMBER, NULL},
    DSC_SCHEDULE_COMMON,
};

static double shape(const descent_schedule *self, double s)
{
    return pow(self->value[GAMMA].number, floor(s / self->value[EVERY].number));
}

const dsc_schedule_rule dsc_schedule_step = {
    .info = {.name = "step",
             .summary = "drops by a factor every so many steps",
             .formula = "from gamma^floor(t / every)",
             DSC_SCHEDULE_PARAMS,
             .n_positional = 2},
    .shape = shape,
};
