/* learning_rate_too_low.c - steps so short that most of the way is still ahead. */
#include "finding/steps.h"

#include <math.h>
#include <string.h>

static const double LIKELY = 0.25;
static const double FEW = 10.0; /* steps of a walk: too few to complain */

/* A learning rate whose first step is of good length, three to a hundred times the present one. */
static double higher_lr(const dsc_case *c, double update)
{
    static const double GOOD = 0.02, LEAST = 3.0, MOST = 100.0, UNKNOWN = 10.0;

    return dsc_steps_round(c->plan.lr *
                           (isnan(update) ? UNKNOWN : fmax(LEAST, fmin(GOOD / update, MOST))));
}

/* How far the weights are from where they began, over their length. */
static double way_of(const dsc_case *c)
{
    return dsc_course_mean(c, offsetof(dsc_moment, distance), 0.9, 1.0) /
           dsc_course_mean(c, offsetof(dsc_moment, weight_norm), 0.9, 1.0);
}

/* Weights that are hardly anywhere else than at the start, of a loss that is still what it was: no
 * look ahead can tell that from noise. Of rules whose steps are as long as lr says, however short
 * the gradient is. 0 to 1. */
static double hardly_moved(const dsc_case *c)
{
    return c->plan.adaptive
               ? dsc_sure_log(way_of(c), 0.03, 0.005) *
                     dsc_sure(dsc_steps_loss(c, 0.9, 1.0) / dsc_steps_first(c), 0.8, 0.95)
               : 0.0;
}

static void judge_walk(const dsc_case *c, descent_finding *out)
{
    const dsc_walk *w = &c->walk;
    /* what is left of the slope, and whether the steps could be longer */
    const double left = dsc_sure_log(w->g_last / w->g_first, 0.003, 0.2);
    const double possible = isnan(w->limit) ? dsc_sure(w->cosine, 0.8, 0.99)
                                            : dsc_sure_log(w->lr / w->limit, 0.25, 0.05);
    const double sure = 0.95 * left * possible * (1.0 - dsc_sure(w->rises, 0.0, 0.1));

    if (w->converged || w->diverged || !(w->lr > 0.0) || w->stopped_at < w->steps ||
        w->steps < FEW || !(sure > LIKELY) || w->along < 0.0)
        return;
    out->confidence = sure;
    const double higher = dsc_steps_round(isnan(w->limit) ? 10.0 * w->lr : 0.4 * w->limit);
    DSC_TELL(out->evidence,
             "after %.0f steps |g| still is %.3g of %.3g at the start, and successive gradients "
             "point the same way, with a cosine of %.2f",
             w->stopped_at, w->g_last, w->g_first, w->cosine);
    DSC_TELL(out->cause, "the steps are too short: the walk was on its way, and over before it "
                         "arrived");
    DSC_TELL(out->remedy, "raise the learning rate from %.3g to %.3g", w->lr, higher);
    dsc_remedy_optimizer(c, out, "lr", higher);
}

static void judge(const dsc_case *c, descent_finding *out)
{
    if (c->plan.minimizes) {
        judge_walk(c, out);
        return;
    }
    const double lr = c->plan.lr, gain = dsc_steps_gain_ahead(c);
    /* radam begins with short steps by design: those that come later count */
    const double measured = dsc_steps_first_update(c, c->plan.momentum);
    const double later = dsc_course_largest(c, offsetof(dsc_moment, update_ratio), 0.0, 1.0, NULL);
    const double update = strstr(c->plan.rule, "radam") ? fmax(measured, later) : measured;
    const double last = c->probe.loss[DSC_PROBE_LAST];
    /* a longer step would not help where it only climbs the other wall */
    const double possible = 1.0 - dsc_sure(dsc_steps_rise_longer(c), 0.0, 0.05);
    const double small = dsc_sure_log(update, 0.02, 0.002);
    /* errors of numbers have no floor that is known: what is left counts, not what was learned */
    const bool numbers = !c->plan.classifies && !c->plan.text;
    const double part = dsc_steps_part_ahead(c);
    /* the shorter the steps, the less the way ahead needs to bring */
    const double short_steps = dsc_sure(gain, 0.02, 0.07) * dsc_sure_log(update, 0.004, 0.001) *
                               dsc_sure(last / dsc_steps_first(c), 0.1, 0.3);
    const double much = fmax(fmax(dsc_sure(gain, 0.04, 0.16), short_steps),
                             numbers ? dsc_sure(part, 0.25, 0.6) : 0.0);
    /* a way that bends: the loss falls all along it, by steps that are very short */
    const double falls =
        dsc_sure((dsc_steps_loss(c, 0.3, 0.5) - dsc_steps_loss(c, 0.6, 0.8)) / dsc_steps_first(c),
                 0.02, 0.06) *
        dsc_sure_log(update, 0.001, 0.0003) * dsc_sure(last / dsc_steps_first(c), 0.1, 0.3);
    const double ahead = c->probe.n > 0 ? fmax(much, falls) : 0.0, moved = hardly_moved(c);
    const double sure = 0.95 * fmax(ahead, moved) * dsc_steps_unhindered(c) * (0.3 + 0.7 * small) *
                        possible * dsc_sure(dsc_steps_mean_lr(c), 0.1, 0.25);

    if (!(lr > 0.0) || !(sure > LIKELY))
        return;
    out->confidence = sure;
    if (moved > ahead)
        DSC_TELL(out->evidence,
                 "the weights ended %.2g of their length from where they began, and the loss at "
                 "%.4g, from %.4g; the first step is %.2g as long as the weights, where 0.003 to "
                 "0.03 is usual",
                 way_of(c), dsc_steps_loss(c, 0.9, 1.0), dsc_steps_first(c), measured);
    else
        DSC_TELL(
            out->evidence,
            "on the way that the second half of the steps went, going on would lower the loss of "
            "%.3g by %.0f %% of all that is learned then; the first step is %.2g as long as the "
            "weights, where 0.003 to 0.03 is usual",
            last, 100.0 * gain, measured);
    DSC_TELL(out->cause, "the steps are too short: the training was on its way, and over before it "
                         "arrived");
    const double higher = higher_lr(c, update);
    DSC_TELL(out->remedy,
             "raise the learning rate from %.3g to %.3g; more epochs do the same, and "
             "take longer",
             lr, higher);
    dsc_remedy_optimizer(c, out, "lr", higher);
}

const dsc_finding dsc_finding_learning_rate_too_low = {
    .info = {.name = "learning-rate-too-low",
             .summary = "steps are so short that the training ends far from where it was going",
             .formula = "further on the way of the second half of the steps, once to eight times "
                        "as far, the loss is lower by 4 % of what is learned, and steps are short; "
                        "or weights have moved by less than 3 % of their length, by a rule whose "
                        "steps are as long as lr, and the loss is still over 80 % of the first",
             .advice = "a learning rate with which the first step is about 2 % of the weights; "
                       "descent find-lr finds one",
             .reference = "Schneider et al. 2021, arXiv:2102.06604, whose alpha gauge shows it"},
    .origin = DSC_IN_STEPS,
    .when = DSC_DURING | DSC_AFTER | DSC_ON_WALK,
    .explains = "underfitting saddle-or-plateau vanishing-gradients constant-output "
                "schedule-decays-too-early adam-eps-dominates class-imbalance batch-too-large",
    .judge = judge,
};
