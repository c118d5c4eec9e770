/* one_cycle.c - up to a peak, and down to almost nothing; momentum moves the other way. */
#include "schedule/schedule.h"

enum {
    STEPS,
    PCT_START,
    DIV,
    FINAL_DIV,
    ANNEAL,
    THREE_PHASE,
    MOMENTUM,
    MOMENTUM_LOW,
    MOMENTUM_HIGH
};
enum { COS, LINEAR };

static const descent_param params[] = {
    [STEPS] = DSC_SCHEDULE_STEPS,
    [PCT_START] = {"pct_start", 0.3, 0, 1, "part of the steps that goes up", DESCENT_NUMBER, NULL},
    [DIV] = {"div_factor", 25, 1e-6, 1e9, "the first value is the peak divided by this",
             DESCENT_NUMBER, NULL},
    [FINAL_DIV] = {"final_div_factor", 1e4, 1e-6, 1e9,
                   "the last value is the first divided by this", DESCENT_NUMBER, NULL},
    [ANNEAL] = {"anneal", 0, 0, 1, "along a half cosine or a straight line", DESCENT_CHOICE,
                "cos|linear"},
    [THREE_PHASE] = {"three_phase", 0, 0, 1,
                     "down as slowly as up, and only then to the last value", DESCENT_FLAG, NULL},
    [MOMENTUM] = {"momentum", 0, 0, 1, "move momentum (or beta1) as well; giving a bound does so",
                  DESCENT_FLAG, NULL},
    [MOMENTUM_LOW] = {"momentum_low", 0.85, 0, 1, "momentum at the peak of lr", DESCENT_NUMBER,
                      NULL},
    [MOMENTUM_HIGH] = {"momentum_high", 0.95, 0, 1, "momentum at both ends", DESCENT_NUMBER, NULL},
    DSC_SCHEDULE_COMMON,
};

/* The stretch that step s lies in, and how far it has got there. PyTorch counts borders so that
 * the last of `steps` steps, not the one after it, has the last value. */
static int phase_of(const descent_schedule *self, double s, double *progress)
{
    const double n = self->length, first = self->value[PCT_START].number * n;
    const bool three = self->value[THREE_PHASE].number != 0.0;
    const double end[] = {first - 1.0, three ? 2.0 * first - 2.0 : n - 1.0, n - 1.0};
    const int last = three ? 2 : 1;
    double begin = 0.0;
    int phase = 0;

    for (; phase < last && s > end[phase]; phase++)
        begin = end[phase];
    *progress = end[phase] > begin ? fmin(1.0, (s - begin) / (end[phase] - begin)) : 1.0;
    return phase;
}

static double between(const descent_schedule *self, double a, double b, double p)
{
    if (self->value[ANNEAL].number == LINEAR)
        return a + (b - a) * p;
    return b + (a - b) * dsc_half_cosine(p);
}

static double shape(const descent_schedule *self, double s)
{
    const double first = 1.0 / self->value[DIV].number;
    const bool three = self->value[THREE_PHASE].number != 0.0;
    const double final = first / self->value[FINAL_DIV].number;
    const double level[] = {first, 1.0, three ? first : final, final};
    double p;
    const int phase = phase_of(self, s, &p);

    return between(self, level[phase], level[phase + 1], p);
}

static double momentum(const descent_schedule *self, double s)
{
    const double low = self->value[MOMENTUM_LOW].number, high = self->value[MOMENTUM_HIGH].number;
    const double level[] = {high, low, high, high};
    double p;
    const int phase = phase_of(self, s, &p);

    if (!dsc_momentum_wanted(&self->value[MOMENTUM]))
        return (double)NAN;
    return between(self, level[phase], level[phase + 1], p);
}

const dsc_schedule_rule dsc_schedule_one_cycle = {
    .info = {.name = "one_cycle",
             .summary = "up to a peak and down to almost nothing; `from` is the peak",
             .formula = "from / div_factor -> from -> from / (div_factor final_div_factor)",
             .reference = "Smith & Topin 2018, arXiv:1708.07120",
             DSC_SCHEDULE_PARAMS},
    .shape = shape,
    .momentum = momentum,
    .has_length = true,
};
