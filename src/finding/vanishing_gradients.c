/* vanishing_gradients.c - hardly anything of the gradient arrives at the first layers. */
#include "finding/outcome.h"
#include "finding/steps.h"

#include "base/number.h"
#include "base/print.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double RATIO = 1e-3; /* first layer over last */
static const double FACTOR = 0.5; /* from layer to layer, where there are */
enum { DEEP = 5 };                /* and more of them */

static void remedy(const dsc_case *c, descent_finding *out)
{
    if (dsc_remedy_squeezing(c, out, "relu")) {
        DSC_TELL(out->remedy, "take relu in the place of activations that squeeze: where it lets "
                              "a signal through, its derivative is 1");
        return;
    }
    if (dsc_remedy_init(c, out)) {
        DSC_TELL(out->remedy, "leave the first weights to the model: He's in front of relu");
        return;
    }
    DSC_TELL(out->remedy, "put a norm in front of each activation, or residual blocks around the "
                          "layers");
    dsc_remedy_model(c, out, "relu", "batch_norm, relu");
}

/* Adds --model with first weights of the rnn that keep the length of its state. */
static void remedy_recurrent(const dsc_case *c, descent_finding *out)
{
    static const double KEEPS = 0.98; /* a little less than 1: what grows is worse */
    const char *at = strstr(c->plan.model, "rnn ");
    char rnn[128], other[160], *gain;

    if (!at)
        return;
    snprintf(rnn, sizeof rnn, "%.*s", (int)strcspn(at, ",)"), at);
    double before = 1.0;
    snprintf(other, sizeof other, "%s", rnn);
    if ((gain = strstr(other, " gain=")) != NULL) {
        const char *number = gain + strlen(" gain=");
        dsc_number_read(number, strcspn(number, " "), &before);
        const char *rest = gain + 1 + strcspn(gain + 1, " ");
        memmove(gain, rest, strlen(rest) + 1);
    }
    const size_t n = strlen(other);
    const double better = before * KEEPS / c->start.recurrent_growth;
    dsc_print(other + n, sizeof other - n, " gain=%.3g", better);
    DSC_TELL(out->remedy,
             "first weights that keep the length of the state: gain=%.3g; gru and lstm have gates "
             "for that",
             better);
    dsc_remedy_model(c, out, rnn, other);
}

/* What comes back through the steps of an rnn to its first, at most; said where the result suffers,
 * as many sequences can be told by their ends. */
static void judge_recurrent(const dsc_case *c, descent_finding *out)
{
    const dsc_start *s = &c->start;
    const int steps = c->plan.recurrent_steps;
    const double left = pow(s->recurrent_growth, (double)steps);
    const double last = dsc_course_loss(c, 0.9, 1.0);
    const double sure =
        dsc_sure_log(left, RATIO, RATIO / 30.0) * dsc_sure(last / s->loss, 0.3, 0.5);

    if (steps < 2 || !(s->recurrent_growth > 0.0) || !(sure > 0.0))
        return;
    out->confidence = 0.6 + 0.39 * sure;
    DSC_TELL(out->evidence,
             "each of the %d steps of the sequence lets at most %.2g of the gradient through, "
             "which leaves %.2g for the first one; below %g it vanishes; the loss ended at %.3g of "
             "%.3g",
             steps, s->recurrent_growth, left, RATIO, last, s->loss);
    DSC_TELL(out->cause, "the recurrent weights shrink what they carry from step to step, so that "
                         "the early ones are not learned from");
    remedy_recurrent(c, out);
}

/* How surely gradients vanish on their way up to share `to` of the run; 0 is the first step. */
static double vanish(const dsc_case *c, double to, dsc_depth *d)
{
    if (!dsc_depth_read(c, to, d) || d->layers < 3)
        return 0.0;
    const double whole = dsc_sure_log(d->ratio, RATIO, RATIO / 30.0);
    const double step =
        d->layers >= DEEP && d->ratio < 0.02 ? dsc_sure_log(d->factor, FACTOR, 0.25) : 0.0;
    return fmax(whole, step);
}

static void tell(const dsc_case *c, const dsc_depth *d, const char *when, descent_finding *out)
{
    DSC_TELL(out->evidence,
             "%sgradients of the first layer '%s' are %.2g times those of the last, '%s' (root "
             "mean square of their numbers), %.2g times from one layer to the one before; below %g "
             "or %g they vanish",
             when, d->first, d->ratio, d->last, d->factor, RATIO, FACTOR);
    DSC_TELL(out->cause,
             "each of the %d layers with weights lets only a part of the gradient "
             "through, so the first ones hardly learn",
             d->layers);
    remedy(c, out);
}

/* Signals that fade on their way to the outputs as gradients do on their way back, so that no layer
 * stands out: all of them are next to nothing. */
static bool judge_length(const dsc_case *c, descent_finding *out)
{
    static const double SMALL = 0.03;
    const double length = dsc_depth_length(c), sure = dsc_sure_log(length, SMALL, SMALL / 30.0);

    if (c->plan.deep < DEEP || !(sure > 0.0))
        return false;
    out->confidence = 0.6 + 0.35 * sure;
    out->severity = dsc_outcome_learned(c) ? DESCENT_NOTE : DESCENT_WARNING;
    DSC_TELL(out->evidence,
             "at the first step a layer's gradient is %.2g long (geometric mean of all layers); "
             "below %g gradients vanish, good networks have 1 to 15",
             length, SMALL);
    DSC_TELL(out->cause,
             "the weights are too small for %d layers with weights, one behind the "
             "other: signals fade on their way, and gradients on their way back",
             c->plan.deep);
    remedy(c, out);
    return true;
}

static void judge(const dsc_case *c, descent_finding *out)
{
    static const double COST = 0.02; /* of the run, until the loss is below that of the start */
    dsc_depth d;

    if (dsc_outcome_normed_away(c)) /* no gradient, whatever the depth */
        return;
    judge_recurrent(c, out);
    if (out->confidence > 0.0)
        return;
    const double sure = vanish(c, 0.5, &d);
    if (sure > 0.0) {
        out->confidence = 0.6 + 0.39 * sure;
        tell(c, &d, "", out);
        return;
    }
    if (judge_length(c, out))
        return;
    /* rules that measure gradients make up for it, which takes them a while */
    const double at_first = vanish(c, 0.0, &d);
    if (at_first > 0.0 && d.layers >= DEEP && dsc_steps_settles(c, 0.9) > COST) {
        out->confidence = 0.4 + 0.2 * at_first;
        out->severity = DESCENT_NOTE;
        tell(c, &d, "at the first step ", out);
    }
}

const dsc_finding dsc_finding_vanishing_gradients = {
    .info = {.name = "vanishing-gradients",
             .summary = "hardly anything of the gradient arrives at the first layers",
             .formula = "first over last layer below 1e-3 (root mean square of the gradient, first "
                        "half of the run), or below 0.5 from layer to layer over 5 and more; or "
                        "layers' gradients of the first step below 0.03; or "
                        "what an rnn's weights let through to the power of its steps, below 1e-3",
             .advice = "relu or gelu, He's first weights, norm layers, residual blocks",
             .reference = "Hochreiter 1991; Glorot & Bengio 2010; He et al. 2015"},
    .origin = DSC_IN_START,
    .when = DSC_DURING | DSC_AFTER,
    .explains = "constant-output underfitting learning-rate-too-low saddle-or-plateau "
                "frozen-parameters adam-eps-dominates ill-conditioned class-imbalance",
    .judge = judge,
};
