/* schedule.h - a hyperparameter as a function of the step: "cosine warmup=100 floor=0.01". */
#ifndef DESCENT_SCHEDULE_H
#define DESCENT_SCHEDULE_H

#include "descent/base.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct descent_schedule descent_schedule;

/* Registered schedules, in the order of `descent list schedules`. NULL past the end. */
DESCENT_API const descent_info *descent_schedule_info(size_t index);

/* Makes a schedule from a string. `steps` is the length of the whole training, used where the
 * schedule does not say its own length; it is at least 1. Free with descent_schedule_free(). */
DESCENT_API descent_status descent_schedule_create(descent_schedule **out, const char *spec,
                                                   int64_t steps, descent_error *err);
DESCENT_API void descent_schedule_free(descent_schedule *schedule); /* NULL is fine */

/* The factor on the base value that holds for step `step` (0 is the first step taken):
 * lr(step) = base lr * factor. Past the end the last value stays, unless the schedule is one that
 * goes on. A pure function of the step (and of the metrics observed, when there is a plateau in
 * it); count only steps that were applied. One thread at a time per schedule. */
DESCENT_API double descent_schedule_factor(const descent_schedule *schedule, int64_t step);

/* The momentum (or beta1) that goes with it, when one_cycle or cyclic was told to move it; NaN
 * when the schedule leaves momentum alone. */
DESCENT_API double descent_schedule_momentum(const descent_schedule *schedule, int64_t step);

/* Tells a plateau the newest metric, such as the test loss at the end of an epoch. All other
 * schedules take no notice. */
DESCENT_API void descent_schedule_observe(descent_schedule *schedule, double metric);

#ifdef __cplusplus
}
#endif
#endif
