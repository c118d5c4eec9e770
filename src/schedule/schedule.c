/* schedule.c - the public schedule object, the warm-up in front of all, and the list of rules. */
#include "schedule/schedule.h"

#include "base/memory.h"
#include "base/spec.h"

#include "schedule_list.h"

#include <string.h>

#define X(name) extern const dsc_schedule_rule dsc_schedule_##name;
DSC_SCHEDULE_LIST(X)
#undef X

static const dsc_schedule_rule *const rules[] = {
#define X(name) &dsc_schedule_##name,
    DSC_SCHEDULE_LIST(X)
#undef X
};
enum { N_RULES = sizeof rules / sizeof *rules };

struct descent_schedule {
    const dsc_schedule_rule *rule;
    dsc_value value[DSC_MAX_PARAMS];
    double warmup, warmup_from, steps; /* steps after the warm-up */
};

const descent_info *descent_schedule_info(size_t index)
{
    return index < N_RULES ? &rules[index]->info : NULL;
}

static descent_status read_item(descent_schedule *schedule, const dsc_spec *item, int64_t steps,
                                descent_error *err)
{
    char near[80];

    for (int i = 0; i < N_RULES; i++)
        if (strcmp(rules[i]->info.name, item->name) == 0)
            schedule->rule = rules[i];
    if (!schedule->rule) {
        dsc_suggest_entry(item->name, descent_schedule_info, near);
        return dsc_fail_at(err, DESCENT_UNKNOWN, item->place, "no schedule is called '%s'%s",
                           item->name, near);
    }
    const descent_info *info = &schedule->rule->info;
    DSC_TRY(dsc_spec_bind(item, info, false, schedule->value, err));
    schedule->warmup = schedule->value[info->n_params - 2].number;
    schedule->warmup_from = schedule->value[info->n_params - 1].number;
    schedule->steps = (double)steps - schedule->warmup;
    if (schedule->steps < 1.0)
        schedule->steps = 1.0;
    return DESCENT_OK;
}

descent_status dsc_schedule_create_at(descent_schedule **out, const char *spec, int64_t steps,
                                      dsc_place origin, descent_error *err)
{
    dsc_spec_list *list;

    *out = NULL;
    if (steps < 1)
        return dsc_fail(err, DESCENT_INVALID, "a schedule needs at least 1 step, found %lld",
                        (long long)steps);
    DSC_TRY(dsc_spec_parse_one(&list, spec ? spec : "", origin, err));
    descent_schedule *schedule = dsc_alloc(1, sizeof *schedule);
    const descent_status status =
        schedule ? read_item(schedule, &list->item[0], steps, err)
                 : dsc_fail(err, DESCENT_NOMEM, "out of memory for the schedule '%s'", spec);
    dsc_spec_free(list);
    if (status != DESCENT_OK) {
        descent_schedule_free(schedule);
        return status;
    }
    *out = schedule;
    return DESCENT_OK;
}

descent_status descent_schedule_create(descent_schedule **out, const char *spec, int64_t steps,
                                       descent_error *err)
{
    return dsc_schedule_create_at(out, spec, steps, (dsc_place){.file = ""}, err);
}

void descent_schedule_free(descent_schedule *schedule)
{
    dsc_free(schedule);
}

double descent_schedule_factor(const descent_schedule *schedule, int64_t step)
{
    const double t = step > 0 ? (double)step : 0.0, from = schedule->warmup_from;

    if (t < schedule->warmup)
        return from + (1.0 - from) * t / schedule->warmup;
    return schedule->rule->factor(schedule->value, t - schedule->warmup, schedule->steps);
}
