/* learning_rate_too_high.c - steps so long that the training jumps away from where it should go. */
#include "finding/outcome.h"
#include "finding/steps.h"

#include <math.h>

enum { DEEP = 5 };                 /* layers with weights, see missing_warmup.c */
static const double LIKELY = 0.32; /* less sure than that says nothing */
static const double FULL = 0.7;    /* of the outputs at the ends of their range */
static const double SOON = 0.02;   /* of the run: a jump of the first steps, */
static const double LITTLE = 0.05; /* of the first loss: with no more left, nothing is lost by it */

typedef struct signs {
    double first, peak, at; /* loss of the untrained network, highest mean of some steps, where */
    double update;          /* of the first step */
    double dead, full;      /* shares of the units in the second half: always 0, at their ends */
    double last;            /* loss */
    double blew_up, long_step, harm, bounces, base; /* 0 to 1 */
} signs;

/* Loss that stays high while lr is, and falls as soon as lr does. */
static double bounces(const dsc_case *c, double first)
{
    const double cut = dsc_steps_lr_below(c, 0.3);

    if (!(cut > 0.2) || !(cut < 0.97))
        return 0.0;
    const double early = dsc_steps_loss(c, 0.2 * cut, 0.5 * cut);
    const double late = dsc_steps_loss(c, 0.6 * cut, 0.9 * cut);
    const double after = dsc_steps_loss(c, 0.5 * (1.0 + cut), 1.0);
    return dsc_sure(late / early, 0.8, 1.0) * dsc_sure(late / first, 0.2, 0.5) *
           dsc_sure(after / late, 0.85, 0.5);
}

/* True when the schedule makes lr several times as high in the middle of the run, which loss-spike
 * tells of; a warm-up rises step by step. */
static bool jumps(const dsc_case *c)
{
    static const double JUMP = 3.0, LATE = 0.15; /* times; share of the run */
    const double all = c->moments > 0 ? c->moment[c->moments - 1].step : 0.0;

    for (size_t i = 1; i < c->moments; i++)
        if (c->moment[i].step > LATE * all && c->moment[i - 1].lr > 0.0 &&
            c->moment[i].lr > JUMP * c->moment[i - 1].lr)
            return true;
    return false;
}

/* A layer most of whose units died on the way, in a training whose result suffers. */
static double killed(const dsc_case *c)
{
    double most = 0.0;

    for (size_t i = 0; i < c->layers; i++)
        if (c->layer[i].silent > 2.0 * c->layer[i].silent_at_start)
            most = fmax(most, dsc_sure(c->layer[i].silent, 0.4, 0.8));
    return dsc_outcome_severity(c) == DESCENT_NOTE ? 0.0 : most;
}

/* Do nearest neighbours alone leave far less of the targets' variance? */
static bool is_far_behind(const dsc_case *c)
{
    static const double TIMES = 3.0;
    const double left = 1.0 - dsc_outcome_explained(c);

    return !c->plan.classifies && c->data.done && c->data.neighbours_asked > 0 &&
           left > TIMES * (1.0 - c->data.neighbours_right);
}

/* The share of the outputs of tanh or sigmoid that came to the ends of their range on the way,
 * where not all was learned all the same; else 0. */
static double saturated(const dsc_case *c)
{
    static const double AT_START = 0.3;
    double first;

    dsc_layer_largest(c, c->start_layer, offsetof(dsc_layer_moment, saturation), &first);
    return first > AT_START || (dsc_outcome_skill(c) >= 0.9 && !is_far_behind(c))
               ? 0.0
               : dsc_course_mean(c, offsetof(dsc_moment, saturation), 0.5, 1.0);
}

static signs look(const dsc_case *c)
{
    signs s = {.first = dsc_steps_first(c), .at = 0.0};
    const double momentum = fmin(c->plan.momentum, 0.9);

    s.peak = dsc_steps_peak(c, 0.0, 0.35, &s.at);
    s.update = dsc_steps_first_update(c, momentum);
    s.dead = dsc_course_mean(c, offsetof(dsc_moment, dead_units), 0.5, 1.0);
    s.last = dsc_steps_loss(c, 0.95, 1.0);
    s.blew_up = dsc_sure_log(s.peak / s.first, 1.4, 4.0) * dsc_steps_moved(c, s.at);
    s.long_step = dsc_sure_log(s.update, 0.1, 0.6);
    s.full = saturated(c);
    s.harm = fmax(fmax(dsc_steps_stuck(c), dsc_steps_dead(c)),
                  fmax(killed(c), dsc_sure(s.full, FULL, 0.95)));
    if (dsc_steps_warms_up(c)) /* else a warm-up is missing */
        s.long_step = fmax(s.long_step, dsc_steps_thrown_off(c));
    s.bounces = bounces(c, s.first);
    if (jumps(c)) {
        s.blew_up *= 0.3;
        s.long_step = s.bounces = 0.0;
    }
    /* later the loss got low all the same */
    const bool recovered = s.last < 0.3 * s.first && !(dsc_steps_stuck(c) > 0.0);
    s.base = recovered ? 0.3 : 0.45;
    if (recovered && c->plan.deep >= DEEP && !(c->plan.warmup > 0.0))
        s.harm = s.long_step = 0.0; /* it was too high for the beginning: missing-warmup */
    return s;
}

