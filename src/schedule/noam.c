/* noam.c - the schedule of the first transformer: its height follows from the width of the model.
 */
#include "schedule/schedule.h"

enum { D_MODEL, WARMUP, FACTOR };

static const descent_param params[] = {
    [D_MODEL] = {"d_model", 512, 1, (double)INFINITY, "width of the model", DESCENT_INTEGER, NULL},
    [WARMUP] = {"warmup", 4000, 1, (double)INFINITY, "steps up to the peak", DESCENT_INTEGER, NULL},
    [FACTOR] = {"factor", 1, 0, 1e6, "what all is multiplied by", DESCENT_NUMBER, NULL},
    DSC_SCHEDULE_FROM,
    DSC_SCHEDULE_FOR,
};

static double shape(const descent_schedule *self, double s)
{
    const double n = s + 1.0, warmup = self->value[WARMUP].number;

    return self->value[FACTOR].number / sqrt(self->value[D_MODEL].number) *
           fmin(1.0 / sqrt(n), n / (warmup * sqrt(warmup)));
}

const dsc_schedule_rule dsc_schedule_noam = {
    .info = {.name = "noam",
             .summary =
                 "as inverse_sqrt, with a height that follows from the model's width; lr=1 fits",
             .formula = "from factor d_model^-0.5 min(n^-0.5, n warmup^-1.5), n = t + 1",
             .reference = "Vaswani et al. 2017, arXiv:1706.03762",
             DSC_SCHEDULE_PARAMS,
             .n_positional = 2},
    .shape = shape,
    .own_warmup = true,
    .absolute = true,
};
