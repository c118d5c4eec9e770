/* step.c - one step under the instruments: copies before it, sums and values after. */
#include "instrument/inside.h"

#include "base/parallel.h"

#include <math.h>
#include <string.h>

enum { HISTOGRAMS = 40, SEARCHES = 20 }; /* times a run, about */

bool dsc_instruments_regular(const dsc_instruments *m, int64_t step)
{
    return step % m->o.every == 0 || step == m->o.steps;
}

static bool is_measured(const dsc_instruments *m, int64_t step)
{
    return dsc_instruments_regular(m, step) || (step == 1 && m->o.first);
}

/* What costs more is done at some of the measured steps only, evenly over the run. */
static bool is_one_of(const dsc_instruments *m, int64_t step, int64_t times)
{
    const int64_t all = m->o.steps / m->o.every,
                  apart = all > times ? (all + times - 1) / times : 1;

    return step == m->o.steps || step / m->o.every % apart == 0;
}

/* The pieces of w, one by one. */
static void sum_piece(int index, void *user)
{
    const dsc_instruments *m = user;
    const dsc_piece *p = &m->piece[index];

    m->vector->sum(&m->vectors, p->begin, p->end, &m->piece_sum[index]);
}

static void copy_piece(int index, void *user)
{
    const dsc_instruments *m = user;
    const dsc_piece *p = &m->piece[index];
    const size_t element = m->bytes / m->n;

    memcpy((char *)m->before + p->begin * element, (const char *)m->o.w + p->begin * element,
           (p->end - p->begin) * element);
}

static void for_pieces(dsc_instruments *m, void (*work)(int index, void *user))
{
    dsc_parallel_for(m->n < DSC_FEW_ELEMENTS ? 1 : m->o.threads, (int)m->n_pieces, work, m);
}

dsc_showing dsc_instruments_begin(dsc_instruments *m, int64_t step)
{
    const bool now = is_measured(m, step);
    const bool next = m->previous && step < m->o.steps && is_measured(m, step + 1);
    dsc_showing show = {0};

    if (now && m->before)
        for_pieces(m, copy_piece);
    if (now && m->watcher) {
        m->histograms = m->o.histograms && is_one_of(m, step, HISTOGRAMS);
        dsc_watcher_begin(m->watcher, m->histograms);
        show.watcher = m->watcher;
    }
    if (!(now || next) || !m->g)
        return show;
    /* what is kept becomes the gradient before, unless this step is tried a second time */
    if (m->previous && m->memory.kept_step != (double)step) {
        void *spare = m->previous;
        m->previous = m->g;
        m->g = spare;
        m->previous_step = m->memory.kept_step;
    }
    m->memory.kept_step = (double)step;
    show.g = m->g;
    return show;
}

/* Sums of each layer, and of all. */
static void sum_all(dsc_instruments *m, bool has_previous)
{
    const size_t n = m->layers.n;

    m->vectors = (dsc_step_vectors){.w = m->o.w,
                                    .before = m->before,
                                    .first = m->first,
                                    .g = m->g,
                                    .previous = has_previous ? m->previous : NULL};
    for_pieces(m, sum_piece);
    memset(m->sum, 0, (n + 1) * sizeof *m->sum);
    for (size_t i = 0; i < m->n_pieces; i++) {
        const double *term = (const double *)&m->piece_sum[i];
        double *layer = (double *)&m->sum[m->piece[i].layer], *all = (double *)&m->sum[n];
        for (int k = 0; k < DSC_SUMS; k++) {
            layer[k] += term[k];
            all[k] += term[k];
        }
    }
}

static void sum_activities(dsc_instruments *m)
{
    dsc_activity *all = &m->activity[m->layers.n];

    *all = (dsc_activity){0};
    for (size_t i = 0; m->watcher && i < m->layers.n; i++) {
        const dsc_activity a = dsc_watcher_sum(m->watcher, i);
        m->activity[i] = a;
        all->units += a.units;
        all->dead += a.dead;
        if (!a.squeezes)
            continue;
        all->squeezes = true;
        all->ends += a.ends;
        all->count += a.count;
    }
}

static double search(dsc_instruments *m, size_t i)
{
    const dsc_search s = {.n = m->n,
                          .bytes = m->bytes,
                          .w = m->o.w,
                          .direction = m->direction,
                          .before = m->room[0],
                          .above = m->room[1],
                          .below = m->room[2],
                          .param = m->choice.param[i],
                          .vector = m->vector,
                          .seed = m->o.seed,
                          .gradient = m->o.gradient,
                          .user = m->o.user};

    return m->choice.instrument[i]->search(&s);
}

static void value_all(dsc_instruments *m, size_t i, bool has_previous, int64_t step,
                      size_t examples)
{
    const dsc_instrument *instrument = m->choice.instrument[i];
    const size_t n = m->layers.n;
    double *value = m->value + i * (n + 1);

    for (size_t k = 0; k <= n; k++)
        value[k] = (double)NAN;
    if (instrument->search) {
        if (is_one_of(m, step, SEARCHES))
            value[n] = search(m, i);
        return;
    }
    const bool activations = instrument->sees & DSC_SEES_ACTIVATIONS;
    for (size_t k = instrument->layers ? 0 : n; k < n + instrument->whole; k++) {
        const dsc_reading view = {.sums = &m->sum[k],
                                  .activity = &m->activity[k],
                                  .has_previous = has_previous,
                                  .examples = (double)examples};
        const bool has =
            k == n || activations ? true : m->layers.layer[k].end > m->layers.layer[k].begin;
        if (has)
            value[k] = instrument->value(&view, k == n ? m->memory.of[m->choice.index[i]] : NULL);
    }
}

/* One layer's weights. */
static void bin_layer(int index, void *user)
{
    dsc_instruments *m = user;
    const dsc_measured *layer = &m->layers.layer[index];
    const size_t element = m->bytes / m->n;

    dsc_histogram_make(&m->histogram[index], m->vector,
                       (const char *)m->o.w + layer->begin * element, layer->end - layer->begin);
}

bool dsc_instruments_end(dsc_instruments *m, int64_t step, size_t examples)
{
    if (!is_measured(m, step))
        return false;
    const bool has_previous = m->previous && m->previous_step == (double)(step - 1);
    sum_all(m, has_previous);
    sum_activities(m);
    for (size_t i = 0; i < m->choice.n; i++)
        value_all(m, i, has_previous, step, examples);
    m->histograms = m->o.histograms && is_one_of(m, step, HISTOGRAMS);
    if (m->histograms)
        dsc_parallel_for(m->n < DSC_FEW_ELEMENTS ? 1 : m->o.threads, (int)m->layers.n, bin_layer,
                         m);
    return true;
}
