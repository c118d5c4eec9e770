/* diagnose_save.c - what a diagnosis remembers, for checkpoints: a resumed run has the findings of
 * an uninterrupted one. What is known before the first step (plan, data) is found out again. */
#include "train/diagnose.h"

#include "model/tensors.h"

#include <string.h>

/* Structs are saved as the numbers they consist of. */
#define NUMBERS(type) (sizeof(type) / sizeof(double))
_Static_assert(sizeof(dsc_moment) % sizeof(double) == 0 &&
                   sizeof(dsc_layer_moment) % sizeof(double) == 0 &&
                   sizeof(dsc_epoch_facts) % sizeof(double) == 0 &&
                   sizeof(dsc_watched) % sizeof(double) == 0,
               "moments are numbers only");

/* Counts of what follows, and single numbers; in d->saved. */
enum {
    MOMENTS,
    EPOCHS,
    STEP_LOSSES,
    HAS_START,
    SKIPPED,
    START_LOSS,
    START_UPDATE,
    START_GRADIENT,
    CLIPPED,
    LOOKS, /* that the mean of the weights is of */
    HAS_HALF,
    N_SAVED
};
_Static_assert((int)N_SAVED <= (int)DSC_SAVED, "a diagnosis has room for its single numbers");

static void add(dsc_part *part, int *n, const char *name, descent_type type, size_t count,
                void *data)
{
    if (count == 0)
        return;
    part[*n] = (dsc_part){.type = type, .count = count, .data = data};
    memcpy(part[(*n)++].name, name, strlen(name) + 1);
}

/* Arrays with as many numbers as d->saved says. */
static int arrays(dsc_diagnosis *d, dsc_part *part)
{
    const size_t moments = (size_t)d->saved[MOMENTS], layers = d->c.layers;
    int n = 0;

    add(part, &n, "diagnosis.trace", DESCENT_F64, DSC_TRACE_NUMBERS, d->trace.saved);
    add(part, &n, "diagnosis.moments", DESCENT_F64, moments * NUMBERS(dsc_moment), d->moment);
    add(part, &n, "diagnosis.layers", DESCENT_F64, moments * layers * NUMBERS(dsc_layer_moment),
        d->layer_moment);
    add(part, &n, "diagnosis.epochs", DESCENT_F64,
        (size_t)d->saved[EPOCHS] * NUMBERS(dsc_epoch_facts), d->epoch);
    add(part, &n, "diagnosis.losses", DESCENT_F32, (size_t)d->saved[STEP_LOSSES], d->step_loss);
    add(part, &n, "diagnosis.start", DESCENT_F64,
        d->saved[HAS_START] > 0.0 ? layers * NUMBERS(dsc_layer_moment) : 0, d->start_layer);
    add(part, &n, "diagnosis.mean", DESCENT_F32, d->saved[LOOKS] > 0.0 ? d->n_w : 0, d->mean);
    add(part, &n, "diagnosis.half", DESCENT_F32, d->saved[HAS_HALF] > 0.0 ? d->n_w : 0, d->half);
    return n;
}

/* What looks on the way remember. */
static dsc_part watched(dsc_diagnosis *d)
{
    return (dsc_part){.name = "diagnosis.watched",
                      .type = DESCENT_F64,
                      .count = NUMBERS(dsc_watched),
                      .data = &d->watched};
}

int dsc_diagnosis_parts(dsc_fit *fit, dsc_part part[DSC_DIAGNOSIS_PARTS])
{
    dsc_diagnosis *d = fit->diagnosis;

    if (!d)
        return 0;
    const dsc_case *c = &d->c;
    const double now[N_SAVED] = {
        [MOMENTS] = (double)c->moments,
        [EPOCHS] = (double)c->epochs,
        [STEP_LOSSES] = (double)c->step_losses,
        [HAS_START] = c->start_layer ? 1.0 : 0.0,
        [SKIPPED] = c->skipped,
        [START_LOSS] = c->start.loss,
        [CLIPPED] = d->clipped,
        [START_UPDATE] = c->start.update_ratio,
        [START_GRADIENT] = c->start.grad_norm,
        [LOOKS] = (double)d->looks,
        [HAS_HALF] = d->has_half ? 1.0 : 0.0,
    };
    memcpy(d->saved, now, sizeof now);
    part[0] = (dsc_part){
        .name = "diagnosis.numbers", .type = DESCENT_F64, .count = DSC_SAVED, .data = d->saved};
    part[1] = watched(d);
    return 2 + arrays(d, part + 2);
}

static const dsc_tensor *find(const dsc_tensors *file, const dsc_part *part)
{
    const dsc_tensor *t = dsc_tensors_find(file, part->name);

    return t && t->type == part->type && dsc_tensor_count(t) == part->count ? t : NULL;
}

/* A count that was saved, if there is room for so many. */
static bool fits(double saved, size_t most)
{
    return saved >= 0.0 && saved <= (double)most;
}

void dsc_diagnosis_restore(dsc_fit *fit, const dsc_tensors *file)
{
    dsc_diagnosis *d = fit->diagnosis;
    dsc_part part[DSC_DIAGNOSIS_PARTS];
    const dsc_part numbers = {.name = "diagnosis.numbers", .type = DESCENT_F64, .count = DSC_SAVED};
    const dsc_tensor *t = d ? find(file, &numbers) : NULL;

    if (!t)
        return;
    memcpy(d->saved, t->data, sizeof d->saved);
    if (!fits(d->saved[MOMENTS], d->room.moments) || !fits(d->saved[EPOCHS], d->room.epochs) ||
        !fits(d->saved[STEP_LOSSES], d->room.step_losses) || !fits(d->saved[LOOKS], DSC_LOOKS) ||
        (d->saved[HAS_START] > 0.0 && !d->start_layer))
        return;
    const dsc_tensor *tensor[DSC_DIAGNOSIS_PARTS];
    const int n = arrays(d, part);
    for (int i = 0; i < n; i++) {
        tensor[i] = find(file, &part[i]);
        if (!tensor[i] || !part[i].data)
            return;
    }
    for (int i = 0; i < n; i++)
        memcpy(part[i].data, tensor[i]->data,
               part[i].count * (part[i].type == DESCENT_F64 ? sizeof(double) : sizeof(float)));
    part[0] = watched(d);
    tensor[0] = find(file, &part[0]);
    if (tensor[0])
        memcpy(part[0].data, tensor[0]->data, sizeof(dsc_watched));
    d->c.moments = (size_t)d->saved[MOMENTS];
    d->c.epochs = (size_t)d->saved[EPOCHS];
    d->c.step_losses = (size_t)d->saved[STEP_LOSSES];
    d->c.skipped = d->saved[SKIPPED];
    d->c.start.loss = d->saved[START_LOSS];
    d->clipped = d->saved[CLIPPED];
    d->c.start.update_ratio = d->saved[START_UPDATE];
    d->c.start.grad_norm = d->saved[START_GRADIENT];
    d->looks = (int)d->saved[LOOKS];
    d->has_half = d->saved[HAS_HALF] > 0.0;
    d->c.start_layer = d->saved[HAS_START] > 0.0 ? d->start_layer : NULL;
    dsc_trace_restored(d);
}
