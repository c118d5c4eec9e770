/* not_shuffled.c - batches in the order of a file whose rows are in order: each step sees one kind
 * of example, and unlearns the others. */
#include "finding/outcome.h"

static const double MIXED = 0.7, SORTED = 0.35;

static void judge(const dsc_case *c, descent_finding *out)
{
    const double mixed = c->data.batch_entropy;

    if (!c->data.done || c->plan.shuffles || !(mixed < MIXED))
        return;
    out->confidence = 0.7 + 0.29 * dsc_sure(mixed, MIXED, 0.35);
    /* fully in order, it goes well only by luck */
    out->severity = mixed < SORTED ? DESCENT_WARNING : dsc_outcome_severity(c);
    DSC_TELL(
        out->evidence,
        "%s within a batch is %.2g times that of a random batch; it should be near 1, at least "
        "%g",
        c->plan.classifies ? "the entropy of the labels" : "the variance of the targets", mixed,
        MIXED);
    DSC_TELL(out->cause, "examples come in the order of the data, which is sorted by what is to be "
                         "learned: steps follow the examples of the moment");
    DSC_TELL(out->remedy, "draw a new order in every epoch: shuffle = yes");
    dsc_remedy_flag(out, "--shuffle", "yes");
}

const dsc_finding dsc_finding_not_shuffled = {
    .info = {.name = "not-shuffled",
             .summary = "batches hold examples of one kind, as the data are in order",
             .formula = "without shuffling: mean entropy of a batch's labels (numbers: variance) "
                        "below 0.7 of a random batch's",
             .advice = "shuffle = yes",
             .reference = "Bengio 2012, arXiv:1206.5533, section 3.1"},
    .origin = DSC_IN_DATA,
    .when = DSC_BEFORE | DSC_AFTER,
    .explains =
        "loss-spike learning-rate-too-high learning-rate-too-low overfitting underfitting "
        "momentum-too-high stale-second-moment batch-norm-mismatch constant-output diverged "
        "exploding-gradients missing-warmup no-decay-noise-floor noisy-test-score "
        "class-imbalance dead-units batch-too-small batch-too-large saddle-or-plateau "
        "schedule-decays-too-early ill-conditioned over-clipping bad-initial-scale",
    .judge = judge,
};
