/* momentum_too_high.c - steps remember so much that they go on where the loss rises. */
#include "finding/steps.h"

#include <math.h>
#include <string.h>

static const double LIKELY = 0.25;

static void judge_walk(const dsc_case *c, descent_finding *out)
{
    const dsc_walk *w = &c->walk;
    const bool has_momentum = c->plan.momentum > 0.0;
    const char *param = has_momentum ? "momentum" : "beta1";
    const double momentum = has_momentum ? c->plan.momentum : c->plan.beta1;
    /* up and down many steps at a time, not from one step to the next */
    const double swings =
        dsc_sure(w->rises, 0.1, 0.3) * (1.0 - dsc_sure(w->turns / w->stopped_at, 0.4, 0.7));
    const double sure = 0.97 * swings * dsc_sure(momentum, 0.9, 0.95) *
                        dsc_sure_log(w->g_last / w->g_first, 1e-4, 0.01);

    if (w->converged || !(sure > LIKELY))
        return;
    out->confidence = sure;
    DSC_TELL(out->evidence,
             "%.0f %% of the steps raised f, in %.0f swings of about %.0f steps; a step is the "
             "mean of the last %.0f gradients",
             100.0 * w->rises, 0.5 * w->turns, 2.0 * w->stopped_at / fmax(w->turns, 1.0),
             1.0 / (1.0 - momentum));
    DSC_TELL(out->cause, "the steps go on in the old direction when the slope has turned: they "
                         "overshoot the valley and swing back, again and again");
    DSC_TELL(out->remedy, "lower %s from %.6g to 0.8", param, momentum);
    dsc_remedy_optimizer(c, out, param, 0.8);
}

static void judge(const dsc_case *c, descent_finding *out)
{
    if (c->plan.minimizes) {
        judge_walk(c, out);
        return;
    }
    const bool has_momentum = c->plan.momentum > 0.0;
    const char *param = has_momentum ? "momentum" : "beta1";
    const double momentum = has_momentum ? c->plan.momentum : c->plan.beta1;
    const double memory = 1.0 / (1.0 - momentum); /* steps */
    double at = 0.0, low = 1.0;
    /* single batches rise and fall as well, by their noise */
    const double noise = dsc_steps_noise(c, 0.0, 0.1) / dsc_steps_first(c);
    const double rise = dsc_steps_rise(c, 0.0, 1.0, &at, &low) - 0.5 * (isnan(noise) ? 0.0 : noise);
    const double rose = c->gave_up ? 1.0 : dsc_sure(rise, 0.06, 0.2);
    /* with usual momentum the same learning rate would do: its first step is not too long, or the
     * loss fell well before momentum had built up */
    const double fits =
        fmax(1.0 - dsc_sure_log(dsc_steps_first_update(c, 0.9), 0.3, 1.5), dsc_sure(low, 0.9, 0.6));
    /* adan averages over more steps by design, and takes the change of g in as well; steps of qhm
     * and qhadam are g itself for a good part */
    const bool usual = (strcmp(c->plan.rule, "adan") == 0 && momentum <= 0.985) ||
                       strncmp(c->plan.rule, "qh", 2) == 0;
    /* or the mean is of so many gradients that most of the training is over before it is one */
    const double steps = (double)c->plan.steps;
    const double slow =
        0.8 * dsc_sure_log(memory / steps, 0.3, 1.0) * dsc_sure(momentum, 0.98, 0.99) *
        fmax(dsc_sure(rise, 0.0, 0.02), 0.6 * dsc_sure_log(memory / steps, 1.0, 2.0));
    const double sure =
        usual ? 0.0 : fmax(0.97 * dsc_sure(momentum, 0.94, 0.98) * rose, slow) * fits;

    if (c->step_losses < 8 || !(sure > LIKELY))
        return;
    out->confidence = sure;
    if (c->gave_up)
        out->severity = DESCENT_FAILURE;
    if (rise > 0.0)
        DSC_TELL(out->evidence,
                 "%s is %.6g: a step is the mean of the last %.0f gradients, of %lld steps in all; "
                 "after %.0f %% of the steps the loss had risen by %.2g times the first loss from "
                 "where it had been; it should fall all the way",
                 param, momentum, memory, (long long)c->plan.steps, 100.0 * at, rise);
    else
        DSC_TELL(out->evidence,
                 "%s is %.6g: a step is the mean of the last %.0f gradients, and there are only "
                 "%lld steps in all",
                 param, momentum, memory, (long long)c->plan.steps);
    DSC_TELL(out->cause, "the steps go on in the old direction when the slope has turned: they "
                         "overshoot the valley and swing back, again and again");
    DSC_TELL(out->remedy, "lower %s from %.6g to 0.9", param, momentum);
    dsc_remedy_optimizer(c, out, param, 0.9);
}

const dsc_finding dsc_finding_momentum_too_high = {
    .info = {.name = "momentum-too-high",
             .summary = "steps overshoot and swing back because they remember too much",
             .formula = "momentum or beta1 is above 0.94, and the loss rises by 6 % of the first "
                        "and more from where it was, over many steps; or momentum is above 0.98, "
                        "remembers 0.3 of all steps, and the loss rises at all; or it "
                        "remembers more steps than there are",
             .advice = "momentum=0.9",
             .reference = "Sutskever et al. 2013; Goh 2017, Why Momentum Really Works"},
    .origin = DSC_IN_STEPS,
    .when = DSC_DURING | DSC_AFTER | DSC_ON_WALK,
    .explains = "diverged learning-rate-too-high exploding-gradients loss-spike dead-units "
                "constant-output missing-warmup saddle-or-plateau saturated-units overfitting "
                "vanishing-gradients",
    .judge = judge,
};