static void tell(const dsc_case *c, const signs *s, descent_finding *out)
{
    char dead[80] = "";

    if (s->dead > 0.2)
        DSC_TELL(dead, ", and %.0f %% of the units are dead", 100.0 * s->dead);
    else if (s->full > FULL)
        DSC_TELL(dead, ", and %.0f %% of the units are at the ends of their range",
                 100.0 * s->full);
    if (s->blew_up > 0.2)
        DSC_TELL(out->evidence,
                 "after %.2g %% of the steps the loss was %.3g, %.2g times that of the untrained "
                 "network, %.3g; it ended at %.3g%s; a loss should fall from the start",
                 100.0 * s->at, s->peak, s->peak / s->first, s->first, s->last, dead);
    else if (s->long_step * s->harm > 0.1)
        DSC_TELL(out->evidence,
                 "the first step is %.2g as long as the weights, where 0.003 to 0.03 is usual; the "
                 "loss ended at %.3g%s",
                 s->update, s->last, dead);
    else
        DSC_TELL(out->evidence,
                 "while the learning rate was high the loss stayed at %.3g, and fell to %.3g only "
                 "when the schedule cut it; it should fall from the start",
                 dsc_steps_loss(c, 0.2, 0.5 * dsc_steps_lr_below(c, 0.3) + 0.1), s->last);
}

static void judge_walk(const dsc_case *c, descent_finding *out)
{
    const dsc_walk *w = &c->walk;
    const bool above = w->diverged && w->lr > w->limit && w->f_last > w->f_first;

    /* thrown up much further than it ever came down */
    const bool thrown = !w->converged && !w->diverged &&
                        w->f_most - w->f_first > 2.0 * (w->f_first - w->f_best) &&
                        w->f_best < w->f_first;

    if (isnan(w->lr) || !(above || thrown || w->oscillates))
        return;
    out->confidence = w->oscillates ? 0.9 : 0.85;
    if (thrown && !w->oscillates)
        DSC_TELL(
            out->evidence,
            "f began at %.4g and was %.4g on the way; the lowest was %.4g, after %.0f steps it "
            "is %.4g",
            w->f_first, w->f_most, w->f_best, w->stopped_at, w->f_last);
    else if (isnan(w->limit))
        DSC_TELL(out->evidence,
                 "the steps jump to and fro: f is %.4g, was %.4g at its best, and no longer falls",
                 w->f_last, w->f_best);
    else
        DSC_TELL(out->evidence,
                 "the function curves up to %.4g, for which this rule can take a learning rate of "
                 "%.4g at most; it has %.4g, and f no longer falls",
                 w->steepest, w->limit, w->lr);
    DSC_TELL(out->cause, "the steps are too long: they jump over the minimum, from wall to wall");
    const double lower =
        isnan(w->limit) ? dsc_steps_round((thrown ? 0.03 : 0.3) * w->lr) : dsc_steps_walk_lr(w);
    DSC_TELL(out->remedy, "lower the learning rate from %.4g to %.4g", w->lr, lower);
    dsc_remedy_optimizer(c, out, "lr", lower);
}

static void judge(const dsc_case *c, descent_finding *out)
{
    if (c->plan.minimizes) {
        judge_walk(c, out);
        return;
    }
    const signs s = look(c);
    const double lr = c->plan.lr,
                 up = s.blew_up * (s.base + (1.0 - s.base) * fmax(s.harm, s.long_step));
    /* of a loss without bound there is a finding of its own */
    const double most = dsc_steps_diverged(c) ? 0.8 : 0.95;
    const double sure = most * fmax(fmax(up, s.long_step * s.harm), 0.7 * s.bounces);

    if (!(lr > 0.0) || !(sure > LIKELY) || c->step_losses < 8)
        return;
    out->confidence = sure;
    if (dsc_steps_stuck(c) >= 1.0)
        out->severity = DESCENT_FAILURE;
    else if (s.at < SOON && dsc_steps_settles(c, 0.9) < 2.0 * SOON && !(s.harm > 0.0) &&
             s.last < LITTLE * s.first)
        out->severity = DESCENT_NOTE; /* the first steps alone, and all was made up for */
    tell(c, &s, out);
    DSC_TELL(out->cause, "the steps are too long: they jump over the minimum, from wall to wall of "
                         "its valley, and throw units out of the range where they learn");
    const double lower = dsc_steps_lower_lr(c);
    DSC_TELL(out->remedy, "lower the learning rate from %.3g to %.3g", lr, lower);
    dsc_remedy_optimizer(c, out, "lr", lower);
}

const dsc_finding dsc_finding_learning_rate_too_high = {
    .info =
        {.name = "learning-rate-too-high",
         .summary = "steps are so long that the loss jumps up, or stays high until lr falls",
         .formula =
             "the loss rises above 1.4 times the first, or the first step is above a "
             "tenth of the weights and units die or saturate or the loss stays at chance, or the "
             "loss falls only when lr does",
         .advice = "a learning rate with which the first step is about 2 % of the weights",
         .reference = "Smith 2017, arXiv:1506.01186; Cohen et al. 2021, arXiv:2103.00065"},
    .origin = DSC_IN_STEPS,
    .when = DSC_DURING | DSC_AFTER | DSC_ON_WALK,
    .explains = "dead-units exploding-gradients constant-output loss-spike saturated-units "
                "underfitting no-decay-noise-floor vanishing-gradients over-clipping "
                "stale-second-moment saddle-or-plateau labels-misaligned missing-warmup "
                "ill-conditioned class-imbalance",
    .judge = judge,
};
