/* diagnose.c - gathers what happens in a training, and has findings judge it. */
#include "train/diagnose.h"

#include "base/memory.h"

#include <math.h>
#include <string.h>

/* Instruments and the fields they fill. */
#define FIELD(of, name)       \
  {                           \
#    name, offsetof(of, name) \
  }
static const struct {
    const char *instrument;
    size_t field;
} whole[] = {FIELD(dsc_moment, grad_norm),   FIELD(dsc_moment, update_ratio),
             FIELD(dsc_moment, grad_cosine), FIELD(dsc_moment, noise_scale),
             FIELD(dsc_moment, distance),    FIELD(dsc_moment, dead_units),
             FIELD(dsc_moment, saturation)},
  layers[] = {FIELD(dsc_layer_moment, grad_norm),
              FIELD(dsc_layer_moment, update_ratio),
              FIELD(dsc_layer_moment, distance),
              FIELD(dsc_layer_moment, dead_units),
              FIELD(dsc_layer_moment, saturation),
              FIELD(dsc_layer_moment, activation_mean),
              FIELD(dsc_layer_moment, activation_deviation)};
#undef FIELD

enum { N_WHOLE = sizeof whole / sizeof *whole, N_LAYERS = sizeof layers / sizeof *layers };
_Static_assert((int)N_WHOLE <= DSC_FIELDS && (int)N_LAYERS <= DSC_FIELDS,
               "a diagnosis has room for the instruments it reads");

static int find_instrument(const dsc_fit *fit, const char *name)
{
    const dsc_instrument *one;

    for (size_t i = 0; (one = dsc_instruments_chosen(fit->instruments, i)) != NULL; i++)
        if (strcmp(one->info.name, name) == 0)
            return (int)i;
    return -1;
}

static bool make_layers(dsc_diagnosis *d, const dsc_fit *fit)
{
    const dsc_layers *all = dsc_instruments_layers(fit->instruments);

    d->layer = dsc_alloc(all->n, sizeof *d->layer);
    d->layer_moment = dsc_alloc(d->room.moments * all->n, sizeof *d->layer_moment);
    d->start_layer = dsc_alloc(all->n, sizeof *d->start_layer);
    if (!d->layer || !d->layer_moment || !d->start_layer)
        return false;
    for (size_t i = 0; i < all->n; i++)
        d->layer[i] = dsc_diagnosis_layer(fit, &all->layer[i]);
    d->c.layers = all->n;
    for (int i = 0; i < (int)N_WHOLE; i++)
        d->whole[i] = find_instrument(fit, whole[i].instrument);
    for (int i = 0; i < (int)N_LAYERS; i++)
        d->layers[i] = find_instrument(fit, layers[i].instrument);
    return true;
}

/* Of the course as it is planned; a resume may end a stretch before its time. */
static void make_room(dsc_diagnosis *d, const dsc_fit *fit)
{
    const size_t steps = (size_t)fit->steps,
                 epochs = (size_t)(fit->windows / fit->steps_per_epoch) + 1;

    d->c.step_loss_every = (steps + DSC_STEP_LOSSES - 1) / DSC_STEP_LOSSES;
    d->room = (dsc_course_room){.moments = steps / (size_t)fit->stretch_length + DSC_RESUMES,
                                .step_losses = steps / d->c.step_loss_every + 1,
                                .epochs = epochs < DSC_EPOCHS ? epochs : DSC_EPOCHS};
}

