/* missing_warmup.c - the first steps were too long for a network that had learned nothing yet. */
#include "finding/steps.h"

#include <math.h>

static const double LIKELY = 0.25;
static const double MUCH = 0.05; /* of the run: what a jump may cost */
enum { DEEP = 5 };               /* layers with weights */

static void judge(const dsc_case *c, descent_finding *out)
{
    double at = 0.0;
    const double first = dsc_steps_first(c), peak = dsc_steps_peak(c, 0.0, 0.1, &at);
    const double later = dsc_steps_settles(c, 0.9), last = dsc_steps_loss(c, 0.95, 1.0);
    const bool warms =
        c->plan.warmup > 0.0 || (c->moments > 1 && c->moment[0].lr < 0.5 * dsc_steps_largest_lr(c));
    /* later the same rate does well: it was too high for the beginning alone */
    const double recovered = dsc_sure(last / first, 0.6, 0.3) * (1.0 - dsc_steps_stuck(c));
    /* few layers need no warm-up: there such a rate is too high for good */
    const double small =
        (1.0 - dsc_steps_dead(c)) * (1.0 - dsc_sure_log(dsc_steps_first_update(c, 0.9), 0.1, 0.4));
    const double sure = 0.9 * dsc_sure_log(peak / first, 1.25, 2.5) * dsc_steps_moved(c, at) *
                        recovered * dsc_sure_log(later * sqrt(peak / first), 0.008, 0.025) *
                        (c->plan.deep >= DEEP ? 1.0 : small);

    if (warms || c->step_losses < 20 || !(c->plan.lr > 0.0) || !(sure > LIKELY))
        return;
    out->confidence = sure;
    if (c->plan.deep < DEEP && later < MUCH)
        out->severity = DESCENT_NOTE; /* a jump, and soon made up for */
    DSC_TELL(out->evidence,
             "the loss rose to %.3g, %.2g times that of the untrained network, after %.2g %% of "
             "the steps, and was lower for good only after %.2g %%; it ended at %.3g with the same "
             "settings",
             peak, peak / first, 100.0 * at, 100.0 * later, last);
    DSC_TELL(out->cause, "the full learning rate from the first step on: gradients of an untrained "
                         "network are large and point apart, and an adaptive rule has no measure "
                         "of them yet");
    DSC_TELL(out->remedy, "let the learning rate rise over the first tenth of the steps");
    dsc_steps_warm_up(c, out);
}

const dsc_finding dsc_finding_missing_warmup = {
    .info = {.name = "missing-warmup",
             .summary = "the loss jumps up in the first steps, and it takes time to make up for it",
             .formula = "without warm-up, the loss rises above 1.25 times the first in the first "
                        "tenth of the steps, takes a while to be back (0.8 % of the steps, less "
                        "after a higher jump), and ends low",
             .advice = "warmup= of the schedule, over up to a tenth of the steps",
             .reference = "Goyal et al. 2017, arXiv:1706.02677; Liu et al. 2020, arXiv:1908.03265"},
    .origin = DSC_IN_STEPS,
    .when = DSC_DURING | DSC_AFTER,
    .explains = "loss-spike exploding-gradients stale-second-moment",
    .judge = judge,
};
