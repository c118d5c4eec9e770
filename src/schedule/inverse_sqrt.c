/* inverse_sqrt.c - up in a straight line, then down as one over the root of the step. */
#include "schedule/schedule.h"

enum { WARMUP };

static const descent_param params[] = {
    [WARMUP] = {"warmup", 4000, 1, (double)INFINITY, "steps up to the peak", DESCENT_INTEGER, NULL},
    DSC_SCHEDULE_FROM,
    DSC_SCHEDULE_FOR,
};

static double shape(const descent_schedule *self, double s)
{
    const double n = s + 1.0, warmup = self->value[WARMUP].number;

    return fmin(n / warmup, sqrt(warmup / n));
}

const dsc_schedule_rule dsc_schedule_inverse_sqrt = {
    .info = {.name = "inverse_sqrt",
             .summary = "up in a straight line, then down as one over the root of the step",
             .formula = "from min(n / warmup, sqrt(warmup / n)), n = t + 1",
             .reference = "Ott et al. 2019 (fairseq), arXiv:1904.01038",
             DSC_SCHEDULE_PARAMS},
    .shape = shape,
    .own_warmup = true,
};
