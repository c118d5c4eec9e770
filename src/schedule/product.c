/* product.c - schedules at the same time, multiplied with each other. */
#include "schedule/schedule.h"

static const descent_param params[] = {DSC_SCHEDULE_COMMON};

/* A hyperparameter's default may stand for the scale of one part only: the first. */
static descent_status prepare(descent_schedule *self, const dsc_spec *item, descent_error *err)
{
    const dsc_spec_list *list = dsc_spec_inner(item);

    DSC_TRY(dsc_schedule_make_parts(self, list->count, err));
    for (int i = 0; i < list->count; i++) {
        const dsc_schedule_frame frame = {.base = i == 0 ? self->base : 1.0, .steps = self->n};
        DSC_TRY(dsc_schedule_build(&self->part[i], &list->item[i], &frame, err));
    }
    return DESCENT_OK;
}

static double shape(const descent_schedule *self, double s)
{
    double product = 1.0;

    for (int i = 0; i < self->n_parts; i++)
        product *= dsc_schedule_value(self->part[i], s);
    return product;
}

/* That of the first part that moves it. */
static double momentum(const descent_schedule *self, double s)
{
    double moved = (double)NAN;

    for (int i = 0; i < self->n_parts && isnan(moved); i++)
        moved = dsc_schedule_momentum(self->part[i], s);
    return moved;
}

const dsc_schedule_rule dsc_schedule_product = {
    .info = {.name = "product",
             .summary = "schedules multiplied with each other: product (cosine, step every=30)",
             .formula = "from part_1(t) part_2(t) ...",
             DSC_SCHEDULE_PARAMS},
    .shape = shape,
    .momentum = momentum,
    .prepare = prepare,
    .absolute = true,
    .has_parts = true,
};
