/* no_decay_noise_floor.c - the learning rate never fell, and the weights jump about the minimum. */
#include "finding/outcome.h"
#include "finding/steps.h"

#include <math.h>

static const double LIKELY = 0.25;

static void judge(const dsc_case *c, descent_finding *out)
{
    const double last = c->probe.loss[DSC_PROBE_LAST], mean = c->probe.loss[DSC_PROBE_MEAN];
    const double test_last = c->probe.test_last, test_mean = c->probe.test_mean;
    const double learned = dsc_steps_learned(c);

    if (c->probe.n == 0 || !(dsc_steps_last_lr(c) >= 0.3) || dsc_steps_diverged(c))
        return;
    /* the last weights may be good or bad by accident: losses of steps tell of those before them */
    const bool same = c->plan.dropouts == 0 && !c->plan.augments;
    const double usual = same ? dsc_steps_loss(c, 0.75, 1.0) : last;
    const double lower = (usual - mean) / usual, on_test = (test_last - test_mean) / test_last;
    const double both = dsc_sure(lower, 0.08, 0.25) * dsc_sure(on_test, 0.1, 0.25);
    const double train =
        fmax(fmax(dsc_sure((last - mean) / last, 0.02, 0.15), dsc_sure(lower, 0.15, 0.4)), both);
    const double test = isnan(test_last) ? 1.0 : dsc_sure(on_test, -0.1, 0.0);
    const double matters = c->plan.classifies || c->plan.text
                               ? dsc_sure((fmax(last, usual) - mean) / learned, 0.001, 0.01)
                               : 1.0;
    /* of so few examples the batch is the cause */
    const bool few = c->plan.batch <= 2;
    const double sure = (few ? 0.55 : 0.9) * train * test * matters;
    if (!(sure > LIKELY))
        return;
    out->confidence = sure;
    if (few)
        out->severity = dsc_outcome_severity(c);
    DSC_TELL(out->evidence,
             "the mean of the weights over the last quarter of the steps has a loss of %.3g, the "
             "last weights have %.3g (on test examples %.3g and %.3g), and the learning rate still "
             "is %.3g",
             mean, last, test_mean, test_last, dsc_steps_last_lr(c) * dsc_steps_largest_lr(c));
    DSC_TELL(out->cause, "steps that do not get shorter jump about the minimum, each as its batch "
                         "has it, and never settle");
    DSC_TELL(out->remedy, "let the learning rate fall to zero towards the end: schedule cosine");
    dsc_remedy_flag(out, "--schedule", "cosine");
}

const dsc_finding dsc_finding_no_decay_noise_floor = {
    .info = {.name = "no-decay-noise-floor",
             .summary = "lr never falls, and the weights jump about the minimum without settling",
             .formula =
                 "lr ends above 0.3 of its peak, and the mean of the weights over the last "
                 "quarter of the steps has a loss more than 2 % lower than the last weights; "
                 "or, on training and test examples, more than 8 and 10 % lower",
             .advice = "a schedule that falls to zero, or an average of the weights: ema (...)",
             .reference = "Polyak and Juditsky 1992; Izmailov et al. 2018, arXiv:1803.05407"},
    .origin = DSC_IN_PLAN,
    .when = DSC_AFTER,
    .explains = "noisy-test-score batch-too-small",
    .judge = judge,
};
