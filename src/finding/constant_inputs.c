/* constant_inputs.c - features that never change. The border of pictures is no fault. */
#include "finding/outcome.h"

static const double MANY = 0.2, NEARLY_ALL_PIXELS = 0.7;
static const double MOST_GROUND = 0.5; /* of a table's columns: more are no empty border */

static void judge(const dsc_case *c, descent_finding *out)
{
    const dsc_audit *d = &c->data;
    const double share = d->features > 0 ? (double)d->constant / (double)d->features : 0.0;
    const bool all = d->constant == d->features;
    const bool border = d->constant_ground == d->constant;

    if (!d->done || d->constant == 0 || (d->one_scale && share < NEARLY_ALL_PIXELS) ||
        (border && share < MOST_GROUND))
        return;
    out->confidence = all ? 0.99 : 0.75 + 0.2 * dsc_sure(share, 0.0, 0.5);
    out->severity = all                    ? DESCENT_FAILURE
                    : share >= MANY        ? DESCENT_WARNING
                    : c->plan.standardizes ? DESCENT_NOTE
                                           : dsc_outcome_severity(c);
    DSC_TELL(out->evidence,
             "%zu of %zu features never change in the training part ('%s'%s); there should be none",
             d->constant, d->features, d->constant_name, d->constant > 1 ? " is the first" : "");
    DSC_TELL(out->cause, all ? "there is nothing in the data to learn from"
                             : "these columns say nothing about the target; they were emptied, or "
                               "hold one value throughout");
    DSC_TELL(out->remedy, all ? "look at how the features were written"
                              : "repair these columns, or leave them out");
    if (!all)
        dsc_remedy_ignore(c, out, "constant");
}

const dsc_finding dsc_finding_constant_inputs = {
    .info = {.name = "constant-inputs",
             .summary = "features that never change",
             .formula =
                 "one feature or more of a table with one value in all of training; seven in "
                 "ten pixels, or half of a table's where all of them are empty",
             .advice = "repair these columns, or leave them out with ignore=constant",
             .reference = "Kuhn and Johnson 2013, Applied Predictive Modeling, section 3.5"},
    .origin = DSC_IN_DATA,
    .when = DSC_BEFORE | DSC_AFTER,
    .explains = "constant-output underfitting saddle-or-plateau learning-rate-too-low "
                "labels-misaligned overfitting dead-units label-noise frozen-parameters "
                "train-test-leak",
    .judge = judge,
};
