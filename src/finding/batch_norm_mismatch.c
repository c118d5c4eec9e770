/* batch_norm_mismatch.c - batch_norm's running statistics are not those that it learned with. */
#include "finding/finding.h"

#include <math.h>

static const double WORSE = 1.25; /* times the loss while it learned, or the other way round */
enum { SMALL = 4 };               /* examples of a batch: its statistics are mostly chance */

/* What guessing loses, so that small losses are not taken too seriously. */
static double chance(const dsc_case *c)
{
    return c->plan.classifies && c->plan.outputs > 1 ? log((double)c->plan.outputs) : 1.0;
}

static void remedy(const dsc_case *c, descent_finding *out)
{
    if (c->plan.batch <= SMALL) {
        DSC_TELL(out->remedy, "take batches of 32 examples, or layer_norm, which needs no batch");
        dsc_remedy_flag(out, "--batch", "%d", 32);
        return;
    }
    if (dsc_remedy_momentum(c, out)) {
        DSC_TELL(out->remedy, "leave the momentum of the running statistics at 0.1");
        return;
    }
    DSC_TELL(out->remedy, "take a norm that needs no running statistics: group_norm 1");
    dsc_remedy_model(c, out, "batch_norm", "group_norm 1");
}

static void judge(const dsc_case *c, descent_finding *out)
{
    const double learned = dsc_course_loss(c, 0.9, 1.0), now = c->train_look.loss;

    if (c->plan.batch_norms == 0 || c->train_look.n == 0 || !isfinite(learned) || !isfinite(now))
        return;
    const double floor = 0.05 * chance(c), ratio = (now + floor) / (learned + floor);
    /* dropout and changed pictures make learning harder as well, but not large batches */
    const bool either_way = c->plan.batch <= SMALL && c->plan.dropouts == 0 && !c->plan.augments;
    const double off = either_way ? fmax(ratio, 1.0 / ratio) : ratio;
    const double sure = dsc_sure_log(off, WORSE, 2.0 * WORSE);
    if (sure == 0.0)
        return;
    out->confidence = 0.55 + 0.42 * sure;
    DSC_TELL(
        out->evidence,
        "on training examples the loss is %.3g when the network predicts, but was %.3g while "
        "it learned, in the last tenth of the steps; they should be alike within a factor of %g",
        now, learned, WORSE);
    if (c->plan.batch <= SMALL)
        DSC_TELL(out->cause,
                 "statistics of %lld examples change from batch to batch, and the running ones of "
                 "batch_norm are like none of them",
                 (long long)c->plan.batch);
    else
        DSC_TELL(out->cause, "the running statistics of batch_norm lag behind those of the batches "
                             "that it learned with");
    remedy(c, out);
}

const dsc_finding dsc_finding_batch_norm_mismatch = {
    .info = {.name = "batch-norm-mismatch",
             .summary = "batch_norm predicts with other statistics than it learned with",
             .formula = "loss on training examples, evaluated, above 1.25 times that of the last "
                        "10 % of the steps, or with batches of up to 4 below 1 / 1.25 (a twentieth "
                        "of the loss of guessing added to both)",
             .advice = "larger batches, momentum=0.1, or layer_norm",
             .reference = "Ioffe & Szegedy 2015, arXiv:1502.03167; Ioffe 2017, arXiv:1702.03275"},
    .origin = DSC_IN_PLAN,
    .when = DSC_AFTER,
    .explains = "vanishing-gradients overfitting constant-output noisy-test-score class-imbalance "
                "batch-too-small",
    .judge = judge,
};
