/* outcome.c - how well a training came out, on the test part. */
#include "finding/finding.h"

#include <math.h>

double dsc_outcome_accuracy(const dsc_case *c)
{
    if (c->test_look.n > 0 && isfinite(c->test_look.accuracy))
        return c->test_look.accuracy;
    return c->epochs > 0 ? c->epoch[c->epochs - 1].test_accuracy : (double)NAN;
}

double dsc_outcome_explained(const dsc_case *c)
{
    const double rmse = c->epochs > 0 ? c->epoch[c->epochs - 1].test_rmse : (double)NAN;
    const double share = rmse / c->data.target_unit;

    return isfinite(share) ? 1.0 - share * share : (double)NAN;
}

double dsc_outcome_skill(const dsc_case *c)
{
    static const double LEAST_RANGE = 0.1; /* neighbours that know nothing are no measure */
    const bool classes = c->plan.classifies;
    const double score = classes ? dsc_outcome_accuracy(c) : dsc_outcome_explained(c);
    const double guess = classes ? c->data.majority : 0.0;
    const double known = classes ? c->data.neighbours_right : fmin(c->data.neighbours_right, 0.95);
    const double range = known - guess;

    if (!c->data.done || isnan(score))
        return c->data.done && c->gave_up ? 0.0 : (double)NAN;
    return (score - guess) / (range > LEAST_RANGE ? range : 1.0 - guess);
}

descent_severity dsc_outcome_severity(const dsc_case *c)
{
    static const double WELL = 0.93;

    return dsc_outcome_skill(c) >= WELL ? DESCENT_NOTE : DESCENT_WARNING;
}
