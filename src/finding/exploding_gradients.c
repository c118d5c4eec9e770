/* exploding_gradients.c - gradients grow on their way to the first layers, or from time to time to
 * many times their size. */
#include "finding/finding.h"

#include <math.h>

static const double FACTOR = 2.0; /* from layer to layer, where there are */
enum { DEEP = 5 };                /* and more of them */
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

static void judge_depth(const dsc_case *c, const dsc_depth *d, double sure, descent_finding *out)
{
    out->confidence = 0.55 + 0.4 * sure;
    DSC_TELL(out->evidence,
             "gradients grow %.3g times from one layer to the one before: those of the first, "
             "'%s', are %.3g times those of the last, '%s'; above %g times a layer they explode",
             d->factor, d->first, d->ratio, d->last, FACTOR);
    DSC_TELL(out->cause,
             "the weights of the %d layers are too large for their number, and nothing "
             "between them keeps signals in scale",
             d->layers);
    if (dsc_remedy_init(c, out)) {
        DSC_TELL(out->remedy, "leave the first weights to the model: He's in front of relu, "
                              "Glorot's elsewhere");
        return;
    }
    DSC_TELL(out->remedy, "put a norm in front of each activation");
    dsc_remedy_model(c, out, "relu", "batch_norm, relu");
    dsc_remedy_model(c, out, "tanh", "batch_norm, tanh");
}

static void judge(const dsc_case *c, descent_finding *out)
{
    double usual = 0.0, peak = 0.0, step = 0.0;
    dsc_depth d;

    if (dsc_depth_read(c, 0.2, &d) && d.layers >= DEEP) {
        const double sure = dsc_sure_log(d.factor, FACTOR, 2.0 * FACTOR);
        if (sure > 0.0) {
            judge_depth(c, &d, sure, out);
            return;
        }
    }
    const double most = highest_peak(c, &usual, &peak, &step);
    if (!(most > PEAK))
        return;
    out->confidence = 0.5 + 0.35 * dsc_sure_log(most, PEAK, 20.0 * PEAK);
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
             .formula = "more than 2 times from layer to layer over 5 and more; or a gradient 10 "
                        "times the mean before it and 3 times the first",
             .advice = "smaller first weights, norm layers, clip_norm, a lower lr",
             .reference = "Pascanu, Mikolov & Bengio 2013, arXiv:1211.5063; Philipp et al. 2017, "
                          "arXiv:1712.05577"},
    .origin = DSC_IN_START,
    .when = DSC_AFTER,
    .explains = "loss-spike saturated-units diverged over-clipping",
    .judge = judge,
};
