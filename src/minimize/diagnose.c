/* diagnose.c - what a walk down a function shows, for findings to judge. */
#include "minimize/diagnose.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

void dsc_strides_add(dsc_strides *s, const dsc_path *path, double product, double share)
{
    const dsc_path_step *before = dsc_path_before(path, 1), *now = dsc_path_before(path, 0);
    const bool rose = now->f > before->f, first = path->steps == 1;
    const double cosine = product / (before->g_norm * now->g_norm);

    s->rises += rose;
    s->turns += !first && rose != s->rose;
    s->rose = rose;
    s->g_most = fmax(s->g_most, now->g_norm);
    s->f_most = fmax(s->f_most, now->f);
    s->lr = fmax(s->lr, now->lr);
    if (share < 0.75 && !(s->g_least <= now->g_norm))
        s->g_least = now->g_norm;
    if (isfinite(cosine)) /* of about the last ten */
        s->cosine += (first ? 1.0 : 0.1) * (cosine - s->cosine);
}

double dsc_lower_beside(descent_objective f, void *user, double *w, double *g, size_t n)
{
    static const double ASIDE = 1e-3, ROUNDING = 1e-12;
    const double here = f(n, w, g, user);
    double lowest = here;

    for (size_t i = 0; i < n; i++) {
        const double kept = w[i], step = ASIDE * fmax(fabs(kept), 1.0);
        w[i] = kept + step;
        const double above = f(n, w, g, user);
        w[i] = kept - step;
        lowest = fmin(lowest, fmax(above, f(n, w, g, user)));
        w[i] = kept;
    }
    return here - lowest > ROUNDING * fmax(fabs(here), 1.0) ? here - lowest : 0.0;
}

static dsc_plan plan_of(const descent_minimize_options *o, const descent_optimizer *optimizer,
                        const char *rule)
{
    return (dsc_plan){.minimizes = true,
                      .data = "",
                      .model = "",
                      .loss = "",
                      .optimizer = o->optimizer,
                      .schedule = o->schedule,
                      .rule = rule,
                      .shape = "",
                      .loss_name = "",
                      .steps = o->steps,
                      .lr = descent_optimizer_get(optimizer, "lr"),
                      .momentum = descent_optimizer_get(optimizer, "momentum"),
                      .beta1 = descent_optimizer_get(optimizer, "beta1"),
                      .adaptive = !isnan(descent_optimizer_get(optimizer, "eps"))};
}

void dsc_walk_judge(const dsc_path *path, const dsc_strides *s, const descent_minimize_options *o,
                    const descent_optimizer *optimizer, double lower_beside,
                    descent_minimum *result)
{
    char rule[32];
    const dsc_path_step *last = dsc_path_before(path, 0);

    snprintf(rule, sizeof rule, "%.*s", (int)strcspn(o->optimizer, " ("), o->optimizer);
    const dsc_case c = {.plan = plan_of(o, optimizer, rule),
                        .over = true,
                        .gave_up = result->verdict == DESCENT_DIVERGED,
                        .stopped_early = result->stop == DESCENT_STOP_INTERRUPTED,
                        .walk = {.known = true,
                                 .diverged = result->verdict == DESCENT_DIVERGED,
                                 .converged = result->verdict == DESCENT_CONVERGED,
                                 .oscillates = result->verdict == DESCENT_OSCILLATING,
                                 .steps = (double)o->steps,
                                 .stopped_at = (double)result->steps,
                                 .f_first = path->f_first,
                                 .f_last = last->f,
                                 .f_best = result->f,
                                 .f_most = s->f_most,
                                 .g_first = path->g_first,
                                 .g_last = last->g_norm,
                                 .g_least = s->g_least,
                                 .g_most = fmax(s->g_most, path->g_first),
                                 .lr = s->lr,
                                 .limit = dsc_path_limit(path, o->optimizer, optimizer),
                                 .steepest = path->bend,
                                 .along = last->curvature,
                                 .cosine = s->cosine,
                                 .rises = path->steps > 0 ? s->rises / (double)path->steps : 0.0,
                                 .turns = s->turns,
                                 .lower_beside = lower_beside}};
    memset(result->finding, 0, sizeof result->finding);
    if (!c.stopped_early)
        dsc_findings_judge(&c, DSC_ON_WALK, result->finding);
}
