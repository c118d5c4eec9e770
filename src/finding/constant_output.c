/* constant_output.c - the network says the same of every example. */
#include "finding/finding.h"

#include "base/number.h"

#include <math.h>
#include <string.h>

static const double SHARE = 0.03;  /* numbers: deviation of outputs over that of targets */
static const double LOGITS = 0.05; /* classes: deviation of outputs */

/* The activation that cuts the outputs off, if the model ends with one. */
static const dsc_layer_facts *ends_with(const dsc_case *c)
{
    const dsc_layer_facts *last = c->layers > 0 ? &c->layer[c->layers - 1] : NULL;

    return last && last->weights == 0 && strstr(c->plan.model, last->kind) ? last : NULL;
}

static double sureness(const dsc_case *c)
{
    const dsc_look *look = &c->train_look;

    if (!c->plan.classifies)
        return look->target_deviation > 0.0
                   ? dsc_sure_log(look->output_deviation / look->target_deviation, SHARE,
                                  SHARE / 10.0)
                   : 0.0;
    return look->largest_prediction > 0.98
               ? dsc_sure_log(look->output_deviation, LOGITS, LOGITS / 10.0)
               : 0.0;
}

/* Smoothed so much that the loss asks for the same output, whatever the label: 1 asks for nothing
 * else. */
static bool smooths_all_away(const dsc_case *c)
{
    static const double MOST = 0.9;
    static const char key[] = "smoothing=";
    const char *at = c->plan.loss ? strstr(c->plan.loss, key) : NULL;
    double part;

    if (!at || !c->plan.classifies)
        return false;
    at += sizeof key - 1;
    return dsc_number_read(at, strcspn(at, " ,)"), &part) && part > MOST;
}

static void judge_smoothing(const dsc_case *c, descent_finding *out)
{
    out->severity = DESCENT_FAILURE;
    out->confidence = 0.95;
    DSC_TELL(out->evidence, "the loss smooths labels by more than 0.9; 0.1 is usual");
    DSC_TELL(out->cause, "nothing is left of the labels: the loss is lowest where all classes are "
                         "said to be equally likely, of every example");
    DSC_TELL(out->remedy, "smooth less, or not at all");
    dsc_remedy_flag(out, "--loss", "%s", c->plan.loss_name);
}

static void tell(const dsc_case *c, descent_finding *out)
{
    const dsc_look *look = &c->train_look;

    if (c->plan.classifies)
        DSC_TELL(out->evidence,
                 "%.0f %% of the training examples are predicted to be of the same class, and "
                 "outputs differ by %.2g from example to example; it should be 1 and more",
                 100.0 * look->largest_prediction, look->output_deviation);
    else
        DSC_TELL(out->evidence,
                 "predictions differ by %.2g from example to example, targets by %.3g; below %g "
                 "of that they are as good as constant",
                 look->output_deviation, look->target_deviation, SHARE);
}

static void judge(const dsc_case *c, descent_finding *out)
{
    if (c->train_look.n < 8 || c->plan.text || c->plan.minimizes)
        return;
    const double sure = sureness(c);
    const dsc_layer_facts *last = ends_with(c);
    if (smooths_all_away(c)) {
        judge_smoothing(c, out);
        return;
    }
    if (sure == 0.0)
        return;
    out->severity = DESCENT_FAILURE;
    out->confidence = (last ? 0.75 : 0.5) + 0.23 * sure;
    if (c->train_look.output_deviation < 1e-6) /* nothing can come through, whatever the steps */
        out->confidence = 1.0;
    if (c->gave_up)
        out->confidence = fmin(out->confidence, 0.5);
    tell(c, out);
    if (last) {
        DSC_TELL(out->cause,
                 "the model ends with %s, which cuts its outputs off; where it is flat, nothing "
                 "is learned",
                 last->kind);
        DSC_TELL(out->remedy, "end the model with linear; the loss has all that it needs");
        dsc_remedy_last(c, out);
        return;
    }
    DSC_TELL(out->cause, "the network learned the mean of the targets and nothing of the features: "
                         "none of them comes through to the output, or none of them tells "
                         "anything");
    if (c->plan.layer_norms > 0) {
        DSC_TELL(out->remedy, "take batch_norm in the place of layer_norm, which leaves nothing of "
                              "a single unit");
        dsc_remedy_model(c, out, "layer_norm", "batch_norm");
    } else {
        DSC_TELL(out->remedy, "put a norm in front of each activation, so that signals come "
                              "through");
        dsc_remedy_model(c, out, "relu", "batch_norm, leaky_relu");
    }
}

const dsc_finding dsc_finding_constant_output = {
    .info = {.name = "constant-output",
             .summary = "the network predicts the same for every example",
             .formula =
                 "numbers: predictions deviate by less than 3 % of what targets do; "
                 "classes: 98 % are predicted the same and outputs differ by less than 0.05, or "
                 "labels are smoothed by more than 0.9",
             .advice = "look for dead units, first weights, decay, inputs that say nothing",
             .reference = "Karpathy 2019, A Recipe for Training Neural Networks"},
    .origin = DSC_IN_PLAN,
    .when = DSC_AFTER,
    .explains = "underfitting class-imbalance saddle-or-plateau learning-rate-too-low wrong-loss",
    .judge = judge,
};
