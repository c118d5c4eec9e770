/* scheduled.c - hyperparameters that follow a schedule, and their values at a step. */
#include "optim/object.h"

#include "schedule/schedule.h"

#include <float.h>
#include <math.h>

enum { LOOKS = 1000 }; /* steps at which a schedule's values are held against the bounds */

/* One schedule for parameter p of `entry`: its values lie within the bounds, and it needs to know
 * nothing but the step; *largest of the values looked at. */
static descent_status read_schedule(const descent_optimizer *opt, const char *entry,
                                    const descent_param *p, const dsc_spec_list *list,
                                    descent_schedule **out, double *largest, descent_error *err)
{
    const int64_t steps = opt->run_steps > 0 ? opt->run_steps : LOOKS;
    const int64_t stride = steps > LOOKS ? steps / LOOKS : 1;
    const dsc_place place = list->item[0].place;
    size_t n_memory;

    DSC_TRY(dsc_schedule_from_list(out, list, p->initial, opt->run_steps, err));
    dsc_schedule_memory(*out, &n_memory);
    if (n_memory > 0)
        return dsc_fail_at(err, DESCENT_INVALID, place,
                           "%s: '%s' follows the loss, which an optimizer never sees; only the "
                           "schedule of a whole run can",
                           entry, list->item[0].source);
    *largest = -(double)INFINITY;
    for (int64_t step = 0; step <= steps; step += stride) {
        const double value = descent_schedule_factor(*out, step);
        DSC_TRY(dsc_param_check(entry, p, value, place, err));
        *largest = value > *largest ? value : *largest;
    }
    /* one that was 0 at every look may be more between them and later, and needs its memory then */
    if (*largest == 0.0 && p->max > 0.0)
        *largest = DBL_MIN;
    return DESCENT_OK;
}

descent_status dsc_schedules_read(descent_optimizer *opt, const dsc_value *value,
                                  descent_error *err)
{
    for (int i = 0; i < opt->joined.info.n_params; i++) {
        opt->base[i] = value[i].number;
        if (!value[i].list)
            continue;
        if (dsc_is_settled(opt, i))
            return dsc_fail_at(err, DESCENT_INVALID, value[i].list->item[0].place,
                               "%s: %s is settled before the first step and can follow no schedule",
                               opt->rule->info.name, opt->joined.param[i].name);
        /* the settings are judged by the largest value: may it be other than zero? */
        DSC_TRY(read_schedule(opt, opt->rule->info.name, &opt->joined.param[i], value[i].list,
                              &opt->schedule[i], &opt->base[i], err));
        if (i == opt->lr && opt->run_steps > 0)
            DSC_TRY(dsc_schedule_check_end(opt->schedule[i], opt->run_steps,
                                           value[i].list->item[0].place, err));
    }
    return DESCENT_OK;
}

descent_status dsc_wrap_schedules_read(const descent_optimizer *opt, dsc_wrap *wrap,
                                       const dsc_value *value, descent_error *err)
{
    const descent_info *info = &wrap->kind->info;

    for (int i = 0; i < info->n_params; i++) {
        wrap->step.param[i] = value[i].number;
        if (value[i].list)
            DSC_TRY(read_schedule(opt, info->name, &info->params[i], value[i].list,
                                  &wrap->schedule[i], &wrap->step.param[i], err));
    }
    return DESCENT_OK;
}

bool dsc_optimizer_schedules(const descent_optimizer *opt, const char *param)
{
    int i;

    return dsc_param_find(&opt->joined.info, param, (dsc_place){.file = ""}, &i, NULL) ==
               DESCENT_OK &&
           dsc_follows_schedule(opt, i);
}

double dsc_optimizer_next_lr(const descent_optimizer *opt)
{
    return opt->lr < 0 ? (double)NAN
                       : dsc_setting_value(opt, &(dsc_setting){.rate = 1.0, .applied = opt->count},
                                           opt->lr);
}

bool dsc_follows_schedule(const descent_optimizer *opt, int param)
{
    return opt->schedule[param] && !(opt->set >> param & 1);
}

/* What groups make of the value outside them. */
static double in_groups(const descent_optimizer *opt, const dsc_setting *setting, int param,
                        double value)
{
    const descent_param *p = &opt->joined.param[param];

    for (size_t i = 0; i < opt->n_groups; i++) {
        const dsc_override *o = &opt->group[i].param[param];
        if ((setting->groups >> i & 1) && o->given)
            value = o->factor ? value * o->value : o->value;
    }
    if (param == opt->lr)
        value *= setting->rate;
    return value < p->min ? p->min : value > p->max ? p->max : value;
}

double dsc_setting_value(const descent_optimizer *opt, const dsc_setting *setting, int param)
{
    const double value = dsc_follows_schedule(opt, param)
                             ? descent_schedule_factor(opt->schedule[param], setting->applied)
                             : opt->base[param];

    return in_groups(opt, setting, param, value);
}

double dsc_setting_largest(const descent_optimizer *opt, const dsc_setting *setting, int param)
{
    return in_groups(opt, setting, param, opt->base[param]);
}
