/* stale_second_moment.c - the mean of g^2 remembers gradients of another time. */
#include "finding/outcome.h"

#include <math.h>

static const double JUMP = 2.3;    /* g over the root of v: a step that is too long */
static const double SPIKE = 2.0;   /* of the loss behind it, over the loss before */
static const double LONG = 0.9991; /* beta2 above what is usual */
static const double REACH = 3.0;   /* times the run: a mean that forgets nothing */

/* The largest jump that the loss followed; NaN: none. One hard example also makes a long g, but
 * does not last. */
static double jump_with_spike(const dsc_case *c)
{
    const double chance = dsc_outcome_chance(c), first = c->moments > 0 ? c->moment[0].loss : 0.0;
    const double matters = 0.1 * (isnan(chance) ? first : chance);
    double largest = (double)NAN;

    if (c->gave_up) /* what diverges has long g in any case */
        return largest;

    for (size_t i = c->moments / 10 + 1; i + 2 < c->moments; i++) {
        const dsc_moment *m = &c->moment[i];
        const double after = fmin(m[1].loss, m[2].loss), before = fmax(m[-1].loss, m->loss);
        const bool spiked = m->step_rms > JUMP && after > SPIKE * before && after > matters;
        if (spiked && !(m->step_rms <= largest))
            largest = m->step_rms;
    }
    return largest;
}

static void tell(const dsc_case *c, descent_finding *out, double jump, double usual)
{
    const double beta2 = c->plan.beta2, better = beta2 > LONG ? 0.99 : 0.95;

    if (jump > 0.0)
        DSC_TELL(
            out->evidence,
            "g was %.3g times the root of the running mean of g^2 that divides it, and the loss "
            "rose behind it; above %g steps are too long",
            jump, JUMP);
    else
        DSC_TELL(out->evidence,
                 "the running mean of g^2 that divides steps reaches back %.3g steps, and all are "
                 "%lld; g is %.2g times its root on average, where about 1 is usual",
                 1.0 / (1.0 - beta2), (long long)c->plan.steps, usual);
    DSC_TELL(out->cause,
             "with beta2 = %.6g steps are divided by the size of gradients that are long gone: too "
             "short while gradients shrink, too long when they grow",
             beta2);
    DSC_TELL(out->remedy, "lower beta2 from %.6g to %g", beta2, better);
    dsc_remedy_optimizer(c, out, "beta2", better);
}

static void judge(const dsc_case *c, descent_finding *out)
{
    const double usual = dsc_course_mean(c, offsetof(dsc_moment, step_rms), 0.1, 1.0);
    const double beta2 = c->plan.beta2, jump = jump_with_spike(c);
    const double reach = 1.0 / ((1.0 - beta2) * (double)c->plan.steps);
    const bool forgets_nothing = beta2 > LONG && beta2 < 1.0 && reach > REACH;

    if (!c->plan.adaptive || isnan(usual) || !(forgets_nothing || jump > JUMP))
        return;
    const double by_lag =
        0.6 * dsc_sure_log(usual, 1.0, 0.2) + 0.4 * dsc_sure_log(reach, 1.0, 30.0);
    out->confidence =
        (beta2 > LONG ? 0.55 : 0.4) +
        0.35 * fmax(dsc_sure_log(jump, JUMP, 3.0 * JUMP), forgets_nothing ? by_lag : 0.0);
    tell(c, out, jump, usual);
}

const dsc_finding dsc_finding_stale_second_moment = {
    .info = {.name = "stale-second-moment",
             .summary = "the mean of g^2 that divides steps is out of date",
             .formula =
                 "root mean square of g / sqrt(v), with the v before that g, is above 2.3 after "
                 "the first tenth of the run and the loss doubles behind it; or beta2 is above "
                 "0.999 and 1 / (1 - beta2) above three times the steps",
             .advice = "beta2 of 0.95 to 0.99, warm-up, stable",
             .reference = "Wortsman et al. 2023, arXiv:2304.13013, section 3"},
    .origin = DSC_IN_PLAN,
    .when = DSC_DURING | DSC_AFTER,
    .explains = "loss-spike learning-rate-too-low exploding-gradients",
    .judge = judge,
};
