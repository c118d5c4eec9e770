/* plateau.c - down by a factor when a metric no longer improves.
 *
 * A function of the metrics observed so far and of nothing else; the four numbers it keeps of them
 * are saved with a training. */
#include "schedule/schedule.h"

enum { MODE, FACTOR, PATIENCE, THRESHOLD, THRESHOLD_MODE, COOLDOWN, FLOOR, EPS };
enum { MIN, MAX };
enum { REL, ABS };
enum { LEVEL, BEST, BAD, COOLING, N_MEMORY };

static const descent_param params[] = {
    [MODE] = {"mode", 0, 0, 1, "better is lower, or higher", DESCENT_CHOICE, "min|max"},
    [FACTOR] = {"factor", 0.1, 0, 1, "factor of each drop", DESCENT_NUMBER, NULL},
    [PATIENCE] = {"patience", 10, 0, (double)INFINITY,
                  "metrics without improvement that are let pass", DESCENT_INTEGER, NULL},
    [THRESHOLD] = {"threshold", 1e-4, 0, 1e6, "how much better counts as an improvement",
                   DESCENT_NUMBER, NULL},
    [THRESHOLD_MODE] = {"threshold_mode", 0, 0, 1, "a part of the best metric, or an amount",
                        DESCENT_CHOICE, "rel|abs"},
    [COOLDOWN] = {"cooldown", 0, 0, (double)INFINITY, "metrics after a drop that are not counted",
                  DESCENT_INTEGER, NULL},
    [FLOOR] = {"floor", 0, 0, 1e6, "factor it never falls below; PyTorch's min_lr / lr",
               DESCENT_NUMBER, NULL},
    [EPS] = {"eps", 1e-8, 0, 1e6, "drops no larger than this factor are left out", DESCENT_NUMBER,
             NULL},
    DSC_SCHEDULE_COMMON,
};

static bool is_better(const descent_schedule *self, double metric)
{
    const double sign = self->value[MODE].number == MIN ? -1.0 : 1.0;
    const double best = self->memory[BEST], threshold = self->value[THRESHOLD].number;
    const double wanted = self->value[THRESHOLD_MODE].number == REL
                              ? best * (1.0 + sign * threshold)
                              : best + sign * threshold;

    return sign < 0.0 ? metric < wanted : metric > wanted;
}

static void observe(descent_schedule *self, double metric)
{
    double *m = self->memory;

    if (is_better(self, metric)) {
        m[BEST] = metric;
        m[BAD] = 0.0;
    } else {
        m[BAD] += 1.0;
    }
    if (m[COOLING] > 0.0) {
        m[COOLING] -= 1.0;
        m[BAD] = 0.0;
    }
    if (m[BAD] <= self->value[PATIENCE].number)
        return;
    const double lower = fmax(m[LEVEL] * self->value[FACTOR].number, self->value[FLOOR].number);
    if (m[LEVEL] - lower > self->value[EPS].number)
        m[LEVEL] = lower;
    m[COOLING] = self->value[COOLDOWN].number;
    m[BAD] = 0.0;
}

static void forget(descent_schedule *self)
{
    self->memory[LEVEL] = 1.0;
    self->memory[BEST] = self->value[MODE].number == MIN ? (double)INFINITY : -(double)INFINITY;
    self->memory[BAD] = self->memory[COOLING] = 0.0;
}

static double shape(const descent_schedule *self, double s)
{
    (void)s;
    return self->memory[LEVEL];
}

const dsc_schedule_rule dsc_schedule_plateau = {
    .info = {.name = "plateau",
             .summary = "drops by a factor when the test loss no longer improves",
             .formula = "from factor^(drops so far); it looks at the end of every epoch",
             DSC_SCHEDULE_PARAMS},
    .shape = shape,
    .n_memory = N_MEMORY,
    .forget = forget,
    .observe = observe,
};
