/* depth.c - how gradients change on their way from a network's last layer to its first. */
#include "finding/finding.h"

#include <math.h>
#include <string.h>

/* Layers whose gradients can be compared: those with a matrix or filters in which every number is
 * used for every example. */
static bool compares(const dsc_layer_facts *layer)
{
    static const char *const others[] = {"norm", "embedding", "position", "prelu"};

    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strstr(layer->kind, others[i]))
            return false;
    return layer->weights > 0 && !layer->frozen;
}

/* Root of the mean square of a layer's gradient, as a logarithm; NaN: it is 0 or unknown. */
static double log_size(const dsc_layer_facts *layer, const dsc_layer_moment *m)
{
    return m->grad_norm > 0.0 && isfinite(m->grad_norm)
               ? log(m->grad_norm / sqrt((double)layer->weights))
               : (double)NAN;
}

/* Sums of one moment: a straight line through the logarithms, from first layer to last. */
typedef struct line {
    double n, x, y, xx, xy, first, last;
} line;

static line look(const dsc_case *c, const dsc_layer_moment *at)
{
    line l = {.first = (double)NAN};

    for (size_t i = 0; i < c->layers; i++) {
        const double y = compares(&c->layer[i]) ? log_size(&c->layer[i], &at[i]) : (double)NAN;
        if (isnan(y))
            continue;
        l.first = l.n > 0.0 ? l.first : y;
        l.last = y;
        l.x += l.n;
        l.y += y;
        l.xx += l.n * l.n;
        l.xy += l.n * y;
        l.n++;
    }
    return l;
}

/* Sums over moments. */
typedef struct mean {
    double ratio, slope, n;
} mean;

static void add(mean *m, const line *l)
{
    if (l->n < 2.0)
        return;
    m->ratio += l->first - l->last;
    /* towards the input, so the other way round */
    m->slope -= (l->n * l->xy - l->x * l->y) / (l->n * l->xx - l->x * l->x);
    m->n++;
}

static void name_ends(const dsc_case *c, dsc_depth *out)
{
    for (size_t i = 0; i < c->layers; i++)
        if (compares(&c->layer[i])) {
            out->first = out->layers == 0 ? c->layer[i].name : out->first;
            out->last = c->layer[i].name;
            out->layers++;
        }
}

bool dsc_depth_read(const dsc_case *c, double to, dsc_depth *out)
{
    const double all = c->moments > 0 ? c->moment[c->moments - 1].step : 0.0;
    mean m = {0};

    *out = (dsc_depth){.ratio = (double)NAN, .factor = (double)NAN};
    if (c->start_layer) {
        const line l = look(c, c->start_layer);
        add(&m, &l);
    }
    for (size_t i = 0; c->layer_moment && i < c->moments; i++) {
        if (!(c->moment[i].measured > 0.0) || c->moment[i].step > to * all)
            continue;
        const line l = look(c, c->layer_moment + i * c->layers);
        add(&m, &l);
    }
    if (m.n == 0.0)
        return false;
    name_ends(c, out);
    out->ratio = exp(m.ratio / m.n);
    out->factor = exp(m.slope / m.n);
    return out->layers > 1;
}

double dsc_depth_length(const dsc_case *c)
{
    double sum = 0.0, n = 0.0;

    for (size_t i = 0; c->start_layer && i < c->layers; i++)
        if (c->start_layer[i].grad_norm > 0.0) {
            sum += log(c->start_layer[i].grad_norm);
            n++;
        }
    const double targets = c->start.target_magnitude > 1.0 ? c->start.target_magnitude : 1.0;
    return n > 0.0 ? exp(sum / n) / targets : (double)NAN;
}

const dsc_layer_facts *dsc_layer_largest(const dsc_case *c, const dsc_layer_moment *at,
                                         size_t field, double *value)
{
    const dsc_layer_facts *found = NULL;

    *value = (double)NAN;
    for (size_t i = 0; at && i < c->layers; i++) {
        double x;
        memcpy(&x, (const char *)&at[i] + field, sizeof x);
        if (!isnan(x) && !(x <= *value)) {
            *value = x;
            found = &c->layer[i];
        }
    }
    return found;
}

bool dsc_layer_recurs(const dsc_layer_facts *layer)
{
    return strcmp(layer->kind, "rnn") == 0 || strcmp(layer->kind, "lstm") == 0 ||
           strcmp(layer->kind, "gru") == 0;
}
