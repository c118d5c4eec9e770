/* watch.c - sums of activations, one set a shard, so that the sum does not depend on threads. */
#include "instrument/watch.h"

#include "base/memory.h"

#include <string.h>

enum { SAMPLE = 1 << 14 }; /* numbers of a histogram, about */

typedef struct shard {
    dsc_watcher *watcher;
    dsc_activity *activity; /* of each layer */
    char *top;              /* room for the largest number of each unit, layer after layer */
    int number;
} shard;

struct dsc_watcher {
    const dsc_layers *layers;
    const dsc_vectors *vector;
    size_t element;
    int *layer_of; /* of each node; -1: it is not looked at */
    size_t *place; /* where a layer's units begin in `top`, in bytes */
    size_t top_bytes;
    shard *shard;
    int shards;
    dsc_activity *activity; /* shard after shard */
    char *top;
    dsc_histogram *histogram; /* of each layer */
    bool histograms;
};

static size_t lay_out(dsc_watcher *w)
{
    size_t bytes = 0;

    for (size_t i = 0; i < w->layers->n; i++) {
        const dsc_measured *layer = &w->layers->layer[i];
        w->place[i] = bytes;
        if (layer->output >= 0)
            w->layer_of[layer->output] = (int)i;
        if (layer->dies)
            bytes += (layer->units * w->element + 63) / 64 * 64;
    }
    return bytes;
}

descent_status dsc_watcher_create(dsc_watcher **out, const dsc_layers *layers, size_t nodes,
                                  descent_type type, int shards, descent_error *err)
{
    dsc_watcher *w = dsc_alloc(1, sizeof *w);

    *out = w;
    if (!w)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for instruments");
    *w = (dsc_watcher){.layers = layers,
                       .vector = dsc_vectors_choose(type, dsc_level_choose()),
                       .element = type == DESCENT_F64 ? sizeof(double) : sizeof(float),
                       .layer_of = dsc_alloc(nodes, sizeof *w->layer_of),
                       .place = dsc_alloc(layers->n, sizeof *w->place),
                       .shard = dsc_alloc((size_t)shards, sizeof *w->shard),
                       .activity = dsc_alloc((size_t)shards * layers->n, sizeof *w->activity),
                       .histogram = dsc_alloc(layers->n, sizeof *w->histogram),
                       .shards = shards};
    for (size_t k = 0; w->layer_of && k < nodes; k++)
        w->layer_of[k] = -1;
    if (w->layer_of && w->place)
        w->top_bytes = lay_out(w);
    w->top = dsc_alloc((size_t)shards, w->top_bytes);
    if (!w->layer_of || !w->place || !w->shard || !w->activity || !w->histogram || !w->top) {
        dsc_watcher_free(w);
        *out = NULL;
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for instruments of %zu layers",
                        layers->n);
    }
    for (int s = 0; s < shards; s++)
        w->shard[s] = (shard){.watcher = w,
                              .activity = w->activity + (size_t)s * layers->n,
                              .top = w->top + (size_t)s * w->top_bytes,
                              .number = s};
    return DESCENT_OK;
}

void dsc_watcher_free(dsc_watcher *w)
{
    if (!w)
        return;
    dsc_free(w->layer_of);
    dsc_free(w->place);
    dsc_free(w->shard);
    dsc_free(w->activity);
    dsc_free(w->histogram);
    dsc_free(w->top);
    dsc_free(w);
}

size_t dsc_watcher_bytes(const dsc_watcher *w)
{
    return dsc_block_bytes((size_t)w->shards * w->top_bytes);
}

void dsc_watcher_begin(dsc_watcher *w, bool histograms)
{
    const size_t n = w->layers->n;

    for (size_t i = 0; i < (size_t)w->shards * n; i++) {
        const dsc_measured *layer = &w->layers->layer[i % n];
        w->activity[i] = (dsc_activity){.squeezes = layer->squeezes, .dies = layer->dies};
    }
    memset(w->top, 0, (size_t)w->shards * w->top_bytes);
    for (size_t i = 0; i < n; i++)
        w->histogram[i].there = false;
    w->histograms = histograms;
}

void *dsc_watcher_shard(dsc_watcher *w, int s)
{
    return &w->shard[s];
}

/* Enough for a histogram: some examples, whole ones. */
static size_t numbers_of(const dsc_outputs *o)
{
    const size_t rows = o->units > 0 ? SAMPLE / o->units : 0;

    return (rows < 1 ? 1 : rows < o->rows ? rows : o->rows) * o->units;
}

void dsc_watcher_see(void *user, dsc_id id, const void *y, int rows)
{
    shard *s = user;
    dsc_watcher *w = s->watcher;
    const int at = w->layer_of[id];

    if (at < 0)
        return;
    const dsc_measured *layer = &w->layers->layer[at];
    const dsc_outputs outputs = {.y = y,
                                 .rows = (size_t)rows,
                                 .units = layer->units,
                                 .low = layer->low,
                                 .high = layer->high,
                                 .top = layer->dies ? s->top + w->place[at] : NULL};
    const bool first = s->number == 0 && s->activity[at].count == 0.0;

    w->vector->look(&outputs, &s->activity[at]);
    if (w->histograms && first)
        dsc_histogram_make(&w->histogram[at], w->vector, y, numbers_of(&outputs));
}

dsc_activity dsc_watcher_sum(dsc_watcher *w, size_t index)
{
    const dsc_measured *layer = &w->layers->layer[index];
    dsc_activity sum = w->shard[0].activity[index];
    char *top = w->shard[0].top + w->place[index];

    for (int s = 1; s < w->shards; s++) {
        const dsc_activity *a = &w->shard[s].activity[index];
        sum.count += a->count;
        sum.sum += a->sum;
        sum.squares += a->squares;
        sum.ends += a->ends;
        if (layer->dies)
            w->vector->join(top, w->shard[s].top + w->place[index], layer->units);
    }
    if (layer->dies && sum.count > 0.0) {
        sum.units = (double)layer->units;
        sum.dead = (double)w->vector->dead(top, layer->units);
    }
    return sum;
}

const dsc_histogram *dsc_watcher_histogram(const dsc_watcher *w, size_t layer)
{
    return &w->histogram[layer];
}
