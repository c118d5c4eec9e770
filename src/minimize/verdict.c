/* verdict.c - converged, still going, oscillating or diverged, and why. */
#include "minimize/verdict.h"

#include "base/number.h"
#include "base/print.h"
#include "optim/optimizer.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* --- the path --------------------------------------------------------------------------------- */

void dsc_path_begin(dsc_path *path, double f, double g_norm)
{
    *path =
        (dsc_path){.f_first = f, .g_first = g_norm, .curvature = (double)NAN, .bend = (double)NAN};
    path->last[0] = (dsc_path_step){.f = f, .g_norm = g_norm, .curvature = (double)NAN};
}

const dsc_path_step *dsc_path_before(const dsc_path *path, long long back)
{
    return &path->last[(path->steps - back) % DSC_PATH_MEMORY];
}

/* How many steps back the memory reaches. */
static long long reach(const dsc_path *path)
{
    return path->steps < DSC_PATH_MEMORY - 1 ? path->steps : DSC_PATH_MEMORY - 1;
}

void dsc_path_add(dsc_path *path, const dsc_path_step *step)
{
    const bool from_below = dsc_path_before(path, 0)->f <= path->f_first;

    path->last[++path->steps % DSC_PATH_MEMORY] = *step;
    if (!isfinite(step->curvature))
        return;
    if (!(path->curvature >= fabs(step->curvature)))
        path->curvature = fabs(step->curvature);
    if (from_below && step->curvature > 0 && !(path->bend >= step->curvature))
        path->bend = step->curvature;
}

/* Lowest and highest f among the points `newest` to `oldest` steps back. */
static double lowest(const dsc_path *path, long long newest, long long oldest)
{
    double f = dsc_path_before(path, newest)->f;

    for (long long i = newest; i <= oldest; i++)
        f = fmin(f, dsc_path_before(path, i)->f);
    return f;
}

static double highest(const dsc_path *path, long long newest, long long oldest)
{
    double f = dsc_path_before(path, newest)->f;

    for (long long i = newest; i <= oldest; i++)
        f = fmax(f, dsc_path_before(path, i)->f);
    return f;
}

/* f is above its start and rose at every step, or its swings above the start grow. */
static bool rises(const dsc_path *path)
{
    const long long n = reach(path);
    const double start = path->f_first;
    bool always = n >= 2;

    if (!(dsc_path_before(path, 0)->f > start))
        return false;
    for (long long i = 0; i < n; i++)
        always = always && dsc_path_before(path, i)->f > dsc_path_before(path, i + 1)->f;
    return always ||
           (n >= 8 && highest(path, 0, n / 2) - start > 2 * (highest(path, n / 2 + 1, n) - start));
}

/* To and fro without getting lower: a third of the steps or more turn back, and f falls by next to
 * nothing of what its slope promised. */
static bool swings(const dsc_path *path)
{
    const long long n = reach(path);
    long long turns = 0;
    double promised = 0;

    for (long long i = 0; i < n; i++) {
        turns += dsc_path_before(path, i)->turned;
        promised += dsc_path_before(path, i)->promised;
    }
    return n >= 4 && turns * 3 >= n &&
           lowest(path, n / 2 + 1, n) - lowest(path, 0, n / 2) <= 1e-3 * promised;
}

/* --- the learning rate ------------------------------------------------------------------------ */

typedef struct judge {
    const dsc_path *path;
    double lr, limit; /* above which lr the rule loses a quadratic that bends like this; or NaN */
    bool searches;    /* along lines: lr is only where it begins */
    char words[64];   /* how the limit is written */
    char lr_text[DSC_NUMBER_SIZE];
} judge;

static bool is_plain_sgd(const char *spec, const descent_optimizer *optimizer)
{
    const char *name = spec + strspn(spec, " \t\r\n");

    return strncmp(name, "sgd", 3) == 0 && strchr(" \t\r\n", name[3]) != NULL &&
           descent_optimizer_get(optimizer, "weight_decay") == 0 &&
           (descent_optimizer_get(optimizer, "dampening") == 0 ||
            descent_optimizer_get(optimizer, "momentum") == 0);
}

