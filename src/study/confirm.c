/* confirm.c - does the change that a finding proposes help? The same training with it and without.
 *
 * A training is a function of its recipe, so the one that was just made need not be made again, as
 * long as the changed one may take as long. Else both go through the same part of their steps. */
#include "descent/check.h"

#include "base/print.h"

#include "train/fit.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* What is no difference: of a loss or rmse in proportion, of an accuracy as it is. */
static const double better = 0.01, better_accuracy = 0.005;
/* A changed training may take so many times as long, where its steps are slower. */
static const double patience = 4.0;

descent_confirm_options descent_confirm_defaults(void)
{
    return (descent_confirm_options){.kernels = "auto", .seconds = 10.0};
}

/* One training of the two. */
typedef struct side {
    const descent_confirm_options *o;
    double from, to; /* in the progress of both */
    bool interrupted, timed_out;
} side;

static int on_progress(const descent_train_progress *now, void *user)
{
    side *s = user;
    const double done = (double)now->step / (double)(now->steps > 0 ? now->steps : 1);

    s->timed_out = now->seconds > patience * s->o->seconds && now->step < now->steps;
    if (s->o->on_progress && s->o->on_progress(s->from + (s->to - s->from) * done, s->o->user))
        s->interrupted = true;
    return s->interrupted || s->timed_out;
}

static descent_status count(dsc_fit *fit, void *user, descent_error *err)
{
    (void)err;
    *(int64_t *)user = fit->steps;
    return DESCENT_OK;
}

/* Trains up to a part of the recipe's steps. */
static descent_status train(side *s, const descent_recipe *recipe, const descent_dataset *data,
                            double part, descent_train_result *result, descent_error *err)
{
    descent_train_options o = descent_train_defaults();
    descent_recipe *own;
    descent_model *model = NULL;
    int64_t steps = 0;
    char text[24];

    o.threads = s->o->threads;
    o.kernels = s->o->kernels;
    o.on_progress = on_progress;
    o.user = s;
    DSC_TRY(dsc_recipe_copy(&own, recipe, err));
    descent_status status = DESCENT_OK;
    if (part < 1.0)
        status = dsc_train_prepared(own, data, &o, count, &steps, err);
    snprintf(text, sizeof text, "%lld", (long long)ceil(part * (double)steps));
    if (status == DESCENT_OK && part < 1.0)
        status = descent_recipe_set(own, "steps", text, NULL, err);
    if (status == DESCENT_OK)
        status = descent_train(&model, own, data, &o, result, err);
    descent_model_free(model);
    descent_recipe_free(own);
    return status;
}

/* The part of the steps that has time. */
static descent_status part_of(double *part, side *s, const descent_recipe *recipe,
                              const descent_dataset *data, const descent_train_result *r,
                              descent_error *err)
{
    descent_train_options o = descent_train_defaults();
    int64_t steps = 0;

    o.threads = s->o->threads;
    o.kernels = s->o->kernels;
    DSC_TRY(dsc_train_prepared(recipe, data, &o, count, &steps, err));
    const double each = r->seconds / (double)(r->steps > 0 ? r->steps : 1);
    const double all = each * (double)steps;
    *part = all > s->o->seconds ? fmax(s->o->seconds / all, 1.0 / (double)steps) : 1.0;
    return DESCENT_OK;
}

static bool has(const descent_train_result *r, const char *name)
{
    for (const descent_finding *f = r->finding; f->name; f++)
        if (strcmp(f->name, name) == 0)
            return true;
    return false;
}

static bool same_loss(const descent_recipe *a, const descent_recipe *b)
{
    const char *one = descent_recipe_get(a, "loss"), *two = descent_recipe_get(b, "loss");

    return one == two || (one && two && strcmp(one, two) == 0);
}

/* What both trainings have, and in what it is told. */
static void measure(descent_confirmation *c, bool losses, const descent_train_result *before,
                    const descent_train_result *after)
{
    const bool accuracy = isfinite(before->test_accuracy) && isfinite(after->test_accuracy);

    c->measure = losses ? "test loss" : accuracy ? "test accuracy" : "test rmse";
    c->before = losses ? before->test_loss : accuracy ? before->test_accuracy : before->test_rmse;
    c->after = losses ? after->test_loss : accuracy ? after->test_accuracy : after->test_rmse;
}

