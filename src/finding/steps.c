/* steps.c - what findings about steps read off a course. */
#include "finding/steps.h"

#include "finding/outcome.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- losses ----------------------------------------------------------------------------------- */

/* Numbers [begin, end) of the step losses that lie between two shares; at least one. */
static void range(const dsc_case *c, double from, double to, size_t *begin, size_t *end)
{
    const double n = (double)c->step_losses;

    *begin = (size_t)(from * n);
    *end = (size_t)ceil(to * n);
    if (*begin >= c->step_losses && c->step_losses > 0)
        *begin = c->step_losses - 1;
    *end = *end > *begin ? *end : *begin + 1;
    *end = *end < c->step_losses ? *end : c->step_losses;
}

double dsc_steps_chance(const dsc_case *c)
{
    const char *loss = c->plan.loss_name;

    if (!loss || (strcmp(loss, "cross_entropy") != 0 && strcmp(loss, "mse") != 0))
        return (double)NAN;
    return dsc_outcome_chance(c);
}

double dsc_steps_first(const dsc_case *c)
{
    const double first = c->start.loss > 0.0  ? c->start.loss
                         : c->step_losses > 0 ? (double)c->step_loss[0]
                                              : (double)NAN;

    /* the first batch may be an easy one */
    return fmax(first, isnan(first) ? first : dsc_steps_chance(c));
}

double dsc_steps_loss(const dsc_case *c, double from, double to)
{
    size_t begin, end;
    double sum = 0.0;

    if (c->step_losses == 0)
        return (double)NAN;
    range(c, from, to, &begin, &end);
    for (size_t i = begin; i < end; i++)
        sum += (double)c->step_loss[i];
    return sum / (double)(end - begin);
}

/* Steps of a mean. */
static size_t width_of(const dsc_case *c)
{
    const size_t some = c->step_losses / 200;

    return some > 3 ? some : 3;
}

double dsc_steps_peak(const dsc_case *c, double from, double to, double *at)
{
    const size_t width = width_of(c);
    size_t begin, end;
    double highest = (double)NAN, sum = 0.0;

    if (c->step_losses == 0)
        return highest;
    range(c, from, to, &begin, &end);
    for (size_t i = begin; i < end; i++) {
        sum += (double)c->step_loss[i] - (i >= begin + width ? (double)c->step_loss[i - width] : 0);
        if (i + 1 < begin + width || sum / (double)width <= highest)
            continue;
        highest = sum / (double)width;
        if (at)
            *at = (double)i / (double)c->step_losses;
    }
    return highest;
}

double dsc_steps_rise(const dsc_case *c, double from, double to, double *at, double *low)
{
    const size_t width = width_of(c);
    size_t begin, end;
    double lowest = HUGE_VAL, rise = 0.0, sum = 0.0;

    if (c->step_losses == 0)
        return (double)NAN;
    range(c, from, to, &begin, &end);
    for (size_t i = begin; i < end; i++) {
        sum += (double)c->step_loss[i] - (i >= begin + width ? (double)c->step_loss[i - width] : 0);
        if (i + 1 < begin + width)
            continue;
        const double mean = sum / (double)width;
        lowest = fmin(lowest, mean);
        if (mean - lowest <= rise)
            continue;
        rise = mean - lowest;
        *low = lowest / dsc_steps_first(c);
        *at = (double)i / (double)c->step_losses;
    }
    return rise / dsc_steps_first(c);
}

double dsc_steps_settles(const dsc_case *c, double part)
{
    const size_t width = width_of(c);
    const double bound = part * dsc_steps_first(c) * (double)width;
    double sum = 0.0;
    size_t last = 0;

    for (size_t i = 0; i < c->step_losses; i++) {
        sum += (double)c->step_loss[i] - (i >= width ? (double)c->step_loss[i - width] : 0);
        if (i + 1 >= width && sum > bound)
            last = i + 1;
    }
    return c->step_losses > 0 ? (double)last / (double)c->step_losses : (double)NAN;
}

double dsc_steps_noise(const dsc_case *c, double from, double to)
{
    size_t begin, end;
    double sum = 0.0, squares = 0.0, slope = 0.0, spread = 0.0;

    if (c->step_losses < 4)
        return (double)NAN;
    range(c, from, to, &begin, &end);
    const double n = (double)(end - begin), middle = 0.5 * (n - 1.0);
    for (size_t i = begin; i < end; i++)
        sum += (double)c->step_loss[i];
    for (size_t i = begin; i < end; i++) {
        const double x = (double)(i - begin) - middle, y = (double)c->step_loss[i] - sum / n;
        slope += x * y;
        spread += x * x;
        squares += y * y;
    }
    squares -= spread > 0.0 ? slope * slope / spread : 0.0;
    return n > 2.0 ? sqrt(fmax(squares, 0.0) / (n - 2.0)) : (double)NAN;
}

double dsc_steps_learned(const dsc_case *c)
{
    double lowest = dsc_steps_loss(c, 0.9, 1.0);

    for (int p = 0; p < DSC_PROBE_POINTS && c->probe.n > 0; p++)
        lowest = fmin(lowest, c->probe.loss[p]);
    /* the first batch may be easier than others, and those of a probe harder */
    const double early = fmax(dsc_steps_first(c), dsc_steps_loss(c, 0.0, 0.05));
    const double last = c->probe.n > 0 ? c->probe.loss[DSC_PROBE_LAST] : lowest;
    const double learned = fmax(early, last) - lowest;
    return learned > 0.0 ? learned : (double)NAN;
}

/* --- the probe -------------------------------------------------------------------------------- */

