/* unscaled_target.c - numbers to predict of a scale that steps of usual length don't fit. */
#include "finding/outcome.h"

#include <math.h>
#include <string.h>

static const double LARGE = 10.0, SMALL = 0.1, OFFSET = 10.0;

/* Losses whose targets are what they are: from 0 to 1, counts, signs. */
static bool has_fixed_targets(const dsc_case *c)
{
    static const char *const fixed[] = {"bce",   "bce_with_logits", "poisson_nll",
                                        "hinge", "hinge_embedding", "kl_div"};

    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        if (strcmp(fixed[i], c->plan.loss_name) == 0)
            return true;
    return false;
}

static void judge(const dsc_case *c, descent_finding *out)
{
    const double deviation = c->data.target_deviation, mean = fabs(c->data.target_mean);

    if (!c->data.done || c->plan.classifies || c->plan.text || has_fixed_targets(c) ||
        !(deviation > 0.0))
        return;
    const double offset = fmin(mean / deviation, mean) / OFFSET;
    const double worst = fmax(fmax(deviation / LARGE, SMALL / deviation), offset);
    if (!(worst > 1.0))
        return;
    out->confidence = 0.55 + 0.4 * dsc_sure_log(worst, 1.0, 100.0);
    out->severity = dsc_outcome_severity(c);
    DSC_TELL(out->evidence,
             "the target has a mean of %.4g and a deviation of %.4g; the deviation should be near "
             "1, between %g and %g, and the mean below %g deviations",
             c->data.target_mean, deviation, SMALL, LARGE, OFFSET);
    DSC_TELL(out->cause,
             "the target is not scaled: loss and gradients grow with its scale, so that "
             "no usual learning rate fits");
    DSC_TELL(out->remedy, "give the target mean 0 and deviation 1, as standardize = yes does; "
                          "predictions stay in its own units");
    dsc_remedy_flag(out, "--standardize", "yes");
}

const dsc_finding dsc_finding_unscaled_target = {
    .info = {.name = "unscaled-target",
             .summary = "the numbers to predict are very large, very small or far from 0",
             .formula = "a deviation, as the loss sees it, above 10 or below 0.1, or a mean above "
                        "10 deviations",
             .advice = "standardize = yes, which covers targets",
             .reference = "Bishop 1995, Neural Networks for Pattern Recognition, section 8.2"},
    .origin = DSC_IN_DATA,
    .when = DSC_BEFORE | DSC_AFTER,
    .explains = "diverged learning-rate-too-high learning-rate-too-low exploding-gradients "
                "vanishing-gradients saturated-units dead-units bad-initial-scale loss-spike "
                "constant-output missing-warmup underfitting saddle-or-plateau over-clipping "
                "non-finite-source ill-conditioned momentum-too-high batch-too-small "
                "schedule-decays-too-early no-decay-noise-floor adam-eps-dominates",
    .judge = judge,
};