/* On f = c w^2 / 2 the iteration leaves the unit circle at -1: where lr c is 2 for the plain rule,
 * 2 + 2 momentum for the heavy ball, (2 + 2 momentum) / (1 + 2 momentum) for nesterov. Other rules
 * have no such number. */
static void find_limit(judge *j, const char *spec, const descent_optimizer *optimizer)
{
    const double momentum = descent_optimizer_get(optimizer, "momentum");
    const double bend = j->path->bend;

    j->limit = (double)NAN;
    if (!is_plain_sgd(spec, optimizer) || !(bend > 0))
        return;
    if (momentum == 0) {
        snprintf(j->words, sizeof j->words, "2/curvature");
        j->limit = 2 / bend;
    } else if (descent_optimizer_get(optimizer, "nesterov") != 0) {
        snprintf(j->words, sizeof j->words, "(2 + 2 momentum)/((1 + 2 momentum) curvature)");
        j->limit = (2 + 2 * momentum) / ((1 + 2 * momentum) * bend);
    } else {
        snprintf(j->words, sizeof j->words, "(2 + 2 momentum)/curvature");
        j->limit = (2 + 2 * momentum) / bend;
    }
}

double dsc_path_limit(const dsc_path *path, const char *spec, const descent_optimizer *optimizer)
{
    judge j = {.path = path};

    find_limit(&j, spec, optimizer);
    return j.limit;
}

/* --- sentences -------------------------------------------------------------------------------- */

#define SAY(r, ...) dsc_print((r)->sentence, sizeof(r)->sentence, __VA_ARGS__)

static void say_broken(const judge *j, descent_minimum *r)
{
    const dsc_path_step *now = dsc_path_before(j->path, 0);
    const long long step = (long long)r->steps;

    if (isnan(now->f) && j->path->steps > 0)
        SAY(r,
            "diverged at step %lld: f = nan after f = %.6g; the step left where f is defined; try "
            "a lower lr than %s",
            step, dsc_path_before(j->path, 1)->f, j->lr_text);
    else if (isfinite(now->f) && !isfinite(now->g_norm))
        SAY(r, "diverged at step %lld: f = %.6g but |g| = %s; the slope there is not finite", step,
            now->f, isnan(now->g_norm) ? "nan" : "inf");
    else if (isfinite(now->f) && isfinite(now->g_norm) && !now->moved)
        SAY(r,
            "diverged at step %lld: no step could be taken from f = %.6g, |g| = %.3g; what the "
            "rule needs there is not finite, or too large to be squared",
            step, now->f, now->g_norm);
    else if (now->f < 0)
        SAY(r, "diverged at step %lld: f fell to %.6g; it seems to have no minimum on this side",
            step, now->f);
    else
        SAY(r,
            "diverged at step %lld: f rose to %.6g; the steps are too large, try a lower lr than "
            "%s",
            step, now->f, j->lr_text);
}

static void say_diverged(const judge *j, descent_minimum *r)
{
    const dsc_path_step *now = dsc_path_before(j->path, 0);
    char f[DSC_NUMBER_SIZE], g[DSC_NUMBER_SIZE];

    if (r->steps == 0)
        SAY(r,
            "diverged at step 0: f = %s and |g| = %s at the starting point; start where both are "
            "finite",
            dsc_number_plain(now->f, f), dsc_number_plain(now->g_norm, g));
    else if (j->lr > j->limit && now->f > j->path->f_first)
        SAY(r, "diverged: lr=%s is above %s = %.6g (curvature up to %.6g %s); try lr=%.3g",
            j->lr_text, j->words, j->limit, j->path->bend,
            j->path->curvature > 1.001 * j->path->bend ? "near the start" : "along the way",
            j->limit / 2);
    else if (r->stop == DESCENT_STOP_DIVERGED)
        say_broken(j, r);
    else
        SAY(r,
            "diverged: f rose from %.6g to %.6g and goes on rising; the steps are too large, try a "
            "lower lr than %s",
            j->path->f_first, now->f, j->lr_text);
}

