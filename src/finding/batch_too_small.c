/* batch_too_small.c - steps follow the noise of their few examples. */
#include "finding/outcome.h"

#include <math.h>

static const double NOISE = 10.0; /* times the batch: the noise scale */
static const double SMALL = 8.0;  /* examples; more are not called a small batch */
static const double WELL = 0.9;   /* of what neighbours do */
static const double SLOW = 0.1;   /* of the loss from one quarter to the next: no progress */

/* How much losses of single steps differ in the second half, over their mean. */
static double scatter(const dsc_case *c)
{
    double sum = 0.0, squares = 0.0, n = 0.0;

    for (size_t i = c->step_losses / 2; i < c->step_losses; i++) {
        const double x = (double)c->step_loss[i];
        sum += x;
        squares += x * x;
        n++;
    }
    const double mean = sum / n;
    return n > 1.0 ? sqrt(fmax(squares / n - mean * mean, 0.0)) / mean : (double)NAN;
}

/* A power of two near the noise scale, of those that are usual. */
static int better_batch(const dsc_case *c, double noise)
{
    const double wanted = fmin(noise * (double)c->plan.batch, (double)c->plan.train / 20.0);
    int batch = 16;

    while (batch < 64 && 1.5 * batch < wanted)
        batch *= 2;
    return batch;
}

static void judge(const dsc_case *c, descent_finding *out)
{
    const double batch = (double)c->plan.batch, left = dsc_outcome_left(c);
    const double noise = dsc_outcome_noise(c, 0.0, 0.6), apart = scatter(c);
    /* losses of single examples differ less where all are far up, those of windows of a text less
     * anyway; and a batch_norm knows next to nothing of so few */
    const double usual = c->plan.text ? 0.06 : left > 0.5 ? 0.25 : 0.5;
    const bool bare = batch <= 2.0 && (apart > usual || c->norm.numbers == batch);
    const bool known = noise > NOISE && !c->plan.text;

    if (batch < 1.0 || batch > SMALL || c->plan.train < 20 * (size_t)batch || c->plan.searches ||
        !(known || bare))
        return;
    const double measured = known ? noise : NOISE;
    const bool stuck = !(dsc_outcome_fall(c) > SLOW) && !(left < 0.05);
    /* of one or two the result suffers also where the loss still falls */
    const bool suffers = batch <= 2.0 && dsc_outcome_skill(c) < WELL;
    out->severity = stuck || suffers ? DESCENT_WARNING : DESCENT_NOTE;
    out->confidence = 0.45 + 0.3 * dsc_sure_log(measured, NOISE, 10.0 * NOISE) +
                      0.2 * dsc_sure_log(batch, SMALL, 1.0);
    if (known)
        DSC_TELL(
            out->evidence,
            "the noise scale of the gradient is %.3g times the batch of %.0f, and losses of "
            "single steps differ by %.0f %% of their mean; up to %g times more examples a step "
            "pay for themselves",
            noise, batch, 100.0 * apart, NOISE);
    else if (!(apart > usual))
        DSC_TELL(out->evidence,
                 "batch_norm takes mean and deviation of %.0f numbers, which change "
                 "from step to step; of 16 and more they are of use",
                 c->norm.numbers);
    else
        DSC_TELL(
            out->evidence,
            "in batches of %.0f the losses of single steps differ by %.0f %% of their mean in the "
            "second half of the run; below %.0f %% is usual",
            batch, 100.0 * apart, 100.0 * usual);
    DSC_TELL(out->cause, "%s",
             stuck ? "each step follows the noise of its few examples, so that the loss no longer "
                     "falls"
                   : "each step follows the noise of its few examples, and many small steps take "
                     "longer than few good ones");
    const int better = better_batch(c, measured);
    DSC_TELL(out->remedy, "take %d examples a step instead of %.0f", better, batch);
    if (!stuck && !isnan(c->plan.lr)) { /* fewer steps go as far when they are longer */
        DSC_TELL(out->remedy,
                 "take %d examples a step instead of %.0f, and lr times the root of that", better,
                 batch);
        dsc_remedy_optimizer(c, out, "lr", c->plan.lr * sqrt((double)better / batch));
    }
    dsc_remedy_flag(out, "--batch", "%d", better);
}

const dsc_finding dsc_finding_batch_too_small = {
    .info = {.name = "batch-too-small",
             .summary = "a step sees so few examples that it follows their noise",
             .formula =
                 "the gradient noise scale is over 10 times the batch, which is at most 8; or with "
                 "a batch of 1 or 2 losses of steps differ by over half of their mean (far up by a "
                 "quarter, of a text 6 %)",
             .advice = "a larger batch, or a lower lr at the end",
             .reference = "McCandlish et al. 2018, arXiv:1812.06162"},
    .origin = DSC_IN_PLAN,
    .when = DSC_AFTER,
    .explains = "no-decay-noise-floor loss-spike learning-rate-too-high overfitting "
                "momentum-too-high dead-units",
    .judge = judge,
};
