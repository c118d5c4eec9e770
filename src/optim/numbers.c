/* numbers.c - the numbers of one step: hyperparameters in force, decay, what rules derive. */
#include "optim/passes.h"

#include <math.h>

/* Whether a parameter that stands aside is set: the rest of adam_lr and adam_weight_decay. */
static bool is_set(const descent_optimizer *opt, int aside, double value)
{
    return aside == opt->rule->aside_lr ? value > 0.0 : value >= 0.0;
}

/* The value of parameter `usual` for segments that have `aside` in its place. What groups say of
 * the usual one holds for them too, and a rate follows the usual one on its way. */
static double aside_value(const descent_optimizer *opt, const dsc_setting *s, int usual, int aside)
{
    const dsc_setting outside = {.rate = 1.0, .applied = s->applied};
    const double without = dsc_setting_value(opt, &outside, usual);
    double value = dsc_setting_value(opt, &outside, aside);

    if (!is_set(opt, aside, value))
        value = without;
    else if (usual == opt->lr && opt->first_lr > 0.0 && !dsc_follows_schedule(opt, aside))
        value *= without / opt->first_lr;
    for (size_t g = 0; g < opt->n_groups; g++) {
        const dsc_override *own = &opt->group[g].param[aside];
        const dsc_override *o = own->given ? own : &opt->group[g].param[usual];
        if (!(s->groups >> g & 1) || !o->given)
            continue;
        value = o->factor ? value * o->value : o->value;
        if (o == own && !is_set(opt, aside, value))
            value = without;
    }
    return value;
}

void dsc_setting_values(const descent_optimizer *opt, const dsc_setting *s, double *param)
{
    const dsc_optim *rule = opt->rule;

    for (int i = 0; i < opt->joined.info.n_params; i++)
        param[i] = dsc_setting_value(opt, s, i);
    if (s->aside && rule->aside_lr > 0)
        param[opt->lr] = aside_value(opt, s, opt->lr, rule->aside_lr) * s->rate;
    if (s->aside && rule->aside_decay > 0)
        param[opt->weight_decay] = aside_value(opt, s, opt->weight_decay, rule->aside_decay);
}

/* How weight decay acts; a rule with a way of its own reads its weight_decay, which is 0 under
 * other modes. */
static int decay_mode(const descent_optimizer *opt, dsc_setting *s)
{
    static const int by_rule[] = {[DSC_DECAY_L2] = DSC_MODE_L2,
                                  [DSC_DECAY_LR] = DSC_MODE_LR,
                                  [DSC_DECAY_OWN] = DSC_MODE_AUTO};
    double *param = s->step.param;
    int mode = (int)param[opt->rule->info.n_params + DSC_DECAY_MODE];

    mode = mode == DSC_MODE_AUTO ? by_rule[opt->rule->decay] : mode;
    s->step.decay = opt->weight_decay >= 0 && s->decays ? param[opt->weight_decay] : 0.0;
    if (opt->weight_decay >= 0)
        param[opt->weight_decay] = mode == DSC_MODE_AUTO ? s->step.decay : 0.0;
    return mode;
}

/* What decay leaves of w. */
static double keep(const dsc_step *s, int mode)
{
    switch (mode) {
    case DSC_MODE_LR:
        return 1.0 - s->rate * s->decay;
    case DSC_MODE_SCHEDULE:
        return 1.0 - (s->first_lr > 0.0 ? s->lr / s->first_lr : 0.0) * s->decay;
    case DSC_MODE_INDEPENDENT:
        return 1.0 - s->decay;
    default:
        return 1.0;
    }
}

static void begin_setting(const descent_optimizer *opt, dsc_setting *s, double factor)
{
    const int n_own = opt->rule->info.n_params;

    s->applied = opt->count - 1;
    s->step.count = opt->count;
    s->step.norm = opt->norm * factor;
    dsc_setting_values(opt, s, s->step.param);
    s->step.lr = opt->lr >= 0 ? s->step.param[opt->lr] : 0.0;
    s->step.rate = s->step.lr;
    s->step.gain = s->step.param[n_own + DSC_MAXIMIZE] != 0.0 ? -factor : factor;
    s->clip_value = s->step.param[n_own + DSC_CLIP_VALUE];
    const int mode = decay_mode(opt, s);
    s->l2 = mode == DSC_MODE_L2 ? s->step.decay : 0.0;
    if (opt->rule->begin)
        opt->rule->begin(&s->step);
    const bool waits = (opt->rule->flags & DSC_RULE_WAITS) && opt->count == 1;
    s->step.keep = waits ? 1.0 : keep(&s->step, mode);
}

void dsc_wrap_values(dsc_wrap *wrap, int64_t applied)
{
    for (int k = 0; k < wrap->kind->info.n_params; k++)
        if (wrap->schedule[k])
            wrap->step.param[k] = descent_schedule_factor(wrap->schedule[k], applied);
}

static void begin_wrap(dsc_wrap *wrap, int64_t count)
{
    dsc_wrap_values(wrap, count - 1);
    wrap->step.count = count;
    if (wrap->kind->begin)
        wrap->kind->begin(&wrap->step);
}

void dsc_step_begin(descent_optimizer *opt)
{
    opt->skipped_in_a_row = 0;
    const double factor = dsc_clip_factor(opt);
    opt->clip = factor;
    opt->count++;
    for (size_t s = 0; s < opt->n_settings; s++)
        begin_setting(opt, &opt->setting[s], factor);
    for (int i = 0; i < opt->n_wraps; i++)
        begin_wrap(&opt->wrap[i], opt->count);
}
