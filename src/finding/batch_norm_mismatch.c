/* batch_norm_mismatch.c - batch_norm's running statistics are not those that it learned with. */
#include "finding/outcome.h"

#include "base/number.h"

#include <math.h>
#include <string.h>

static const double WORSE = 1.2;        /* times the loss that it should have */
static const double WORSE_SMALL = 1.15; /* or the other way round, of small batches */
static const double WORSE_OLD = 1.05;   /* or, of statistics that are still mostly the first */
static const double OLD = 0.2;          /* share of the first statistics in the running ones */
static const double WORSE_FIRST = 1.01; /* or, of statistics that */
static const double FIRST = 0.5;        /* are those of before the first step for more than that */
static const double FLOOR = 0.05;       /* of what guessing loses: less is no loss to speak of */
static const double SMALL = 4.0;        /* numbers: their statistics are mostly chance */

/* What guessing loses, so that small losses are not taken too seriously. */
static double chance(const dsc_case *c)
{
    return c->plan.classifies && c->plan.outputs > 1 ? log((double)c->plan.outputs) : 1.0;
}

static void remedy(const dsc_case *c, descent_finding *out)
{
    if (c->norm.numbers <= SMALL) {
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

/* What is left of the statistics of before the first step, 0 and 1, in the running ones. */
static double still_old(const dsc_case *c)
{
    static const char key[] = " momentum=";
    double least = 1.0;

    for (const char *at = strstr(c->plan.model, "batch_norm"); at;
         at = strstr(at + 1, "batch_norm")) {
        const char *end = at + strcspn(at, ",()"), *from = strstr(at, key);
        double momentum;
        if (!from || from > end)
            continue;
        from += sizeof key - 1;
        if (dsc_number_read(from, strcspn(from, " ,()"), &momentum))
            least = fmin(least, momentum);
    }
    return pow(1.0 - least, (double)c->plan.steps);
}

/* The running statistics against those that many batches have at the same weights. */
static double judge_lag(const dsc_case *c, descent_finding *out)
{
    const dsc_norm *n = &c->norm;
    const double floor = FLOOR * chance(c), off = (n->running + floor) / (n->afresh + floor);
    const double old = still_old(c);
    const double worse = old > FIRST ? WORSE_FIRST : old > OLD ? WORSE_OLD : WORSE;
    const double sure = dsc_sure_log(off, worse, 2.0 * WORSE);

    if (sure == 0.0)
        return 0.0;
    if (old > OLD)
        DSC_TELL(out->cause,
                 "%.0f %% of batch_norm's running statistics are still those of before the first "
                 "step: its momentum is too small for so few steps",
                 100.0 * old);
    else
        DSC_TELL(out->cause, "the running statistics of batch_norm lag behind those of the batches "
                             "that it learned with");
    DSC_TELL(out->evidence,
             "on training examples the loss is %.3g when the network predicts, but %.3g with "
             "batch_norm's statistics measured afresh at the same weights; they should be alike "
             "within a factor of %g",
             n->running, n->afresh, worse);
    return 0.65 + 0.32 * sure;
}

/* Batches so small that each has statistics of its own: what is learned with them is another
 * network than the one that predicts. */
static double judge_small(const dsc_case *c, descent_finding *out)
{
    const dsc_norm *n = &c->norm;
    const double floor = FLOOR * chance(c), ratio = (n->batch + floor) / (n->running + floor);
    const double off = c->plan.dropouts == 0 ? fmax(ratio, 1.0 / ratio) : 1.0 / ratio;
    double sure = dsc_sure_log(off, WORSE_SMALL, 2.0 * WORSE);

    if (!(n->numbers > 0.0 && n->numbers <= SMALL))
        return 0.0;
    /* of two numbers nothing is left but which one is larger */
    if (n->numbers <= 3.0) {
        sure = fmax(sure, 0.3);
        out->severity = dsc_outcome_severity(c);
    }
    if (!(sure > 0.0))
        return 0.0;
    DSC_TELL(out->evidence,
             "batch_norm takes mean and deviation of %.0f numbers: on training examples the loss "
             "is %.3g with the statistics of each batch, and %.3g when the network predicts; they "
             "should be alike within a factor of %g",
             n->numbers, n->batch, n->running, WORSE_SMALL);
    DSC_TELL(out->cause,
             "statistics of %.0f numbers change from batch to batch, and the running ones of "
             "batch_norm are like none of them",
             n->numbers);
    return 0.6 + 0.37 * sure;
}

static void judge(const dsc_case *c, descent_finding *out)
{
    if (c->plan.batch_norms == 0 || c->norm.n == 0)
        return;
    const double small = judge_small(c, out);
    out->confidence = small > 0.0 ? small : judge_lag(c, out);
    if (out->confidence > 0.0)
        remedy(c, out);
}

const dsc_finding dsc_finding_batch_norm_mismatch = {
    .info = {.name = "batch-norm-mismatch",
             .summary = "batch_norm predicts with other statistics than it learned with",
             .formula = "at the last weights, the loss with running statistics above 1.2 times "
                        "that with statistics measured afresh (1.05 when a fifth of the running "
                        "ones is still of before the first step, 1.01 when half is); or statistics "
                        "of up to 4 numbers, "
                        "and losses with a batch's own apart by a factor of 1.15 (a twentieth of "
                        "the loss of guessing added to all)",
             .advice = "larger batches, momentum=0.1, or layer_norm",
             .reference = "Ioffe & Szegedy 2015, arXiv:1502.03167; Ioffe 2017, arXiv:1702.03275"},
    .origin = DSC_IN_PLAN,
    .when = DSC_AFTER,
    .explains = "vanishing-gradients overfitting constant-output noisy-test-score class-imbalance "
                "batch-too-small saddle-or-plateau learning-rate-too-low learning-rate-too-high "
                "ill-conditioned underfitting no-decay-noise-floor",
    .judge = judge,
};
