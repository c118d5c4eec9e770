/* adam_eps_dominates.c - eps is larger than the roots it is added to. */
#include "finding/outcome.h"

#include <math.h>
#include <string.h>

static const double SHARE = 0.3; /* of the weights */
static const double USUAL = 1e-8;

/* A power of ten far below the roots. */
static double better_eps(double root)
{
    return fmin(USUAL, pow(10.0, floor(log10(root * 1e-4))));
}

static void tell_cause(const dsc_case *c, descent_finding *out)
{
    DSC_TELL(
        out->cause,
        "eps is too large for these gradients: %s takes steps in proportion to g, as sgd does, "
        "and much shorter ones than lr says",
        c->plan.rule);
}

/* adabelief adds eps to its mean in every step, so that it adds up to eps / (1 - beta2). */
static void judge_sum(const dsc_case *c, descent_finding *out)
{
    static const double TIMES = 10.0; /* the root of the mean of g^2 over all weights */
    const double floor = sqrt(c->plan.eps / (1.0 - c->plan.beta2));
    const double root =
        dsc_course_mean(c, offsetof(dsc_moment, grad_norm), 0.0, 0.6) / sqrt(c->plan.parameters);

    if (!(root > 0.0) || !(floor > TIMES * root) || !(dsc_outcome_left(c) > 0.1))
        return;
    out->confidence = 0.6 + 0.39 * dsc_sure_log(floor / root, TIMES, 10.0 * TIMES);
    DSC_TELL(out->evidence,
             "eps = %.3g adds up in the mean that steps are divided by the root of: that is %.2g "
             "at least, and the root of the mean of g^2 only %.2g; it should be below %g times as "
             "much",
             c->plan.eps, floor, root, TIMES);
    tell_cause(c, out);
    DSC_TELL(out->remedy, "lower eps from %.3g to 1e-16", c->plan.eps);
    dsc_remedy_optimizer(c, out, "eps", 1e-16);
}

static void judge(const dsc_case *c, descent_finding *out)
{
    if (strcmp(c->plan.rule, "adabelief") == 0) {
        judge_sum(c, out);
        return;
    }
    const double share = dsc_course_mean(c, offsetof(dsc_moment, eps_share), 0.0, 0.6);
    const double root = dsc_course_mean(c, offsetof(dsc_moment, root), 0.0, 0.6);
    const double eps = c->plan.eps;

    if (!c->plan.adaptive || !(share > SHARE) || !(root > 0.0) || !(eps > 0.0))
        return;
    /* what has been learned to the end has no gradient left: then eps may rule */
    if (eps <= USUAL && !(dsc_outcome_left(c) > 0.5))
        return;
    const double better = better_eps(root);
    out->confidence = (eps > USUAL ? 0.6 : 0.4) + 0.4 * dsc_sure(share, SHARE, 0.7);
    DSC_TELL(
        out->evidence,
        "for %.0f %% of the weights eps = %.3g is larger than the root of the mean of g^2 that "
        "it is added to, which is %.2g in the middle; below %.0f %% eps does no harm",
        100.0 * share, eps, root, 100.0 * SHARE);
    tell_cause(c, out);
    DSC_TELL(out->remedy, "lower eps from %.3g to %.3g", eps, better);
    dsc_remedy_optimizer(c, out, "eps", better);
}

const dsc_finding dsc_finding_adam_eps_dominates = {
    .info = {.name = "adam-eps-dominates",
             .summary = "eps, which only is to keep a division finite, decides how long steps are",
             .formula = "for over 30 % of the weights that have gradients eps is above "
                        "sqrt(v), in the first 60 % of the steps; adabelief: sqrt(eps / (1 - "
                        "beta2)) is 10 times the root of the mean of g^2",
             .advice = "eps far below the root of the mean of g^2: 1e-8, for tiny gradients 1e-15",
             .reference = "Wortsman et al. 2023, arXiv:2309.14322, section 3.4.1"},
    .origin = DSC_IN_PLAN,
    .when = DSC_DURING | DSC_AFTER,
    .explains = "learning-rate-too-low underfitting saddle-or-plateau vanishing-gradients "
                "batch-too-large ill-conditioned",
    .judge = judge,
};
