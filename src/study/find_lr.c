/* find_lr.c - the learning-rate range test: trainings whose lr grows until the loss explodes. */
#include "base/memory.h"
#include "base/print.h"
#include "study/search.h"
#include "study/spec_lr.h"

#include <math.h>
#include <stdio.h>

enum {
    FEWEST_STEPS = 20,
    MOST_STEPS = 100000,
    MOST_SEEDS = 100,
    FEWEST_PROBES = 2,
    MOST_PROBES = 100
};

descent_lr_options descent_lr_defaults(void)
{
    return (descent_lr_options){.from = 1e-6,
                                .to = 100.0,
                                .steps = 160,
                                .seeds = 3,
                                .probes = 6,
                                .probe_steps = 200,
                                .kernels = "auto"};
}

static descent_status check_whole(const char *what, int value, int least, int most,
                                  descent_error *err)
{
    if (value >= least && value <= most)
        return DESCENT_OK;
    return dsc_fail(err, DESCENT_INVALID, "%s = %d, must be a whole number from %d to %d", what,
                    value, least, most);
}

static descent_status check(const descent_lr_options *o, descent_error *err)
{
    if (!(o->from > 0.0) || !(o->from < o->to) || isinf(o->to))
        return dsc_fail(err, DESCENT_INVALID,
                        "a search from lr=%g to lr=%g, must go up from above 0", o->from, o->to);
    DSC_TRY(check_whole("steps", o->steps, FEWEST_STEPS, MOST_STEPS, err));
    DSC_TRY(check_whole("seeds", o->seeds, 1, MOST_SEEDS, err));
    if (o->probes == 0)
        return DESCENT_OK;
    DSC_TRY(check_whole("probes", o->probes, FEWEST_PROBES, MOST_PROBES, err));
    return check_whole("probe_steps", o->probe_steps, FEWEST_STEPS, MOST_STEPS, err);
}

bool dsc_lr_search_tell(descent_lr_search *s)
{
    const descent_lr_options *o = &s->options;
    const int64_t all = (int64_t)o->seeds * (o->steps + (int64_t)o->probes * o->probe_steps);

    if (o->on_progress && o->on_progress(s->steps_done, all, o->user))
        s->interrupted = true;
    return s->interrupted;
}

/* After every step of a training: its loss, and whether it is enough. */
static int on_progress(const descent_train_progress *now, void *user)
{
    descent_lr_search *s = user;
    dsc_lr_curve *curve = &s->curve[s->n];

    const bool goes_on = dsc_lr_curve_add(curve, now->lr, now->step_loss) && !now->step_skipped;
    if (now->step_skipped)
        curve->diverged = true;
    s->steps_done = (int64_t)s->n * s->options.steps + (int64_t)curve->n;
    return dsc_lr_search_tell(s) || !goes_on;
}

/* The search's recipe with what this training changes; *out is to be freed also after a failure. */
static descent_status make_recipe(descent_recipe **out, const descent_lr_search *s,
                                  const dsc_lr_training *t, descent_error *err)
{
    const dsc_setting *own = &s->ground.recipe->setting[DSC_KEY_optimizer];
    char *optimizer;

    DSC_TRY(dsc_ground_recipe(out, &s->ground, s->ground.seed + t->seed, err));
    dsc_recipe_unset(*out, DSC_KEY_schedule);
    dsc_recipe_unset(*out, DSC_KEY_patience);
    DSC_TRY(dsc_spec_set_lr(&optimizer, own->text, t->lr,
                            dsc_recipe_place(s->ground.recipe, DSC_KEY_optimizer), err));
    descent_status status = dsc_recipe_put(*out, DSC_KEY_optimizer, optimizer, (dsc_place){0}, err);
    if (status == DESCENT_OK && t->schedule)
        status = dsc_recipe_put(*out, DSC_KEY_schedule, t->schedule, (dsc_place){0}, err);
    if (status == DESCENT_OK)
        status = dsc_ground_put_steps(*out, t->steps, err);
    dsc_free(optimizer);
    return status;
}

descent_status dsc_lr_search_train(const descent_lr_search *s, const dsc_lr_training *t,
                                   descent_error *err)
{
    descent_train_options options = descent_train_defaults();
    descent_recipe *recipe = NULL;
    descent_model *model = NULL;

    options.threads = s->options.threads;
    options.diagnose = 0;
    options.kernels = s->options.kernels;
    options.on_progress = t->on_progress;
    options.user = t->user;
    descent_status status = make_recipe(&recipe, s, t, err);
    if (status == DESCENT_OK)
        status = descent_train(&model, recipe, s->ground.data, &options, NULL, err);
    descent_model_free(model);
    descent_recipe_free(recipe);
    return status;
}

