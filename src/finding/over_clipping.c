/* over_clipping.c - nearly all gradients are shortened, and by much. */
#include "finding/outcome.h"

#include <math.h>

/* Rules that divide by the size of g undo what clipping does evenly; only where it goes far, what
 * they add to that size (eps) and the differences between steps are lost. */
static const double LEFT = 0.4, LEFT_ADAPTIVE = 0.1; /* of the gradient's length */
static const double OFTEN = 0.5;                     /* share of the steps */
static const double LARGE = 30.0;                    /* a gradient that may well be clipped */
static const char DECIDES[] = "the limit is far below the usual length of the gradient, so that "
                              "clipping is what decides how long steps are";

/* The gradient's length where nine tenths are shorter, about: the limit that is usually taken. */
static double usual_limit(double norm)
{
    const double limit = 1.5 * norm;

    return limit > 1.0 ? ceil(limit) : 1.0;
}

/* What is left of the whole gradient at most, where its norm is `limit`, or that times the norm of
 * all weights. */
static double left_under(const dsc_case *c, double limit, bool of_weights)
{
    double left = 0.0, n = 0.0;

    for (size_t i = 0; i < c->moments; i++) {
        const double most = of_weights ? limit * c->moment[i].weight_norm : limit;
        if (!(c->moment[i].grad_norm > 0.0) || !(most > 0.0))
            continue;
        left += fmin(most / c->moment[i].grad_norm, 1.0);
        n++;
    }
    return left / n;
}

/* As many limits as there are segments, one for weights and one for biases. */
static double left_of_segments(const dsc_case *c)
{
    double segments = 0.0;

    for (size_t i = 0; i < c->layers; i++)
        segments += c->layer[i].weights > 0 ? 2.0 : 0.0;
    return left_under(c, c->plan.clip_segment * sqrt(segments), false);
}

static void judge_segments(const dsc_case *c, descent_finding *out)
{
    const double left = left_of_segments(c), most = c->plan.adaptive ? LEFT_ADAPTIVE : LEFT;
    const double norm = dsc_course_mean(c, offsetof(dsc_moment, grad_norm), 0.0, 1.0);

    if (!(left < most))
        return;
    out->confidence = 0.5 + 0.45 * dsc_sure_log(left, most, most / 10.0);
    DSC_TELL(out->evidence,
             "clip_segment = %.3g leaves %.2g %% of the length of the gradients at most, %.3g on "
             "average; clipping is meant for the few that are far longer than the others",
             c->plan.clip_segment, 100.0 * left, norm);
    DSC_TELL(out->cause, "%s", DECIDES);
    DSC_TELL(out->remedy, "raise clip_segment from %.3g to %.3g, above the usual length",
             c->plan.clip_segment, usual_limit(norm));
    dsc_remedy_optimizer(c, out, "clip_segment", usual_limit(norm));
}

/* The norm of each row of g is agc times that of its row of w at most, and so is that of all rows.
 * Its paper proposes 0.01, whatever that leaves. */
static void judge_rows(const dsc_case *c, descent_finding *out)
{
    static const double USUAL = 0.01;
    const double left = left_under(c, c->plan.agc, true),
                 most = c->plan.adaptive ? LEFT_ADAPTIVE : LEFT;

    if (!(c->plan.agc < USUAL) || !(left < most))
        return;
    out->confidence = 0.5 + 0.45 * dsc_sure_log(left, most, most / 10.0);
    DSC_TELL(out->evidence,
             "agc = %.3g leaves %.2g %% of the length of the gradients at most; clipping is meant "
             "for the few that are far longer than the others, and %g is usual",
             c->plan.agc, 100.0 * left, USUAL);
    DSC_TELL(out->cause, "%s", DECIDES);
    DSC_TELL(out->remedy, "leave gradients as long as they are: agc=0");
    dsc_remedy_optimizer(c, out, "agc", 0.0);
}

static void judge(const dsc_case *c, descent_finding *out)
{
    if (c->plan.agc > 0.0)
        judge_rows(c, out);
    if (out->confidence > 0.0)
        return;
    if (c->plan.clip_segment > 0.0) {
        judge_segments(c, out);
        return;
    }
    const bool by_norm = c->plan.clip_norm > 0.0;
    const double left = dsc_course_mean(c, offsetof(dsc_moment, shortened), 0.0, 0.7);
    const double norm = dsc_course_mean(c, offsetof(dsc_moment, grad_norm), 0.0, 1.0);
    const double clipped = c->moments > 0 ? c->moment[c->moments - 1].clipped : (double)NAN;
    const double most = c->plan.adaptive ? LEFT_ADAPTIVE : LEFT;

    if (!(left < most) || (by_norm && !(clipped > OFTEN)))
        return;
    out->confidence = 0.5 + 0.45 * dsc_sure_log(left, most, most / 10.0);
    /* gradients that are huge are clipped with reason: the fault lies elsewhere */
    if (by_norm && norm > LARGE && c->plan.clip_norm >= 0.5)
        out->confidence *= 0.4;
    if (by_norm)
        DSC_TELL(out->evidence,
                 "%.0f %% of the gradients were shortened to clip_norm = %.3g, on average to %.2g "
                 "%% of their length, %.3g; clipping is meant for the few that are far longer than "
                 "the others",
                 100.0 * clipped, c->plan.clip_norm, 100.0 * left, norm);
    else
        DSC_TELL(
            out->evidence,
            "clip_value = %.3g leaves %.2g %% of the length of the gradients, %.3g on average; "
            "clipping is meant for the few numbers that are far larger than the others",
            c->plan.clip_value, 100.0 * left, norm);
    DSC_TELL(out->cause, "%s", DECIDES);
    if (by_norm) {
        DSC_TELL(out->remedy, "raise clip_norm from %.3g to %.3g, above the usual length",
                 c->plan.clip_norm, usual_limit(norm));
        dsc_remedy_optimizer(c, out, "clip_norm", usual_limit(norm));
    } else {
        DSC_TELL(out->remedy, "clip the length instead of single numbers: clip_norm=%.3g",
                 usual_limit(norm));
        dsc_remedy_optimizer(c, out, "clip_value", 0.0);
        dsc_remedy_optimizer(c, out, "clip_norm", usual_limit(norm));
    }
}

const dsc_finding dsc_finding_over_clipping = {
    .info = {.name = "over-clipping",
             .summary = "nearly all gradients are shortened, and by much",
             .formula =
                 "clip_norm shortened over half of the gradients, or clip_value cut them, to "
                 "below 40 % of their length; for rules that divide by the size of g, 10 %; or "
                 "clip_segment must, or agc below its usual 0.01",
             .advice = "a limit that nine of ten gradients stay below; when steps are too long "
                       "without clipping, a lower lr",
             .reference =
                 "Godbole et al. 2023, Deep Learning Tuning Playbook: above 50 % lower lr"},
    .origin = DSC_IN_PLAN,
    .when = DSC_DURING | DSC_AFTER,
    .explains = "learning-rate-too-low underfitting saddle-or-plateau adam-eps-dominates "
                "batch-too-large vanishing-gradients",
    .judge = judge,
};
