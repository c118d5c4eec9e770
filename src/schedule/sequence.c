/* sequence.c - schedules one after another, each beginning at its own step 0. */
#include "schedule/schedule.h"

static const descent_param params[] = {DSC_SCHEDULE_COMMON};

/* Every part but the last says how long it is; the last one gets the rest of the run. */
static descent_status prepare(descent_schedule *self, const dsc_spec *item, descent_error *err)
{
    const dsc_spec_list *list = dsc_spec_inner(item);
    double begin = 0.0;

    DSC_TRY(dsc_schedule_make_parts(self, list->count, err));
    for (int i = 0; i < list->count; i++) {
        const dsc_schedule_frame frame = {.base = self->base,
                                          .steps = self->n > 0.0 ? fmax(1.0, self->n - begin) : 0.0,
                                          .is_part = true};
        DSC_TRY(dsc_schedule_build(&self->part[i], &list->item[i], &frame, err));
        const double length = self->part[i]->lasts;
        if (length == 0.0 && i + 1 < list->count)
            return dsc_fail_at(err, DESCENT_INVALID, list->item[i].place,
                               "sequence: %s must say how many steps it lasts, as another part "
                               "follows; give for=N",
                               list->item[i].name);
        self->begin[i] = begin;
        begin += length;
    }
    return DESCENT_OK;
}

/* The part that step s lies in. */
static int part_at(const descent_schedule *self, double s)
{
    int i = self->n_parts - 1;

    while (i > 0 && s < self->begin[i])
        i--;
    return i;
}

static double shape(const descent_schedule *self, double s)
{
    const int i = part_at(self, s);

    return dsc_schedule_value(self->part[i], s - self->begin[i]);
}

static double momentum(const descent_schedule *self, double s)
{
    const int i = part_at(self, s);

    return dsc_schedule_momentum(self->part[i], s - self->begin[i]);
}

const dsc_schedule_rule dsc_schedule_sequence = {
    .info = {.name = "sequence",
             .summary =
                 "schedules one after another: sequence (linear from=0.1 to=1 for=10, cosine)",
             .formula = "from part_i(t - begin_i)",
             DSC_SCHEDULE_PARAMS},
    .shape = shape,
    .momentum = momentum,
    .prepare = prepare,
    .absolute = true,
    .has_parts = true,
};
