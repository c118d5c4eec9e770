/* swa.c - over to a constant, for averaging the weights that follow. */
#include "schedule/schedule.h"

enum { FROM, TO, STEPS, ANNEAL };
enum { COS, LINEAR };

static const descent_param params[] = {
    [FROM] = {"from", 1, 0, 1e6, "value at the start", DESCENT_NUMBER, NULL},
    [TO] = {"to", (double)NAN, 0, 1e6, "value at the end, which stays", DESCENT_NUMBER, NULL},
    [STEPS] = {"steps", 10, 0, (double)INFINITY, "steps from one to the other", DESCENT_INTEGER,
               NULL},
    [ANNEAL] = {"anneal", 0, 0, 1, "along a half cosine or a straight line", DESCENT_CHOICE,
                "cos|linear"},
    DSC_SCHEDULE_WARMUP,
    DSC_SCHEDULE_FOR,
};

static double shape(const descent_schedule *self, double s)
{
    const double p = s < self->value[STEPS].number ? s / self->value[STEPS].number : 1.0;
    const double part = self->value[ANNEAL].number == COS ? 1.0 - dsc_half_cosine(p) : p;

    return self->from + (self->value[TO].number - self->from) * part;
}

const dsc_schedule_rule dsc_schedule_swa = {
    .info = {.name = "swa",
             .summary = "over to a constant, for averaging the weights that follow",
             .formula = "from + (to - from) a, a = (1 - cos(pi p)) / 2 or p, p = min(1, t / steps)",
             .reference = "Izmailov et al. 2018, arXiv:1803.05407",
             DSC_SCHEDULE_PARAMS},
    .shape = shape,
    .ends = true,
};
