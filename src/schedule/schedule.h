/* schedule.h - what one schedule file provides; see descent/schedule.h for the public side. */
#ifndef DSC_SCHEDULE_SCHEDULE_H
#define DSC_SCHEDULE_SCHEDULE_H

#include "descent/schedule.h"

#include "base/param.h"

#include <math.h>

typedef struct dsc_schedule_rule {
    /* the last two parameters are DSC_SCHEDULE_WARMUP, so that warm-up stands in front of any */
    descent_info info;
    /* The factor at step s >= 0 after warm-up, of a stretch of n >= 1 steps; past the end s >= n.
     * A pure function. */
    double (*factor)(const dsc_value *value, double s, double n);
} dsc_schedule_rule;

/* clang-format off */
/* The two rows that end every schedule's parameter table. */
#define DSC_SCHEDULE_WARMUP \
    {"warmup", 0.0, 0.0, (double)INFINITY, \
     "steps of linear ascent in front: from + (1 - from) t / warmup", DESCENT_INTEGER, NULL}, \
    {"warmup_from", 0.0, 0.0, 1e6, "factor at the first step of the warm-up", DESCENT_NUMBER, NULL}
/* clang-format on */

/* descent_schedule_create() with the place where the string was typed. */
descent_status dsc_schedule_create_at(descent_schedule **out, const char *spec, int64_t steps,
                                      dsc_place origin, descent_error *err);

#endif
