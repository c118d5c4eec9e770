/* decay_too_strong.c - weights are pulled to zero faster than they learn. */
#include "finding/outcome.h"

#include <math.h>

static const double SHARE = 0.3;   /* of a step that decay may be */
static const double SHRUNK = 0.6;  /* of the weights' length that is left */
static const double POOR = 0.05;   /* of the loss of guessing: below it is learned well enough, */
static const double LITTLE = 0.02; /* or below this, where decay rules steps and shrinks weights,
                                    * or they remember less than an epoch */

/* What is left of the weights' length. Where the first weights were not measured, the way that w
 * went is at least as long as they were, if it leads to zero. */
static double shrunk(const dsc_case *c)
{
    const size_t norm = offsetof(dsc_moment, weight_norm), way = offsetof(dsc_moment, distance);
    const double last = dsc_course_mean(c, norm, 0.8, 1.0);

    return last / fmax(dsc_course_largest(c, norm, 0.0, 1.0, NULL),
                       dsc_course_largest(c, way, 0.8, 1.0, NULL));
}

/* A tenth at least; so little that over the run it takes a tenth of the weights. */
static double better_decay(const dsc_case *c)
{
    const double pull = dsc_outcome_mean_lr(c) * (double)c->plan.steps;
    const double mild = pull > 0.0 ? 0.1 / pull : (double)INFINITY;

    return fmin(0.01 * c->plan.weight_decay, mild);
}

static void judge(const dsc_case *c, descent_finding *out)
{
    const double decay = c->plan.weight_decay, left = dsc_outcome_left(c), remains = shrunk(c);
    const double share = dsc_course_mean(c, offsetof(dsc_moment, decay_share), 0.0, 0.95);

    const double by_share = dsc_sure_log(share, SHARE, 5.0 * SHARE);
    const double by_length = dsc_sure_log(remains, SHRUNK, 0.25 * SHRUNK);
    const bool both = by_share > 0.5 && by_length > 0.0;
    const bool forgets =
        !c->plan.l2_decay && c->plan.lr * decay * (double)c->plan.steps_per_epoch > 1.0;
    if (!(decay > 0.0) || left < (both || (forgets && by_share > 0.0) ? LITTLE : POOR))
        return;
    if (!(by_share > 0.0 || by_length > 0.0) || (isnan(left) && !(by_length > 0.0)))
        return;
    out->confidence = 0.5 + 0.25 * fmax(by_share, by_length) + 0.2 * fmin(by_share, by_length);
    DSC_TELL(
        out->evidence,
        "weight_decay = %.3g makes %.0f %% of the length of a step and has left %.0f %% of the "
        "length of the weights, while the training loss is still %.3g, %.0f %% of what guessing "
        "has; decay should be a few per cent of a step",
        decay, 100.0 * share, 100.0 * remains, dsc_course_loss(c, 0.9, 1.0), 100.0 * left);
    DSC_TELL(out->cause,
             "decay pulls the weights to zero as fast as the gradient can build them up");
    const double better = better_decay(c);
    DSC_TELL(out->remedy, "lower weight_decay from %.3g to %.2g", decay, better);
    dsc_remedy_optimizer(c, out, "weight_decay", better);
}

const dsc_finding dsc_finding_decay_too_strong = {
    .info = {.name = "decay-too-strong",
             .summary = "weight decay pulls weights to zero faster than they learn",
             .formula = "decay is over 30 % of the length of a step, or has taken over 40 % of the "
                        "weights' length, and over 5 % of the loss of guessing is left (2 % where "
                        "both are so, or lr weight_decay takes all within an epoch)",
             .advice = "a lower weight_decay: lr weight_decay steps well below 1",
             .reference = "Wang & Aitchison 2024, arXiv:2405.13698: 1 / (lr weight_decay) is how "
                          "many steps weights remember"},
    .origin = DSC_IN_PLAN,
    .when = DSC_DURING | DSC_AFTER,
    .explains = "underfitting constant-output learning-rate-too-low vanishing-gradients dead-units "
                "saddle-or-plateau stale-second-moment noisy-test-score batch-too-large",
    .judge = judge,
};
