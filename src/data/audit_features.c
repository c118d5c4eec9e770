/* audit_features.c - scales of the features, and those that never change. */
#include "data/audit.h"
#include "data/moments.h"
#include "data/numbers.h"

#include "base/memory.h"

#include <math.h>

typedef struct column {
    double mean, deviation, magnitude;
    size_t not_finite;
} column;

/* low[j] <- the smallest value of feature j in the sample, as the data have it. */
static void find_smallest(const dsc_audit_sample *s, double *low)
{
    for (size_t j = 0; j < s->width; j++)
        low[j] = (double)INFINITY;
    for (size_t i = 0; i < s->n; i++)
        for (size_t j = 0; j < s->width; j++) {
            const double x = dsc_feature(s->o->data, s->index[i], j);
            low[j] = x < low[j] ? x : low[j];
        }
}

/* Where most features that vary begin, if there is such a value (Boyer and Moore's vote). */
static double usual_begin(const dsc_audit_sample *s, const double *low, const bool *still)
{
    double leader = (double)NAN;
    size_t votes = 0;

    for (size_t j = 0; j < s->width; j++) {
        if (still[j])
            continue;
        const bool same = low[j] <= leader && low[j] >= leader;
        if (votes == 0)
            leader = low[j];
        votes += votes == 0 || same ? 1 : (size_t)-1;
    }
    return leader;
}

/* Constant features that lie there. */
static void count_ground(dsc_audit *out, const dsc_audit_sample *s, const double *low,
                         const bool *still)
{
    const double ground = usual_begin(s, low, still);
    size_t there = 0, at_ground = 0;

    for (size_t j = 0; j < s->width; j++) {
        const bool same = low[j] <= ground && low[j] >= ground;
        there += same && !still[j];
        at_ground += same && still[j];
    }
    if (2 * there > s->width - out->constant)
        out->constant_ground = at_ground;
}

/* Those that are finite, of every `step`-th of n numbers. */
static column measure_finite(const float *x, size_t n, size_t step)
{
    column c = {0};
    double count = 0.0, squares = 0.0;

    for (size_t i = 0; i < n; i += step) {
        const double value = (double)x[i];
        if (!isfinite(value)) {
            c.not_finite++;
            continue;
        }
        c.mean += value;
        count++;
        c.magnitude = fmax(c.magnitude, fabs(value));
    }
    c.mean /= fmax(count, 1.0);
    for (size_t i = 0; i < n; i += step) {
        const double d = (double)x[i] - c.mean;
        squares += isfinite(d) ? d * d : 0.0;
    }
    c.deviation = sqrt(squares / fmax(count, 1.0));
    return c;
}

/* Every `step`-th of n numbers. */
static column measure(const float *x, size_t n, size_t step)
{
    if (step == 1) {
        const dsc_extent all = dsc_moments_of_one(x, n);
        if (isfinite(all.mean))
            return (column){
                .mean = all.mean, .deviation = all.deviation, .magnitude = all.magnitude};
    }
    return measure_finite(x, n, step);
}

/* Equal in the sample; is it in all of training? Of pixels the sample is enough to know. */
static bool never_changes(const dsc_audit_options *o, size_t feature)
{
    const descent_dataset *d = o->data;
    const double first = dsc_feature(d, o->split->train[0], feature);
    const size_t n = dsc_spread(d, o->split->n_train);

    for (size_t i = 1; i < n; i++) {
        const size_t at = o->split->train[dsc_spread_at(i, n, o->split->n_train)];
        const double x = dsc_feature(d, at, feature);
        if (x < first || x > first)
            return false;
    }
    return true;
}

/* A few hundred examples tell the scale of a feature. */
static size_t step_of(const dsc_audit_sample *s)
{
    enum { ENOUGH = 300 };

    return s->n > ENOUGH ? s->n / ENOUGH : 1;
}

/* All numbers of one kind have one scale. */
static void measure_as_one(dsc_audit *out, const dsc_audit_sample *s)
{
    enum { ENOUGH = 1 << 16 };
    const size_t numbers = s->n * s->width, step = numbers > ENOUGH ? numbers / ENOUGH : 1;
    const column all = measure(s->x, numbers, step > step_of(s) ? step : step_of(s));

    out->least_deviation = out->largest_deviation = all.deviation;
    out->largest_mean_in_deviations =
        all.deviation > 0.0 ? fabs(all.mean) / all.deviation : (double)NAN;
}

static void measure_apart(dsc_audit *out, const dsc_audit_sample *s, size_t j, const column *c)
{
    if (c->deviation <= 0.0)
        return;
    const double mean = fabs(c->mean) / c->deviation;
    out->least_deviation = fmin(out->least_deviation, c->deviation);
    out->largest_mean_in_deviations = fmax(out->largest_mean_in_deviations, mean);
    if (!(c->deviation <= out->largest_deviation)) {
        out->largest_deviation = c->deviation;
        dsc_audit_name(s->o->data, j, out->widest_name);
    }
}

static void look(dsc_audit *out, const dsc_audit_sample *s, double *low, bool *still)
{
    if (!out->one_scale)
        find_smallest(s, low);
    out->largest_magnitude = 0.0;
    for (size_t j = 0; j < s->width; j++) {
        const column c = measure(s->x + j * s->n, s->n, step_of(s));
        /* a sum of rounded numbers may leave a trace of a deviation */
        const bool seems = c.deviation <= 1e-6 * fabs(c.mean) || c.deviation <= 0.0;
        out->not_finite += c.not_finite;
        out->largest_magnitude = fmax(out->largest_magnitude, c.magnitude);
        still[j] = seems && (out->one_scale || never_changes(s->o, j));
        if (still[j] && out->constant++ == 0)
            dsc_audit_name(s->o->data, j, out->constant_name);
        if (!still[j] && !out->one_scale)
            measure_apart(out, s, j, &c);
    }
    if (out->one_scale)
        measure_as_one(out, s);
    else
        count_ground(out, s, low, still);
}

bool dsc_audit_features(dsc_audit *out, const dsc_audit_sample *s)
{
    double *low = dsc_alloc(s->width, sizeof *low);
    bool *still = dsc_alloc(s->width, sizeof *still);
    const bool good = low && still;

    if (good)
        look(out, s, low, still);
    dsc_free(low);
    dsc_free(still);
    return good;
}
