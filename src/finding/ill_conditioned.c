/* ill_conditioned.c - one learning rate is too high for some directions and too low for others. */
#include "finding/outcome.h"
#include "finding/steps.h"

#include <math.h>
#include <string.h>

static const double LIKELY = 0.25;
static const double ALIKE =
    5.0; /* second moments over all directions, the largest over the least */

static void judge_walk(const dsc_case *c, descent_finding *out)
{
    const dsc_walk *w = &c->walk;
    const double spread = w->steepest / w->along;
    const double left = dsc_sure_log(w->g_last / w->g_first, 1e-5, 0.001);
    /* the learning rate is about as high as the steepest direction allows */
    const double tight = isnan(w->limit) ? 0.0 : dsc_sure_log(w->lr / w->limit, 0.05, 0.3);
    const double sure = 0.9 * left * tight * dsc_sure_log(spread, 5.0, 30.0);

    if (w->converged || w->diverged || w->oscillates || w->stopped_at < w->steps ||
        !(w->along > 0.0) || !(sure > LIKELY))
        return;
    out->confidence = sure;
    DSC_TELL(out->evidence,
             "the function curves up to %.4g, which allows a learning rate of %.4g at most, but "
             "along the last steps only %.3g, %.0f times less: there %.3g is far too low",
             w->steepest, w->limit, w->along, spread, w->lr);
    DSC_TELL(out->cause, "a ravine: its walls limit the learning rate, and along its bottom the "
                         "steps are too short");
    DSC_TELL(out->remedy, "take a rule that learns how the function curves: lbfgs");
    dsc_remedy_flag(out, "--optimizer", "lbfgs");
}

/* The least that the training can be said to have reached: where the mean of the weights is far
 * better, noise is what is left, and not the way; and the few examples of the probe may be odd. */
static double reached(const dsc_case *c)
{
    const double probe = fmin(c->probe.loss[DSC_PROBE_LAST], c->probe.loss[DSC_PROBE_MEAN]);

    return c->epochs > 0 ? fmin(probe, c->epoch[c->epochs - 1].train_loss) : probe;
}

/* The learning rate, as a share of what the steepest direction of the features takes. */
static double tightness(const dsc_case *c)
{
    const double momentum = c->plan.momentum > 0.0 ? c->plan.momentum : 0.0;

    return dsc_sure_log(c->plan.lr * c->data.steepest / (1.0 - momentum), 0.03, 0.1);
}

/* What the data are known to allow, and who knows. */
static double possible(const dsc_audit *a, const char **who)
{
    const bool line = a->line_right > a->neighbours_right;

    *who = line ? "least squares" : "nearest neighbours";
    return line ? a->line_right : a->neighbours_right;
}

/* Classes: neighbours, or least squares, tell far more of them apart. Not of numbers of one kind,
 * such as pixels, which are always nearly the same as others. */
static double by_classes(const dsc_case *c)
{
    const dsc_audit *a = &c->data;
    const char *who;

    if (!c->plan.classifies || a->one_scale || c->epochs == 0 || a->neighbours_asked == 0 ||
        dsc_steps_diverged(c))
        return 0.0;
    const double right = possible(a, &who);
    const double missing = right - c->epoch[c->epochs - 1].train_accuracy;
    /* right already, and next to nowhere sure */
    const double unsure = right > a->neighbours_right /* it is least squares that know */
                              ? dsc_sure(right, 0.9, 0.97) * dsc_sure(dsc_outcome_left(c), 0.5, 0.8)
                              : 0.0;
    return 0.8 * dsc_sure_log(a->condition, 100.0, 300.0) * tightness(c) *
           fmax(dsc_sure(missing, 0.1, 0.25), unsure);
}

/* How sure features that are nearly the same, or differ in scale, make: least squares do far better
 * than the training, whose learning rate is near the most that the steepest direction takes. */
static double by_features(const dsc_case *c)
{
    const dsc_audit *a = &c->data;
    const bool squares = c->plan.loss_name && strcmp(c->plan.loss_name, "mse") == 0;

    if (!squares || isnan(a->line_loss) || dsc_steps_diverged(c))
        return 0.0;
    return 0.95 * dsc_sure_log(a->condition, 30.0, 100.0) * tightness(c) *
           dsc_sure(reached(c) / a->line_loss, 1.1, 1.35);
}

