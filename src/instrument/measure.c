/* measure.c - the instruments of a training: what they hold, and what they tell. */
#include "instrument/inside.h"

#include "base/memory.h"
#include "base/parallel.h"

#include <string.h>

/* A vector like w; NULL also when nobody wants it. */
static void *vector(dsc_instruments *m, bool wanted, bool *good)
{
    void *v = wanted ? dsc_alloc(1, m->bytes) : NULL;

    *good = *good && (v || !wanted);
    return v;
}

static bool make_vectors(dsc_instruments *m)
{
    const unsigned sees = m->choice.sees;
    bool good = true;

    m->before = vector(m, sees & DSC_SEES_MOVE, &good);
    m->first = vector(m, sees & DSC_SEES_START, &good);
    m->g = vector(m, sees & DSC_SEES_GRADIENT, &good);
    m->previous = vector(m, sees & DSC_SEES_PREVIOUS, &good);
    m->direction = vector(m, m->choice.searches, &good);
    for (int i = 0; i < 3; i++)
        m->room[i] = vector(m, m->choice.searches, &good);
    if (m->first)
        memcpy(m->first, m->o.w, m->bytes);
    return good;
}

/* Layers are cut where threads may share them; see dsc_vector_piece(). */
static bool make_pieces(dsc_instruments *m)
{
    const size_t most = dsc_vector_piece(m->n);

    m->piece = dsc_alloc(m->n / most + m->layers.n + 1, sizeof *m->piece);
    for (size_t i = 0; m->piece && i < m->layers.n; i++) {
        const dsc_measured *layer = &m->layers.layer[i];
        for (size_t at = layer->begin; at < layer->end; at += most)
            m->piece[m->n_pieces++] =
                (dsc_piece){at, at + most < layer->end ? at + most : layer->end, i};
    }
    m->piece_sum = dsc_alloc(m->n_pieces + 1, sizeof *m->piece_sum);
    return m->piece && m->piece_sum;
}

static descent_status make(dsc_instruments *m, descent_error *err)
{
    DSC_TRY(dsc_choice_read(&m->choice, m->o.choice, m->o.place, err));
    DSC_TRY(dsc_layers_find(&m->layers, m->o.graph, err));
    if (m->choice.sees & DSC_SEES_ACTIVATIONS)
        DSC_TRY(dsc_watcher_create(&m->watcher, &m->layers, dsc_graph_nodes(m->o.graph), m->type,
                                   m->o.shards, err));
    const size_t n = m->layers.n;
    m->sum = dsc_alloc(n + 1, sizeof *m->sum);
    m->activity = dsc_alloc(n + 1, sizeof *m->activity);
    m->histogram = dsc_alloc(n, sizeof *m->histogram);
    m->value = dsc_alloc(m->choice.n * (n + 1), sizeof *m->value);
    if (!make_vectors(m) || !make_pieces(m) || !m->sum || !m->activity || !m->histogram ||
        !m->value)
        return dsc_fail(err, DESCENT_NOMEM,
                        "out of memory for instruments that look at %zu weights", m->n);
    return DESCENT_OK;
}

descent_status dsc_instruments_create(dsc_instruments **out, const dsc_instruments_options *options,
                                      descent_error *err)
{
    dsc_instruments *m = dsc_alloc(1, sizeof *m);

    *out = NULL;
    if (!m)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for instruments");
    m->o = *options;
    m->type = dsc_graph_type(options->graph);
    m->n = dsc_graph_parameters(options->graph);
    m->bytes = m->n * (m->type == DESCENT_F64 ? sizeof(double) : sizeof(float));
    m->vector = dsc_vectors_choose(m->type, dsc_level_choose());
    m->memory.kept_step = m->previous_step = -1;
    const descent_status status = make(m, err);
    if (status != DESCENT_OK) {
        dsc_instruments_free(m);
        return status;
    }
    *out = m;
    return DESCENT_OK;
}

void dsc_instruments_free(dsc_instruments *m)
{
    if (!m)
        return;
    void *const owned[] = {m->before,  m->first,    m->g,         m->previous, m->direction,
                           m->room[0], m->room[1],  m->room[2],   m->piece,    m->piece_sum,
                           m->sum,     m->activity, m->histogram, m->value};
    for (size_t i = 0; i < sizeof owned / sizeof *owned; i++)
        dsc_free(owned[i]);
    dsc_watcher_free(m->watcher);
    dsc_layers_free(&m->layers);
    dsc_free(m);
}

size_t dsc_instruments_bytes(const dsc_instruments *m)
{
    const void *const vectors[] = {m->before,    m->first,   m->g,       m->previous,
                                   m->direction, m->room[0], m->room[1], m->room[2]};
    size_t bytes = m->watcher ? dsc_watcher_bytes(m->watcher) : 0;

    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++)
        bytes += vectors[i] ? dsc_block_bytes(m->bytes) : 0;
    return bytes;
}

/* --- what there is to tell -------------------------------------------------------------------- */

const dsc_layers *dsc_instruments_layers(const dsc_instruments *m)
{
    return &m->layers;
}

const dsc_instrument *dsc_instruments_chosen(const dsc_instruments *m, size_t i)
{
    return i < m->choice.n ? m->choice.instrument[i] : NULL;
}

double dsc_instruments_whole(const dsc_instruments *m, size_t i)
{
    return m->value[i * (m->layers.n + 1) + m->layers.n];
}

const double *dsc_instruments_of_layers(const dsc_instruments *m, size_t i)
{
    return &m->value[i * (m->layers.n + 1)];
}

const dsc_histogram *dsc_instruments_histogram(const dsc_instruments *m, bool activations,
                                               size_t layer)
{
    const dsc_histogram *h;

    if (!m->histograms || (activations && !m->watcher))
        return NULL;
    h = activations ? dsc_watcher_histogram(m->watcher, layer) : &m->histogram[layer];
    return h->there ? h : NULL;
}

dsc_measured_step dsc_instruments_step(const dsc_instruments *m)
{
    return (dsc_measured_step){.sums = &m->sum[m->layers.n], .g = m->g, .before = m->before};
}

int dsc_instruments_memory(dsc_instruments *m, dsc_memory out[DSC_INSTRUMENT_PARTS])
{
    int n = 0;

    out[n++] = (dsc_memory){"instruments.numbers", DESCENT_F64, sizeof m->memory / sizeof(double),
                            &m->memory};
    if (m->previous)
        out[n++] = (dsc_memory){"instruments.gradient", m->type, m->n, m->g};
    if (m->direction)
        out[n++] = (dsc_memory){"instruments.direction", m->type, m->n, m->direction};
    return n;
}
