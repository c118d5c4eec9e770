/* batch_too_large.c - so many examples a step that there are too few steps. */
#include "finding/outcome.h"

#include <math.h>

static const double FEW = 600.0;     /* steps that are not few */
static const double NOISE = 0.5;     /* of the batch: the noise scale, below which it is wasted */
static const double FALLS = 0.08;    /* from one quarter to the next: it is still learning */
static const double TOO_FEW = 150.0; /* steps; the fewer they are, the less it must still learn */
static const double MUCH = 0.25;     /* that is left of it after too few, if lr ended in 0 or not */
static const double LEARNED = 0.1;   /* of the loss of guessing, */
static const double LITTLE = 0.03;   /* and of numbers, after a third of those that are too few */

/* A power of two near the noise scale that gives ten times the steps. */
static int better_batch(const dsc_case *c, double noise)
{
    const double wanted = fmin(noise * (double)c->plan.batch, (double)c->plan.batch / 8.0);
    int batch = 16;

    while (batch < 256 && 1.5 * batch < wanted)
        batch *= 2;
    return batch;
}

static void judge(const dsc_case *c, descent_finding *out)
{
    const double batch = (double)c->plan.batch, steps = (double)c->plan.steps;
    const double per_epoch = (double)c->plan.steps_per_epoch, left = dsc_outcome_left(c);
    const double noise = dsc_outcome_noise(c, 0.0, 0.6), fall = dsc_outcome_fall(c);
    const double ratio = dsc_course_mean(c, offsetof(dsc_moment, update_ratio), 0.0, 0.6);

    const bool hardly_begun = !c->plan.classifies && steps < TOO_FEW / 3.0 && fall > FALLS;
    const double learned = hardly_begun ? LITTLE : LEARNED;
    if (c->plan.searches || c->plan.text || batch <= 64.0 || steps >= FEW || per_epoch > 16.0 ||
        !(noise < NOISE || per_epoch <= 4.0) || left < learned ||
        !(fall > FALLS * fmin(steps / TOO_FEW, 1.0) || (steps < TOO_FEW && left > MUCH)))
        return;
    const double measured = noise < NOISE ? noise : NOISE;
    out->confidence =
        0.55 + 0.2 * dsc_sure_log(steps, FEW, FEW / 10.0) + 0.2 * dsc_sure_log(batch, 64.0, 512.0);
    if (ratio < 1e-4) /* steps so short are an lr that is too low, whatever the batch */
        out->confidence *= 0.5;
    const int better = better_batch(c, measured);
    DSC_TELL(out->evidence,
             "%.0f examples a step, %.2g times what the noise of the gradient asks for, leave %.0f "
             "steps in all, and the loss had come from %.3g to no less than %.3g",
             batch, 1.0 / fmax(measured, 1e-3), steps, c->moment[0].loss,
             dsc_course_loss(c, 0.9, 1.0));
    DSC_TELL(out->cause, "the batch is so large that its steps are hardly better than those of a "
                         "smaller one, and there are too few of them");
    DSC_TELL(out->remedy, "take %d examples a step: %.0f times as many steps in the same epochs",
             better, batch / (double)better);
    dsc_remedy_flag(out, "--batch", "%d", better);
}

const dsc_finding dsc_finding_batch_too_large = {
    .info =
        {.name = "batch-too-large",
         .summary = "so many examples a step that there are too few steps",
         .formula =
             "the gradient noise scale is below half the batch or an epoch has at most 4 "
             "steps, below 600 steps in all, and the loss still falls by 8 % a "
             "quarter (after fewer than 150 steps by as much less as these are fewer), or "
             "after fewer than 150 is over 25 % of that of guessing; never where less than 10 % of "
             "that is left (of numbers after fewer than 50 steps 3 %)",
         .advice = "a smaller batch; or a higher lr and more epochs",
         .reference = "McCandlish et al. 2018, arXiv:1812.06162; Shallue et al. 2019, "
                      "arXiv:1811.03600"},
    .origin = DSC_IN_PLAN,
    .when = DSC_AFTER,
    .explains = "learning-rate-too-low underfitting schedule-decays-too-early ill-conditioned "
                "noisy-test-score",
    .judge = judge,
};