/* Momentum brings the factor down to its square root, which is enough for a while. */
static void prescribe(const dsc_case *c, descent_finding *out)
{
    static const double FAR_APART = 650.0;

    if (c->plan.momentum < 0.9 && !(c->data.condition > FAR_APART)) {
        DSC_TELL(out->remedy, "add momentum, which gathers speed where gradients agree");
        dsc_remedy_optimizer(c, out, "momentum", 0.9);
        dsc_remedy_optimizer(c, out, "nesterov", 1.0);
        return;
    }
    DSC_TELL(out->remedy, "take a rule that turns to the directions of the curvature: soap");
    dsc_remedy_flag(out, "--optimizer", "soap lr=0.03");
}

static void tell_features(const dsc_case *c, double sure, descent_finding *out)
{
    const char *who;
    const double right = possible(&c->data, &who);

    out->confidence = sure;
    if (c->plan.classifies)
        DSC_TELL(
            out->evidence,
            "the second moments of the features differ %.3g times between directions; %s get "
            "%.1f %% of the labels right, the training %.1f %%, and %.3g of the loss of guessing "
            "is left",
            c->data.condition, who, 100.0 * right, 100.0 * c->epoch[c->epochs - 1].train_accuracy,
            dsc_outcome_left(c));
    else
        DSC_TELL(out->evidence,
                 "the second moments of the features differ %.3g times between directions; least "
                 "squares leave %.3g of the target, the training %.3g",
                 c->data.condition, c->data.line_loss, reached(c));
    DSC_TELL(out->cause, "features that are nearly the same, or of different scale: the steepest "
                         "direction limits the learning rate, and along the flat ones it is too "
                         "low");
    prescribe(c, out);
}

static void judge(const dsc_case *c, descent_finding *out)
{
    if (c->plan.minimizes) {
        judge_walk(c, out);
        return;
    }
    if (c->plan.adaptive || c->probe.n == 0)
        return;
    const double gain = dsc_steps_gain_ahead(c), rise = dsc_steps_rise_longer(c);
    const double last = c->probe.loss[DSC_PROBE_LAST];
    /* errors of numbers have no floor that is known: what is left counts, not what was learned */
    const bool numbers = !c->plan.classifies && !c->plan.text;
    const double part = dsc_steps_part_ahead(c);
    const double much = fmax(dsc_sure(gain, 0.01, 0.08), numbers ? dsc_sure(part, 0.1, 0.35) : 0.0);
    const double tight =
        fmax(dsc_sure(rise, 0.0, 0.05),
             dsc_sure_log(dsc_steps_first_update(c, c->plan.momentum), 0.03, 0.15));
    /* where features spread alike in all directions it is rather a saddle than a ravine */
    const double most = c->data.condition >= 1.0 && c->data.condition < ALIKE ? 0.0 : 0.9;
    /* what stood still for long is on its way since then only: that is ahead of it */
    const double moved = 1.0 - dsc_sure(dsc_steps_standstill(c, NULL), 0.3, 0.6);
    const double sure = most * moved * much * tight * dsc_sure(dsc_steps_mean_lr(c), 0.1, 0.25) *
                        dsc_steps_unhindered(c);

    const double features = fmax(by_features(c), by_classes(c));
    if (!(fmax(sure, features) > LIKELY))
        return;
    if (features > sure) {
        tell_features(c, features, out);
        return;
    }
    out->confidence = sure;
    DSC_TELL(out->evidence,
             "going on would lower the loss of %.3g by %.0f %% of all that is learned then, but "
             "steps cannot be longer: one of four times the length against the gradient raises "
             "the loss to %.3g",
             last, 100.0 * gain, c->probe.longer);
    DSC_TELL(out->cause, "the loss curves far more in some directions than in others: the steepest "
                         "limit the learning rate, and along the flat ones it is too low");
    prescribe(c, out);
}

const dsc_finding dsc_finding_ill_conditioned = {
    .info = {.name = "ill-conditioned",
             .summary = "the loss curves so differently in its directions that no lr fits all",
             .formula = "further on the way the loss is lower by 1 % of what is learned and more, "
                        "but a step of four times the length raises it, and the features don't "
                        "spread alike in all directions; or least squares or neighbours do far "
                        "better, and the features spread 100 times as far in some",
             .advice = "an adaptive rule, momentum, a second-order rule; features that are scaled "
                       "and not nearly the same",
             .reference = "LeCun et al. 1998, Efficient BackProp; Goh 2017"},
    .origin = DSC_IN_STEPS,
    .when = DSC_AFTER | DSC_ON_WALK,
    .explains = "learning-rate-too-low underfitting saddle-or-plateau",
    .judge = judge,
};
