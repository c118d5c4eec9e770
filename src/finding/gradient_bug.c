/* gradient_bug.c - backward does not give the derivative of forward. */
#include "finding/finding.h"

#include <string.h>

static const double SUSPICIOUS = DSC_SUSPICIOUS_GRADIENT, WRONG = 1e-2;

/* Another activation in the place of the wrong one. */
static void propose(const dsc_case *c, descent_finding *out)
{
    const char *wrong = c->start.gradient_activation;

    if (wrong && dsc_remedy_layer(c, out, wrong, strcmp(wrong, "relu") == 0 ? "gelu" : "relu"))
        DSC_TELL(out->remedy, "correct the backward of %s; until then take another activation",
                 wrong);
    else
        DSC_TELL(out->remedy,
                 "correct the op's backward; until then take another layer in its place; if it is "
                 "one of descent's own, please report it");
}

static void judge(const dsc_case *c, descent_finding *out)
{
    const double error = c->start.gradient_error;

    if (!c->start.looked || !(error > SUSPICIOUS))
        return;
    out->confidence = 0.5 + 0.5 * dsc_sure_log(error, SUSPICIOUS, WRONG);
    out->severity = error > WRONG ? DESCENT_FAILURE : DESCENT_WARNING;
    DSC_TELL(out->evidence,
             "the gradient differs from finite differences by %.2g (relative, in double, worst at "
             "'%s'); below %g is good, above %g is wrong",
             error, c->start.gradient_op, SUSPICIOUS, WRONG);
    DSC_TELL(out->cause, "the backward of layer '%s' does not give the derivative of its forward",
             c->start.gradient_op);
    propose(c, out);
}

const dsc_finding dsc_finding_gradient_bug = {
    .info = {.name = "gradient-bug",
             .summary = "the gradient is not the derivative of the loss",
             .formula = "relative error of the gradient against finite differences, in double on "
                        "three examples: above 1e-4 suspicious, above 1e-2 wrong",
             .advice = "correct the backward of the op that is named",
             .reference = "Karpathy, CS231n notes, gradient checks"},
    .origin = DSC_IN_PLAN,
    .when = DSC_BEFORE | DSC_AFTER,
    .explains = "vanishing-gradients exploding-gradients frozen-parameters constant-output "
                "underfitting learning-rate-too-low learning-rate-too-high diverged "
                "non-finite-source saturated-units dead-units saddle-or-plateau loss-spike "
                "no-decay-noise-floor ill-conditioned missing-warmup momentum-too-high "
                "batch-too-small batch-too-large wrong-loss stale-second-moment over-clipping",
    .judge = judge,
};
