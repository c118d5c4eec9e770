/* curve.c - from the losses of a range test to a learning rate. */
#include "study/curve.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const double keep = 0.9;      /* of the mean of the losses, from one step to the next */
static const double explosion = 4.0; /* times the lowest smoothed loss */

/* The mean of few losses jumps: what it does before so many says nothing. */
enum { SETTLED = 10, REACH = 5 };

bool dsc_lr_curve_add(dsc_lr_curve *c, double lr, double loss)
{
    const double weight = 1.0 - pow(keep, (double)(c->n + 1));

    c->mean = keep * c->mean + (1.0 - keep) * loss;
    const double smoothed = c->mean / weight;
    c->point[c->n++] = (descent_lr_point){.lr = lr, .loss = loss, .smoothed = smoothed};
    c->diverged = !isfinite(smoothed) || (c->n > SETTLED && smoothed > explosion * c->best);
    if (c->n == 1 || smoothed < c->best)
        c->best = smoothed;
    return !c->diverged;
}

/* Slope over log lr, between points some steps away on either side. */
static double slope(const descent_lr_point *p, size_t n, size_t i)
{
    const size_t low = i > REACH ? i - REACH : 0, high = i + REACH < n ? i + REACH : n - 1;

    return high == low ? 0.0 : (p[high].smoothed - p[low].smoothed) / log(p[high].lr / p[low].lr);
}

descent_lr_curve dsc_lr_curve_read(const dsc_lr_curve *c)
{
    const descent_lr_point *p = c->point;
    const size_t finite = isfinite(p[c->n - 1].smoothed) ? c->n : c->n - 1;
    const size_t first = finite > SETTLED ? SETTLED : 0;
    size_t lowest = first, steepest = first;

    for (size_t i = first; i < finite; i++)
        if (p[i].smoothed < p[lowest].smoothed)
            lowest = i;
    for (size_t i = first; i <= lowest && i < finite; i++)
        if (slope(p, finite, i) < slope(p, finite, steepest))
            steepest = i;
    return (descent_lr_curve){.point = p,
                              .n = c->n,
                              .seed = c->seed,
                              .steepest = p[steepest].lr,
                              .lowest = p[lowest].lr,
                              .divergence = p[c->n - 1].lr,
                              .diverged = c->diverged};
}

double dsc_lr_curve_suggest(const descent_lr_curve *curve)
{
    return sqrt(curve->steepest * curve->divergence / 10.0);
}

double dsc_lr_round(double lr)
{
    char text[32];

    snprintf(text, sizeof text, "%.1e", lr);
    return strtod(text, NULL);
}
