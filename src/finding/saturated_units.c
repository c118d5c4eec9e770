/* saturated_units.c - outputs of tanh and sigmoid are at the ends of their range. */
#include "finding/outcome.h"

#include <math.h>

static const double AT_START = 0.3, LATER = 0.5; /* shares of the outputs */
static const double NEARLY_ALL = 0.8;
static const double GATES = 6.0; /* a sigmoid is within 2.5 % of an end beyond 3.7 */

static void remedy(const dsc_case *c, descent_finding *out)
{
    if (dsc_remedy_init(c, out)) {
        DSC_TELL(out->remedy, "smaller first weights: leave them to the model");
        return;
    }
    if (!c->plan.standardizes) {
        DSC_TELL(out->remedy, "standardize the features");
        dsc_remedy_flag(out, "--standardize", "yes");
        return;
    }
    DSC_TELL(out->remedy, "take relu in the place of activations that squeeze, or put a norm in "
                          "front of them");
    dsc_remedy_squeezing(c, out, "relu");
}

/* Gates of lstm and gru, whose values nobody sees; their states show little of it. */
static void judge_gates(const dsc_case *c, descent_finding *out)
{
    const double wide = dsc_sure_log(c->start.gate_spread, GATES, 2.0 * GATES);

    if (wide == 0.0 || dsc_outcome_learned(c))
        return;
    out->confidence = 0.5 + 0.4 * wide;
    DSC_TELL(out->evidence,
             "what goes into the gates of the recurrent layer spreads by %.3g before the first "
             "step; beyond 3.7 a gate is at an end of its range, and above %g most are",
             c->start.gate_spread, GATES);
    DSC_TELL(out->cause, "the first recurrent weights are too large: gates are open or shut for "
                         "good, and hardly any gradient comes through them");
    remedy(c, out);
}

static void judge(const dsc_case *c, descent_finding *out)
{
    double first, last = dsc_course_mean(c, offsetof(dsc_moment, saturation), 0.5, 1.0);
    const dsc_layer_facts *layer =
        dsc_layer_largest(c, c->start_layer, offsetof(dsc_layer_moment, saturation), &first);
    const double early = dsc_sure(first, AT_START, 0.7);
    /* nearly all of them, and neighbours alone do better: it learned in spite of it, and little */
    const bool crippled = last > NEARLY_ALL && dsc_outcome_skill(c) < 0.9;
    const double late = dsc_outcome_learned(c) && !crippled ? 0.0 : dsc_sure(last, LATER, 0.9);

    if (early > 0.0) {
        out->confidence = 0.5 + 0.4 * early;
        DSC_TELL(out->evidence,
                 "%.0f %% of the outputs of '%s' are at the ends of their range before the first "
                 "step (in the second half of the run %.0f %%, all layers); it should be less "
                 "than %.0f %%",
                 100.0 * first, layer->name, 100.0 * last, 100.0 * AT_START);
        DSC_TELL(out->cause, "what goes into it is too large: the first weights, or inputs that "
                             "are not scaled; where it is flat hardly any gradient comes through");
    } else if (late > 0.0) {
        out->confidence = 0.3 + 0.2 * late;
        DSC_TELL(out->evidence,
                 "%.0f %% of the outputs of tanh or sigmoid layers are at the ends of their range "
                 "in the second half of the run; it should be less than %.0f %%",
                 100.0 * last, 100.0 * LATER);
        DSC_TELL(out->cause, "steps that were too long made the weights large; where an activation "
                             "is flat hardly any gradient comes through");
    } else {
        judge_gates(c, out);
        return;
    }
    remedy(c, out);
}

const dsc_finding dsc_finding_saturated_units = {
    .info = {.name = "saturated-units",
             .summary = "outputs of tanh or sigmoid are stuck at the ends of their range",
             .formula = "more than 30 % of a layer's outputs within 2.5 % of an end before the "
                        "first step, or 50 % of all in the second half of a run that learned "
                        "little; or first weights that spread what goes into the gates of lstm or "
                        "gru by more than 6",
             .advice = "smaller first weights, scaled inputs, a norm layer, or relu",
             .reference = "Glorot & Bengio 2010"},
    .origin = DSC_IN_START,
    .when = DSC_DURING | DSC_AFTER,
    .explains = "vanishing-gradients constant-output underfitting learning-rate-too-low "
                "saddle-or-plateau frozen-parameters exploding-gradients ill-conditioned",
    .judge = judge,
};
