/* step.c - down by a factor every so many steps. */
#include "schedule/schedule.h"

#include <math.h>

enum { EVERY, GAMMA, N_OWN };

static const descent_param params[] = {
    [EVERY] = {"every", (double)NAN, 1, (double)INFINITY, "steps from one drop to the next",
               DESCENT_INTEGER, NULL},
    [GAMMA] = {"gamma", 0.1, 0, 1e6, "factor of each drop", DESCENT_NUMBER, NULL},
    DSC_SCHEDULE_WARMUP,
};

static double factor(const dsc_value *value, double s, double n)
{
    (void)n;
    return pow(value[GAMMA].number, floor(s / value[EVERY].number));
}

const dsc_schedule_rule dsc_schedule_step = {
    .info = {.name = "step",
             .summary = "drops by a factor every so many steps",
             .formula = "lr gamma^floor(t / every)",
             .params = params,
             .n_params = N_OWN + 2,
             .n_positional = 2},
    .factor = factor,
};
