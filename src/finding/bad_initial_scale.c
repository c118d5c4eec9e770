/* bad_initial_scale.c - the first weights are far too large or far too small.
 *
 * Weights that are out of scale are named where the network suffers from it: its first loss is far
 * from what guessing gives, or hardly any signal comes through. Large first outputs of weights in
 * scale are bad as well (blocks that add up, without a norm), unless the inputs are large. */
#include "finding/outcome.h"

#include <math.h>

static const double WIDE = 3.0, NARROW = 1.0 / 6.0; /* times He's or Glorot's */
/* Times the loss of guessing: where weights are too wide, and where they are not. Good networks
 * of several convolutions reach 3, of residual blocks 4. */
static const double OFF = 1.5, FAR_OFF = 5.0;
enum { DEEP = 5 }; /* layers with weights */
static const double LARGE_INPUT = 20.0;

/* How many times worse than guessing the untrained network is; NaN: unknown. */
static double excess(const dsc_case *c)
{
    const dsc_start *s = &c->start;

    if (c->plan.classifies || c->plan.text) {
        const double chance = c->plan.outputs > 1 ? log((double)c->plan.outputs) : (double)NAN;
        return s->loss / chance;
    }
    return s->output_magnitude / fmax(s->target_magnitude, 1e-30);
}

static void tell_wide(const dsc_case *c, double worse, descent_finding *out)
{
    const dsc_start *s = &c->start;

    if (c->plan.classifies || c->plan.text)
        DSC_TELL(out->evidence,
                 "the untrained network has a loss of %.3g, guessing has %.3g; its weights '%s' "
                 "are %.3g times as large as He or Glorot propose, its outputs are around %.3g",
                 s->loss, s->loss / worse, s->widest_segment, s->widest_init, s->output_magnitude);
    else
        DSC_TELL(out->evidence,
                 "the untrained network predicts numbers around %.3g where targets are around "
                 "%.3g; its weights '%s' are %.3g times as large as He or Glorot propose",
                 s->output_magnitude, s->target_magnitude, s->widest_segment, s->widest_init);
    DSC_TELL(out->cause, s->widest_init > WIDE
                             ? "the first weights are too large: signals grow from layer to layer"
                             : "signals grow from layer to layer, as nothing keeps their size");
}

static void tell_narrow(const dsc_case *c, descent_finding *out)
{
    const dsc_start *s = &c->start;

    DSC_TELL(out->evidence,
             "the weights '%s' begin at %.3g times of what He or Glorot propose; the untrained "
             "network's outputs differ by %.2g from example to example, they should by 0.1 to 3",
             s->narrowest_segment, s->narrowest_init, s->output_deviation);
    DSC_TELL(out->cause,
             "the first weights are too small: hardly any signal comes through, and hardly any "
             "gradient comes back");
}

static void remedy(const dsc_case *c, descent_finding *out)
{
    if (dsc_remedy_init(c, out)) {
        DSC_TELL(out->remedy, "leave the first weights to the model: He's in front of relu, "
                              "Glorot's elsewhere");
        return;
    }
    DSC_TELL(out->remedy, "put a norm in front of each activation, which keeps signals in scale");
    dsc_remedy_model(c, out, "relu", "batch_norm, relu");
}

static void judge(const dsc_case *c, descent_finding *out)
{
    const dsc_start *s = &c->start;

    if (!s->looked || c->plan.minimizes)
        return;
    const double worse = excess(c), scale = dsc_sure_log(s->widest_init, WIDE, 4.0 * WIDE);
    const double off = dsc_sure_log(worse, scale > 0.0 ? OFF : FAR_OFF, 4.0 * FAR_OFF);
    const bool large_inputs =
        c->data.done && c->data.largest_magnitude > LARGE_INPUT && c->data.largest_deviation > 3.0;
    const double narrow =
        s->narrowest_init > 0.0 ? dsc_sure_log(s->narrowest_init, NARROW, NARROW / 8.0) : 0.0;
    const double faint = dsc_sure_log(s->output_deviation, 0.1, 0.01);
    if (off > 0.0 && (scale > 0.0 || !large_inputs)) {
        out->confidence = 0.5 + 0.18 * off + 0.3 * scale;
        if (scale == 0.0 && c->plan.deep >= DEEP) /* which exploding-gradients tells of */
            out->confidence = 0.4 + 0.1 * off;
        if (c->not_finite.step == 1) /* which non-finite-source tells of, with the place */
            out->confidence -= 0.15;
        /* a network that gets over it has no need of another start */
        out->severity = scale == 0.0 && dsc_outcome_learned(c) ? DESCENT_NOTE : DESCENT_WARNING;
        tell_wide(c, worse, out);
    } else if (narrow > 0.0 && faint > 0.0) {
        out->confidence = 0.5 + 0.25 * narrow + 0.22 * faint;
        tell_narrow(c, out);
    } else {
        return;
    }
    remedy(c, out);
}

const dsc_finding dsc_finding_bad_initial_scale = {
    .info = {.name = "bad-initial-scale",
             .summary = "the first weights are far too large or too small",
             .formula = "weights begin above 3 times He's or Glorot's and the untrained loss is "
                        "above 1.5 times that of guessing (numbers: outputs above 1.5 times the "
                        "targets), or it is above 5 times; or weights begin below 1/6 and outputs "
                        "differ by less than 0.1",
             .advice = "He's or Glorot's first weights, or norm layers",
             .reference = "Karpathy, CS231n notes (first loss); He et al. 2015, arXiv:1502.01852; "
                          "Glorot & Bengio 2010"},
    .origin = DSC_IN_START,
    .when = DSC_BEFORE | DSC_AFTER,
    .explains = "saturated-units vanishing-gradients dead-units "
                "constant-output diverged learning-rate-too-high learning-rate-too-low "
                "missing-warmup loss-spike underfitting saddle-or-plateau over-clipping "
                "ill-conditioned adam-eps-dominates overfitting",
    .judge = judge,
};