/* 1: better, 0: as good, -1: worse, as far as it is known. */
static int compare(const descent_confirmation *c)
{
    const bool accuracy = strcmp(c->measure, "test accuracy") == 0;
    const double margin = accuracy ? better_accuracy : better * fabs(c->before);
    const double gain = accuracy ? c->after - c->before : c->before - c->after;

    if (!isfinite(c->after))
        return isfinite(c->before) ? -1 : 0;
    if (!isfinite(c->before))
        return 1;
    return gain > margin ? 1 : gain < -margin ? -1 : 0;
}

static const char *number_text(double x, char out[32])
{
    dsc_print(out, 32, "%.4g", x);
    return isfinite(x) ? out : "not finite";
}

static void say(descent_confirmation *c, bool timed_out)
{
    char part[64] = "", before[32], after[32];

    if (c->part < 1.0)
        dsc_print(part, sizeof part, " (both after %.2g %% of their steps)", 100.0 * c->part);
    if (timed_out)
        snprintf(c->sentence, sizeof c->sentence,
                 "not confirmed: the changed training takes too long to be tried");
    else
        snprintf(c->sentence, sizeof c->sentence, "%sconfirmed: %s %s -> %s, and %s is %s%s",
                 c->confirmed ? "" : "not ", c->measure, number_text(c->before, before),
                 number_text(c->after, after), c->finding, c->gone ? "gone" : "still found", part);
}

/* The unchanged training did not come as far as it should: there is nothing to compare with. */
static void give_up(descent_confirmation *c)
{
    c->measure = "";
    c->before = c->after = (double)NAN;
    snprintf(c->sentence, sizeof c->sentence,
             "not confirmed: the training takes too long to be tried again");
}

static void judge(descent_confirmation *c, const descent_finding *f, bool losses,
                  const descent_train_result *before, const descent_train_result *after,
                  bool timed_out)
{
    c->gone = !has(after, f->name);
    measure(c, losses, before, after);
    const int comparison = compare(c);
    const bool useless = !c->gone && f->severity == DESCENT_FAILURE;
    c->confirmed = !timed_out && !useless && (comparison > 0 || (comparison == 0 && c->gone));
    say(c, timed_out);
}

descent_status descent_confirm(descent_confirmation *out, const descent_recipe *recipe,
                               const descent_dataset *data, const descent_train_result *result,
                               size_t finding, const descent_confirm_options *options,
                               descent_error *err)
{
    const descent_confirm_options o = options ? *options : descent_confirm_defaults();
    const descent_finding *f = &result->finding[finding];
    const bool whole = result->stop != DESCENT_STOP_INTERRUPTED && !result->stopped_by;
    const bool again = !whole || result->seconds > o.seconds;
    descent_train_result before = *result, after;
    side first = {.o = &o, .to = 0.5}, second = {.o = &o, .from = again ? 0.5 : 0.0, .to = 1.0};
    descent_recipe *changed;

    *out = (descent_confirmation){.part = 1.0};
    DSC_TRY(dsc_recipe_copy(&changed, recipe, err));
    descent_status status = descent_recipe_set_flags(changed, f->flags, err);
    if (status == DESCENT_OK && again)
        status = part_of(&out->part, &first, recipe, data, result, err);
    if (status == DESCENT_OK && again)
        status = train(&first, recipe, data, out->part, &before, err);
    if (status == DESCENT_OK && !first.interrupted && !first.timed_out)
        status = train(&second, changed, data, out->part, &after, err);
    if (status == DESCENT_OK && !first.interrupted && !second.interrupted) {
        out->finding = f->name;
        if (first.timed_out)
            give_up(out);
        else
            judge(out, f, same_loss(recipe, changed), &before, &after, second.timed_out);
    }
    descent_recipe_free(changed);
    return status;
}
