/* class_imbalance.c - a rare class that the model gives up. */
#include "finding/outcome.h"

#include <math.h>
#include <string.h>

static const double TIMES = 8.0, FOUND = 0.5, NEAR_MAJORITY = 0.02;

/* Recall of the rarest class, as far as it is known: a model that is no better than the majority
 * finds none. */
static double recall_of_rare(const dsc_case *c)
{
    const double accuracy = dsc_outcome_accuracy(c);

    if (c->test_look.n > 0 && isfinite(c->test_look.least_recall))
        return c->test_look.least_recall;
    if (isnan(accuracy))
        return (double)NAN;
    return accuracy < c->data.majority + NEAR_MAJORITY ? 0.0 : (double)NAN;
}

static void judge(const dsc_case *c, descent_finding *out)
{
    const dsc_audit *d = &c->data;
    const bool weighted = strstr(c->plan.loss, "weights=") != NULL;
    const double recall = recall_of_rare(c), lost = dsc_sure(recall, FOUND, 0.0);

    if (!d->done || !c->plan.classifies || !(d->imbalance >= TIMES) || weighted)
        return;
    const bool harms = lost > 0.0;
    out->severity = harms ? DESCENT_WARNING : DESCENT_NOTE;
    out->confidence = 0.6 + 0.15 * dsc_sure_log(d->imbalance, TIMES, 50.0) + 0.2 * lost;
    if (isnan(recall))
        DSC_TELL(out->evidence,
                 "class %d is %.3g %% of the training part, class %d only %.2g %%: %.3g to 1, "
                 "it should be below %g to 1",
                 d->largest_class, 100.0 * d->majority, d->least_class, 100.0 * d->least_share,
                 d->imbalance, TIMES);
    else
        DSC_TELL(out->evidence,
                 "class %d is %.3g %% of the training part, class %d only %.2g %% (%.3g to 1), and "
                 "of the class found least %.3g %% are found; it should be above %g %%",
                 d->largest_class, 100.0 * d->majority, d->least_class, 100.0 * d->least_share,
                 d->imbalance, 100.0 * recall, 100.0 * FOUND);
    DSC_TELL(out->cause,
             "rare classes weigh so little in the loss that giving them up costs hardly "
             "anything; accuracy does not show it");
    DSC_TELL(out->remedy, "let every class weigh the same: weights=balanced");
    dsc_remedy_flag(out, "--loss", "%s weights=balanced", c->plan.loss);
}

const dsc_finding dsc_finding_class_imbalance = {
    .info = {.name = "class-imbalance",
             .summary = "one class is so rare that the model does not learn it",
             .formula = "largest class above 8 times the smallest, without weights; a warning when "
                        "less than half of some class is found in the test part",
             .advice = "cross_entropy weights=balanced",
             .reference = "He and Garcia 2009, Learning from imbalanced data"},
    .origin = DSC_IN_DATA,
    .when = DSC_BEFORE | DSC_AFTER,
    .explains = "labels-misaligned constant-output underfitting saddle-or-plateau "
                "learning-rate-too-low overfitting ill-conditioned "
                "noisy-test-score batch-too-small bad-initial-scale",
    .judge = judge,
};
