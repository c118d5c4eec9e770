/* schedule_decays_too_early.c - the learning rate fell while there was still much to learn. */
#include "finding/steps.h"

#include <math.h>

static const double LIKELY = 0.25;

static void judge(const dsc_case *c, descent_finding *out)
{
    const double first = dsc_steps_first(c), mean = dsc_steps_mean_lr(c);
    const double cut = dsc_steps_lr_below(c, 0.1); /* after which lr is below a tenth */
    const double before = dsc_steps_loss(c, 0.3 * cut, 0.6 * cut);
    const double then = dsc_steps_loss(c, 0.8 * cut, cut), last = dsc_steps_loss(c, 0.9, 1.0);
    /* at the pace it had, the rest of the run would have brought so much; it cannot be more than
     * there is */
    const double pace = (before - then) / (0.45 * cut);
    const double missed = fmin(pace * (1.0 - cut), last) - (then - last);
    const double sure = 0.95 * dsc_sure(mean, 0.35, 0.2) * dsc_sure(cut, 0.75, 0.5) *
                        dsc_sure(missed / first, 0.03, 0.15);

    if (c->step_losses < 20 || !(sure > LIKELY))
        return;
    out->confidence = sure;
    DSC_TELL(out->evidence,
             "after %.0f %% of the steps the learning rate was below a tenth of its peak; the loss "
             "fell from %.3g to %.3g just before, and in all the steps after only to %.3g",
             100.0 * cut, before, then, last);
    DSC_TELL(out->cause, "the schedule took the learning rate away while the loss was still "
                         "falling; the steps after that were too short to learn much");
    DSC_TELL(out->remedy, "let the learning rate fall over the whole run: schedule cosine");
    dsc_remedy_flag(out, "--schedule", "cosine");
}

const dsc_finding dsc_finding_schedule_decays_too_early = {
    .info = {.name = "schedule-decays-too-early",
             .summary = "lr fell to almost nothing while the loss was still falling",
             .formula = "lr is below a tenth of its peak before three quarters of the steps are "
                        "taken, and at the pace before, the rest would have brought 3 % of the "
                        "first loss and more",
             .advice = "a schedule that ends with the run: cosine, linear, wsd",
             .reference = "Hu et al. 2024, arXiv:2404.06395 (wsd); Hoffmann et al. 2022, "
                          "arXiv:2203.15556, appendix B"},
    .origin = DSC_IN_PLAN,
    .when = DSC_AFTER,
    .explains = "underfitting learning-rate-too-low saddle-or-plateau vanishing-gradients",
    .judge = judge,
};