double dsc_steps_gain_ahead(const dsc_case *c)
{
    const double learned = dsc_steps_learned(c), last = c->probe.loss[DSC_PROBE_LAST];
    double lowest = last;

    if (c->probe.n == 0)
        return (double)NAN;
    for (int p = DSC_PROBE_AHEAD; p < DSC_PROBE_POINTS; p++)
        lowest = fmin(lowest, c->probe.loss[p]);
    return (last - lowest) / learned;
}

double dsc_steps_part_ahead(const dsc_case *c)
{
    return dsc_steps_gain_ahead(c) * dsc_steps_learned(c) / c->probe.loss[DSC_PROBE_LAST];
}

double dsc_steps_rise_longer(const dsc_case *c)
{
    /* against the gradient of one batch, which says little of the way where steps are so short */
    static const double SHORT = 0.001, USUAL = 0.003; /* first step over the weights */
    const double counts = 1.0 - dsc_sure_log(c->start.update_ratio, USUAL, SHORT);

    return c->probe.n > 0
               ? counts * (c->probe.longer - c->probe.loss[DSC_PROBE_LAST]) / dsc_steps_first(c)
               : (double)NAN;
}

/* --- what is wrong ---------------------------------------------------------------------------- */

bool dsc_steps_lost_test(const dsc_case *c)
{
    static const double BLEW_UP = 5.0, LOST = 1e4; /* times what an untrained network has */
    const double first = fabs(dsc_steps_first(c));
    const double test = c->epochs > 0 ? c->epoch[c->epochs - 1].test_loss : (double)NAN;

    return test > LOST * first && dsc_steps_peak(c, 0.0, 1.0, NULL) > BLEW_UP * first &&
           dsc_steps_stuck(c) > 0.0;
}

bool dsc_steps_diverged(const dsc_case *c)
{
    static const double WORSE = 5.0; /* times what an untrained network has */

    const double first = dsc_steps_first(c); /* losses of counts may be below 0 */
    const double bound = first + (WORSE - 1.0) * fabs(first);

    return c->gave_up || dsc_steps_loss(c, 0.95, 1.0) > bound || dsc_steps_lost_test(c);
}

double dsc_steps_guessing(const dsc_case *c)
{
    return c->plan.text && c->data.chance_loss > 0.0 ? c->data.chance_loss : dsc_steps_chance(c);
}

double dsc_steps_stuck(const dsc_case *c)
{
    return dsc_sure(dsc_steps_loss(c, 0.95, 1.0) / dsc_steps_guessing(c), 0.85, 0.97);
}

double dsc_steps_standstill(const dsc_case *c, double *level)
{
    enum { PARTS = 20 };
    static const double SAME = 0.02; /* of the first loss, or of four times what guessing has */
    const double first = dsc_steps_first(c), guess = dsc_steps_guessing(c);
    /* how often each character is, is learned at once; what has not come there yet is on its way */
    const double high = c->plan.text ? 0.95 * guess : 0.85 * fmin(first, guess);
    const double highest = c->plan.text ? 1.05 * guess : HUGE_VAL;
    double mean[PARTS], longest = 0.0;

    for (int i = 0; i < PARTS; i++)
        mean[i] = dsc_steps_loss(c, (double)i / PARTS, (i + 1.0) / PARTS);
    for (int i = 0; i < PARTS; i++) {
        int end = i;
        while (end < PARTS && fabs(mean[end] - mean[i]) < SAME * fmin(first, 4.0 * guess))
            end++;
        const double share = (double)(end - i) / PARTS;
        if (mean[i] > high && mean[i] < highest && share > longest) {
            longest = share;
            if (level)
                *level = mean[i];
        }
    }
    return longest;
}

double dsc_steps_dead(const dsc_case *c)
{
    return dsc_sure(dsc_course_mean(c, offsetof(dsc_moment, dead_units), 0.5, 1.0), 0.4, 0.7);
}

double dsc_steps_thrown_off(const dsc_case *c)
{
    enum { DEEP = 10 };              /* layers with weights */
    static const double HIGH = 0.05; /* lr: no warm-up makes up for more */

    if (!c->plan.adaptive || c->plan.deep < DEEP || !strstr(c->plan.model, "residual") ||
        c->plan.lr > HIGH || c->gave_up)
        return 0.0;
    const double lost = dsc_sure(dsc_outcome_skill(c), 0.9, 0.6);
    return fmax(dsc_steps_stuck(c), c->plan.layer_norms > 0 ? lost : 0.0) *
           dsc_sure_log(dsc_steps_first_update(c, c->plan.momentum), 0.01, 0.05);
}

bool dsc_steps_warms_up(const dsc_case *c)
{
    return c->plan.warmup > 0.0 ||
           (c->moments > 1 && c->moment[0].lr < 0.5 * dsc_steps_largest_lr(c));
}

double dsc_steps_unhindered(const dsc_case *c)
{
    static const double MOST = 0.6; /* that is taken away */
    const double clipped = dsc_course_mean(c, offsetof(dsc_moment, clipped), 0.0, 1.0);
    const double eps = dsc_course_mean(c, offsetof(dsc_moment, eps_share), 0.0, 1.0);
    const double frozen = c->plan.frozen / c->plan.parameters;

    return 1.0 - MOST * fmax(fmax(dsc_sure(clipped, 0.4, 0.9), dsc_sure(eps, 0.2, 0.6)),
                             dsc_sure(frozen, 0.1, 0.5));
}

void dsc_steps_warm_up(const dsc_case *c, descent_finding *out)
{
    dsc_remedy_flag(out, "--schedule", "%s warmup=%.0f", c->plan.schedule,
                    dsc_steps_round(0.1 * (double)c->plan.steps));
}
