/* exploding_gradients.c - gradients grow on their way to the first layers, or from time to time to
 * many times their size. */
#include "finding/outcome.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double FACTOR = 2.0; /* from layer to layer, where there are */
enum { DEEP = 5 };                /* and more of them */
static const double LONG = 30.0;  /* of the first step's gradient, layers by their mean */
static const double PEAK = 10.0;  /* times what was usual before */

/* The moment whose gradient is the most above the (geometric) mean of those before. */
static double highest_peak(const dsc_case *c, double *usual, double *peak, double *step)
{
    double sum = 0.0, n = 0.0, first = (double)NAN, most = 0.0;

    for (size_t i = 0; i < c->moments; i++) {
        const double g = c->moment[i].grad_norm;
        if (!(c->moment[i].measured > 0.0) || !isfinite(g) || !(g > 0.0))
            continue;
        const double mean = n > 0.0 ? exp(sum / n) : (double)NAN;
        first = isnan(first) ? g : first;
        /* near the end of a good training any example is a peak, but it is below the start */
        if (n >= 3.0 && g > 3.0 * first && g / mean > most) {
            most = g / mean;
            *usual = mean;
            *peak = g;
            *step = c->moment[i].step;
        }
        sum += log(g);
        n++;
    }
    return most;
}

/* Layers with weights, one behind the other; a recurrent one is deep by itself. */
static int depth(const dsc_case *c)
{
    int n = c->plan.deep;

    for (size_t i = 0; i < c->layers; i++)
        n += dsc_layer_recurs(&c->layer[i]) ? DEEP : 0;
    return n;
}

static void remedy_depth(const dsc_case *c, descent_finding *out)
{
    DSC_TELL(out->cause,
             "the weights are too large for %d layers with weights, one behind the "
             "other, and nothing between them keeps signals in scale",
             c->plan.deep);
    /* what residual blocks add up grows however it begins */
    const bool adds_up = strstr(c->plan.model, "residual") != NULL;
    const bool chosen = dsc_remedy_init(c, out);
    if (chosen)
        DSC_TELL(out->remedy,
                 "leave the first weights to the model: He's in front of relu, "
                 "Glorot's elsewhere%s",
                 adds_up ? "; and put a norm in front of each activation" : "");
    else
        DSC_TELL(out->remedy, "put a norm in front of each activation");
    if (chosen && !adds_up)
        return;
    const char *activation = strstr(c->plan.model, "tanh") ? "tanh" : "relu";
    char with_norm[32];
    snprintf(with_norm, sizeof with_norm, "batch_norm, %s", activation);
    dsc_remedy_model(c, out, activation, with_norm);
}

/* Towards the first layers, or everywhere from the first step on. */
static bool judge_start(const dsc_case *c, descent_finding *out)
{
    dsc_depth d;
    const bool known = dsc_depth_read(c, 0.2, &d);
    const double length = dsc_depth_length(c);
    const bool large_inputs =
        c->data.done && c->data.largest_magnitude > 20.0 && c->data.largest_deviation > 3.0;
    const double grows =
        known && d.layers >= DEEP ? dsc_sure_log(d.factor, FACTOR, 2.0 * FACTOR) : 0.0;
    const double far =
        large_inputs || depth(c) < DEEP ? 0.0 : dsc_sure_log(length, LONG, 30.0 * LONG);
    if (grows == 0.0 && far == 0.0)
        return false;
    out->confidence = 0.65 + 0.33 * fmax(grows, far);
    /* what it is surer of than guessing allows on the test part it has not learned */
    const bool worse = c->test_look.n > 0 && c->test_look.loss > dsc_outcome_chance(c);
    out->severity = dsc_outcome_learned(c) && !worse ? DESCENT_NOTE : DESCENT_WARNING;
    if (grows > 0.0)
        DSC_TELL(out->evidence,
                 "gradients grow %.3g times from one layer to the one before: those of the first, "
                 "'%s', are %.3g times those of the last, '%s'; above %g times a layer they "
                 "explode",
                 d.factor, d.first, d.ratio, d.last, FACTOR);
    else
        DSC_TELL(out->evidence,
                 "at the first step a layer's gradient is %.3g long (geometric mean of all "
                 "layers), the loss is %.3g; above %g gradients explode, good networks have 1 to "
                 "15",
                 length, c->start.loss, LONG);
    remedy_depth(c, out);
    return true;
}

