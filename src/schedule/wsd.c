/* wsd.c - warm-up, stable, decay: level for most of the run, then down in its last part. */
#include "schedule/schedule.h"

enum { STABLE, DECAY, SHAPE, FLOOR };
enum { ONE_MINUS_SQRT, LINEAR, COSINE, ONE_MINUS_SQUARE };

static const descent_param params[] = {
    [STABLE] = {"stable", 0, 0, (double)INFINITY, "level steps; when not given, what decay leaves",
                DESCENT_INTEGER, NULL},
    [DECAY] = {"decay", 0, 0, (double)INFINITY,
               "falling steps; when not given, what stable leaves, or else a fifth of the run",
               DESCENT_INTEGER, NULL},
    [SHAPE] = {"shape", 0, 0, 3, "how it falls", DESCENT_CHOICE, "1-sqrt|linear|cosine|1-square"},
    [FLOOR] = {"floor", 0, 0, 1e6, "factor at the end", DESCENT_NUMBER, NULL},
    DSC_SCHEDULE_COMMON,
};

static descent_status prepare(descent_schedule *self, const dsc_spec *item, descent_error *err)
{
    dsc_value *stable = &self->value[STABLE], *decay = &self->value[DECAY];

    if (stable->given && decay->given)
        return DESCENT_OK;
    DSC_TRY(dsc_schedule_need_length(self, item, "stable=N and decay=N", err));
    if (!decay->given)
        decay->number =
            stable->given ? fmax(1.0, self->n - stable->number) : fmax(1.0, floor(self->n / 5.0));
    if (!stable->given)
        stable->number = fmax(0.0, self->n - decay->number);
    return DESCENT_OK;
}

static double shape(const descent_schedule *self, double s)
{
    const double lowest = self->value[FLOOR].number, into = s - self->value[STABLE].number;
    const double p = into < self->value[DECAY].number ? into / self->value[DECAY].number : 1.0;
    double left = 0.0;

    if (into < 0.0)
        return 1.0;
    switch ((int)self->value[SHAPE].number) {
    case ONE_MINUS_SQRT:
        left = 1.0 - sqrt(p);
        break;
    case LINEAR:
        left = 1.0 - p;
        break;
    case COSINE:
        left = dsc_half_cosine(p);
        break;
    case ONE_MINUS_SQUARE:
        left = 1.0 - p * p;
        break;
    }
    return lowest + (1.0 - lowest) * left;
}

const dsc_schedule_rule dsc_schedule_wsd = {
    .info = {.name = "wsd",
             .summary = "level for most of the run, then down in its last part",
             .formula =
                 "from, and after `stable` steps from (floor + (1 - floor) (1 - sqrt(p))), p = "
                 "part of decay",
             .reference = "Hägele et al. 2024, arXiv:2405.18392",
             DSC_SCHEDULE_PARAMS},
    .shape = shape,
    .prepare = prepare,
};
