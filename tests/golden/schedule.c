/* schedule.c - learning-rate schedules, step by step, and the momentum that goes with them. */
#include "golden.h"

#include "descent/schedule.h"

#include <math.h>

/* The momentum of step i, where the file has one; ours moves none where it has not. */
static bool momentum_agrees(const json_t *root, const descent_schedule *schedule, size_t i,
                            golden_note *note)
{
    const json_t *list = json_object_get(root, "momentum");
    const double got = descent_schedule_momentum(schedule, (int64_t)i);

    if (!list && isnan(got))
        return true;
    const double expected = golden_number(json_array_get(list, i));
    return golden_close(root, "momentum", &got, &expected, 1, note);
}

static golden_outcome follow(const json_t *root, descent_schedule *schedule, double base,
                             golden_note *note)
{
    const json_t *list = json_object_get(root, "lr"), *losses = json_object_get(root, "losses");
    const json_t *expected;
    size_t i;

    if (json_array_size(list) == 0)
        return golden_say(note, GOLDEN_FAILED, "the case has no learning rates");
    json_array_foreach(list, i, expected)
    {
        const double lr = golden_number(expected);
        const double got = base * descent_schedule_factor(schedule, (int64_t)i);
        golden_note detail;
        if (!golden_close(root, "lr", &got, &lr, 1, &detail) ||
            !momentum_agrees(root, schedule, i, &detail))
            return golden_say(note, GOLDEN_FAILED, "at step %zu: %.200s", i, detail.text);
        if (losses)
            descent_schedule_observe(schedule, golden_number(json_array_get(losses, i)));
    }
    return GOLDEN_PASSED;
}

golden_outcome golden_schedule(const json_t *root, golden_note *note)
{
    /* noam has no base rate: the numbers are the rates themselves */
    const double base = golden_get(root, "base_lr", 1.0);
    const size_t steps = json_array_size(json_object_get(root, "lr"));
    const golden_frame frame = {.base = base, .steps = (double)steps};
    descent_schedule *schedule;
    descent_error err;
    char spec[GOLDEN_SPEC_SIZE];

    if (!golden_schedule_spec(golden_string(root, "class"), json_object_get(root, "hyper"), frame,
                              spec, sizeof spec, note))
        return GOLDEN_SKIPPED;
    if (descent_schedule_create(&schedule, spec, (int64_t)steps, &err))
        return golden_say(note, GOLDEN_FAILED, "'%.80s' was refused: %.150s", spec, err.message);
    const golden_outcome outcome = follow(root, schedule, base, note);
    descent_schedule_free(schedule);
    return outcome;
}
