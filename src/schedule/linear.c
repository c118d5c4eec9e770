/* linear.c - a straight line from one factor to another, then level. */
#include "schedule/schedule.h"

#include <math.h>

enum { FROM, TO, STEPS, N_OWN };

static const descent_param params[] = {
    [FROM] = {"from", 1, 0, 1e6, "factor at the start", DESCENT_NUMBER, NULL},
    [TO] = {"to", 0, 0, 1e6, "factor at the end", DESCENT_NUMBER, NULL},
    [STEPS] = {"steps", 0, 0, (double)INFINITY,
               "length after the warm-up; 0: to the end of the training", DESCENT_INTEGER, NULL},
    DSC_SCHEDULE_WARMUP,
};

static double factor(const dsc_value *value, double s, double n)
{
    const double length = value[STEPS].number > 0.0 ? value[STEPS].number : n;
    const double progress = s < length ? s / length : 1.0;

    return value[FROM].number + (value[TO].number - value[FROM].number) * progress;
}

const dsc_schedule_rule dsc_schedule_linear = {
    .info = {.name = "linear",
             .summary = "a straight line down (or up), then level",
             .formula = "lr (from + (to - from) min(1, t / steps))",
             .params = params,
             .n_params = N_OWN + 2},
    .factor = factor,
};
