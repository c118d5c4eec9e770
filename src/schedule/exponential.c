/* exponential.c - a little less at every step. */
#include "schedule/schedule.h"

enum { GAMMA, EVERY, STAIRCASE, FLOOR };

static const descent_param params[] = {
    [GAMMA] = {"gamma", (double)NAN, 0, 1e6, "factor from one step to the next", DESCENT_NUMBER,
               NULL},
    [EVERY] = {"every", 1, 1, (double)INFINITY, "steps over which gamma is spread", DESCENT_INTEGER,
               NULL},
    [STAIRCASE] = {"staircase", 0, 0, 1, "all of gamma at once, every so many steps", DESCENT_FLAG,
                   NULL},
    [FLOOR] = {"floor", 0, 0, 1e6, "factor it never passes, a ceiling where gamma > 1",
               DESCENT_NUMBER, NULL},
    DSC_SCHEDULE_COMMON,
};

static double shape(const descent_schedule *self, double s)
{
    const double gamma = self->value[GAMMA].number, t = s / self->value[EVERY].number;
    const double factor = pow(gamma, self->value[STAIRCASE].number != 0.0 ? floor(t) : t);

    if (!self->value[FLOOR].given)
        return factor;
    return gamma < 1.0 ? fmax(factor, self->value[FLOOR].number)
                       : fmin(factor, self->value[FLOOR].number);
}

const dsc_schedule_rule dsc_schedule_exponential = {
    .info = {.name = "exponential",
             .summary = "shrinks by the same factor at every step",
             .formula = "from max(floor, gamma^(t / every)); with staircase floor(t / every)",
             DSC_SCHEDULE_PARAMS,
             .n_positional = 1},
    .shape = shape,
};