static void say_oscillating(const judge *j, descent_minimum *r)
{
    if (isfinite(j->limit))
        SAY(r,
            "oscillating: the steps jump to and fro across the valley and f no longer falls; "
            "lr=%s, and %s = %.6g is the limit; try lr=%.3g, or a schedule",
            j->lr_text, j->words, j->limit, fmin(j->limit, j->lr) / 2);
    else
        SAY(r,
            "oscillating: the steps jump to and fro across the valley and f no longer falls; try a "
            "lower lr than %s, or a schedule",
            j->lr_text);
}

/* How many digits tell a from b: six are enough to read. */
static int digits_to_tell(double a, double b)
{
    char text[2][DSC_NUMBER_SIZE];
    int digits = 6;

    for (; digits < 17; digits++) {
        dsc_print(text[0], sizeof text[0], "%.*g", digits, a);
        dsc_print(text[1], sizeof text[1], "%.*g", digits, b);
        if (a == b || strcmp(text[0], text[1]) != 0)
            break;
    }
    return digits;
}

static void say_still_going(const judge *j, descent_minimum *r)
{
    const long long n = reach(j->path);
    const double then = dsc_path_before(j->path, n)->f, now = dsc_path_before(j->path, 0)->f;
    const int digits = digits_to_tell(then, now);

    if (n == 0) {
        SAY(r, "still going: no step was taken, f = %.6g", j->path->f_first);
        return;
    }
    if (!dsc_path_before(j->path, 0)->moved && j->searches) {
        SAY(r,
            "still going: the search along the line finds nothing lower than f = %.6g, |g| = %.3g; "
            "for more digits give the rule tolerance_grad=0 tolerance_change=0",
            now, dsc_path_before(j->path, 0)->g_norm);
        return;
    }
    if (!dsc_path_before(j->path, 0)->moved) {
        SAY(r, "still going: w no longer moves at f = %.6g, |g| = %.3g; lr=%s is too small", now,
            dsc_path_before(j->path, 0)->g_norm, j->lr_text);
        return;
    }
    const int used =
        SAY(r, "still going: f went from %.*g to %.*g in the last %lld step%s; take more steps",
            digits, then, digits, now, n, n == 1 ? "" : "s");
    if (j->lr < j->limit / 4)
        dsc_print(r->sentence + used, sizeof r->sentence - (size_t)used,
                  " or a higher lr (%s = %.6g is the limit)", j->words, j->limit);
}

/* The steps vanish in rounding, on ground that is flat beside the start. */
static bool has_settled(const dsc_path *path)
{
    const dsc_path_step *now = dsc_path_before(path, 0);

    return path->steps > 0 && !now->moved && now->g_norm <= 1e-6 * path->g_first;
}

void dsc_path_judge(const dsc_path *path, const char *spec, const descent_optimizer *optimizer,
                    descent_minimum *r)
{
    judge j = {.path = path,
               .lr = dsc_path_before(path, 0)->lr,
               .searches = dsc_optimizer_searches(optimizer)};

    dsc_number_plain(j.lr, j.lr_text);
    find_limit(&j, spec, optimizer);
    r->curvature = path->curvature;
    if (r->stop == DESCENT_STOP_CONVERGED || (r->stop == DESCENT_STOP_STEPS && has_settled(path))) {
        r->verdict = DESCENT_CONVERGED;
        SAY(r, "converged after %lld step%s: f = %.6g, |g| = %.3g", (long long)r->steps,
            r->steps == 1 ? "" : "s", r->f, r->g_norm);
    } else if (r->stop == DESCENT_STOP_DIVERGED || rises(path)) {
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
