/* diagnose_layers.c - what model and recipe say of each layer, as findings want it. */
#include "train/diagnose.h"

#include <math.h>
#include <string.h>

/* "0.1 conv" is of kind "conv". */
static const char *kind_of(const char *name)
{
    const char *blank = strrchr(name, ' ');

    return blank ? blank + 1 : name;
}

static double lr_of(const dsc_fit *fit, size_t segment)
{
    descent_treatment t = {.lr = (double)NAN};

    descent_optimizer_treatment(fit->optimizer, segment, &t);
    return t.frozen ? 0.0 : t.lr;
}

void dsc_diagnosis_see_rates(dsc_diagnosis *d, const dsc_fit *fit)
{
    d->largest_lr = 0.0;
    for (size_t i = 0; i < fit->model->n_segments; i++)
        d->largest_lr = fmax(d->largest_lr, lr_of(fit, i));
}

double dsc_diagnosis_rate(const dsc_fit *fit, size_t segment)
{
    const double largest = fit->diagnosis->largest_lr;

    return largest > 0.0 ? lr_of(fit, segment) / largest : (double)NAN;
}

/* Fills in how a layer learns: the largest rate of its segments, and whether all are frozen. */
static void look_at_rates(dsc_layer_facts *out, const dsc_fit *fit, const dsc_measured *layer)
{
    size_t weights = 0, frozen = 0;

    out->rate = (double)NAN;
    for (size_t i = 0; i < fit->model->n_segments; i++) {
        const descent_segment *s = &fit->model->segment[i];
        descent_treatment t = {.frozen = 0};
        if (s->offset < layer->begin || s->offset >= layer->end)
            continue;
        descent_optimizer_treatment(fit->optimizer, i, &t);
        weights += s->count;
        frozen += t.frozen ? s->count : 0;
        out->rate = fmax(out->rate, dsc_diagnosis_rate(fit, i));
    }
    out->frozen = weights > 0 && frozen == weights;
}

dsc_layer_facts dsc_diagnosis_layer(const dsc_fit *fit, const dsc_measured *layer)
{
    dsc_layer_facts out = {.name = layer->name,
                           .kind = kind_of(layer->name),
                           .weights = layer->end - layer->begin,
                           .units = layer->units,
                           .channels = layer->channels,
                           .silent_at_start = (double)NAN,
                           .silent = (double)NAN};

    look_at_rates(&out, fit, layer);
    return out;
}
