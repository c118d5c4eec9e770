/* diverged.c - the loss left every bound, or stopped being a number. */
#include "finding/finding.h"

#include <math.h>

static const double WORSE = 5.0; /* times what an untrained network has */

/* The mean loss of the last twentieth of the steps. */
static double last_loss(const dsc_case *c)
{
    return c->moments > 0 ? dsc_course_loss(c, 0.95, 1.0) : (double)NAN;
}

static void judge(const dsc_case *c, descent_finding *out)
{
    const double first = c->moments > 0 ? c->moment[0].loss : (double)NAN, last = last_loss(c);
    const double lr = c->plan.lr;

    if (c->gave_up) {
        out->confidence = 0.9;
        DSC_TELL(out->evidence,
                 "after step %.0f loss or gradient was not a finite number, %.0f steps in all; a "
                 "training that works has none",
                 c->moments > 0 ? c->moment[c->moments - 1].step : 0.0, c->skipped);
    } else if (last > WORSE * first && first > 0.0) {
        out->confidence = 0.7 + 0.2 * dsc_sure_log(last / first, WORSE, 10.0 * WORSE);
        DSC_TELL(out->evidence,
                 "the loss rose from %.4g to %.4g, %.3g times what it was; above %g times nothing "
                 "is learned any more",
                 first, last, last / first, WORSE);
    } else {
        return;
    }
    out->severity = DESCENT_FAILURE;
    DSC_TELL(out->cause, "the steps are too long: each overshoots further than the one before");
    if (isnan(lr)) {
        DSC_TELL(out->remedy, "shorten the gradient: clip_norm=1");
        dsc_remedy_optimizer(c, out, "clip_norm", 1.0);
        return;
    }
    DSC_TELL(out->remedy, "lower the learning rate tenfold, from %.4g to %.4g", lr, lr / 10.0);
    dsc_remedy_optimizer(c, out, "lr", lr / 10.0);
}

const dsc_finding dsc_finding_diverged = {
    .info = {.name = "diverged",
             .summary = "the loss rose without bound, or is not a number any more",
             .formula =
                 "steps were skipped until the training gave up, or the loss of the last 5 % "
                 "of the steps is above 5 times the first",
             .advice = "a lower lr; then warm-up, or clip_norm",
             .reference = "Smith 2017, arXiv:1506.01186, whose range test stops there too"},
    .origin = DSC_IN_RESULT,
    .when = DSC_AT_ONCE | DSC_DURING | DSC_AFTER,
    .explains = "exploding-gradients loss-spike",
    .judge = judge,
};
