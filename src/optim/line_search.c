/* line_search.c - a step that satisfies the strong Wolfe conditions: bracket it, then zoom in.
 *
 * Nocedal & Wright, Numerical Optimization, 2nd ed. 2006, algorithms 3.5 (bracket) and 3.6 (zoom),
 * with trial steps from the cubic through two values and two slopes (their equation 3.59) and the
 * safeguards of M. Schmidt's minFunc (2005): a trial too near the end of an interval may come once,
 * the next one is pushed inside; the interval may become too short to matter. Where the objective
 * is not finite it counts as infinitely high, so that such a place becomes an end of the bracket
 * and the search turns back from it. */
#include "optim/line_search.h"

#include "base/sums.h"

#include <string.h>

static const double c1 = 1e-4;
static const double shortest = 1e-9; /* |w - w'| that is not worth another evaluation */

enum { MOST_TRIALS = 25 }; /* after the first one */

/* Where a good step lies: between ends 0 and 1, of which `low` has the smaller f. */
typedef struct interval {
    dsc_point end[2];
    int low, trials;
    bool done;    /* end[low] satisfies both conditions */
    bool crowded; /* the last trial came near an end */
} interval;

bool DSC_R(dsc_line_place)(const dsc_line *line, double t)
{
    real *w = line->job->w;
    const real step = (real)t;

    if (!isfinite(step) || !isfinite((real)(line->w_max + t * line->d_max)))
        return false;
    for (size_t i = 0; i < line->job->n; i++)
        w[i] = line->w0[i] + step * line->d[i];
    return true;
}

dsc_point DSC_R(dsc_line_at)(const dsc_line *line, double t, real *g)
{
    const dsc_point infinite = {.t = t, .f = (double)INFINITY, .g = g};
    dsc_solve *job = line->job;

    /* an objective that saturates may be finite even at infinity, but w must not go there */
    if (!DSC_R(dsc_line_place)(line, t))
        return infinite;
    const double f = job->evaluate(job->user, job->w, g);
    const double slope = dsc_dot(g, line->d, job->n);
    job->evaluations++;
    if (!isfinite(f) || !isfinite(slope))
        return infinite;
    return (dsc_point){.t = t, .f = f, .slope = slope, .g = g};
}

/* Evaluates at t; the gradient of `keep` survives. */
static dsc_point try_step(const dsc_line *line, double t, const dsc_point *keep)
{
    return DSC_R(dsc_line_at)(line, t, line->room[line->room[0] == keep->g]);
}

static bool decreases(const dsc_line *line, const dsc_point *p)
{
    return p->f <= line->start.f + c1 * p->t * line->start.slope;
}

static bool is_flat(const dsc_line *line, const dsc_point *p)
{
    return fabs(p->slope) <= -line->c2 * line->start.slope;
}

/* Where the cubic with the values and slopes of a and b has its minimum, moved into [least, most];
 * the middle of that where it has none. */
static double cubic_minimum(const dsc_point *a, const dsc_point *b, double least, double most)
{
    if (a->t > b->t) {
        const dsc_point *other = a;
        a = b;
        b = other;
    }
    const double d1 = a->slope + b->slope - 3 * (a->f - b->f) / (a->t - b->t);
    const double d2 = sqrt(d1 * d1 - a->slope * b->slope);
    const double t = b->t - (b->t - a->t) * ((b->slope + d2 - d1) / (b->slope - a->slope + 2 * d2));

    if (isnan(t))
        return (least + most) / 2;
    return fmin(fmax(t, least), most);
}

static int lower_end(const dsc_point end[2])
{
    return end[0].f <= end[1].f ? 0 : 1;
}

/* Steps out until a good step must lie behind. */
static interval bracket(const dsc_line *line, double t)
{
    interval in = {0};
    dsc_point last = line->start;
    dsc_point now = try_step(line, t, &last);

    for (; in.trials < MOST_TRIALS; in.trials++) {
        const bool risen = in.trials > 1 && now.f >= last.f;
        if (!decreases(line, &now) || risen)
            break;
        in.done = is_flat(line, &now);
        if (in.done || now.slope >= 0)
            break;
        t = cubic_minimum(&last, &now, now.t + 0.01 * (now.t - last.t), 10 * now.t);
        last = now;
        now = try_step(line, t, &last);
    }
    in.end[0] = in.trials == MOST_TRIALS ? line->start : last;
    in.end[1] = now;
    in.low = in.done ? 1 : lower_end(in.end);
    return in;
}

/* The next trial inside the interval. */
static double choose_inside(interval *in)
{
    const dsc_point *low = &in->end[in->low], *high = &in->end[1 - in->low];
    const double least = fmin(low->t, high->t), most = fmax(low->t, high->t);
    const double margin = 0.1 * (most - least);

    /* back from where the objective is not finite: fast as long as nothing is gained yet */
    if (isinf(high->f))
        return low->t + (high->t - low->t) * (low->t == 0 ? 0.1 : 0.5);

    const double t = cubic_minimum(low, high, least, most);
    const bool near = fmin(most - t, t - least) < margin;
    const bool push = near && (in->crowded || t <= least || t >= most);
    in->crowded = near && !push;
    if (!push)
        return t;
    return most - t < t - least ? most - margin : least + margin;
}

/* Shrinks the interval around a good step. */
static void zoom(const dsc_line *line, interval *in)
{
    for (; !in->done && in->trials < MOST_TRIALS; in->trials++) {
        dsc_point *low = &in->end[in->low], *high = &in->end[1 - in->low];
        if (fabs(high->t - low->t) * line->d_max < shortest)
            return;
        const dsc_point now = try_step(line, choose_inside(in), low);
        if (!decreases(line, &now) || now.f >= low->f) {
            *high = now;
            in->low = lower_end(in->end);
            continue;
        }
        in->done = is_flat(line, &now);
        if (!in->done && now.slope * (high->t - low->t) >= 0)
            *high = *low;
        *low = now;
    }
}

dsc_point DSC_R(dsc_line_search)(const dsc_line *line, double t)
{
    interval in = bracket(line, t);

    zoom(line, &in);
    const dsc_point best = in.end[in.low];
    if (best.t == 0)
        memcpy(line->job->w, line->w0, line->job->n * sizeof(real));
    else
        (void)DSC_R(dsc_line_place)(line, best.t); /* it was there before */
    return best;
}
