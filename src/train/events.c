/* events.c - what a training writes to its log: see log.h. */
#include "train/fit.h"

#include "finding/finding.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

void dsc_fit_log_start(const dsc_fit *fit)
{
    const dsc_settings *set = fit->settings;
    const dsc_instruments *m = fit->options->instruments ? fit->instruments : NULL;
    const dsc_layers *layers = m ? dsc_instruments_layers(m) : NULL;
    const char *name[DSC_MAX_INSTRUMENTS];
    size_t n = 0;
    const descent_train_options *o = fit->options;
    const dsc_log_field asked[] = {
        {"kernel", .text = o->kernels ? o->kernels : "auto"},
        {"instruments", .text = o->instruments, .number = (double)NAN},
        {"snapshots", .number = (double)dsc_snapshot_count(fit)},
        {"stop_on", .text = o->stop_on, .number = (double)NAN},
        {"findings", .number = o->diagnose != 0},
    };

    for (size_t i = 0; m && dsc_instruments_chosen(m, i); i++)
        if (dsc_fit_tells(fit, i))
            name[n++] = dsc_instruments_chosen(m, i)->info.name;
    const dsc_log_field field[] = {
        {"data", .text = set->data},
        {"model", .text = set->model},
        {"loss", .text = set->loss},
        {"optimizer", .text = set->optimizer},
        {"augment", .text = fit->recipe->setting[DSC_KEY_augment].text, .number = (double)NAN},
        {"group", .text = fit->recipe->setting[DSC_KEY_group].text, .number = (double)NAN},
        {"schedule", .text = set->schedule},
        {"batch", .number = (double)set->batch},
        {"accumulate", .number = set->accumulate},
        {"epochs", .number = set->epochs},
        {"seed", .number = (double)set->seed},
        {"shards", .number = set->shards},
        {"train_count", .number = (double)fit->split->n_train},
        {"test_count", .number = (double)fit->split->n_test},
        {"parameters", .number = (double)fit->model->n_w},
        {"steps", .number = (double)fit->steps},
        {"options", .object = asked, .n = sizeof asked / sizeof *asked},
        {"instruments", .texts = m ? name : NULL, .n = n, .number = (double)NAN},
        {"layers", .texts = m ? layers->name : NULL, .n = m ? layers->n : 0, .number = (double)NAN},
    };
    enum { N = sizeof field / sizeof *field };

    /* the last two are of instruments */
    dsc_log_event(fit->log, "start", field, m ? N : N - 2);
}

/* What of an event a clock says. */
static void log_clock(const dsc_fit *fit, const char *event, double step, double seconds,
                      double samples_per_second)
{
    const dsc_log_field field[] = {
        {"step", .number = step},
        {"seconds", .number = seconds},
        {"samples_per_second", .number = samples_per_second},
    };

    dsc_log_clock(fit->log, event, field, sizeof field / sizeof *field);
}

void dsc_fit_log_resume(const dsc_fit *fit)
{
    log_clock(fit, "resume", (double)fit->progress.step, fit->progress.seconds, (double)NAN);
}

void dsc_fit_log_change(const dsc_fit *fit, const char *key, const char *from, const char *to)
{
    const dsc_log_field field[] = {
        {"step", .number = (double)fit->progress.step},
        {"key", .text = key},
        {"from", .text = from, .number = (double)NAN},
        {"to", .text = to, .number = (double)NAN},
    };

    dsc_log_event(fit->log, "change", field, sizeof field / sizeof *field);
}

void dsc_fit_log_result(const dsc_fit *fit, const descent_train_result *r)
{
    double findings = 0.0; /* that harm the result */

    for (const descent_finding *f = r->finding; f->name; f++)
        findings += f->severity != DESCENT_NOTE && !dsc_finding_reads_clock(f->name);
    const dsc_log_field field[] = {
        {"stop", .text = descent_stop_text(r->stop)},
        {"steps", .number = (double)r->steps},
        {"skipped_steps", .number = (double)r->skipped_steps},
        {"epochs", .number = r->epochs},
        {"train_loss", .number = r->train_loss},
        {"test_loss", .number = r->test_loss},
        {"test_accuracy", .number = r->test_accuracy},
        {"test_rmse", .number = r->test_rmse},
        {"findings", .number = findings},
        {"test_perplexity", .number = exp(r->test_loss)}, /* of text only */
    };
    const size_t n = sizeof field / sizeof *field;

    log_clock(fit, "result", (double)r->steps, r->seconds, r->samples_per_second);
    dsc_log_event(fit->log, "result", field, fit->data->tokens ? n : n - 1);
}

void dsc_fit_log_finding(const dsc_fit *fit, const descent_finding *f, const char *when)
{
    const dsc_log_field field[] = {
        {"step", .number = (double)fit->progress.step},
        {"when", .text = when},
        {"name", .text = f->name},
        {"severity", .text = descent_severity_text(f->severity)},
        {"confidence", .number = f->confidence},
        {"evidence", .text = f->evidence},
        {"cause", .text = f->cause},
        {"remedy", .text = f->remedy},
        {"flags", .text = f->flags},
    };

    (dsc_finding_reads_clock(f->name) ? dsc_log_clock : dsc_log_event)(
        fit->log, "finding", field, sizeof field / sizeof *field);
}

/* A training of very many epochs tells of so many, evenly spread, and of the last. */
static bool tells_epoch(const descent_train_progress *r)
{
    enum { MOST = 10000 };
    const int every = (r->epochs + MOST - 1) / MOST;

    return every <= 1 || r->epoch % every == 0 || r->epoch == r->epochs;
}

