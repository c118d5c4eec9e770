/* audit_condition.c - how differently the features spread in their directions, and what a straight
 * line through the examples leaves of the targets. */
#include "data/audit.h"

#include "base/memory.h"
#include "data/cholesky.h"
#include "data/moments.h"

#include <math.h>
#include <string.h>

enum { MOST = 64, TURNS = 60 };     /* features; turns of the power method */
static const double SETTLED = 1e-8; /* it turns no longer where a turn changes so little */
static const double RIDGE = 1e-7;   /* of the mean square of a feature: what a float can tell */

/* Second moments of the features and of a constant 1: m (k, k), after factor() with the lower
 * triangle of their root in l. */
typedef struct moments {
    size_t k;
    double *m, *l, *v, *w;
} moments;

static double feature(const dsc_audit_sample *s, size_t j, size_t i)
{
    return j < s->width ? (double)s->x[j * s->n + i] : 1.0;
}

/* Sums side by side, which a processor adds at the same time. */
enum { LANES = 8 };

static double add_up(const double lane[LANES])
{
    return ((lane[0] + lane[1]) + (lane[2] + lane[3])) +
           ((lane[4] + lane[5]) + (lane[6] + lane[7]));
}

/* sum of x[i] y[i] */
static double inner(const double *x, const double *y, size_t n)
{
    double lane[LANES] = {0.0}, rest = 0.0;
    size_t i = 0;

    for (; i + LANES <= n; i += LANES)
        for (size_t k = 0; k < LANES; k++)
            lane[k] += x[i + k] * y[i + k];
    for (; i < n; i++)
        rest += x[i] * y[i];
    return add_up(lane) + rest;
}

/* false: not positive, even with the ridge. */
static bool factor(moments *a)
{
    const size_t k = a->k;
    double trace = 0.0;

    for (size_t p = 0; p < k; p++)
        trace += a->m[p * k + p];
    memcpy(a->l, a->m, k * k * sizeof *a->l);
    for (size_t p = 0; p < k; p++)
        a->l[p * k + p] += RIDGE * trace / (double)k;
    return dsc_cholesky(a->l, k);
}

static void multiply(const moments *a, double *v)
{
    for (size_t p = 0; p < a->k; p++)
        a->w[p] = inner(a->m + p * a->k, v, a->k);
    for (size_t p = 0; p < a->k; p++)
        v[p] = a->w[p];
}

/* The largest factor by which a vector grows: of the moments, or of their inverse. */
static double growth(const moments *a, bool inverse)
{
    double length = 1.0;

    for (size_t p = 0; p < a->k; p++)
        a->v[p] =
            1.0 + 0.37 * (double)(p % 7) - 0.9 * (double)(p % 3); /* in no special direction */
    for (int turn = 0; turn < TURNS; turn++) {
        if (inverse)
            dsc_cholesky_solve(a->l, a->k, a->v, 1);
        else
            multiply(a, a->v);
        const double before = length;
        length = sqrt(inner(a->v, a->v, a->k));
        for (size_t p = 0; p < a->k; p++)
            a->v[p] /= length;
        if (turn > 0 && fabs(length - before) <= SETTLED * length)
            break;
    }
    return length;
}

/* Mean square of what least squares leave of the first target, as if new examples were asked. */
static double left_over(const moments *a, const dsc_audit_sample *s)
{
    double square = 0.0, explained = 0.0;

    for (size_t p = 0; p < a->k; p++)
        a->v[p] = 0.0;
    for (size_t i = 0; i < s->n; i++) {
        const double y = dsc_audit_target(s->o, s->index[i], 0);
        square += y * y / (double)s->n;
        for (size_t p = 0; p < a->k; p++)
            a->v[p] += feature(s, p, i) * y / (double)s->n;
    }
    for (size_t p = 0; p < a->k; p++)
        a->w[p] = a->v[p];
    dsc_cholesky_solve(a->l, a->k, a->v, 1);
    for (size_t p = 0; p < a->k; p++)
        explained += a->v[p] * a->w[p];
    return fmax(square - explained, 0.0) * (double)s->n / (double)(s->n - a->k);
}

static void look(dsc_audit *out, moments *a, const dsc_audit_sample *s)
{
    dsc_moments(s->x, s->n, s->width, a->m);
    if (!factor(a))
        return;
    out->steepest = growth(a, false);
    out->condition = out->steepest * growth(a, true);
    if (!s->o->data->labels && s->o->data->outputs == 1)
        out->line_loss = left_over(a, s);
}

bool dsc_audit_condition(dsc_audit *out, const dsc_audit_sample *s)
{
    const size_t k = s->width + 1;

    if (s->width > MOST || s->n < 2 * k || out->not_finite > 0 || !(out->largest_magnitude < 1e15))
        return true;
    moments a = {.k = k,
                 .m = dsc_alloc(k * k, sizeof *a.m),
                 .l = dsc_alloc(k * k, sizeof *a.l),
                 .v = dsc_alloc(k, sizeof *a.v),
                 .w = dsc_alloc(k, sizeof *a.w)};
    const bool good = a.m && a.l && a.v && a.w;

    if (good)
        look(out, &a, s);
    dsc_free(a.m);
    dsc_free(a.l);
    dsc_free(a.v);
    dsc_free(a.w);
    return good;
}