/* A range test: begins with the lowest lr, which a schedule multiplies at every step. */
static descent_status test_seed(descent_lr_search *s, size_t seed, descent_error *err)
{
    const descent_lr_options *o = &s->options;
    char schedule[64];

    dsc_print(schedule, sizeof schedule, "exponential gamma=%.17g",
              exp(log(o->to / o->from) / (o->steps - 1)));
    s->curve[s->n] =
        (dsc_lr_curve){.point = s->block + seed * (size_t)o->steps, .seed = s->ground.seed + seed};
    const dsc_lr_training training = {.seed = seed,
                                      .lr = o->from,
                                      .steps = o->steps,
                                      .schedule = schedule,
                                      .on_progress = on_progress,
                                      .user = s};
    const descent_status status = dsc_lr_search_train(s, &training, err);
    s->n++;
    return status;
}

/* Where the loss falls at no rate there is none to suggest: everything is learned, or nothing. */
static descent_status check_falls(const descent_lr_search *s, descent_error *err)
{
    for (size_t i = 0; i < s->n; i++)
        if (s->curve[i].n > 0 && s->curve[i].best < s->curve[i].point[0].smoothed)
            return DESCENT_OK;
    return dsc_fail(
        err, DESCENT_INVALID,
        "the training loss falls at no learning rate from %g to %g; it begins at %g, so "
        "there is no rate to find",
        s->options.from, s->options.to,
        s->n > 0 && s->curve[0].n > 0 ? s->curve[0].point[0].smoothed : (double)NAN);
}

static descent_status run(descent_lr_search *s, const descent_recipe *recipe,
                          const descent_dataset *data, descent_error *err)
{
    const size_t seeds = (size_t)s->options.seeds, steps = (size_t)s->options.steps;

    DSC_TRY(check(&s->options, err));
    DSC_TRY(dsc_ground_prepare(&s->ground, recipe, data, err));
    s->curve = dsc_alloc(seeds, sizeof *s->curve);
    s->block = dsc_alloc(seeds * steps, sizeof *s->block);
    if (!s->curve || !s->block)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for %zu curves", seeds);
    for (size_t i = 0; i < seeds && !s->interrupted; i++)
        DSC_TRY(test_seed(s, i, err));
    if (!s->interrupted)
        DSC_TRY(check_falls(s, err));
    if (s->options.probes > 0 && !s->interrupted)
        DSC_TRY(dsc_lr_search_probe(s, err));
    if (s->interrupted)
        return DESCENT_OK;
    const dsc_place place = dsc_recipe_place(s->ground.recipe, DSC_KEY_optimizer);
    return dsc_spec_set_lr(&s->optimizer, s->ground.recipe->setting[DSC_KEY_optimizer].text,
                           descent_lr_suggest(s).lr, place, err);
}

descent_status descent_lr_find(descent_lr_search **out, const descent_recipe *recipe,
                               const descent_dataset *data, const descent_lr_options *options,
                               descent_error *err)
{
    *out = NULL;
    descent_lr_search *s = dsc_alloc(1, sizeof *s);
    if (!s)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for a search");
    s->options = options ? *options : descent_lr_defaults();
    const descent_status status = run(s, recipe, data, err);
    if (status == DESCENT_OK && !s->interrupted)
        *out = s;
    else
        descent_lr_free(s);
    return status;
}

void descent_lr_free(descent_lr_search *s)
{
    if (!s)
        return;
    dsc_ground_free(&s->ground);
    dsc_free(s->curve);
    dsc_free(s->block);
    dsc_free(s->probe);
    dsc_free(s->probe_loss);
    dsc_free(s->optimizer);
    dsc_free(s);
}

size_t descent_lr_curves(const descent_lr_search *s)
{
    return s->n;
}

descent_lr_curve descent_lr_curve_at(const descent_lr_search *s, size_t index)
{
    return index < s->n && s->curve[index].n > 0 ? dsc_lr_curve_read(&s->curve[index])
                                                 : (descent_lr_curve){0};
}

descent_lr_suggestion descent_lr_suggest(const descent_lr_search *s)
{
    descent_lr_suggestion all = {.low = (double)INFINITY};
    double lr = 0.0;

    for (size_t i = 0; i < s->n; i++) {
        const descent_lr_curve curve = descent_lr_curve_at(s, i);
        const double one = s->probe ? dsc_lr_search_best(s, i) : dsc_lr_curve_suggest(&curve);
        lr += log(one);
        all.steepest += log(curve.steepest);
        all.tenth += log(curve.divergence / 10.0);
        all.lowest += log(curve.lowest);
        all.low = fmin(all.low, one);
        all.high = fmax(all.high, one);
        all.n_diverged += curve.diverged != 0;
    }
    const double n = (double)s->n;
    all.lr = dsc_lr_round(s->probe ? dsc_lr_search_best(s, s->n) : exp(lr / n));
    all.low = dsc_lr_round(all.low);
    all.high = dsc_lr_round(all.high);
    all.steepest = dsc_lr_round(exp(all.steepest / n));
    all.tenth = dsc_lr_round(exp(all.tenth / n));
    all.lowest = dsc_lr_round(exp(all.lowest / n));
    return all;
}

const char *descent_lr_optimizer(const descent_lr_search *s)
{
    return s->optimizer;
}

int descent_lr_wanted(const descent_recipe *recipe)
{
    return dsc_spec_wants_lr(recipe->setting[DSC_KEY_optimizer].text);
}
