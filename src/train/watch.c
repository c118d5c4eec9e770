/* watch.c - findings while a training runs: each is told once, when it is new, and one that was
 * named ends the training. Nothing else ever does. */
#include "train/diagnose.h"

#include "base/param.h"
#include "base/spec.h"

#include <string.h>

enum {
    LOOKS = 40, /* ends of epochs that are looked at */
    STAYS = 5   /* stretches in a row: what is seen in one step may be gone in the next */
};

static int index_of(const char *name)
{
    for (int i = 0; i < DSC_MOST_FINDINGS && dsc_finding_at((size_t)i); i++)
        if (strcmp(dsc_finding_at((size_t)i)->info.name, name) == 0)
            return i;
    return -1;
}

static descent_status add(dsc_diagnosis *d, const dsc_spec *item, descent_error *err)
{
    const int index = index_of(item->name);
    char near[80];

    dsc_suggest_entry(item->name, descent_finding_info, near);
    if (index < 0)
        return dsc_fail_at(err, DESCENT_UNKNOWN, item->place, "no finding is called '%s'%s",
                           item->name, near);
    if (item->n_args > 0)
        return dsc_fail_at(err, DESCENT_SYNTAX, item->place,
                           "a finding takes no parameters; between two names stands a comma");
    if ((dsc_finding_at((size_t)index)->when & (DSC_BEFORE | DSC_DURING | DSC_AT_ONCE)) == 0)
        return dsc_fail_at(err, DESCENT_INVALID, item->place,
                           "%s is only seen when a training is over, so it can't end one",
                           item->name);
    d->ends[index] = true;
    return DESCENT_OK;
}

descent_status dsc_watch_prepare(dsc_fit *fit, descent_error *err)
{
    const char *text = fit->options->stop_on;
    const dsc_place place = {.file = "--stop-on", .line_text = text};
    descent_status status = DESCENT_OK;
    dsc_spec_list *list;

    if (!text)
        return DESCENT_OK;
    if (!fit->diagnosis)
        return dsc_fail(err, DESCENT_INVALID,
                        "stop_on waits for a finding, and diagnose = 0 looks for none");
    DSC_TRY(dsc_spec_parse(&list, text, place, err));
    for (int i = 0; i < list->count && status == DESCENT_OK; i++)
        status = add(fit->diagnosis, &list->item[i], err);
    dsc_spec_free(list);
    return status;
}

/* Tells what is likely, when it is new; and whether it ends the training. */
static void take(dsc_fit *fit, const descent_finding *found, int index)
{
    static const double likely = 0.4; /* what is less sure may be gone at the next look */
    dsc_diagnosis *d = fit->diagnosis;

    if (found->confidence < likely)
        return;
    if (d->ends[index] && !d->stopped_by)
        d->stopped_by = found->name;
    if (d->watched.told[index] > 0.0)
        return;
    d->watched.told[index] = 1.0;
    dsc_fit_log_finding(fit, found, "training");
    if (fit->options->on_finding)
        fit->options->on_finding(found, fit->progress.step, fit->options->user);
}

/* Whether the training has been long enough for another look, by what both cost about. Counted
 * rather than measured, so that the same training tells the same. */
static bool affordable(dsc_fit *fit, unsigned when)
{
    static const double share = 0.004, each = 200.0; /* flops of one judge for one moment */
    dsc_diagnosis *d = fit->diagnosis;
    double *spent = &d->watched.spent[when != DSC_AT_ONCE], look = 0.0;
    const double examples = (double)fit->progress.step * (double)fit->window;
    const double trained = 6.0 * (double)fit->model->n_w * examples;

    if (fit->options->stop_on || when == DSC_BEFORE)
        return true;
    for (size_t i = 0; dsc_finding_at(i); i++)
        if (dsc_finding_at(i)->when & when)
            look += each * ((double)d->c.moments + 1.0);
    if (*spent + look > share * trained)
        return false;
    *spent += look;
    return true;
}

bool dsc_watch_look(dsc_fit *fit, unsigned when)
{
    dsc_diagnosis *d = fit->diagnosis;
    bool seen[DSC_MOST_FINDINGS] = {false};

    if (!d || !affordable(fit, when))
        return false;
    d->n_found = dsc_findings_judge(&d->c, when, d->found);
    for (size_t i = 0; i < d->n_found; i++) {
        const int index = index_of(d->found[i].name);
        if (index < 0)
            continue;
        seen[index] = true;
        if (when != DSC_AT_ONCE || d->watched.in_a_row[index] + 1.0 >= STAYS)
            take(fit, &d->found[i], index);
    }
    for (int i = 0; when == DSC_AT_ONCE && i < DSC_MOST_FINDINGS; i++)
        d->watched.in_a_row[i] = seen[i] ? d->watched.in_a_row[i] + 1.0 : 0.0;
    return d->stopped_by != NULL;
}

bool dsc_watch_epoch(dsc_fit *fit)
{
    const int every = (fit->settings->epochs + LOOKS - 1) / LOOKS;

    if (!fit->diagnosis || fit->diagnosis->c.epochs % (size_t)every != 0)
        return false;
    return dsc_watch_look(fit, DSC_BEFORE | DSC_DURING);
}
