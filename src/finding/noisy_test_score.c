/* noisy_test_score.c - so few test examples that the score says little. */
#include "finding/outcome.h"

#include <math.h>

static const double BAR = 0.06;  /* error bar of an accuracy, or relative of an rmse: a note */
static const size_t NOTED = 60;  /* examples: with more the bar is no news */
static const size_t FEW = 26;    /* examples: a warning, where more could have been held out */
static const double PART = 0.04; /* of all examples that is a small part to hold out */

static void judge(const dsc_case *c, descent_finding *out)
{
    const double n = (double)c->plan.test, all = n + (double)c->plan.train;
    const dsc_epoch_facts *last = c->epochs > 0 ? &c->epoch[c->epochs - 1] : NULL;

    if (n < 1.0 || c->plan.text || !last)
        return;
    const bool counts = c->plan.classifies;
    /* with one hit and one miss more, as Agresti and Coull: all right of five is not certain */
    const double p = (last->test_accuracy * n + 2.0) / (n + 4.0);
    const double bar = counts ? 2.0 * sqrt(p * (1.0 - p) / (n + 4.0)) : 2.0 / sqrt(2.0 * n);
    const bool held_out_too_few = c->plan.test < FEW && n < PART * all;
    const bool wide = bar > (counts ? BAR : 3.0 * BAR) && c->plan.test < NOTED;
    if (!wide && !held_out_too_few)
        return;
    out->severity = held_out_too_few ? DESCENT_WARNING : DESCENT_NOTE;
    out->confidence =
        held_out_too_few ? 0.6 + 0.35 * dsc_sure_log(n, (double)FEW, 5.0) : 0.3 + fmin(bar, 0.5);
    if (counts)
        DSC_TELL(
            out->evidence,
            "the test accuracy of %.1f %% is of %.0f examples: its error bar is +- %.1f %%, and "
            "two models must differ by more to be told apart",
            100.0 * last->test_accuracy, n, 100.0 * bar);
    else
        DSC_TELL(
            out->evidence,
            "the test rmse of %.4g is of %.0f examples: its error bar is about +- %.0f %%, and "
            "two models must differ by more to be told apart",
            last->test_rmse, n, 100.0 * bar);
    const double part = fmin(0.5, fmax(0.2, 75.0 / all)); /* to have more than are noted */
    DSC_TELL(out->cause, "the test part is small");
    if (held_out_too_few) {
        DSC_TELL(out->remedy, "hold out more: %.0f %% of the %.0f examples", 100.0 * part, all);
        dsc_remedy_flag(out, "--test", "%.2g", part);
    } else {
        DSC_TELL(out->remedy, "compare means over several seeds rather than single trainings, as "
                              "descent compare does; or hold out more");
        dsc_remedy_flag(out, "--test", "%.2g", part);
    }
}

const dsc_finding dsc_finding_noisy_test_score = {
    .info = {.name = "noisy-test-score",
             .summary = "the test part is so small that its score is mostly luck",
             .formula = "twice the standard error of the test accuracy is above 6 %, of the test "
                        "rmse above 18 %, of fewer than 60 examples; a warning below 26 examples "
                        "that are under 4 % of all",
             .advice = "a larger test part; or the mean over several seeds and splits",
             .reference = "Agresti & Coull 1998, The American Statistician 52"},
    .origin = DSC_IN_RESULT,
    .when = DSC_AFTER,
    .judge = judge,
};
