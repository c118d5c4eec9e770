/* schedule.c - the public schedule object: made, asked, fed with metrics, freed. */
#include "schedule/schedule.h"

#include "base/memory.h"

const descent_info *descent_schedule_info(size_t index)
{
    const dsc_schedule_rule *rule = dsc_schedule_rule_at(index);

    return rule ? &rule->info : NULL;
}

static size_t count_memory(const descent_schedule *schedule)
{
    size_t n = (size_t)schedule->rule->n_memory;

    for (int i = 0; i < schedule->n_parts; i++)
        n += count_memory(schedule->part[i]);
    return n;
}

/* Gives every part its stretch of the block; returns what follows. */
static double *hand_out(descent_schedule *schedule, double *block)
{
    schedule->memory = block;
    block += schedule->rule->n_memory;
    if (schedule->rule->forget)
        schedule->rule->forget(schedule);
    for (int i = 0; i < schedule->n_parts; i++)
        block = hand_out(schedule->part[i], block);
    return block;
}

static descent_status make(descent_schedule **out, const dsc_spec *item, double base, int64_t steps,
                           descent_error *err)
{
    const dsc_schedule_frame frame = {.base = base, .steps = steps > 0 ? (double)steps : 0.0};
    descent_schedule *schedule;

    DSC_TRY(dsc_schedule_build(&schedule, item, &frame, err));
    schedule->n_memory = count_memory(schedule);
    if (schedule->n_memory > 0) {
        schedule->memory_block = dsc_alloc(schedule->n_memory, sizeof *schedule->memory_block);
        if (!schedule->memory_block) {
            descent_schedule_free(schedule);
            return dsc_fail(err, DESCENT_NOMEM, "out of memory for the schedule '%s'",
                            item->source);
        }
        hand_out(schedule, schedule->memory_block);
    }
    *out = schedule;
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
    const descent_status status = make(out, &list->item[0], 1.0, steps, err);
    dsc_spec_free(list);
    return status;
}

descent_status descent_schedule_create(descent_schedule **out, const char *spec, int64_t steps,
                                       descent_error *err)
{
    return dsc_schedule_create_at(out, spec, steps, (dsc_place){.file = ""}, err);
}

descent_status dsc_schedule_from_list(descent_schedule **out, const dsc_spec_list *list,
                                      double base, int64_t steps, descent_error *err)
{
    *out = NULL;
    if (list->count != 1)
        return dsc_fail_at(err, DESCENT_SYNTAX, list->item[1].place,
                           "expected one schedule, found a list: '%s' after a comma; write "
                           "sequence (...) to have one after another",
                           list->item[1].name);
    return make(out, &list->item[0], base, steps, err);
}

void descent_schedule_free(descent_schedule *schedule)
{
    if (!schedule)
        return;
    for (int i = 0; i < schedule->n_parts; i++)
        descent_schedule_free(schedule->part[i]);
    dsc_free(schedule->part);
    dsc_free(schedule->begin);
    dsc_free(schedule->point);
    dsc_free(schedule->memory_block);
    descent_expression_free(schedule->formula);
    dsc_free(schedule);
}

double descent_schedule_factor(const descent_schedule *schedule, int64_t step)
{
    return dsc_schedule_value(schedule, step > 0 ? (double)step : 0.0);
}

double descent_schedule_momentum(const descent_schedule *schedule, int64_t step)
{
    return dsc_schedule_momentum(schedule, step > 0 ? (double)step : 0.0);
}

void descent_schedule_observe(descent_schedule *schedule, double metric)
{
    if (schedule->rule->observe)
        schedule->rule->observe(schedule, metric);
    for (int i = 0; i < schedule->n_parts; i++)
        descent_schedule_observe(schedule->part[i], metric);
}

double *dsc_schedule_memory(descent_schedule *schedule, size_t *n)
{
    *n = schedule->n_memory;
    return schedule->memory_block;
}
