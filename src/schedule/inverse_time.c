/* inverse_time.c - the classical 1/t: the sum of the steps is infinite, that of their squares not.
 */
#include "schedule/schedule.h"

enum { RATE, EVERY, STAIRCASE };

static const descent_param params[] = {
    [RATE] = {"rate", (double)NAN, 0, 1e6, "how fast it falls", DESCENT_NUMBER, NULL},
    [EVERY] = {"every", 1, 1, (double)INFINITY, "steps over which rate is spread", DESCENT_INTEGER,
               NULL},
    [STAIRCASE] = {"staircase", 0, 0, 1, "all of rate at once, every so many steps", DESCENT_FLAG,
                   NULL},
    DSC_SCHEDULE_COMMON,
};

static double shape(const descent_schedule *self, double s)
{
    const double t = s / self->value[EVERY].number;

    return 1.0 /
           (1.0 + self->value[RATE].number * (self->value[STAIRCASE].number != 0.0 ? floor(t) : t));
}

const dsc_schedule_rule dsc_schedule_inverse_time = {
    .info = {.name = "inverse_time",
             .summary = "falls as one over the step",
             .formula = "from / (1 + rate t / every); with staircase floor(t / every)",
             .reference = "Robbins & Monro 1951",
             DSC_SCHEDULE_PARAMS,
             .n_positional = 1},
    .shape = shape,
};
