/* symmetric_initialization.c - units that begin alike stay alike: they get the same gradients. */
#include "finding/outcome.h"

static void judge(const dsc_case *c, descent_finding *out)
{
    const double same = c->start.same_units;

    if (!c->start.looked || !(same > 0.0))
        return;
    const double sure = dsc_sure(same, 0.2, 0.6);
    if (sure == 0.0)
        return;
    out->confidence = 0.6 + 0.39 * sure;
    out->severity = dsc_outcome_learned(c) ? DESCENT_WARNING : DESCENT_FAILURE;
    DSC_TELL(out->evidence,
             "%.0f %% of the units of '%s' begin with the same weights as another; it should be "
             "none",
             100.0 * same, c->start.same_segment);
    DSC_TELL(out->cause, "units that begin alike get the same gradient and stay alike, so a layer "
                         "of them does no more than one");
    DSC_TELL(out->remedy, "begin with random weights: without init=zeros or init=constant");
    dsc_remedy_init(c, out);
}

const dsc_finding dsc_finding_symmetric_initialization = {
    .info = {.name = "symmetric-initialization",
             .summary = "units begin with the same weights and stay alike",
             .formula = "more than 20 % of a layer's units begin with the same weights as another; "
                        "the last layer may",
             .advice = "random first weights",
             .reference = "Goodfellow, Bengio & Courville 2016, Deep Learning, section 8.4"},
    .origin = DSC_IN_START,
    .when = DSC_BEFORE | DSC_AFTER,
    .explains = "vanishing-gradients dead-units saturated-units constant-output frozen-parameters "
                "bad-initial-scale exploding-gradients underfitting learning-rate-too-low "
                "learning-rate-too-high saddle-or-plateau class-imbalance ill-conditioned "
                "wrong-loss labels-misaligned adam-eps-dominates diverged",
    .judge = judge,
};
