/* audit_single.c - how much one feature alone tells of the target.
 *
 * Classes: examples in order of the feature; each is judged by the labels next to it and those of
 * equal value, its own left out: so several cuts are seen, and a feature that is all noise gains
 * nothing. Numbers: the squared correlation. */
#include "data/audit.h"

#include "base/memory.h"

#include <math.h>
#include <string.h>

enum { EXAMPLES = 300, FEATURES = 64 };

typedef struct ranked {
    uint32_t key; /* ordered like the feature, equal where it is */
    int32_t label;
} ranked;

typedef struct search {
    const dsc_audit_sample *s;
    size_t n, every;  /* examples in use: every so many of the sample */
    ranked *r, *room; /* room: for sorting */
    float *x;
    double *y;
    int32_t *count;
    double bits;
} search;

static uint32_t key_of(float x)
{
    const uint32_t sign = UINT32_C(1) << 31;
    const float value = x + 0.0f; /* -0 is 0 */
    uint32_t bits;

    memcpy(&bits, &value, sizeof bits);
    return (bits & sign) ? ~bits : bits | sign;
}

/* By one byte of the key; examples that share it stay as they are. False: all do. */
static bool sort_by_byte(const ranked *from, ranked *to, size_t n, int shift)
{
    size_t place[256] = {0}, sum = 0;

    for (size_t i = 0; i < n; i++)
        place[from[i].key >> shift & 255]++;
    if (place[from[0].key >> shift & 255] == n)
        return false;
    for (int b = 0; b < 256; b++) {
        const size_t count = place[b];
        place[b] = sum;
        sum += count;
    }
    for (size_t i = 0; i < n; i++)
        to[place[from[i].key >> shift & 255]++] = from[i];
    return true;
}

/* Byte by byte, from the last: no comparison, which a processor would have to guess. */
static void sort(search *w)
{
    enum { BITS = 32, BYTE = 8 };

    for (int shift = 0; shift < BITS; shift += BYTE)
        if (sort_by_byte(w->r, w->room, w->n, shift)) {
            ranked *sorted = w->room;
            w->room = w->r;
            w->r = sorted;
        }
}

/* Examples of one value: how many have the label that leads among the others of that value; half a
 * point where it shares the lead. */
static double lead(const ranked *r, size_t begin, size_t end, int32_t *count)
{
    int32_t first = 0, second = 0, leader = -1;
    double right = 0.0;

    for (size_t i = begin; i < end; i++)
        count[r[i].label]++;
    for (size_t i = begin; i < end; i++) {
        const int32_t label = r[i].label, n = count[label];
        if (label == leader)
            continue;
        if (n > first) {
            second = first;
            first = n;
            leader = label;
        } else if (n > second) {
            second = n;
        }
    }
    for (size_t i = begin; i < end; i++) {
        const int32_t label = r[i].label, own = count[label] - 1;
        const int32_t most = label == leader ? second : first;
        right += own > most ? 1.0 : own == most && own > 0 ? 0.5 : 0.0;
    }
    for (size_t i = begin; i < end; i++)
        count[r[i].label] = 0;
    return right;
}

/* A value of its own: do two neighbours on one side have the label? At a border one side does. */
static bool beside(const ranked *r, size_t n, size_t self)
{
    const int32_t label = r[self].label;
    const bool left = self >= 2 && r[self - 1].label == label && r[self - 2].label == label;
    const bool right = self + 2 < n && r[self + 1].label == label && r[self + 2].label == label;

    return left || right;
}

static double told(const ranked *r, size_t n, int32_t *count)
{
    double right = 0.0;

    for (size_t begin = 0, end; begin < n; begin = end) {
        for (end = begin + 1; end < n && r[end].key == r[begin].key; end++)
            ;
        right += end - begin == 1 ? (double)beside(r, n, begin) : lead(r, begin, end, count);
    }
    return right / (double)n;
}

static double correlate(const float *x, const double *y, size_t n)
{
    double mean_x = 0.0, mean_y = 0.0, xx = 0.0, xy = 0.0, yy = 0.0;

    for (size_t i = 0; i < n; i++) {
        mean_x += (double)x[i] / (double)n;
        mean_y += y[i] / (double)n;
    }
    for (size_t i = 0; i < n; i++) {
        const double a = (double)x[i] - mean_x, b = y[i] - mean_y;
        xx += a * a;
        xy += a * b;
        yy += b * b;
    }
    return xx > 0.0 && yy > 0.0 ? xy * xy / (xx * yy) : 0.0;
}

/* log2 of how many values a sorted column has. Where hardly any is there twice, the sample does not
 * tell how many there are. */
static double bits_of(const ranked *r, size_t n)
{
    static const double COUNTLESS = 20.0;
    size_t values = 1;

    for (size_t i = 1; i < n; i++)
        values += r[i].key > r[i - 1].key;
    return 10 * values > 9 * n ? COUNTLESS : log2((double)values);
}

static double judge(search *w, size_t feature)
{
    const dsc_audit_sample *s = w->s;
    const descent_dataset *d = s->o->data;

    for (size_t i = 0; i < w->n; i++) {
        const size_t at = i * w->every;
        w->x[i] = s->x[feature * s->n + at];
        w->r[i] = (ranked){key_of(w->x[i]), d->labels ? d->labels[s->index[at]] : 0};
    }
    sort(w);
    w->bits += bits_of(w->r, w->n);
    return d->labels ? told(w->r, w->n, w->count) : correlate(w->x, w->y, w->n);
}

static void look(dsc_audit *out, search *w, size_t *best)
{
    const dsc_audit_sample *s = w->s;
    const size_t step = (s->width + FEATURES - 1) / FEATURES;
    size_t looked = 0;

    for (size_t i = 0; !s->o->data->labels && i < w->n; i++)
        w->y[i] = dsc_audit_target(s->o, s->index[i * w->every], 0);
    out->best_stump = out->second_stump = 0.0;
    for (size_t j = 0; j < s->width; j += step, looked++) {
        const double share = judge(w, j);
        if (share > out->best_stump) {
            out->second_stump = out->best_stump;
            out->best_stump = share;
            dsc_audit_name(s->o->data, j, out->best_stump_name);
            *best = j;
        } else if (share > out->second_stump) {
            out->second_stump = share;
        }
    }
    out->value_bits = w->bits * (double)s->width / (double)looked;
}

bool dsc_audit_single(dsc_audit *out, const dsc_audit_sample *s, size_t *best)
{
    const size_t every = (s->n + EXAMPLES - 1) / EXAMPLES, n = (s->n + every - 1) / every;
    search w = {.s = s,
                .n = n,
                .every = every,
                .r = dsc_alloc(n, sizeof *w.r),
                .room = dsc_alloc(n, sizeof *w.room),
                .x = dsc_alloc(n, sizeof *w.x),
                .y = dsc_alloc(n, sizeof *w.y),
                .count = dsc_alloc((size_t)s->o->data->outputs, sizeof *w.count)};
    const bool good = w.r && w.room && w.x && w.y && w.count;

    *best = s->width;
    if (good)
        look(out, &w, best);
    dsc_free(w.r);
    dsc_free(w.room);
    dsc_free(w.x);
    dsc_free(w.y);
    dsc_free(w.count);
    return good;
}
