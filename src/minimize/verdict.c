/* verdict.c - converged, still going, oscillating or diverged, and why. */
#include "minimize/verdict.h"

#include "base/number.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

void dsc_path_begin(dsc_path *path, double f, double g_norm)
{
    *path = (dsc_path){.f_first = f, .curvature = (double)NAN};
    path->last[0] = (dsc_path_step){.f = f, .g_norm = g_norm, .curvature = (double)NAN};
}

void dsc_path_add(dsc_path *path, const dsc_path_step *step)
{
    path->last[++path->steps % DSC_PATH_MEMORY] = *step;
    if (isfinite(step->curvature) && !(path->curvature >= fabs(step->curvature)))
        path->curvature = fabs(step->curvature);
}

/* The step `back` steps before the last. */
static const dsc_path_step *before(const dsc_path *path, long long back)
{
    return &path->last[(path->steps - back) % DSC_PATH_MEMORY];
}

/* How many steps back the memory reaches. */
static long long reach(const dsc_path *path)
{
    return path->steps < DSC_PATH_MEMORY - 1 ? path->steps : DSC_PATH_MEMORY - 1;
}

static bool keeps_rising(const dsc_path *path)
{
    const long long n = reach(path);
    bool rising = n >= 2 && before(path, 0)->f > path->f_first;

    for (long long i = 0; rising && i < n; i++)
        rising = before(path, i)->f > before(path, i + 1)->f;
    return rising;
}

/* To and fro without getting lower: at least four of five steps turn back. */
static bool swings(const dsc_path *path)
{
    const long long n = reach(path);
    long long turns = 0;

    for (long long i = 0; i < n; i++)
        turns += before(path, i)->turned;
    const double now = before(path, 0)->f, then = before(path, n)->f;
    return n >= 4 && turns * 5 >= n * 4 && !(now < then - 1e-3 * fabs(then));
}

/* Above which lr the plain rules lose a quadratic of this curvature, and how that is written;
 * NAN for rules without such a number. Heavy ball: (2 + 2 momentum) / curvature. */
static double stable_lr(const char *spec, const descent_optimizer *optimizer, double curvature,
                        char words[64])
{
    const char *name = spec + strspn(spec, " ");
    const double momentum = descent_optimizer_get(optimizer, "momentum");
    const bool nesterov = descent_optimizer_get(optimizer, "nesterov") != 0;

    if (strncmp(name, "sgd", 3) != 0 || (name[3] != '\0' && name[3] != ' ') ||
        !(curvature > 0 && isfinite(curvature)))
        return (double)NAN;
    if (momentum == 0)
        return snprintf(words, 64, "2/curvature"), 2 / curvature;
    if (nesterov)
        return snprintf(words, 64, "(2 + 2 momentum)/((1 + 2 momentum) curvature)"),
               (2 + 2 * momentum) / ((1 + 2 * momentum) * curvature);
    return snprintf(words, 64, "(2 + 2 momentum)/curvature"), (2 + 2 * momentum) / curvature;
}

typedef struct judge {
    const dsc_path *path;
    const char *spec;
    const descent_optimizer *optimizer;
    double lr;
    char lr_text[DSC_NUMBER_SIZE];
} judge;

static void say_diverged(const judge *j, descent_minimum *r)
{
    char words[64];
    const double limit = stable_lr(j->spec, j->optimizer, r->curvature, words);

    if (r->steps == 0)
        snprintf(r->sentence, sizeof r->sentence,
                 "diverged: f or its gradient is not a finite number at the starting point");
    else if (j->lr > limit)
        snprintf(r->sentence, sizeof r->sentence,
                 "diverged: lr=%s is above %s = %.6g (curvature up to %.6g along the way); try "
                 "lr=%.3g",
                 j->lr_text, words, limit, r->curvature, limit / 2);
    else if (r->stop == DESCENT_STOP_DIVERGED)
        snprintf(r->sentence, sizeof r->sentence,
                 "diverged at step %lld: f or its gradient is no longer a finite number; f may be "
                 "unbounded below there, or lr=%s too large",
                 (long long)r->steps, j->lr_text);
    else
        snprintf(r->sentence, sizeof r->sentence,
                 "diverged: f rises at every step; the steps are too large, try a lower lr than %s",
                 j->lr_text);
}

static void say_oscillating(const judge *j, descent_minimum *r)
{
    char words[64];
    const double limit = stable_lr(j->spec, j->optimizer, r->curvature, words);

    if (isfinite(limit))
        snprintf(
            r->sentence, sizeof r->sentence,
            "oscillating: every step jumps across the valley and f no longer falls; lr=%s, and "
            "%s = %.6g is the limit; try lr=%.3g",
            j->lr_text, words, limit, limit / 2);
    else
        snprintf(r->sentence, sizeof r->sentence,
                 "oscillating: every step jumps across the valley and f no longer falls; try a "
                 "lower lr than %s, or a schedule",
                 j->lr_text);
}

static void say_still_going(const judge *j, descent_minimum *r)
{
    const long long n = reach(j->path);
    char words[64];
    const double limit = stable_lr(j->spec, j->optimizer, r->curvature, words);
    const double then = before(j->path, n)->f, now = before(j->path, 0)->f;
    const int used = snprintf(r->sentence, sizeof r->sentence,
                              "still going: f went from %.6g to %.6g in the last %lld steps; take "
                              "more steps",
                              then, now, n);

    if (j->lr < limit / 4)
        snprintf(r->sentence + used, sizeof r->sentence - (size_t)used,
                 " or a higher lr (%s = %.6g is the limit)", words, limit);
}

void dsc_path_judge(const dsc_path *path, const char *spec, const descent_optimizer *optimizer,
                    double lr, descent_minimum *r)
{
    judge j = {.path = path, .spec = spec, .optimizer = optimizer, .lr = lr};

    dsc_number_plain(lr, j.lr_text);
    r->curvature = path->curvature;
    if (r->stop == DESCENT_STOP_CONVERGED) {
        r->verdict = DESCENT_CONVERGED;
        snprintf(r->sentence, sizeof r->sentence,
                 "converged after %lld step%s: f = %.6g, |g| = %.3g", (long long)r->steps,
                 r->steps == 1 ? "" : "s", r->f, r->g_norm);
    } else if (r->stop == DESCENT_STOP_DIVERGED || keeps_rising(path)) {
        r->verdict = DESCENT_DIVERGED;
        say_diverged(&j, r);
    } else if (swings(path)) {
        r->verdict = DESCENT_OSCILLATING;
        say_oscillating(&j, r);
    } else {
        r->verdict = DESCENT_STILL_GOING;
        say_still_going(&j, r);
    }
}
