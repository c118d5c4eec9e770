/* steps_rate.c - learning rates of a course, and how long steps are with them. */
#include "finding/steps.h"

#include "finding/outcome.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

double dsc_steps_largest_lr(const dsc_case *c)
{
    double largest = (double)NAN;

    for (size_t i = 0; i < c->moments; i++)
        largest = fmax(largest, c->moment[i].lr);
    return largest;
}

double dsc_steps_last_lr(const dsc_case *c)
{
    /* the very last step of a schedule may be far below those before it */
    const size_t n = c->moments, at = n - n / 50;

    return n > 0 ? c->moment[at > 0 ? at - 1 : 0].lr / dsc_steps_largest_lr(c) : (double)NAN;
}

double dsc_steps_mean_lr(const dsc_case *c)
{
    return dsc_outcome_mean_lr(c) / dsc_steps_largest_lr(c);
}

double dsc_steps_lr_below(const dsc_case *c, double part)
{
    const double largest = dsc_steps_largest_lr(c);
    double last = (double)NAN;

    for (size_t i = 0; i < c->moments; i++)
        if (c->moment[i].lr >= part * largest)
            last = c->moment[i].step;
    return c->moments > 0 ? last / c->moment[c->moments - 1].step : (double)NAN;
}

/* How many times as long as at the start the weights are: long steps make them so. */
static double grown(const dsc_case *c, const dsc_moment *m)
{
    const double times = m->weight_norm / c->start.weight_norm;

    return times > 1.0 && isfinite(times) ? times : 1.0;
}

/* The first step of Adam and its kin moves each weight by lr; but for radam, which begins with
 * short ones, and dadapt_adam, whose lr is a factor. */
static double update_of_adam(const dsc_case *c)
{
    const char *rule = c->plan.rule;
    const double moved = c->plan.parameters - c->plan.frozen;

    return strstr(rule, "adam") && !strstr(rule, "radam") && !strstr(rule, "dadapt")
               ? dsc_steps_largest_lr(c) * sqrt(moved) / c->start.weight_norm
               : (double)NAN;
}

/* The update of the first step that moved anything and was measured, at the largest lr: a warm-up
 * may begin with nothing. NaN: there is none. Before it is measured, steps may have got shorter, as
 * their directions no longer agree. */
static double update_under_warm_up(const dsc_case *c)
{
    const double first = update_of_adam(c);

    if (isfinite(first))
        return first;
    for (size_t i = 0; i < c->moments; i++)
        if (c->moment[i].update_ratio > 0.0 && c->moment[i].lr > 0.0)
            return c->moment[i].update_ratio * grown(c, &c->moment[i]) * dsc_steps_largest_lr(c) /
                   c->moment[i].lr;
    return (double)NAN;
}

double dsc_steps_first_update(const dsc_case *c, double momentum)
{
    /* those of adagrad get shorter by themselves: after a hundred steps to a tenth of the first */
    static const double OF_ADAGRAD = 0.1;
    const double largest = dsc_steps_largest_lr(c), lr = c->moments > 0 ? c->moment[0].lr : 0.0;
    const bool builds_up = momentum > 0.0 && momentum < 1.0 && !c->plan.adaptive;
    const double shorter = strcmp(c->plan.rule, "adagrad") == 0 ? OF_ADAGRAD : 1.0;

    if (!(c->start.update_ratio > 0.0))
        return c->start.update_ratio >= 0.0 ? update_under_warm_up(c) : (double)NAN;
    /* under warm-up the first step says what the largest lr will do */
    return c->start.update_ratio * shorter * (lr > 0.0 ? largest / lr : 1.0) /
           (builds_up ? 1.0 - momentum : 1.0);
}

double dsc_steps_moved(const dsc_case *c, double at)
{
    const double way = dsc_steps_first_update(c, c->plan.momentum) *
                       fmax(1.0, at * (double)(c->step_losses * c->step_loss_every));

    return isnan(way) ? 1.0 : dsc_sure_log(way, 0.015, 0.06);
}

double dsc_steps_round(double x)
{
    char text[32];

    if (!(x > 0.0) || !isfinite(x))
        return x;
    snprintf(text, sizeof text, "%.0e", x);
    return strtod(text, NULL);
}

double dsc_steps_lower_lr(const dsc_case *c)
{
    static const double GOOD = 0.03, LEAST = 1e-6, MOST = 0.3, UNKNOWN = 0.1;
    const double part = GOOD / dsc_steps_first_update(c, c->plan.momentum);

    return dsc_steps_round(c->plan.lr * (isnan(part) ? UNKNOWN : fmax(LEAST, fmin(part, MOST))));
}

double dsc_steps_walk_lr(const dsc_walk *w)
{
    return dsc_steps_round(isnan(w->limit) ? 0.1 * w->lr : 0.5 * fmin(w->limit, w->lr));
}
