/* check_overfit.c - can the network learn 20 examples by heart? A network that cannot has a wrong
 * loss, frozen weights or a wrong gradient; one that can only at another learning rate has the
 * wrong one. */
#include "study/check.h"

#include "base/clock.h"
#include "base/print.h"
#include "study/spec_lr.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    EXAMPLES = 20,
    WINDOWS = 4 /* of text */,
    STEPS = 1000,
    RECENT = 10,
    FEW_STEPS = 200 /* that prove nothing */
};

/* Learned: the loss is below this part of what it was. */
static const double learned = 0.1;
/* The rate of the second try. */
static const char second_optimizer[] = "adam lr=0.003";

/* One try while it runs. */
typedef struct attempt {
    descent_check *check;
    double share;       /* where it begins in the progress of this part */
    double first, mean; /* loss of the first step, running mean */
    double begin, loss; /* seconds; the loss at the end */
    int64_t steps;
    size_t weights, numbers; /* of the network; of the examples' targets */
    bool has_floor;          /* the least that the loss can be is not 0, or not known */
    bool reached, timed_out;
} attempt;

/* Losses that do not end at 0 when all is learned: of soft targets, and those without a bound. */
static bool has_floor(const dsc_settings *s)
{
    static const char *const name[] = {"bce", "bce_with_logits", "poisson_nll", "kl_div",
                                       "hinge_embedding"};

    for (size_t i = 0; i < sizeof name / sizeof *name; i++)
        if (strcmp(s->loss_kind->info.name, name[i]) == 0)
            return true;
    return strstr(s->loss, "smoothing") != NULL;
}

static int on_progress(const descent_train_progress *now, void *user)
{
    attempt *a = user;
    const double limit = a->check->options.seconds;
    const double used = dsc_seconds() - a->begin;

    a->steps = now->step;
    if (now->step_skipped)
        return dsc_check_tell(a->check, DSC_CHECK_OVERFIT, a->share);
    if (isnan(a->first))
        a->first = a->mean = now->step_loss;
    a->mean += (now->step_loss - a->mean) / RECENT;
    a->reached = !a->has_floor && now->step > RECENT && a->mean < 0.5 * learned * a->first;
    a->timed_out = used > limit;
    if (now->step % RECENT == 0)
        (void)dsc_check_tell(a->check, DSC_CHECK_OVERFIT, a->share + 0.5 * fmin(1.0, used / limit));
    return a->reached || a->timed_out || a->check->interrupted;
}

/* Trains, and looks at the same examples in evaluation mode too: dropout makes the loss of training
 * the higher one, statistics of batch_norm that lag behind that of evaluation. */
static descent_status learn(dsc_fit *fit, void *user, descent_error *err)
{
    attempt *a = user;
    descent_train_result result;
    descent_score score;
    const dsc_examples all = {
        .data = fit->data, .index = fit->split->train, .n = fit->split->n_train};

    a->has_floor = has_floor(fit->settings);
    a->weights = fit->model->n_w;
    a->numbers = fit->split->n_train * (size_t)fit->data->outputs;
    a->begin = dsc_seconds();
    DSC_TRY(dsc_fit_run(fit, &result, err));
    DSC_TRY(
        dsc_model_forward(fit->model, &all, fit->threads, &(dsc_forward){.score = &score}, err));
    a->loss = fmin(score.loss, a->mean);
    a->reached =
        a->reached || (a->has_floor ? score.accuracy == 1.0 : a->loss < learned * a->first);
    return DESCENT_OK;
}

/* The recipe without what hinders learning by heart: its schedule, its end, changed pictures. */
static descent_status make_recipe(descent_recipe **out, const descent_check *check,
                                  const char *optimizer, descent_error *err)
{
    DSC_TRY(dsc_ground_recipe(out, &check->ground, check->ground.seed, err));
    dsc_recipe_unset(*out, DSC_KEY_augment);
    dsc_recipe_unset(*out, DSC_KEY_patience);
    dsc_recipe_unset(*out, DSC_KEY_accumulate);
    descent_status status = dsc_recipe_put(*out, DSC_KEY_schedule, "constant", (dsc_place){0}, err);
    if (status == DESCENT_OK)
        status = dsc_ground_put_steps(*out, STEPS, err);
    if (status == DESCENT_OK && optimizer)
        status = dsc_recipe_put(*out, DSC_KEY_optimizer, optimizer, (dsc_place){0}, err);
    return status;
}

