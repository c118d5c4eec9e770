/* multistep.c - down by a factor at each of a list of steps. */
#include "schedule/schedule.h"

enum { AT, GAMMA };

static const descent_param params[] = {
    [AT] = {"at", (double)NAN, 0, 0, "the steps of the drops, in quotes: \"30, 80\"", DESCENT_TEXT,
            NULL},
    [GAMMA] = {"gamma", 0.1, 0, 1e6, "factor of each drop", DESCENT_NUMBER, NULL},
    DSC_SCHEDULE_COMMON,
};

static descent_status prepare(descent_schedule *self, const dsc_spec *item, descent_error *err)
{
    return dsc_schedule_read_points(self, item, AT, false, err);
}

static double shape(const descent_schedule *self, double s)
{
    size_t drops = 0;

    while (drops < self->n_points && self->point[drops].step <= s)
        drops++;
    return pow(self->value[GAMMA].number, (double)drops);
}

const dsc_schedule_rule dsc_schedule_multistep = {
    .info = {.name = "multistep",
             .summary =
                 "drops by a factor at each of a list of steps; one named twice counts twice",
             .formula = "from gamma^(how many of `at` are <= t)",
             DSC_SCHEDULE_PARAMS,
             .n_positional = 2},
    .shape = shape,
    .prepare = prepare,
};
