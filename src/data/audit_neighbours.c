/* audit_neighbours.c - do the nearest training examples of an example have its label? What no
 * neighbour knows is hard to learn; what all of them contradict is probably a wrong label; and when
 * the label one row further is right, rows and labels have been moved against each other. */
#include "data/audit.h"
#include "data/neighbourhood.h"

#include "base/memory.h"

#include <math.h>
#include <string.h>

enum { ASKED = DSC_AUDIT_ASKED, LEAST_ASKED = 100, WIDTH = 256, FURTHEST = 3 };
static const double OPERATIONS = 2.5e7; /* additions of all distances, at most */
static const double NEARLY_ALL = 0.9;

typedef struct neighbours {
    const dsc_audit_sample *s;
    dsc_neighbourhood hood;
    dsc_wide wide;
    dsc_copies copies;
    size_t asked;
    size_t *place; /* (asked, DSC_NEAREST) */
    int *count;    /* (outputs) */
    double *error; /* (asked) */
} neighbours;

/* The i-th that is asked. */
static size_t asked_at(const neighbours *w, size_t i)
{
    return i * w->s->n / w->asked;
}

/* An example some rows further on; at the ends of the file it stays where it is. */
static size_t moved(const neighbours *w, size_t place, int shift)
{
    const int64_t at = (int64_t)w->s->index[place] + shift;

    return at < 0 || at >= (int64_t)w->s->o->data->count ? w->s->index[place] : (size_t)at;
}

/* The label most of the i-th's neighbours have; *votes: how many of them. */
static int vote(neighbours *w, size_t i, int shift, int *votes)
{
    const int32_t *label = w->s->o->data->labels;
    int leader = 0;

    *votes = 0;
    memset(w->count, 0, (size_t)w->s->o->data->outputs * sizeof *w->count);
    for (int k = 0; k < w->hood.count; k++) {
        const int one = label[moved(w, w->place[i * DSC_NEAREST + (size_t)k], shift)];
        if (++w->count[one] > *votes) {
            *votes = w->count[one];
            leader = one;
        }
    }
    return leader;
}

static double share_right(neighbours *w, int shift)
{
    double right = 0.0;
    int votes;

    for (size_t i = 0; i < w->asked; i++)
        right +=
            vote(w, i, shift, &votes) == w->s->o->data->labels[moved(w, asked_at(w, i), shift)];
    return right / (double)w->asked;
}

/* What the neighbours say of each other's labels, as they stand. */
static void ask_labels(dsc_audit *out, neighbours *w)
{
    const double n = (double)w->asked, k = (double)w->hood.count;
    double sum = 0.0, squares = 0.0, unanimous = 0.0, contradict = 0.0;
    int votes;

    for (size_t i = 0; i < w->asked; i++) {
        const int leader = vote(w, i, 0, &votes);
        const bool clear = votes >= NEARLY_ALL * k - 1e-9;
        const double share = votes / k;
        sum += share;
        squares += share * share;
        unanimous += clear;
        contradict += clear && leader != w->s->o->data->labels[w->s->index[asked_at(w, i)]];
    }
    const double mean = sum / n, chance = mean * (1.0 - mean) / k;
    out->neighbours_agree = mean;
    out->neighbours_unanimous = unanimous / n;
    out->neighbours_contradict = contradict / n;
    out->agreement_spread = chance > 0.0 ? (squares / n - mean * mean) / chance : (double)NAN;
}

/* The share of the largest class among the asked: what guessing gives. */
static double share_of_largest(neighbours *w)
{
    int most = 0;

    memset(w->count, 0, (size_t)w->s->o->data->outputs * sizeof *w->count);
    for (size_t i = 0; i < w->asked; i++) {
        const int n = ++w->count[w->s->o->data->labels[w->s->index[asked_at(w, i)]]];
        most = n > most ? n : most;
    }
    return (double)most / (double)w->asked;
}

/* --- numbers ---------------------------------------------------------------------------------- */

static double target_at(const neighbours *w, size_t place, int shift)
{
    return dsc_audit_target(w->s->o, moved(w, place, shift), 0);
}

/* The share of the variance that the neighbours' mean explains. */
static double share_explained(const neighbours *w, int shift)
{
    double mean = 0.0, all = 0.0, left = 0.0;

    for (size_t i = 0; i < w->asked; i++)
        mean += target_at(w, asked_at(w, i), shift) / (double)w->asked;
    for (size_t i = 0; i < w->asked; i++) {
        const double y = target_at(w, asked_at(w, i), shift);
        double guess = 0.0;
        for (int k = 0; k < w->hood.count; k++)
            guess +=
                target_at(w, w->place[i * DSC_NEAREST + (size_t)k], shift) / (double)w->hood.count;
        all += (y - mean) * (y - mean);
        left += (y - guess) * (y - guess);
    }
    return all > 0.0 ? 1.0 - left / all : (double)NAN;
}

