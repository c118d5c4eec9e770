/* non_finite_source.c - the first number that was not finite, and where it came out.
 *
 * At the first step nothing has moved yet, so it is the network or the data. Later it is mostly
 * steps that were too long, which other findings tell of. */
#include "finding/finding.h"

#include <math.h>
#include <string.h>

static void tell_where(const dsc_not_finite *n, descent_finding *out)
{
    const char *side = n->backward ? "the gradient of " : "";

    if (!*n->op)
        DSC_TELL(out->evidence, "at step %lld the gradient was too large to be squared%s%s%s",
                 (long long)n->step, *n->layer ? ", most of all that of '" : "", n->layer,
                 *n->layer ? "'" : "");
    else if (isfinite(n->low) && isfinite(n->high))
        DSC_TELL(out->evidence,
                 "at step %lld %sop %s of layer '%s' was the first that gave %s; what went in was "
                 "between %.3g and %.3g",
                 (long long)n->step, side, n->op, n->layer, n->what, n->low, n->high);
    else
        DSC_TELL(out->evidence, "at step %lld %sop %s of layer '%s' was the first that gave %s",
                 (long long)n->step, side, n->op, n->layer, n->what);
}

/* True when all was well right before: the loss was not above a few times the first. */
static bool out_of_the_blue(const dsc_case *c)
{
    double highest = 0.0;

    for (size_t i = 0; i < c->moments && c->moment[i].first < (double)c->not_finite.step; i++)
        highest = c->moment[i].loss > highest ? c->moment[i].loss : highest;
    return highest > 0.0 && highest < 3.0 * c->start.loss && !c->gave_up;
}

/* The data, or the untrained network, are near the end of what a float holds. */
static bool has_huge_numbers(const dsc_case *c)
{
    static const double HUGE_NUMBER = 1e15; /* its square is near the end of a float's range */

    return c->data.largest_magnitude > HUGE_NUMBER || c->start.loss > HUGE_NUMBER;
}

/* An exponential of numbers that are not large themselves: no step needs to be long for that. */
static bool overflows_by_op(const dsc_case *c)
{
    static const double LEAST = 80.0; /* exp(89) is above a float's range */

    return strstr(c->not_finite.op, "poisson") && c->not_finite.high > LEAST;
}

static void judge_first_step(const dsc_case *c, descent_finding *out)
{
    out->severity = DESCENT_FAILURE;
    out->confidence = 1.0;
    DSC_TELL(out->cause, "nothing has moved yet: the first weights are too large, numbers of the "
                         "data are, or the loss does not fit to the model's outputs");
    DSC_TELL(out->remedy, "He's or Glorot's first weights and standardized features");
    dsc_remedy_init(c, out);
    if (!c->plan.standardizes)
        dsc_remedy_flag(out, "--standardize", "yes");
}

static void judge_later(const dsc_case *c, descent_finding *out)
{
    const bool sudden = out_of_the_blue(c) || has_huge_numbers(c) || overflows_by_op(c);

    out->severity = c->gave_up ? DESCENT_FAILURE : DESCENT_WARNING;
    out->confidence = has_huge_numbers(c) ? 1.0 : sudden ? 0.95 : 0.45;
    DSC_TELL(out->cause, has_huge_numbers(c)
                             ? "numbers of the data are so large that products of them leave the "
                               "range of a float"
                         : sudden
                             ? "the loss was in order before: an example with numbers far out, or "
                               "an op that came to where it has no value"
                             : "the weights had grown until a float could not hold what they give");
    if (has_huge_numbers(c) && !c->plan.standardizes) {
        DSC_TELL(out->remedy, "standardize the features, which brings all of them near 1");
        dsc_remedy_flag(out, "--standardize", "yes");
        return;
    }
    if (isnan(c->plan.lr)) {
        DSC_TELL(out->remedy, "shorten the gradient: clip_norm=1");
    } else {
        DSC_TELL(out->remedy, "shorten the gradient and the steps: clip_norm=1, lr=%.3g",
                 c->plan.lr / 10.0);
        dsc_remedy_optimizer(c, out, "lr", c->plan.lr / 10.0);
    }
    dsc_remedy_optimizer(c, out, "clip_norm", 1.0);
}

static void judge(const dsc_case *c, descent_finding *out)
{
    if (c->not_finite.step == 0)
        return;
    tell_where(&c->not_finite, out);
    if (c->not_finite.step == 1)
        judge_first_step(c, out);
    else
        judge_later(c, out);
}

const dsc_finding dsc_finding_non_finite_source = {
    .info = {.name = "non-finite-source",
             .summary = "where the first number that was infinite or NaN came from",
             .formula = "a step was skipped as its loss or gradient was not finite; run again, the "
                        "first op whose output or gradient is not finite is named",
             .advice = "smaller first weights, scaled data, clip_norm, a lower lr",
             .reference = "PyTorch's detect_anomaly"},
    .origin = DSC_IN_DATA,
    .when = DSC_DURING | DSC_AFTER,
    .explains = "diverged unscaled-inputs unscaled-target learning-rate-too-high wrong-loss "
                "saddle-or-plateau",
    .judge = judge,
};
