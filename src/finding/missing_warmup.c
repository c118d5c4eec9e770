/* missing_warmup.c - the first steps were too long for a network that had learned nothing yet. */
#include "finding/steps.h"

#include <math.h>

static const double LIKELY = 0.25;
static const double MUCH = 0.1; /* of the run: what a jump may cost */
enum { DEEP = 5 };              /* layers with weights: fewer need no warm-up */

static void tell_stuck(const dsc_case *c, descent_finding *out)
{
    out->severity = DESCENT_FAILURE;
    DSC_TELL(out->evidence,
             "the first step is %.2g as long as the weights, with %d layers of weights one behind "
             "the other; the loss ended at %.3g, where guessing has %.3g",
             dsc_steps_first_update(c, c->plan.momentum), c->plan.deep,
             dsc_steps_loss(c, 0.95, 1.0), dsc_steps_guessing(c));
    DSC_TELL(out->cause, "the full learning rate from the first step on threw the weights of the "
                         "deep network to where nothing comes through any more");
    DSC_TELL(out->remedy, "let the learning rate rise over the first tenth of the steps");
    dsc_steps_warm_up(c, out);
}

static void judge(const dsc_case *c, descent_finding *out)
{
    double at = 0.0;
    const double first = dsc_steps_first(c), peak = dsc_steps_peak(c, 0.0, 0.1, &at);
    const double later = dsc_steps_settles(c, 0.9), last = dsc_steps_loss(c, 0.95, 1.0);
    /* later the same rate does well: it was too high for the beginning alone */
    const double recovered = dsc_sure(last / first, 0.6, 0.3) * (1.0 - dsc_steps_stuck(c));
    /* few layers need no warm-up: there such a rate is too high for good, unless hardly anything of
     * the loss is left */
    const double made_up = 0.4 * dsc_sure(last / first, 0.1, 0.05);
    const double small =
        (1.0 - dsc_steps_dead(c)) *
        fmax(made_up, 1.0 - dsc_sure_log(dsc_steps_first_update(c, 0.9), 0.1, 0.4));
    const double sure = 0.9 * dsc_sure_log(peak / first, 1.25, 2.5) * dsc_steps_moved(c, at) *
                        recovered * dsc_sure_log(later * sqrt(peak / first), 0.008, 0.025) *
                        (c->plan.deep >= DEEP ? 1.0 : small);

    const double thrown = 0.85 * dsc_steps_thrown_off(c);
    if (dsc_steps_warms_up(c) || c->step_losses < 20 || !(first > 0.0) || !(c->plan.lr > 0.0) ||
        !(fmax(sure, thrown) > LIKELY))
        return;
    out->confidence = fmax(sure, thrown);
    if (thrown > sure) {
        tell_stuck(c, out);
        return;
    }
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
    .explains = "loss-spike exploding-gradients stale-second-moment dead-units constant-output "
                "saddle-or-plateau decay-too-strong learning-rate-too-high",
    .judge = judge,
};
