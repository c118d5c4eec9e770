/* end.c - a schedule that is over long before the run is: nothing would move any more. */
#include "schedule/schedule.h"

#include <stdio.h>
#include <string.h>

enum { LOOKED_AT = 65536 }; /* steps back from the end that are looked at one by one */

/* The first of the zeros at the end of the run; further back than LOOKED_AT steps it is taken for
 * granted that what is 0 stays 0. */
static int64_t first_zero(const descent_schedule *schedule, int64_t run_steps)
{
    int64_t zero = run_steps, positive = -1;

    while (zero > 0 && run_steps - zero < LOOKED_AT) {
        if (descent_schedule_factor(schedule, zero - 1) != 0.0)
            return zero;
        zero--;
    }
    while (zero - positive > 1) {
        const int64_t middle = positive + (zero - positive) / 2;
        if (descent_schedule_factor(schedule, middle) == 0.0)
            zero = middle;
        else
            positive = middle;
    }
    return zero;
}

/* "; leave steps out, or give floor=0.01", as far as the schedule has these. */
static const char *remedy(const descent_schedule *schedule, char out[64])
{
    const descent_info *info = &schedule->rule->info;
    bool has_steps = false;
    const char *end = NULL;

    for (int i = 0; i < info->n_params; i++) {
        has_steps |= strcmp(info->params[i].name, "steps") == 0 && schedule->value[i].given;
        if (strcmp(info->params[i].name, "floor") == 0 || strcmp(info->params[i].name, "to") == 0)
            end = info->params[i].name;
    }
    snprintf(out, 64, "%s%s%s%s%s", has_steps || end ? "; " : "",
             has_steps ? "leave steps out" : "", has_steps && end ? ", or " : "",
             end ? "give " : "", end ? end : "");
    if (end)
        snprintf(out + strlen(out), 64 - strlen(out), "=0.01");
    return out;
}

descent_status dsc_schedule_check_end(const descent_schedule *schedule, int64_t run_steps,
                                      dsc_place place, descent_error *err)
{
    const int64_t zero = first_zero(schedule, run_steps);
    char from[32], steps[32], hint[64];

    /* a few steps of rest at the end do no harm */
    if (run_steps - zero <= run_steps / 10 || run_steps - zero <= 1)
        return DESCENT_OK;
    return dsc_fail_at(err, DESCENT_INVALID, place,
                       "the schedule '%s' is 0 from step %s on, but the run has %s steps: nothing "
                       "would move after that%s",
                       schedule->rule->info.name, descent_count_text((size_t)zero, from),
                       descent_count_text((size_t)run_steps, steps), remedy(schedule, hint));
}