static descent_status attempt_with(attempt *a, const char *optimizer, descent_error *err)
{
    descent_train_options o = descent_train_defaults();
    descent_check *check = a->check;
    descent_recipe *recipe;

    o.threads = check->options.threads;
    o.kernels = check->options.kernels;
    o.diagnose = 0;
    o.examples = check->ground.data->tokens ? WINDOWS : EXAMPLES;
    o.on_progress = on_progress;
    o.user = a;
    a->first = a->mean = (double)NAN;
    descent_status status = make_recipe(&recipe, check, optimizer, err);
    if (status == DESCENT_OK)
        status = dsc_train_prepared(recipe, check->ground.data, &o, learn, a, err);
    descent_recipe_free(recipe);
    return status;
}

/* "the loss went from 4.35 to 0.01 in 37 steps" */
static void course(const attempt *a, char out[96])
{
    const long long steps = (long long)a->steps;

    if (isfinite(a->loss))
        dsc_print(out, 96, "the loss went from %.3g to %.3g in %lld steps", a->first, a->loss,
                  steps);
    else
        dsc_print(out, 96, "the loss was not a finite number after %lld steps", steps);
}

/* Out of time while it still learned, or before anything could be said; or a loss that fell, and
 * nobody knows how far it can. */
static bool is_open(const attempt *a)
{
    const bool falls = a->loss < 0.5 * a->first || (a->has_floor && a->loss < 0.9 * a->first);

    return a->timed_out ? falls || a->steps < FEW_STEPS : falls && a->has_floor;
}

/* Fewer weights than numbers to learn: it did what it can. */
static bool is_small(const attempt *a)
{
    return a->weights < a->numbers && a->loss < 0.9 * a->first;
}

static void say(descent_check *check, const attempt *own, const attempt *other)
{
    const bool text = check->ground.data->tokens != NULL;
    const char *what = text ? "windows of text" : "examples";
    const int n = text ? WINDOWS : EXAMPLES;
    char how[96], how_other[96];

    course(own, how);
    if (own->reached)
        dsc_check_say(check, "overfit", DESCENT_PASS, "%d %s are learned by heart: %s", n, what,
                      how);
    else if (is_open(own))
        dsc_check_say(check, "overfit", DESCENT_SKIP,
                      own->timed_out ? "not known: %s on %d %s, when the time was over"
                                     : "not known: %s on %d %s, and not every loss can go to 0",
                      how, n, what);
    else if (is_small(own))
        dsc_check_say(check, "overfit", DESCENT_SKIP,
                      "a network of %zu weights has too few to learn %d %s by heart: %s",
                      own->weights, n, what, how);
    else if (other && other->reached) {
        course(other, how_other);
        descent_check_line *line = dsc_check_say(
            check, "overfit", DESCENT_WARN,
            "%d %s are not learned by heart with this optimizer (%s), but with %s (%s): look at "
            "its learning rate",
            n, what, how, second_optimizer, how_other);
        snprintf(line->flags, sizeof line->flags, "--optimizer \"%s\"", second_optimizer);
    } else if (own->timed_out)
        dsc_check_say(check, "overfit", DESCENT_WARN,
                      "%d %s are not learned by heart in %.2g s: %s, and should go to 0", n, what,
                      check->options.seconds, how);
    else
        dsc_check_say(check, "overfit", DESCENT_FAIL,
                      "%d %s are not learned by heart: %s, and should go to 0; the loss does not "
                      "fit the task, weights are frozen, the gradient is wrong, or the network is "
                      "too small",
                      n, what, how);
}

descent_status dsc_check_overfit(descent_check *check, descent_error *err)
{
    attempt own = {.check = check}, other = {.check = check, .share = 0.5};

    DSC_TRY(attempt_with(&own, NULL, err));
    if (check->interrupted)
        return DESCENT_OK;
    if (own.reached || is_open(&own) || is_small(&own)) {
        say(check, &own, NULL);
        return DESCENT_OK;
    }
    /* groups may have settings that this rule does not know: then there is no second try */
    const bool tried = attempt_with(&other, second_optimizer, NULL) == DESCENT_OK;
    if (!check->interrupted)
        say(check, &own, tried ? &other : NULL);
    return DESCENT_OK;
}
