/* make.h - schedules in tests. */
#ifndef TEST_MAKE_H
#define TEST_MAKE_H

#include "schedule/schedule.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static inline descent_schedule *make(const char *spec, int64_t steps)
{
    descent_schedule *schedule;
    descent_error err = {0};

    if (descent_schedule_create(&schedule, spec, steps, &err))
        fail_msg("'%s': %s", spec, err.message);
    return schedule;
}

/* From the "( ... )" of a hyperparameter whose default is `base`. */
static inline descent_status from_text(descent_schedule **out, const char *text, double base,
                                       int64_t steps, descent_error *err)
{
    dsc_spec_list *list;

    assert_int_equal(dsc_spec_parse(&list, text, (dsc_place){.file = ""}, err), DESCENT_OK);
    const descent_status status = dsc_schedule_from_list(out, list, base, steps, err);
    dsc_spec_free(list);
    return status;
}

static inline void assert_same(const descent_schedule *a, const descent_schedule *b, int64_t steps)
{
    for (int64_t step = 0; step < steps; step++)
        assert_true(descent_schedule_factor(a, step) == descent_schedule_factor(b, step));
}

#endif
