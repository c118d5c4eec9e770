/* check_lr.c - where the recipe's learning rate stands in a short range test. */
#include "study/check.h"

#include "descent/study.h"

#include "study/spec_lr.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Far below where the loss falls fastest, a training of common length goes nowhere. */
static const double far_below = 0.01;

static int on_progress(int64_t done, int64_t all, void *user)
{
    return dsc_check_tell(user, DSC_CHECK_LR, (double)done / (double)all);
}

static void suggest(descent_check_line *line, const descent_lr_search *search)
{
    snprintf(line->flags, sizeof line->flags, "--optimizer \"%.280s\"",
             descent_lr_optimizer(search));
}

/* Where a network begins badly, the search tells what it takes to leave that place. */
static bool begins_well(const descent_check *check)
{
    for (size_t i = 0; i < check->n_lines; i++) {
        const descent_check_line *l = &check->line[i];
        const bool of_start = strcmp(l->name, "start") == 0 || strcmp(l->name, "signals") == 0;
        if (l->verdict == DESCENT_FAIL || (of_start && l->verdict == DESCENT_WARN))
            return false;
    }
    return true;
}

static void say(descent_check *check, const descent_lr_search *search)
{
    const descent_lr_curve curve = descent_lr_curve_at(search, 0);
    const double lr = check->lr;

    if (curve.diverged && lr >= curve.divergence)
        suggest(dsc_check_say(check, "lr", DESCENT_FAIL,
                              "lr=%.3g is above %.2g, where the loss explodes in a search of %d "
                              "steps; it falls fastest at %.2g",
                              lr, curve.divergence, check->options.lr_steps, curve.steepest),
                search);
    else if (lr > curve.lowest && curve.diverged)
        suggest(dsc_check_say(check, "lr", DESCENT_WARN,
                              "lr=%.3g is above %.2g, behind which the loss rises in a search of "
                              "%d steps; it falls fastest at %.2g and explodes at %.2g",
                              lr, curve.lowest, check->options.lr_steps, curve.steepest,
                              curve.divergence),
                search);
    else if (lr < far_below * curve.steepest && !begins_well(check))
        dsc_check_say(check, "lr", DESCENT_SKIP,
                      "lr=%.3g; the loss falls fastest at %.2g, but that says little of a network "
                      "that begins badly: see above",
                      lr, curve.steepest);
    else if (lr < far_below * curve.steepest)
        suggest(dsc_check_say(check, "lr", DESCENT_WARN,
                              "lr=%.3g is %.3g times below %.2g, where the loss falls fastest in a "
                              "search of %d steps; the training will be slow",
                              lr, curve.steepest / lr, curve.steepest, check->options.lr_steps),
                search);
    else
        dsc_check_say(check, "lr", DESCENT_PASS,
                      "lr=%.3g; in a search of %d steps the loss falls fastest at %.2g, is lowest "
                      "at %.2g and %s at %.2g",
                      lr, check->options.lr_steps, curve.steepest, curve.lowest,
                      curve.diverged ? "explodes" : "has not exploded", curve.divergence);
}

descent_status dsc_check_lr(descent_check *check, descent_error *err)
{
    descent_lr_options o = descent_lr_defaults();
    descent_error why = {0};
    descent_lr_search *search;

    if (isnan(check->lr)) {
        dsc_check_say(check, "lr", DESCENT_SKIP, "the optimizer has no learning rate");
        return DESCENT_OK;
    }
    o.steps = check->options.lr_steps;
    o.seeds = 1;
    o.probes = 0;
    o.threads = check->options.threads;
    o.kernels = check->options.kernels;
    o.on_progress = on_progress;
    o.user = check;
    const descent_status status =
        descent_lr_find(&search, check->ground.recipe, check->ground.data, &o, &why);
    if (status == DESCENT_NOMEM) {
        if (err)
            *err = why;
        return status;
    }
    if (status != DESCENT_OK) /* such as a rate that moves by a schedule of its own */
        dsc_check_say(check, "lr", DESCENT_SKIP, "not searched: %s", why.message);
    else if (search)
        say(check, search);
    descent_lr_free(search);
    return DESCENT_OK;
}
