/* cosine.c - half a cosine wave from the full value down to a floor. */
#include "schedule/schedule.h"

#include <math.h>

enum { STEPS, FLOOR, WAVES, N_OWN };

static const descent_param params[] = {
    [STEPS] = {"steps", 0, 0, (double)INFINITY,
               "length after the warm-up; 0: to the end of the training", DESCENT_INTEGER, NULL},
    [FLOOR] = {"floor", 0, 0, 1e6, "factor at the end", DESCENT_NUMBER, NULL},
    [WAVES] = {"waves", 0, 0, 1, "go up and down again past the end, as PyTorch does", DESCENT_FLAG,
               NULL},
    DSC_SCHEDULE_WARMUP,
};

static double factor(const dsc_value *value, double s, double n)
{
    static const double pi = 3.14159265358979323846;
    const double length = value[STEPS].number > 0.0 ? value[STEPS].number : n;
    const double lowest = value[FLOOR].number;
    double progress = s < length ? s / length : 1.0;

    if (value[WAVES].number != 0.0)
        progress = fmod(s, 2.0 * length) / length;
    return lowest + (1.0 - lowest) * 0.5 * (1.0 + cos(pi * progress));
}

const dsc_schedule_rule dsc_schedule_cosine = {
    .info = {.name = "cosine",
             .summary = "half a cosine wave down to a floor",
             .formula = "lr (floor + (1 - floor) (1 + cos(pi t / steps)) / 2)",
             .reference = "Loshchilov & Hutter 2017, arXiv:1608.03983",
             .params = params,
             .n_params = N_OWN + 2},
    .factor = factor,
};
