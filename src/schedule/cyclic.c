/* cyclic.c - up and down between two values, again and again; momentum moves the other way. */
#include "schedule/schedule.h"

enum { LOW, HIGH, UP, DOWN, MODE, GAMMA, MOMENTUM, MOMENTUM_LOW, MOMENTUM_HIGH };
enum { TRIANGULAR, TRIANGULAR2, EXP_RANGE };

static const descent_param params[] = {
    [LOW] = {"low", 0.1, 0, 1e6, "factor at the bottom", DESCENT_NUMBER, NULL},
    [HIGH] = {"high", 1, 0, 1e6, "factor at the top of the first cycle", DESCENT_NUMBER, NULL},
    [UP] = {"up", 2000, 1, (double)INFINITY, "steps from bottom to top", DESCENT_INTEGER, NULL},
    [DOWN] = {"down", 0, 0, (double)INFINITY, "steps from top to bottom; 0: as many as up",
              DESCENT_INTEGER, NULL},
    [MODE] = {"mode", 0, 0, 2, "tops stay, halve every cycle, or shrink every step", DESCENT_CHOICE,
              "triangular|triangular2|exp_range"},
    [GAMMA] = {"gamma", 1, 0, 1e6, "of exp_range: factor of the height from step to step",
               DESCENT_NUMBER, NULL},
    [MOMENTUM] = {"momentum", 0, 0, 1, "move momentum (or beta1) as well; giving a bound does so",
                  DESCENT_FLAG, NULL},
    [MOMENTUM_LOW] = {"momentum_low", 0.8, 0, 1, "momentum at the top of lr", DESCENT_NUMBER, NULL},
    [MOMENTUM_HIGH] = {"momentum_high", 0.9, 0, 1, "momentum at the bottom of lr", DESCENT_NUMBER,
                       NULL},
    DSC_SCHEDULE_COMMON,
};

/* How high step s stands between bottom (0) and top (1). */
static double height(const descent_schedule *self, double s)
{
    const dsc_value *v = self->value;
    const double up = v[UP].number, down = v[DOWN].number > 0.0 ? v[DOWN].number : up;
    const double place = fmod(s, up + down), cycle = floor(s / (up + down));
    const double triangle = place <= up ? place / up : (up + down - place) / down;

    if (v[MODE].number == TRIANGULAR2)
        return triangle * pow(0.5, cycle);
    if (v[MODE].number == EXP_RANGE)
        return triangle * pow(v[GAMMA].number, s);
    return triangle;
}

static double shape(const descent_schedule *self, double s)
{
    const double low = self->value[LOW].number;

    return low + (self->value[HIGH].number - low) * height(self, s);
}

static double momentum(const descent_schedule *self, double s)
{
    const double low = self->value[MOMENTUM_LOW].number, high = self->value[MOMENTUM_HIGH].number;

    if (!dsc_momentum_wanted(&self->value[MOMENTUM]))
        return (double)NAN;
    return high - (high - low) * height(self, s);
}

const dsc_schedule_rule dsc_schedule_cyclic = {
    .info = {.name = "cyclic",
             .summary = "up and down between two values, again and again",
             .formula = "from (low + (high - low) height(t)), momentum the other way round",
             .reference = "Smith 2017, arXiv:1506.01186",
             DSC_SCHEDULE_PARAMS},
    .shape = shape,
    .momentum = momentum,
};
