/* restarts.c - cosine after cosine, each beginning at its peak: warm restarts. */
#include "schedule/schedule.h"

enum { FIRST, MULT, FLOOR, DECAY };

static const descent_param params[] = {
    [FIRST] = {"first", (double)NAN, 1, (double)INFINITY, "steps of the first cycle",
               DESCENT_INTEGER, NULL},
    [MULT] = {"mult", 1, 1, 1e6, "how much longer every cycle is than the one before",
              DESCENT_NUMBER, NULL},
    [FLOOR] = {"floor", 0, 0, 1e6, "factor at the end of a cycle", DESCENT_NUMBER, NULL},
    [DECAY] = {"decay", 1, 0, 1e6, "height of a peak above the floor, as a part of the one before",
               DESCENT_NUMBER, NULL},
    DSC_SCHEDULE_COMMON,
};

/* Where cycle k begins. */
static double begin_of(double first, double mult, double k)
{
    return mult == 1.0 ? first * k : first * (pow(mult, k) - 1.0) / (mult - 1.0);
}

static double shape(const descent_schedule *self, double s)
{
    const double first = self->value[FIRST].number, mult = self->value[MULT].number;
    const double lowest = self->value[FLOOR].number;
    double k = mult == 1.0 ? floor(s / first) : floor(log1p(s * (mult - 1.0) / first) / log(mult));

    /* rounding may be one cycle off, at its borders */
    if (k > 0.0 && begin_of(first, mult, k) > s)
        k -= 1.0;
    else if (begin_of(first, mult, k + 1.0) <= s)
        k += 1.0;
    const double progress = (s - begin_of(first, mult, k)) / (first * pow(mult, k));
    return lowest + (1.0 - lowest) * pow(self->value[DECAY].number, k) * dsc_half_cosine(progress);
}

const dsc_schedule_rule dsc_schedule_restarts = {
    .info = {.name = "restarts",
             .summary = "cosine after cosine, each beginning at its peak again",
             .formula =
                 "from (floor + (1 - floor) decay^k (1 + cos(pi p)) / 2), p = part of cycle k",
             .reference = "Loshchilov & Hutter 2017 (SGDR), arXiv:1608.03983",
             DSC_SCHEDULE_PARAMS,
             .n_positional = 2},
    .shape = shape,
};
