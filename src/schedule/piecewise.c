/* piecewise.c - values at steps, and what lies between them. */
#include "schedule/schedule.h"

enum { VALUES, BETWEEN };
enum { HOLD, LINEAR, COSINE };

static const descent_param params[] = {
    [VALUES] = {"values", (double)NAN, 0, 0, "values at steps, in quotes: \"0:1e-3, 100:1e-4\"",
                DESCENT_TEXT, NULL},
    [BETWEEN] = {"between", 0, 0, 2, "hold a value until the next, or go over to it",
                 DESCENT_CHOICE, "hold|linear|cosine"},
    DSC_SCHEDULE_COMMON,
};

static descent_status prepare(descent_schedule *self, const dsc_spec *item, descent_error *err)
{
    return dsc_schedule_read_points(self, item, VALUES, true, err);
}

static double shape(const descent_schedule *self, double s)
{
    const dsc_point *a = self->point, *last = a + self->n_points - 1;

    while (a < last && a[1].step <= s)
        a++;
    if (a == last || s < a->step || self->value[BETWEEN].number == HOLD)
        return a->value;
    const double p = (s - a->step) / (a[1].step - a->step);
    const double left = self->value[BETWEEN].number == LINEAR ? 1.0 - p : dsc_half_cosine(p);
    return a[1].value + (a->value - a[1].value) * left;
}

const dsc_schedule_rule dsc_schedule_piecewise = {
    .info = {.name = "piecewise",
             .summary = "values at steps, held or joined by lines or cosines",
             .formula = "from v_i for t_i <= t < t_(i+1), or between v_i and v_(i+1)",
             DSC_SCHEDULE_PARAMS,
             .n_positional = 2},
    .shape = shape,
    .prepare = prepare,
    .absolute = true,
};
