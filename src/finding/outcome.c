/* outcome.c - how well a training came out, and what else is read off its end. */
#include "finding/outcome.h"

#include <math.h>
#include <string.h>

double dsc_outcome_accuracy(const dsc_case *c)
{
    if (c->test_look.n > 0 && isfinite(c->test_look.accuracy))
        return c->test_look.accuracy;
    return c->epochs > 0 ? c->epoch[c->epochs - 1].test_accuracy : (double)NAN;
}

double dsc_outcome_explained(const dsc_case *c)
{
    const double rmse = c->epochs > 0 ? c->epoch[c->epochs - 1].test_rmse : (double)NAN;
    const double share = rmse / c->data.target_unit;

    return isfinite(share) ? 1.0 - share * share : (double)NAN;
}

double dsc_outcome_skill(const dsc_case *c)
{
    static const double LEAST_RANGE = 0.1; /* neighbours that know nothing are no measure */
    const bool classes = c->plan.classifies;
    const double score = classes ? dsc_outcome_accuracy(c) : dsc_outcome_explained(c);
    const double guess = classes ? c->data.majority : 0.0;
    const double known = classes ? c->data.neighbours_right : fmin(c->data.neighbours_right, 0.95);
    const double range = known - guess;

    if (!c->data.done || isnan(score))
        return c->data.done && c->gave_up ? 0.0 : (double)NAN;
    return (score - guess) / (range > LEAST_RANGE ? range : 1.0 - guess);
}

descent_severity dsc_outcome_severity(const dsc_case *c)
{
    static const double WELL = 0.93;

    return dsc_outcome_skill(c) >= WELL ? DESCENT_NOTE : DESCENT_WARNING;
}

bool dsc_outcome_learned(const dsc_case *c)
{
    const dsc_look *look = &c->train_look;

    if (look->n == 0)
        return false;
    if (c->plan.classifies) {
        const double classes = c->plan.outputs > 1 ? (double)c->plan.outputs : 2.0;
        return look->accuracy > 0.8 + 0.2 / classes && look->loss < 0.5 * log(classes);
    }
    const double share = look->output_deviation / look->target_deviation;
    return share > 0.5 && share < 1.5;
}

double dsc_outcome_chance(const dsc_case *c)
{
    if (c->data.done && c->data.chance_loss > 0.0)
        return c->data.chance_loss;
    return c->plan.classifies && c->plan.outputs > 1 ? log((double)c->plan.outputs) : (double)NAN;
}

double dsc_outcome_left(const dsc_case *c)
{
    return dsc_course_loss(c, 0.9, 1.0) / dsc_outcome_chance(c);
}

double dsc_outcome_fall(const dsc_case *c)
{
    const double before = dsc_course_loss(c, 0.5, 0.75), after = dsc_course_loss(c, 0.75, 1.0);

    return (before - after) / before;
}

double dsc_outcome_mean_lr(const dsc_case *c)
{
    double sum = 0.0, steps = 0.0;

    for (size_t i = 0; i < c->moments; i++) {
        const double n = c->moment[i].step - c->moment[i].first + 1.0;
        sum += n * c->moment[i].lr;
        steps += n;
    }
    return steps > 0.0 ? sum / steps : (double)NAN;
}

/* Mean cosine c of the gradients g, g' of two steps: g . g' estimates |G|^2 and |g| |g'| estimates
 * |G|^2 + trace / batch, so that (1 - c) / c is trace / (batch |G|^2). One cosine says little, and
 * few measurements leave the noise scale itself unknown. */
double dsc_outcome_noise(const dsc_case *c, double from, double to)
{
    static const double LEAST = 0.005; /* a cosine that is as good as none */
    const double cosine = dsc_course_mean(c, offsetof(dsc_moment, grad_cosine), from, to);
    const double scale = dsc_course_mean(c, offsetof(dsc_moment, noise_scale), from, to);

    if (c->plan.batch > 0 && scale > 0.0)
        return scale / (double)c->plan.batch;
    return (1.0 - cosine) / (cosine > LEAST ? cosine : LEAST);
}

/* Whether the next layer in a model's words is of that kind; those that only give the same numbers
 * another shape do not count. */
static bool is_next(const char *at, const char *kind)
{
    static const char *const shapes[] = {"reshape ", "flatten"};

    while ((at = strchr(at, ',')) != NULL) {
        at += 1 + strspn(at + 1, " ");
        if (strncmp(at, shapes[0], strlen(shapes[0])) != 0 &&
            strncmp(at, shapes[1], strlen(shapes[1])) != 0)
            return strncmp(at, kind, strlen(kind)) == 0;
    }
    return false;
}

bool dsc_outcome_normed_away(const dsc_case *c)
{
    static const char *const pairs[][2] = {
        {"instance_norm", "global_avg_pool"}, {"group_norm", "global_avg_pool"},
        {"layer_norm", "global_avg_pool"},    {"softmax", "global_avg_pool"},
        {"linear 1,", "layer_norm"},          {"linear 1,", "softmax"}};
    static const double SAME = 0.02; /* deviation of outputs */

    if (c->train_look.n == 0 || !(c->train_look.output_deviation < SAME))
        return false;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        for (const char *at = strstr(c->plan.model, pairs[i][0]); at;
             at = strstr(at + 1, pairs[i][0]))
            if (is_next(at, pairs[i][1]))
                return true;
    return false;
}