descent_status dsc_diagnosis_create(dsc_fit *fit, descent_error *err)
{
    dsc_diagnosis *d = fit->options->diagnose ? dsc_alloc(1, sizeof *d) : NULL;

    fit->diagnosis = d;
    if (!fit->options->diagnose)
        return DESCENT_OK;
    bool good = d != NULL;
    if (d) {
        make_room(d, fit);
        dsc_diagnosis_see_rates(d, fit);
        d->moment = dsc_alloc(d->room.moments, sizeof *d->moment);
        d->step_loss = dsc_alloc(d->room.step_losses, sizeof *d->step_loss);
        d->epoch = dsc_alloc(d->room.epochs, sizeof *d->epoch);
        good = d->moment && d->step_loss && d->epoch;
        good = good && (!fit->instruments || make_layers(d, fit));
        good = good && dsc_diagnosis_make_look(d, fit) && dsc_probe_create(d, fit);
    }
    if (!good)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for the diagnosis");
    d->c.moment = d->moment;
    d->c.layer = d->layer;
    d->c.layer_moment = d->layer_moment;
    d->c.step_loss = d->step_loss;
    d->c.epoch = d->epoch;
    d->c.start.update_ratio = d->c.start.grad_norm = (double)NAN;
    d->c.wait_share = d->c.start.loss = d->c.start.gradient_error = (double)NAN;
    dsc_diagnosis_plan(d, fit);
    DSC_TRY(dsc_diagnosis_prepare(d, fit, err));
    DSC_TRY(dsc_norm_create(d, fit, err));
    return dsc_diagnosis_audit(d, fit, err);
}

void dsc_diagnosis_free(dsc_diagnosis *d)
{
    if (!d)
        return;
    dsc_probe_free(d);
    dsc_norm_free(d);
    void *const owned[] = {d->moment,      d->layer,     d->layer_moment,
                           d->start_layer, d->step_loss, d->epoch};
    dsc_free(d->optimizer_look);
    for (size_t i = 0; i < sizeof owned / sizeof *owned; i++)
        dsc_free(owned[i]);
    dsc_diagnosis_release(d);
    dsc_free(d);
}

/* --- what happens ----------------------------------------------------------------------------- */

static void set(void *moment, size_t field, double value)
{
    memcpy((char *)moment + field, &value, sizeof value);
}

static void read_whole(const dsc_diagnosis *d, const dsc_fit *fit, dsc_moment *m)
{
    for (int i = 0; i < (int)N_WHOLE; i++)
        set(m, whole[i].field,
            d->whole[i] >= 0 ? dsc_instruments_whole(fit->instruments, (size_t)d->whole[i])
                             : (double)NAN);
}

static void read_layers(const dsc_diagnosis *d, const dsc_fit *fit, dsc_layer_moment *out)
{
    for (size_t layer = 0; layer < d->c.layers; layer++)
        for (int i = 0; i < (int)N_LAYERS; i++) {
            const int from = d->layers[i];
            set(&out[layer], layers[i].field,
                from >= 0 ? dsc_instruments_of_layers(fit->instruments, (size_t)from)[layer]
                          : (double)NAN);
        }
}

/* The untrained network: nothing has moved when the first step's activations are seen. */
static void note_start(dsc_diagnosis *d, const dsc_fit *fit, double loss)
{
    d->c.start.loss = loss;
    if (!fit->new_numbers)
        return;
    dsc_moment first;
    read_whole(d, fit, &first);
    d->c.start.update_ratio = first.update_ratio;
    d->c.start.grad_norm = first.grad_norm;
    read_layers(d, fit, d->start_layer);
    d->c.start_layer = d->start_layer;
}

void dsc_diagnosis_step(dsc_fit *fit, const dsc_step_result *step)
{
    dsc_diagnosis *d = fit->diagnosis;

    if (!d)
        return;
    dsc_case *c = &d->c;
    if (!step->finite && c->skipped == 0.0)
        dsc_trace_step(fit);
    if (!step->finite)
        c->skipped++;
    else if ((size_t)(fit->progress.step - 1) % c->step_loss_every == 0 &&
             c->step_losses < d->room.step_losses)
        d->step_loss[c->step_losses++] = (float)step->loss;
    if (step->finite) {
        dsc_diagnosis_count_clipped(fit);
        dsc_probe_step(d, fit);
    }
    if (step->finite && fit->progress.step == 1)
        note_start(d, fit, step->loss);
}

static void read_instruments(dsc_diagnosis *d, const dsc_fit *fit, dsc_moment *m)
{
    read_whole(d, fit, m);
    dsc_diagnosis_optimizer(d, fit, m);
    if (d->layer_moment)
        read_layers(d, fit, &d->layer_moment[d->c.moments * d->c.layers]);
}

