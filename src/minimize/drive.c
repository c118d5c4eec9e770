/* drive.c - a schedule at the wheel of an optimizer: lr, and with it momentum or beta1. */
#include "minimize/drive.h"

#include "optim/optimizer.h"
#include "schedule/schedule.h"

#include <math.h>
#include <string.h>

/* The hyperparameter has a schedule of its own, and that of the run would act on it too. */
static descent_status moved_twice(const descent_schedule *schedule, const char *param,
                                  dsc_place place, descent_error *err)
{
    return dsc_fail_at(err, DESCENT_INVALID, place,
                       "%s follows a schedule of its own, %s=(...), and '%s' would move it as "
                       "well; leave one of them out",
                       param, param, schedule->rule->info.name);
}

/* The one schedule that leaves lr as it is. */
static bool stays(const descent_schedule *schedule)
{
    return strcmp(schedule->rule->info.name, "constant") == 0 &&
           descent_schedule_factor(schedule, 0) == 1.0;
}

descent_status dsc_drive_begin(dsc_drive *drive, descent_optimizer *optimizer,
                               const descent_schedule *schedule, int64_t steps, dsc_place place,
                               descent_error *err)
{
    *drive = (dsc_drive){.optimizer = optimizer,
                         .schedule = schedule,
                         .base_lr = descent_optimizer_get(optimizer, "lr")};
    if (dsc_optimizer_schedules(optimizer, "lr")) {
        if (!stays(schedule))
            return moved_twice(schedule, "lr", place, err);
        drive->base_lr = (double)NAN; /* nothing to drive */
    }
    DSC_TRY(dsc_schedule_check_end(schedule, steps, place, err));
    if (!dsc_schedule_moves_momentum(schedule))
        return DESCENT_OK;
    drive->momentum = isnan(descent_optimizer_get(optimizer, "momentum")) ? "beta1" : "momentum";
    drive->base_momentum = descent_optimizer_get(optimizer, drive->momentum);
    if (isnan(drive->base_momentum))
        return dsc_fail_at(err, DESCENT_INVALID, place,
                           "the schedule '%s' moves momentum, but the optimizer has neither "
                           "momentum nor beta1; leave that out of the schedule",
                           schedule->rule->info.name);
    if (dsc_optimizer_schedules(optimizer, drive->momentum))
        return moved_twice(schedule, drive->momentum, place, err);
    /* an optimizer that set no memory aside for momentum refuses it now, not within the run */
    const double momentum = descent_schedule_momentum(schedule, 0);
    DSC_TRY(
        descent_optimizer_set(optimizer, drive->momentum, isnan(momentum) ? 0.5 : momentum, err));
    return descent_optimizer_set(optimizer, drive->momentum, drive->base_momentum, err);
}

/* Setting a value looks at all settings; most steps keep the one there is. */
static descent_status set(descent_optimizer *optimizer, const char *param, double value,
                          descent_error *err)
{
    const double now = descent_optimizer_get(optimizer, param);

    return now <= value && now >= value ? DESCENT_OK
                                        : descent_optimizer_set(optimizer, param, value, err);
}

/* A value that the optimizer refuses comes from the schedule. */
static descent_status refuse(const dsc_drive *drive, int64_t step, descent_status status,
                             const descent_error *why, descent_error *err)
{
    return dsc_fail(err, status, "the schedule '%s' at step %lld: %s",
                    drive->schedule->rule->info.name, (long long)step + 1, why->message);
}

descent_status dsc_drive_step(const dsc_drive *drive, int64_t step, double *lr, descent_error *err)
{
    descent_status status = DESCENT_OK;
    descent_error why;

    *lr = drive->base_lr * descent_schedule_factor(drive->schedule, step);
    if (isnan(drive->base_lr)) /* no learning rate, or one that has a schedule of its own */
        *lr = dsc_optimizer_next_lr(drive->optimizer);
    else
        status = set(drive->optimizer, "lr", *lr, &why);
    if (status == DESCENT_OK && drive->momentum) {
        const double momentum = descent_schedule_momentum(drive->schedule, step);
        status = set(drive->optimizer, drive->momentum,
                     isnan(momentum) ? drive->base_momentum : momentum, &why);
    }
    return status == DESCENT_OK ? DESCENT_OK : refuse(drive, step, status, &why, err);
}
