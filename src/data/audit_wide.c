/* audit_wide.c - labels in a wider neighbourhood, of up to 32 examples.
 *
 * Ten neighbours cannot tell wrong labels from classes that overlap: seven of ten may be either.
 * Of 32, wrong labels leave about the same share everywhere, while classes that overlap mix evenly
 * in some places and not at all in others. And shares of so many show whether features and labels
 * have anything to do with each other, however rare a class is. */
#include "data/audit.h"
#include "data/neighbourhood.h"

#include "base/memory.h"

#include <math.h>
#include <string.h>

enum { WIDE = 32, PART = 8, LEAST = 3 };

bool dsc_wide_create(dsc_wide *w, const dsc_audit_sample *s)
{
    const size_t part = s->n / PART;

    *w = (dsc_wide){.s = s, .count = part < LEAST ? LEAST : part > WIDE ? WIDE : (int)part};
    w->labels =
        s->o->data->labels ? dsc_alloc((size_t)s->o->data->outputs, sizeof *w->labels) : NULL;
    return w->labels || !s->o->data->labels;
}

void dsc_wide_free(dsc_wide *w)
{
    dsc_free(w->labels);
}

void dsc_wide_see(dsc_wide *w, const dsc_neighbourhood *hood, size_t self)
{
    const dsc_audit_sample *s = w->s;
    const int32_t *label = s->o->data->labels;
    size_t place[WIDE] = {0};
    int most = 0;

    if (!w->labels || hood->among <= (size_t)w->count)
        return;
    dsc_neighbourhood_nearest(hood, (size_t)w->count, place);
    memset(w->labels, 0, (size_t)s->o->data->outputs * sizeof *w->labels);
    for (int k = 0; k < w->count; k++) {
        const int n = ++w->labels[label[s->index[place[k]]]];
        most = n > most ? n : most;
    }
    const double share = (double)most / w->count;
    w->asked++;
    w->sum += share;
    w->squares += share * share;
    w->own += (double)w->labels[label[s->index[self]]] / w->count;
}

/* The share of pairs with equal labels. */
static double equal_by_chance(dsc_wide *w)
{
    const dsc_audit_sample *s = w->s;
    double pairs = 0.0;

    memset(w->labels, 0, (size_t)s->o->data->outputs * sizeof *w->labels);
    for (size_t i = 0; i < s->n; i++)
        pairs += w->labels[s->o->data->labels[s->index[i]]]++;
    return 2.0 * pairs / ((double)s->n * ((double)s->n - 1.0));
}

void dsc_wide_tell(dsc_wide *w, dsc_audit *out)
{
    if (w->asked == 0)
        return;
    const double n = (double)w->asked, mean = w->sum / n, by_chance = equal_by_chance(w);
    const double binomial = mean * (1.0 - mean) / w->count, room = 1.0 - by_chance;

    out->wide_neighbours = w->count;
    out->wide_agree = mean;
    out->wide_spread = binomial > 0.0 ? (w->squares / n - mean * mean) / binomial : (double)NAN;
    if (!(room > 0.0))
        return;
    out->kinship = (w->own / n - by_chance) / room;
    /* neighbours of one example are asked about one label: pairs are not independent */
    out->kinship_error = sqrt(by_chance * room / n * (1.0 / w->count + room / 8.0)) / room;
}
