/* drive.h - a schedule at the wheel of an optimizer: lr, and with it momentum or beta1. */
#ifndef DSC_MINIMIZE_DRIVE_H
#define DSC_MINIMIZE_DRIVE_H

#include "base/error.h"
#include "descent/optimizer.h"
#include "descent/schedule.h"

typedef struct dsc_drive {
    descent_optimizer *optimizer; /* borrowed, like the schedule */
    const descent_schedule *schedule;
    double base_lr;       /* what the factor multiplies; NaN: the rule has no lr */
    const char *momentum; /* "momentum" or "beta1" when the schedule moves it, or NULL */
    double base_momentum; /* while the schedule leaves it alone */
} dsc_drive;

/* Fails when the schedule moves momentum and the optimizer has none, or when the schedule is over
 * long before the run of `steps` is. `place` is where the schedule was typed. */
descent_status dsc_drive_begin(dsc_drive *drive, descent_optimizer *optimizer,
                               const descent_schedule *schedule, int64_t steps, dsc_place place,
                               descent_error *err);
/* Sets what holds for step `step`; *lr is the learning rate then. Fails when the schedule leaves
 * the bounds of the hyperparameter. */
descent_status dsc_drive_step(const dsc_drive *drive, int64_t step, double *lr, descent_error *err);

#endif
