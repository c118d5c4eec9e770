/* held.c - what an optimizer holds of some elements of w, for people and findings to look at. */
#include "optim/object.h"
#include "optim/optimizer.h"

#include <math.h>

static const dsc_held nothing = {
    .v = (double)NAN, .eps = (double)NAN, .gain = 1.0, .keep = 1.0, .limit = (double)INFINITY};

/* The vector of running means of g^2 that divides a step; -1: the rule keeps none, not one number
 * for each element, or not as full numbers. A rule that estimates its own rate scales it as well.
 */
static int second_moment(const descent_optimizer *opt)
{
    const bool usual = opt->eps >= 0 && !opt->rule->estimate && !opt->rule->solve &&
                       (opt->beta2 >= 0 || !isnan(descent_optimizer_get(opt, "alpha")));

    for (int k = 0; usual && k < opt->rule->n_state; k++)
        if ((opt->rule->second_moment & opt->states) >> k & 1 && opt->storage[k] == DSC_FULL)
            return k;
    return -1;
}

/* Element i of a state vector. */
static double state_at(const descent_optimizer *opt, int k, size_t i)
{
    const char *vector = (const char *)opt->state + opt->state_begin[k];

    return opt->type == DESCENT_F64 ? ((const double *)(const void *)vector)[i]
                                    : (double)((const float *)(const void *)vector)[i];
}

/* What the settings of the last step say. */
static dsc_held of_setting(const descent_optimizer *opt, const dsc_setting *s)
{
    dsc_held held = nothing;

    held.gain = s->step.gain;
    held.l2 = s->l2;
    held.keep = s->step.keep;
    if (opt->weight_decay >= 0 && s->step.param[opt->weight_decay] > 0.0 && s->l2 == 0.0)
        held.keep = 1.0 - s->step.rate * s->step.decay; /* the rule's own way */
    held.limit = s->clip_value > 0.0 ? s->clip_value : (double)INFINITY;
    held.moves = opt->count > 0;
    return held;
}

static double correction(const descent_optimizer *opt, const dsc_setting *s)
{
    return opt->beta2 >= 0 ? 1.0 - pow(s->step.param[opt->beta2], (double)opt->count) : 1.0;
}

/* What is the same for all elements of a span; v is the factor that takes its start out. */
static dsc_held of_span(const descent_optimizer *opt, const dsc_span *span, int k)
{
    const dsc_setting *setting = &opt->setting[span->setting];
    dsc_held held = of_setting(opt, setting);

    if (k < 0 || span->whole || span->odd[k])
        return held;
    held.eps = setting->step.param[opt->eps];
    held.v = 1.0 / correction(opt, setting);
    return held;
}

void dsc_optimizer_held(const descent_optimizer *opt, const size_t *at, size_t n, dsc_held *out)
{
    const int k = opt->count > 0 ? second_moment(opt) : -1;
    const dsc_span *span = NULL;
    dsc_held common = nothing;
    size_t s = 0;

    for (size_t i = 0; i < n; i++) {
        while (s < opt->n_spans && at[i] >= opt->span[s].begin + opt->span[s].count)
            s++;
        out[i] = nothing;
        if (s == opt->n_spans || at[i] < opt->span[s].begin)
            continue;
        if (span != &opt->span[s]) {
            span = &opt->span[s];
            common = of_span(opt, span, k);
        }
        out[i] = common;
        if (!isnan(common.v))
            out[i].v *= state_at(opt, k, span->state_at[k] + at[i] - span->begin);
    }
}

double dsc_optimizer_clip(const descent_optimizer *opt)
{
    return opt->count > 0 ? opt->clip : 1.0;
}
