/* constant.c - the same value throughout, or another one for the first steps only. */
#include "schedule/schedule.h"

#include <math.h>

enum { FACTOR, STEPS, N_OWN };

static const descent_param params[] = {
    [FACTOR] = {"factor", 1, 0, 1e6, "factor of the first steps", DESCENT_NUMBER, NULL},
    [STEPS] = {"steps", 0, 0, (double)INFINITY, "how many these are, with 1 afterwards; 0: all",
               DESCENT_INTEGER, NULL},
    DSC_SCHEDULE_WARMUP,
};

static double factor(const dsc_value *value, double s, double n)
{
    const bool first = value[STEPS].number == 0.0 || s < value[STEPS].number;

    (void)n;
    return first ? value[FACTOR].number : 1.0;
}

const dsc_schedule_rule dsc_schedule_constant = {
    .info = {.name = "constant",
             .summary = "the same value at every step",
             .formula = "lr factor for t < steps, then lr",
             .params = params,
             .n_params = N_OWN + 2},
    .factor = factor,
};