/* Weights of an rnn that lengthen its state from step to step; said where the result suffers, as
 * tanh may hold states back, or where the first gradient is long already. */
static bool judge_recurrent(const dsc_case *c, descent_finding *out)
{
    static const double GROWS = 1.4, SATURATED = 0.6;
    const dsc_start *s = &c->start;
    const double steps = (double)c->plan.recurrent_steps;
    const double last = dsc_course_loss(c, 0.9, 1.0);
    double saturated, length; /* units at the ends of their range let nothing grow */
    dsc_layer_largest(c, c->start_layer, offsetof(dsc_layer_moment, saturation), &saturated);
    dsc_layer_largest(c, c->start_layer, offsetof(dsc_layer_moment, grad_norm), &length);
    const bool far = length > LONG;
    const double sure = dsc_sure_log(s->recurrent_growth, GROWS, 2.0 * GROWS) *
                        fmax(dsc_sure(last / s->loss, 0.2, 0.5), far ? 0.5 : 0.0);

    if (steps < 8.0 || !(sure > 0.0) || saturated > SATURATED)
        return false;
    out->confidence = 0.6 + 0.38 * sure;
    out->severity = far ? dsc_outcome_severity(c) : DESCENT_WARNING;
    DSC_TELL(out->evidence,
             "each of the %.0f steps of the sequence may lengthen the gradient %.3g times; above "
             "%g times it explodes; at the first step a layer's gradient is %.3g long, the loss "
             "ended at %.3g of %.3g",
             steps, s->recurrent_growth, GROWS, length, last, s->loss);
    DSC_TELL(out->cause, "the recurrent weights are too large: what they carry grows from step to "
                         "step, and so does what comes back");
    DSC_TELL(out->remedy, "leave the first weights to the model, which keep the length of a state "
                          "below 1");
    if (!dsc_remedy_init(c, out))
        dsc_remedy_optimizer(c, out, "clip_norm", 1.0);
    return true;
}

static void judge(const dsc_case *c, descent_finding *out)
{
    double usual = 0.0, peak = 0.0, step = 0.0;

    if (judge_start(c, out) || judge_recurrent(c, out))
        return;
    const double most = highest_peak(c, &usual, &peak, &step);
    if (!(most > PEAK))
        return;
    /* steps that are too long make peaks as well, and stand before this when they are found */
    out->confidence = 0.4 + 0.13 * dsc_sure_log(most, PEAK, 20.0 * PEAK);
    /* where next to nothing is left to learn, the usual gradient is next to nothing as well */
    out->severity = dsc_outcome_severity(c);
    DSC_TELL(out->evidence,
             "the gradient was %.3g long around step %.0f, %.3g times the %.3g that were usual "
             "before; above %g times it explodes",
             peak, step, most, usual, PEAK);
    DSC_TELL(out->cause, "single steps come to where the loss is steep, and throw the weights far "
                         "away");
    DSC_TELL(out->remedy, "shorten gradients to twice what is usual: clip_norm=%.3g", 2.0 * usual);
    dsc_remedy_optimizer(c, out, "clip_norm", 2.0 * usual);
}

const dsc_finding dsc_finding_exploding_gradients = {
    .info = {.name = "exploding-gradients",
             .summary = "gradients grow towards the first layers, or burst from time to time",
             .formula =
                 "over 5 layers and more: 2 times from one to the one before, or above 30 "
                 "at the first step; or weights of an rnn that lengthen its state 1.4 times; "
                 "or a gradient 10 times the mean before it and 3 times "
                 "the first",
             .advice = "smaller first weights, norm layers, clip_norm, a lower lr",
             .reference = "Pascanu, Mikolov & Bengio 2013, arXiv:1211.5063; Philipp et al. 2017, "
                          "arXiv:1712.05577"},
    .origin = DSC_IN_START,
    .when = DSC_DURING | DSC_AFTER,
    .explains = "loss-spike saturated-units diverged over-clipping dead-units constant-output "
                "learning-rate-too-high missing-warmup underfitting saddle-or-plateau",
    .judge = judge,
};