/* The highest learning rate of a stretch's steps, whose last had `lr`: a schedule may jump up and
 * down again between two lines of the log. Of very many the last are looked at. */
static double highest_lr(const dsc_fit *fit, int64_t first, int64_t last, double lr)
{
    enum { MOST = 4096 };
    const double ended = descent_schedule_factor(fit->schedule, last - 1);
    const int64_t some = last - MOST, begin = first > some ? first : some;
    double most = ended;

    for (int64_t step = begin > 0 ? begin : 1; step < last; step++)
        most = fmax(most, descent_schedule_factor(fit->schedule, step - 1));
    return ended > 0.0 ? lr * most / ended : lr;
}

void dsc_diagnosis_stretch(dsc_fit *fit, const descent_train_progress *report)
{
    dsc_diagnosis *d = fit->diagnosis;
    const dsc_stretch_sums *s = &fit->stretch;
    const double none = (double)NAN;

    if (!d || d->c.moments == d->room.moments)
        return;
    dsc_moment *m = &d->moment[d->c.moments];
    *m = (dsc_moment){.first = s->first,
                      .step = (double)report->step,
                      .epoch = (double)report->step / (double)fit->steps_per_epoch,
                      .loss = s->sum / s->count,
                      .loss_low = s->low,
                      .loss_high = s->high,
                      .accuracy = s->labels > 0 ? s->hits / s->labels : none,
                      .lr = report->lr,
                      .lr_high = highest_lr(fit, (int64_t)s->first, report->step, report->lr),
                      .skipped = s->skipped,
                      .measured = fit->new_numbers};
    m->grad_norm = m->update_ratio = m->grad_cosine = m->noise_scale = m->distance = none;
    m->dead_units = m->saturation = m->weight_norm = m->clipped = m->eps_share = none;
    m->step_rms = m->decay_share = m->shortened = m->root = none;
    if (fit->new_numbers)
        read_instruments(d, fit, m);
    d->c.moments++;
}

/* Every second epoch goes when there are too many. */
static void thin_epochs(dsc_diagnosis *d)
{
    const size_t half = d->room.epochs / 2;

    for (size_t i = 0; i < half; i++)
        d->epoch[i] = d->epoch[2 * i + 1];
    d->c.epochs = half;
}

void dsc_diagnosis_epoch(dsc_fit *fit, const descent_train_progress *report)
{
    dsc_diagnosis *d = fit->diagnosis;

    if (!d)
        return;
    if (d->c.epochs == d->room.epochs)
        thin_epochs(d);
    d->epoch[d->c.epochs++] = (dsc_epoch_facts){.step = (double)report->step,
                                                .train_loss = report->loss,
                                                .train_accuracy = report->accuracy,
                                                .test_loss = report->test_loss,
                                                .test_accuracy = report->test_accuracy,
                                                .test_rmse = report->test_rmse};
}

descent_status dsc_diagnosis_end(dsc_fit *fit, descent_train_result *result, descent_error *err)
{
    dsc_diagnosis *d = fit->diagnosis;

    if (!d)
        return DESCENT_OK;
    DSC_TRY(dsc_look_take(d, fit, err));
    d->c.over = true;
    d->c.stopped_early =
        result->stop == DESCENT_STOP_INTERRUPTED || result->stop == DESCENT_STOP_EARLY;
    d->c.gave_up = result->stop == DESCENT_STOP_DIVERGED;
    if (d->c.gave_up && d->c.skipped == 0.0)
        dsc_trace_end(fit);
    d->c.run = fit->options->folder;
    d->c.wait_share = dsc_trainer_fill_share(fit->trainer);
    DSC_TRY(dsc_probe_end(d, fit, err));
    DSC_TRY(dsc_norm_look(d, fit, err));
    d->n_found = dsc_findings_judge(&d->c, DSC_BEFORE | DSC_AFTER, d->found);
    memcpy(result->finding, d->found, d->n_found * sizeof *d->found);
    for (size_t i = 0; i < d->n_found; i++)
        dsc_fit_log_finding(fit, &d->found[i], "end");
    return DESCENT_OK;
}
