/* value.c - scale, warm-up and shape: what a schedule is worth at a step. */
#include "schedule/schedule.h"

double dsc_half_cosine(double p)
{
    static const double pi = 3.14159265358979323846;

    return 0.5 * (1.0 + cos(pi * p));
}

double dsc_schedule_value(const descent_schedule *self, double t)
{
    const bool rising = t < self->warmup;
    const double shape = self->rule->shape(self, rising ? 0.0 : t - self->warmup);
    const double value = self->rule->ends ? shape : self->from * shape;

    if (!rising)
        return value;
    return value * (self->warmup_from + (1.0 - self->warmup_from) * t / self->warmup);
}

double dsc_schedule_momentum(const descent_schedule *self, double t)
{
    if (!self->rule->momentum)
        return (double)NAN;
    return self->rule->momentum(self, t < self->warmup ? 0.0 : t - self->warmup);
}

bool dsc_schedule_moves_momentum(const descent_schedule *self)
{
    for (int i = 0; i < self->n_parts; i++)
        if (dsc_schedule_moves_momentum(self->part[i]))
            return true;
    return self->n_parts == 0 && !isnan(dsc_schedule_momentum(self, 0.0));
}
