/* outcome_plan.c - what several findings about the plan read off the end of a training. */
#include "finding/outcome.h"

#include <math.h>

double dsc_outcome_chance(const dsc_case *c)
{
    if (c->data.done && c->data.chance_loss > 0.0)
        return c->data.chance_loss;
    return c->plan.classifies && c->plan.outputs > 1 ? log((double)c->plan.outputs) : (double)NAN;
}

double dsc_outcome_left(const dsc_case *c)
{
    return dsc_course_loss(c, 0.9, 1.0) / dsc_outcome_chance(c);
}

double dsc_outcome_fall(const dsc_case *c)
{
    const double before = dsc_course_loss(c, 0.5, 0.75), after = dsc_course_loss(c, 0.75, 1.0);

    return (before - after) / before;
}

double dsc_outcome_mean_lr(const dsc_case *c)
{
    double sum = 0.0, steps = 0.0;

    for (size_t i = 0; i < c->moments; i++) {
        const double n = c->moment[i].step - c->moment[i].first + 1.0;
        sum += n * c->moment[i].lr;
        steps += n;
    }
    return steps > 0.0 ? sum / steps : (double)NAN;
}

/* Mean cosine c of the gradients g, g' of two steps: g . g' estimates |G|^2 and |g| |g'| estimates
 * |G|^2 + trace / batch, so that (1 - c) / c is trace / (batch |G|^2). One cosine says little, and
 * few measurements leave the noise scale itself unknown. */
double dsc_outcome_noise(const dsc_case *c, double from, double to)
{
    static const double LEAST = 0.005; /* a cosine that is as good as none */
    const double cosine = dsc_course_mean(c, offsetof(dsc_moment, grad_cosine), from, to);
    const double scale = dsc_course_mean(c, offsetof(dsc_moment, noise_scale), from, to);

    if (c->plan.batch > 0 && scale > 0.0)
        return scale / (double)c->plan.batch;
    return (1.0 - cosine) / (cosine > LEAST ? cosine : LEAST);
}
