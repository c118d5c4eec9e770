/* exponential.c - a little less at every step. */
#include "schedule/schedule.h"

#include <math.h>

enum { GAMMA, N_OWN };

static const descent_param params[] = {
    [GAMMA] = {"gamma", (double)NAN, 0, 1e6, "factor from one step to the next", DESCENT_NUMBER,
               NULL},
    DSC_SCHEDULE_WARMUP,
};

static double factor(const dsc_value *value, double s, double n)
{
    (void)n;
    return pow(value[GAMMA].number, s);
}

const dsc_schedule_rule dsc_schedule_exponential = {
    .info = {.name = "exponential",
             .summary = "shrinks by the same factor at every step",
             .formula = "lr gamma^t",
             .params = params,
             .n_params = N_OWN + 2,
             .n_positional = 1},
    .factor = factor,
};