/* The share of targets that lie far outside of what is usual around their neighbours' median. */
static double share_far_off(neighbours *w)
{
    double sorted[ASKED] = {0}, near[DSC_NEAREST], off = 0.0;

    for (size_t i = 0; i < w->asked; i++) {
        for (int k = 0; k < w->hood.count; k++)
            near[k] = target_at(w, w->place[i * DSC_NEAREST + (size_t)k], 0);
        sorted[i] = w->error[i] =
            dsc_neighbourhood_off(target_at(w, asked_at(w, i), 0), near, w->hood.count);
    }
    const double far = dsc_neighbourhood_far(sorted, w->asked);
    for (size_t i = 0; i < w->asked; i++)
        off += w->error[i] > far;
    return far > 0.0 ? off / (double)w->asked : (double)NAN;
}

/* --- all of it -------------------------------------------------------------------------------- */

/* `whole`: all features count, and what else is asked of neighbourhoods is asked as well. */
static void find(neighbours *w, size_t without, bool whole)
{
    for (size_t i = 0; i < w->asked; i++) {
        dsc_neighbourhood_find(&w->hood, asked_at(w, i), without, &w->place[i * DSC_NEAREST]);
        if (whole) {
            dsc_wide_see(&w->wide, &w->hood, asked_at(w, i));
            dsc_copies_see(&w->copies, &w->hood, &w->place[i * DSC_NEAREST]);
        }
    }
}

static double right(neighbours *w, int shift)
{
    return w->s->o->data->labels ? share_right(w, shift) : share_explained(w, shift);
}

static bool ask(dsc_audit *out, neighbours *w, size_t best)
{
    static const double NEARLY_ALONE = 0.95;

    find(w, w->hood.width, true);
    dsc_wide_tell(&w->wide, out);
    out->neighbours_asked = w->asked;
    out->neighbours_right = right(w, 0);
    if (w->s->o->data->labels) {
        ask_labels(out, w);
        out->majority_of_looked = share_of_largest(w);
    } else {
        out->neighbours_contradict = share_far_off(w);
    }
    for (int shift = -FURTHEST; shift <= FURTHEST; shift++) {
        const double share = shift == 0 ? (double)NAN : right(w, shift);
        if (share > out->shifted_right || (shift != 0 && isnan(out->shifted_right))) {
            out->shifted_right = share;
            out->shift = shift;
        }
    }
    if (out->shifted_right <= out->neighbours_right)
        out->shift = 0;
    if (out->best_stump >= NEARLY_ALONE && best < w->hood.width && w->hood.width > 2 &&
        w->hood.width == w->s->width) {
        find(w, best, false);
        out->rest_right = right(w, 0);
    }
    return dsc_copies_tell(&w->copies, w->s, out);
}

float *dsc_audit_compared(const dsc_audit *out, const dsc_audit_sample *s, size_t *width)
{
    const size_t group = out->one_scale ? (s->width + WIDTH - 1) / WIDTH : 1;

    *width = (s->width + group - 1) / group;
    float *z = dsc_alloc(*width * s->n, sizeof *z);
    for (size_t j = 0; z && j < s->width; j++)
        for (size_t i = 0; i < s->n; i++)
            z[j / group * s->n + i] += s->x[j * s->n + i];
    if (z && !out->one_scale)
        dsc_neighbourhood_scale(z, s->n, *width);
    return z;
}

bool dsc_audit_neighbours(dsc_audit *out, const dsc_audit_sample *s, size_t best)
{
    enum { LEAST = 20 };
    neighbours w = {.s = s};
    size_t width;

    if (s->n < LEAST || out->not_finite > 0)
        return true;
    float *z = dsc_audit_compared(out, s, &width);
    const double limit = s->o->additions > 0.0
                             ? fmin(fmax(s->o->additions, DSC_AUDIT_NOTHING), OPERATIONS)
                             : OPERATIONS;
    const double affordable = limit / ((double)s->n * (double)width);
    w.asked = affordable < ASKED ? (size_t)affordable : ASKED;
    w.asked = w.asked < LEAST_ASKED ? LEAST_ASKED : w.asked;
    w.asked = w.asked < s->n ? w.asked : s->n;
    w.place = dsc_alloc(w.asked * DSC_NEAREST, sizeof *w.place);
    w.count = dsc_alloc((size_t)s->o->data->outputs, sizeof *w.count);
    w.error = dsc_alloc(w.asked, sizeof *w.error);
    const bool good = dsc_wide_create(&w.wide, s) && z && w.place && w.count && w.error &&
                      dsc_neighbourhood_make(&w.hood, z, s->n, width, s->n) && ask(out, &w, best);
    dsc_neighbourhood_free(&w.hood);
    dsc_wide_free(&w.wide);
    dsc_free(w.place);
    dsc_free(w.count);
    dsc_free(w.error);
    dsc_free(z);
    return good;
}
