/* unscaled_inputs.c - features of very different or very large scales, as the network gets them. */
#include "finding/outcome.h"

#include <math.h>

static const double RANGE = 10.0, LARGE = 10.0, LARGE_PIXELS = 3.0, SMALL = 0.1, OFFSET = 5.0;
static const double GROSS = 10.0; /* times beyond what it may be */

/* How many times each measure is beyond what it may be; the furthest counts. */
static double tell_worst(const dsc_audit *d, descent_finding *out)
{
    const double range = d->largest_deviation / d->least_deviation;
    const double large = d->one_scale ? LARGE_PIXELS : LARGE;
    const double beyond[] = {range / RANGE, d->largest_deviation / large,
                             SMALL / d->largest_deviation, d->largest_mean_in_deviations / OFFSET};
    double worst = 0.0;
    int which = 0;

    for (int i = 0; i < 4; i++)
        if (beyond[i] > worst) {
            worst = beyond[i];
            which = i;
        }
    if (which == 0)
        DSC_TELL(out->evidence,
                 "deviations of the features go from %.3g to %.3g ('%s'), a factor of %.3g; it "
                 "should be below %g",
                 d->least_deviation, d->largest_deviation, d->widest_name, range, RANGE);
    else if (which == 3)
        DSC_TELL(out->evidence,
                 "a feature's mean is %.3g times its deviation; it should be below %g",
                 d->largest_mean_in_deviations, OFFSET);
    else
        DSC_TELL(out->evidence,
                 "features have a deviation of up to %.3g and magnitudes of up to %.3g; the "
                 "deviation should be near 1, between %g and %g",
                 d->largest_deviation, d->largest_magnitude, SMALL, large);
    return worst;
}

/* The answers are right, but the loss says that the model is far too sure of the others. */
static bool loses(const dsc_case *c)
{
    static const double MOST = 0.3; /* of the loss of guessing */

    return c->epochs > 0 && c->plan.classifies &&
           c->epoch[c->epochs - 1].test_loss > MOST * c->data.chance_loss;
}

static void judge(const dsc_case *c, descent_finding *out)
{
    const dsc_audit *d = &c->data;

    if (!d->done || c->plan.standardizes || !(d->largest_deviation > 0.0))
        return;
    const double worst = tell_worst(d, out);
    if (!(worst > 1.0))
        return;
    out->confidence = 0.57 + 0.4 * dsc_sure_log(worst, 1.0, 100.0);
    out->severity = worst > GROSS && loses(c) ? DESCENT_WARNING : dsc_outcome_severity(c);
    DSC_TELL(out->cause, "features are not scaled: the steepest of them dictates how long a step "
                         "may be, and the others hardly learn");
    DSC_TELL(out->remedy, "give features mean 0 and deviation 1: standardize = yes");
    dsc_remedy_flag(out, "--standardize", "yes");
}

const dsc_finding dsc_finding_unscaled_inputs = {
    .info = {.name = "unscaled-inputs",
             .summary = "features reach the network with very different or very large scales",
             .formula = "without standardizing: largest deviation above 10 times the smallest, "
                        "above 10 (pixels: 3) or below 0.1, or a mean above 5 deviations",
             .advice = "standardize = yes",
             .reference = "LeCun, Bottou, Orr, Mueller 1998, Efficient BackProp"},
    .origin = DSC_IN_DATA,
    .when = DSC_BEFORE | DSC_AFTER,
    .explains =
        "diverged learning-rate-too-high learning-rate-too-low "
        "exploding-gradients vanishing-gradients ill-conditioned saturated-units dead-units "
        "bad-initial-scale loss-spike constant-output missing-warmup underfitting "
        "saddle-or-plateau over-clipping non-finite-source momentum-too-high "
        "batch-too-small schedule-decays-too-early no-decay-noise-floor overfitting",
    .judge = judge,
};
