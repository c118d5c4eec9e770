/* schedule_decays_too_early.c - the learning rate fell while there was still much to learn. */
#include "finding/steps.h"

#include <math.h>

static const double LIKELY = 0.25;

/* What the run did before the learning rate was below a tenth of its peak, and after. */
typedef struct sides {
    double first, cut; /* loss; share of the steps */
    double before, then, last;
    double cosine, gradient; /* after: of successive gradients; their length over the first */
} sides;

static sides look(const dsc_case *c)
{
    sides s = {.first = dsc_steps_first(c), .cut = dsc_steps_lr_below(c, 0.1)};

    s.before = dsc_steps_loss(c, 0.15 * s.cut, 0.5 * s.cut);
    s.then = dsc_steps_loss(c, 0.75 * s.cut, s.cut);
    s.last = dsc_steps_loss(c, 0.9, 1.0);
    s.cosine = dsc_course_mean(c, offsetof(dsc_moment, grad_cosine), s.cut, 1.0);
    s.gradient =
        dsc_course_mean(c, offsetof(dsc_moment, grad_norm), s.cut, 1.0) / c->start.grad_norm;
    return s;
}

/* Highest late in the run: the schedule jumps up there, which loss-spike tells of. */
static bool peaks_late(const dsc_case *c)
{
    static const double LATE = 0.32; /* of the run; warm-ups and one_cycle are over by then */
    const double largest = dsc_steps_largest_lr(c);

    for (size_t i = 0; i < c->moments; i++)
        if (c->moment[i].lr >= 0.99 * largest)
            return c->moment[i].step > LATE * c->moment[c->moments - 1].step;
    return false;
}

/* So early that hardly anything was learned, while gradients are as long as ever. */
static double at_once(const dsc_case *c, const sides *s)
{
    const double left = dsc_sure(s->last / s->first, 0.3, 0.6);
    const double early = dsc_sure_log(s->cut, 0.3, 0.1);
    const double moves = dsc_sure_log(dsc_steps_first_update(c, c->plan.momentum), 0.0005, 0.003);

    return left * early * moves * dsc_sure_log(s->gradient, 0.2, 0.6);
}

/* Without a warm-up it begins high: else its peak is a jump on the way. */
static bool begins_high(const dsc_case *c)
{
    return c->plan.warmup > 0.0 ||
           (c->moments > 0 && c->moment[0].lr >= 0.5 * dsc_steps_largest_lr(c));
}

/* Straight on, the loss would still fall by a good part of what is left of it. */
static double leads_on(const dsc_case *c, const sides *s)
{
    return begins_high(c)
               ? dsc_sure(dsc_steps_part_ahead(c), 0.03, 0.12) * dsc_sure_log(s->cut, 0.5, 0.2)
               : 0.0;
}

/* Most of the steps were of no length to speak of, and not all was learned before. */
static double stands_still(const dsc_case *c, const sides *s)
{
    return begins_high(c) ? 0.7 * dsc_sure(dsc_steps_lr_below(c, 0.01), 0.5, 0.3) *
                                dsc_sure_log(s->last / s->first, 0.005, 0.02)
                          : 0.0;
}

/* At the pace it had, the rest of the run would have brought so much of the first loss; it cannot
 * be more than there is. */
static double missed(const sides *s)
{
    const double pace = (s->before - s->then) / (0.55 * s->cut);

    return (fmin(pace * (1.0 - s->cut), s->last) - (s->then - s->last)) / s->first;
}

/* Gradients that still agree with each other have somewhere to go. */
static double agree(const dsc_case *c, const sides *s)
{
    const bool numbers = !c->plan.classifies && !c->plan.text; /* of which no floor is known */

    return dsc_sure(s->cosine, 0.1, 0.4) * dsc_sure_log(s->gradient, 0.01, 0.1) *
           (numbers ? 1.0 : dsc_sure(s->last / s->first, 0.003, 0.03));
}

static void tell(const dsc_case *c, const sides *s, descent_finding *out)
{
    char more[160] = "";

    if (agree(c, s) > 0.0)
        DSC_TELL(more, "; gradients there still agree, with a cosine of %.2f", s->cosine);
    else if (leads_on(c, s) > 0.0)
        DSC_TELL(more, "; straight on it would fall by %.0f %% more",
                 100.0 * dsc_steps_part_ahead(c));
    else if (stands_still(c, s) > 0.0)
        DSC_TELL(more, "; %.0f %% of the steps had less than a hundredth of the peak",
                 100.0 * (1.0 - dsc_steps_lr_below(c, 0.01)));
    DSC_TELL(out->evidence,
             "after %.0f %% of the steps the learning rate was below a tenth of its peak; the loss "
             "had fallen from %.3g to %.3g by then, and in all the steps after only to %.3g%s",
             100.0 * s->cut, s->before, s->then, s->last, more);
}

static void judge(const dsc_case *c, descent_finding *out)
{
    const sides s = look(c);
    const double sign[] = {dsc_sure(missed(&s), 0.03, 0.15), agree(c, &s), at_once(c, &s),
                           leads_on(c, &s), stands_still(c, &s)};
    double most = 0.0;

    for (size_t i = 0; i < sizeof sign / sizeof *sign; i++)
        most = fmax(most, sign[i]);
    const double sure =
        0.95 * dsc_sure(dsc_steps_mean_lr(c), 0.35, 0.2) * dsc_sure(s.cut, 0.75, 0.5) * most;
    if (c->step_losses < 20 || !(sure > LIKELY) || peaks_late(c))
        return;
    out->confidence = sure;
    tell(c, &s, out);
    DSC_TELL(out->cause, "the schedule took the learning rate away while the loss was still "
                         "falling; the steps after that were too short to learn much");
    DSC_TELL(out->remedy, "let the learning rate fall over the whole run: schedule cosine");
    dsc_remedy_flag(out, "--schedule", "cosine");
}

const dsc_finding dsc_finding_schedule_decays_too_early = {
    .info = {.name = "schedule-decays-too-early",
             .summary = "lr fell to almost nothing while the loss was still falling",
             .formula =
                 "lr is below a tenth of its peak before three quarters of the steps are "
                 "taken, and at the pace before, the rest would have brought 3 % of the "
                 "first loss and more, or gradients still have a cosine above 0.1, or a step "
                 "straight on lowers the loss by 3 %, or half the steps have less than a "
                 "hundredth of the peak",
             .advice = "a schedule that ends with the run: cosine, linear, wsd",
             .reference = "Hu et al. 2024, arXiv:2404.06395 (wsd); Hoffmann et al. 2022, "
                          "arXiv:2203.15556, appendix B"},
    .origin = DSC_IN_PLAN,
    .when = DSC_AFTER,
    .explains = "underfitting learning-rate-too-low saddle-or-plateau vanishing-gradients",
    .judge = judge,
};