void dsc_fit_log_epoch(const dsc_fit *fit, const descent_train_progress *r)
{
    if (!tells_epoch(r))
        return;
    const dsc_log_field field[] = {
        {"epoch", .number = r->epoch},
        {"step", .number = (double)r->step},
        {"train_loss", .number = r->loss},
        {"train_accuracy", .number = r->accuracy},
        {"test_loss", .number = r->test_loss},
        {"test_accuracy", .number = r->test_accuracy},
        {"test_rmse", .number = r->test_rmse},
        {"lr", .number = r->lr},
        {"test_perplexity", .number = exp(r->test_loss)},
    };
    const size_t n = sizeof field / sizeof *field;

    log_clock(fit, "epoch", (double)r->step, r->seconds, r->samples_per_second);
    /* the last is for text only */
    dsc_log_event(fit->log, "epoch", field, fit->data->tokens ? n : n - 1);
}

/* Every skipped step for a while, then each time that there are twice as many. */
static bool tells_skip(int64_t skipped)
{
    enum { ALL = 100 };

    return skipped <= ALL || (skipped & (skipped - 1)) == 0;
}

void dsc_fit_log_skip(const dsc_fit *fit, const descent_train_progress *r, int64_t element,
                      double loss)
{
    if (!tells_skip(r->skipped))
        return;
    const dsc_log_field field[] = {
        {"step", .number = (double)r->step + 1},
        {"epoch", .number = r->epoch},
        {"segment", .text = *r->culprit ? r->culprit : NULL, .number = (double)NAN},
        {"element", .number = element >= 0 ? (double)element : (double)NAN},
        {"loss", .number = loss},
        {"in_a_row", .number = (double)descent_optimizer_skipped_in_a_row(fit->optimizer)},
        {"skipped", .number = (double)r->skipped},
    };

    dsc_log_event(fit->log, "skip", field, sizeof field / sizeof *field);
}

/* Room for the fields that instruments add to a line. */
typedef struct added {
    dsc_log_field field[3 * DSC_MAX_INSTRUMENTS + 1], layers[DSC_MAX_INSTRUMENTS];
    char low[DSC_MAX_INSTRUMENTS][40], high[DSC_MAX_INSTRUMENTS][40];
    size_t n, n_layers;
} added;

/* Measured once a stretch, so low and high are the value itself; readers that put lines together
 * keep them apart. */
static void add_instruments(const dsc_fit *fit, added *a)
{
    const dsc_instruments *m = fit->instruments;
    const dsc_instrument *instrument;

    a->n = a->n_layers = 0;
    for (size_t i = 0; (instrument = dsc_instruments_chosen(m, i)) != NULL; i++) {
        const char *name = instrument->info.name;
        const double value = dsc_instruments_whole(m, i);
        if (!dsc_fit_tells(fit, i))
            continue;
        if (isfinite(value)) {
            snprintf(a->low[i], sizeof a->low[i], "%s_low", name);
            snprintf(a->high[i], sizeof a->high[i], "%s_high", name);
            a->field[a->n++] = (dsc_log_field){name, .number = value};
            a->field[a->n++] = (dsc_log_field){a->low[i], .number = value};
            a->field[a->n++] = (dsc_log_field){a->high[i], .number = value};
        }
        if (instrument->layers)
            a->layers[a->n_layers++] = (dsc_log_field){
                name, .list = dsc_instruments_of_layers(m, i), .n = dsc_instruments_layers(m)->n};
    }
    if (a->n_layers > 0)
        a->field[a->n++] = (dsc_log_field){"layers", .object = a->layers, .n = a->n_layers};
}

static void log_histogram(const dsc_fit *fit, bool activations, size_t layer)
{
    const dsc_histogram *h = dsc_instruments_histogram(fit->instruments, activations, layer);

    if (!h)
        return;
    const dsc_log_field field[] = {
        {"step", .number = (double)fit->progress.step},
        {"of", .text = activations ? "activations" : "weights"},
        {"layer", .text = dsc_instruments_layers(fit->instruments)->name[layer]},
        {"low", .number = h->low},
        {"high", .number = h->high},
        {"counts", .list = h->count, .n = DSC_BINS},
    };
    dsc_log_event(fit->log, "histogram", field, sizeof field / sizeof *field);
}

void dsc_fit_log_steps(dsc_fit *fit, const descent_train_progress *r)
{
    const dsc_stretch_sums *s = &fit->stretch;
    const double labels = s->labels;
    const dsc_log_field field[] = {
        {"first", .number = s->first},
        {"step", .number = (double)r->step},
        {"epoch", .number = r->epoch},
        {"loss", .number = s->sum / s->count},
        {"loss_low", .number = s->low},
        {"loss_high", .number = s->high},
        {"accuracy", .number = labels > 0 ? s->hits / labels : (double)NAN},
        {"lr", .number = r->lr},
        {"skipped", .number = s->skipped},
    };
    enum { N = sizeof field / sizeof *field };
    dsc_log_field all[N + 3 * DSC_MAX_INSTRUMENTS + 1];
    added more;

    memcpy(all, field, sizeof field);
    more.n = 0;
    const bool tells = fit->new_numbers && fit->options->instruments &&
                       dsc_instruments_regular(fit->instruments, fit->progress.step);
    if (tells)
        add_instruments(fit, &more);
    memcpy(all + N, more.field, more.n * sizeof *all);
    log_clock(fit, "steps", (double)r->step, r->seconds,
              s->seconds > 0 ? s->samples / s->seconds : (double)NAN);
    dsc_log_event(fit->log, "steps", all, N + more.n);
    for (size_t i = 0; tells && i < dsc_instruments_layers(fit->instruments)->n; i++) {
        log_histogram(fit, false, i);
        log_histogram(fit, true, i);
    }
    fit->stretch = (dsc_stretch_sums){0};
}
