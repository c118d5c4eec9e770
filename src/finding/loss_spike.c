/* loss_spike.c - the loss jumped up in the middle of a training that went well. */
#include "finding/outcome.h"
#include "finding/steps.h"

#include <math.h>

static const double LIKELY = 0.4;
static const double JUMP = 2.0; /* of lr */

typedef struct spike {
    double height, before, noise, after, at; /* noise: deviation of the losses before */
    double jump;                             /* of lr there */
} spike;

/* Mean and deviation of `width` losses before number i; where lr jumped, without those far above
 * the others, as the spike may have begun there. */
static void look_back(const dsc_case *c, size_t i, size_t width, spike *out)
{
    static const double FAR_ABOVE = 2.0; /* deviations */
    const int turns = out->jump > JUMP ? 3 : 1;
    double most = HUGE_VAL;

    for (int turn = 0; turn < turns; turn++) {
        double sum = 0.0, squares = 0.0, n = 0.0;
        for (size_t k = i - width; k < i; k++) {
            const double loss = (double)c->step_loss[k];
            if (!(loss <= most))
                continue;
            sum += loss;
            squares += loss * loss;
            n++;
        }
        out->before = sum / n;
        out->noise = sqrt(fmax(squares / n - out->before * out->before, 0.0));
        most = out->before + FAR_ABOVE * out->noise;
    }
}

/* How many times as high lr was at a share of the run as at its highest until a twentieth of the
 * run before: restarts of a schedule are no jump. */
static double lr_jump(const dsc_case *c, double at)
{
    const double all = c->moments > 0 ? c->moment[c->moments - 1].step : 0.0;
    double before = 0.0, highest = 0.0;

    for (size_t i = 0; i < c->moments; i++) {
        const double share = c->moment[i].step / all;
        const double lr = fmax(c->moment[i].lr, c->moment[i].lr_high);
        const double begins = c->moment[i].first / all;
        if (share <= at - 0.05)
            before = fmax(before, lr);
        else if (begins <= at + 0.01)
            highest = fmax(highest, lr);
    }
    return before > 0.0 ? highest / before : 1.0;
}

/* The highest of two losses in a row, but for the first tenth of the steps: one hard batch is no
 * spike, the step after it shows that the weights were thrown off. */
static spike find(const dsc_case *c)
{
    const size_t n = c->step_losses, width = n / 20 + 4, begin = n / 10 > width ? n / 10 : width;
    spike worst = {0};
    size_t highest = begin;

    for (size_t i = begin; i + 2 < n; i++) {
        const double height = (double)fminf(c->step_loss[i], c->step_loss[i + 1]);
        if (height <= worst.height)
            continue;
        worst.height = height;
        highest = i;
    }
    worst.at = (double)highest / (double)n;
    worst.jump = lr_jump(c, worst.at);
    look_back(c, highest, width, &worst);
    worst.after = dsc_steps_loss(c, fmin(worst.at + 0.1, 0.95), 1.0);
    return worst;
}

static void judge(const dsc_case *c, descent_finding *out)
{
    if (c->step_losses < 40)
        return;
    const spike s = find(c);
    const double first = dsc_steps_first(c);
    const double norm = dsc_course_mean(c, offsetof(dsc_moment, grad_norm), 0.1, 1.0);
    /* what a jump of lr did needs no size that chance has not */
    const double small = s.jump > JUMP ? 0.03 : 0.1, large = s.jump > JUMP ? 0.15 : 0.4;
    /* or it undoes much of what was learned, where the loss has a floor that no steps get below */
    const double undone = (s.height - s.before) / (first - s.before);
    const double high = fmax(dsc_sure_log(s.height / s.before, 3.0, 10.0),
                             s.jump > JUMP && s.before < first ? dsc_sure(undone, 0.15, 0.5) : 0.0);
    const double sure = 0.85 * high * dsc_sure((s.height - s.before) / first, small, large) *
                        dsc_sure((s.height - s.before) / s.noise, 4.0, 8.0) *
                        dsc_sure((s.after - s.before) / (s.height - s.before), 0.8, 0.4);

    if (!(sure > LIKELY))
        return;
    if (!(s.jump > JUMP) && s.after < s.before && dsc_outcome_learned(c))
        out->severity = DESCENT_NOTE; /* it made up for it */
    out->confidence = s.jump > JUMP ? fmin(1.12 * sure, 0.95) : sure;
    DSC_TELL(out->evidence,
             "after %.0f %% of the steps the loss jumped from %.3g to %.3g, %.2g times as much, "
             "and came down to %.3g again; steps should not undo what earlier ones did",
             100.0 * s.at, s.before, s.height, s.height / s.before, s.after);
    if (s.jump > JUMP) {
        DSC_TELL(out->cause, "the schedule made the learning rate %.2g times as high there",
                 s.jump);
        DSC_TELL(out->remedy, "a schedule without jumps: cosine");
        dsc_remedy_flag(out, "--schedule", "cosine");
        return;
    }
    DSC_TELL(out->cause, "a batch with a gradient far longer than all others, or a learning rate "
                         "that is high for where the weights were");
    const double bound = dsc_steps_round(isnan(norm) ? 1.0 : 0.5 * norm);
    DSC_TELL(out->remedy, "shorten gradients above what is usual here: clip_norm=%.3g", bound);
    dsc_remedy_optimizer(c, out, "clip_norm", bound);
}

const dsc_finding dsc_finding_loss_spike = {
    .info = {.name = "loss-spike",
             .summary = "the loss jumped up in the middle of a training, and recovered",
             .formula = "after the first tenth of the steps, two losses in a row are above 3 times "
                        "the mean of those before and by a tenth of the first loss above it; "
                        "where the schedule made lr jump also where they undo half of what was "
                        "learned",
             .advice = "clip_norm; look at the examples of that batch; a lower beta2 or lr",
             .reference = "Chowdhery et al. 2022, arXiv:2204.02311, 5.1; ZClip 2025, "
                          "arXiv:2504.02507"},
    .origin = DSC_IN_STEPS,
    .when = DSC_DURING | DSC_AFTER,
    .explains = "exploding-gradients dead-units saturated-units",
    .judge = judge,
};
