/* silence.c - which relu units are 0 for every example; see silence.h. */
#include "train/silence.h"

#include "base/memory.h"

#include <math.h>
#include <string.h>

/* Units of a layer and the numbers that each has side by side: channels of pictures and sequences,
 * else single numbers. */
static size_t units_of(const dsc_shape *shape, size_t *places)
{
    const size_t all = dsc_shape_count(*shape);

    *places = shape->rank > 1 ? all / (size_t)shape->size[0] : 1;
    return all / *places;
}

static size_t units_of_layer(const dsc_graph *graph, const dsc_measured *layer, size_t *places)
{
    *places = 1;
    return layer->dies ? units_of(&dsc_graph_node(graph, layer->output)->shape, places) : 0;
}

descent_status dsc_silence_create(dsc_silence *out, const dsc_layers *layers,
                                  const dsc_graph *graph, descent_error *err)
{
    size_t units = 0, places;

    for (size_t i = 0; i < layers->n; i++)
        units += units_of_layer(graph, &layers->layer[i], &places);
    *out = (dsc_silence){.layer_of = dsc_alloc(dsc_graph_nodes(graph), sizeof *out->layer_of),
                         .begin = dsc_alloc(layers->n + 1, sizeof *out->begin),
                         .places = dsc_alloc(layers->n, sizeof *out->places),
                         .spoke = dsc_alloc(units, sizeof *out->spoke)};
    if (!out->layer_of || !out->begin || !out->places || !out->spoke)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for the diagnosis of %zu units", units);
    dsc_silence_begin(out, layers, graph);
    return DESCENT_OK;
}

void dsc_silence_free(dsc_silence *silence)
{
    dsc_free(silence->layer_of);
    dsc_free(silence->begin);
    dsc_free(silence->places);
    dsc_free(silence->spoke);
    *silence = (dsc_silence){0};
}

void dsc_silence_begin(dsc_silence *s, const dsc_layers *layers, const dsc_graph *graph)
{
    size_t at = 0;

    for (size_t k = 0; k < dsc_graph_nodes(graph); k++)
        s->layer_of[k] = -1;
    for (size_t i = 0; i < layers->n; i++) {
        s->begin[i] = at;
        at += units_of_layer(graph, &layers->layer[i], &s->places[i]);
        if (layers->layer[i].dies)
            s->layer_of[layers->layer[i].output] = (int)i;
    }
    s->begin[layers->n] = at;
    memset(s->spoke, 0, at * sizeof *s->spoke);
}

static bool speaks(const float *y, size_t places)
{
    for (size_t i = 0; i < places; i++)
        if (y[i] > 0.0f)
            return true;
    return false;
}

void dsc_silence_see(void *user, dsc_id id, const void *y, int rows)
{
    dsc_silence *s = user;
    const int layer = s->layer_of[id];

    if (layer < 0)
        return;
    const size_t begin = s->begin[layer], units = s->begin[layer + 1] - begin;
    const size_t places = s->places[layer];
    const float *at = y;

    for (int row = 0; row < rows; row++)
        for (size_t i = 0; i < units; i++, at += places)
            if (!s->spoke[begin + i])
                s->spoke[begin + i] = speaks(at, places);
}

double dsc_silence_share(const dsc_silence *s, size_t layer)
{
    const size_t begin = s->begin[layer], end = s->begin[layer + 1];
    size_t silent = 0;

    for (size_t i = begin; i < end; i++)
        silent += !s->spoke[i];
    return end > begin ? (double)silent / (double)(end - begin) : (double)NAN;
}
