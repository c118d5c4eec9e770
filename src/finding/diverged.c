/* diverged.c - the loss left every bound, or stopped being a number. */
#include "finding/steps.h"

#include <math.h>

static void tell(const dsc_case *c, descent_finding *out)
{
    const double first = dsc_steps_first(c), last = dsc_steps_loss(c, 0.95, 1.0);

    if (c->gave_up && c->skipped == 0.0)
        DSC_TELL(out->evidence, "after the last step the weights, or what they lose on the test "
                                "part, were not finite numbers");
    else if (c->gave_up)
        DSC_TELL(out->evidence,
                 "after step %.0f loss or gradient was not a finite number, %.0f steps in all; a "
                 "training that works has none",
                 c->moments > 0 ? c->moment[c->moments - 1].step : 0.0, c->skipped);
    else if (dsc_steps_lost_test(c) && last < dsc_steps_peak(c, 0.0, 0.9, NULL))
        DSC_TELL(out->evidence,
                 "the loss was %.4g at first and up to %.4g on the way, and is %.4g on the test "
                 "part; above 10000 times the first all is lost",
                 first, dsc_steps_peak(c, 0.0, 1.0, NULL), c->epoch[c->epochs - 1].test_loss);
    else
        DSC_TELL(out->evidence,
                 "the loss rose from %.4g to %.4g, %.3g times what it was; above 5 times nothing "
                 "is learned any more",
                 first, last, last / first);
}

static void judge_walk(const dsc_case *c, descent_finding *out)
{
    const dsc_walk *w = &c->walk;

    if (!w->diverged)
        return;
    out->confidence = 0.95;
    out->severity = DESCENT_FAILURE;
    if (!(w->stopped_at > 0.0)) {
        DSC_TELL(out->evidence, "f is %.4g and |g| is %.3g at the starting point", w->f_first,
                 w->g_first);
        DSC_TELL(out->cause, "no step can be taken from where f or its slope is not finite");
        DSC_TELL(out->remedy, "start where both are finite: another --from");
        return;
    }
    DSC_TELL(out->evidence, "f went from %.4g to %.4g in %.0f step%s, and |g| from %.3g to %.3g",
             w->f_first, w->f_last, w->stopped_at, w->stopped_at > 1.0 ? "s" : "", w->g_first,
             w->g_last);
    if (w->f_last < w->f_first) {
        DSC_TELL(out->cause, "f falls without end on this side: it seems to have no minimum there");
        DSC_TELL(out->remedy, "start elsewhere, or add a term that keeps the variables small");
        return;
    }
    DSC_TELL(out->cause, "the steps are too long: each overshoots further than the one before");
    if (isnan(w->lr)) {
        DSC_TELL(out->remedy, "shorten the gradient: clip_norm=1");
        dsc_remedy_optimizer(c, out, "clip_norm", 1.0);
        return;
    }
    const double lower = dsc_steps_walk_lr(w);
    DSC_TELL(out->remedy, "lower the learning rate from %.4g to %.4g", w->lr, lower);
    dsc_remedy_optimizer(c, out, "lr", lower);
}

static void judge(const dsc_case *c, descent_finding *out)
{
    const double lr = c->plan.lr;

    if (c->plan.minimizes) {
        judge_walk(c, out);
        return;
    }
    if (!dsc_steps_diverged(c))
        return;
    out->confidence = 0.9;
    out->severity = DESCENT_FAILURE;
    tell(c, out);
    DSC_TELL(out->cause, "the steps are too long: each overshoots further than the one before");
    if (isnan(lr)) {
        DSC_TELL(out->remedy, "shorten the gradient: clip_norm=1");
        dsc_remedy_optimizer(c, out, "clip_norm", 1.0);
        return;
    }
    const double lower = fmin(dsc_steps_lower_lr(c), dsc_steps_round(0.1 * lr));
    DSC_TELL(out->remedy, "lower the learning rate from %.4g to %.4g", lr, lower);
    dsc_remedy_optimizer(c, out, "lr", lower);
}

const dsc_finding dsc_finding_diverged = {
    .info = {.name = "diverged",
             .summary = "the loss rose without bound, or is not a number any more",
             .formula =
                 "steps were skipped until the training gave up, or the loss of the last 5 % "
                 "of the steps is above 5 times the first; or it was so on the way, nothing is "
                 "learned, and the test loss is above 10000 times the first",
             .advice = "a lower lr; then warm-up, or clip_norm",
             .reference = "Smith 2017, arXiv:1506.01186, whose range test stops there too"},
    .origin = DSC_IN_RESULT,
    .when = DSC_AT_ONCE | DSC_DURING | DSC_AFTER | DSC_ON_WALK,
    .explains = "exploding-gradients loss-spike dead-units constant-output overfitting",
    .judge = judge,
};
