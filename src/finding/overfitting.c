/* overfitting.c - the training part is learned by heart. */
#include "finding/outcome.h"

#include <math.h>

static const double RISE = 1.3;     /* of the test loss over its lowest */
static const double GAP = 7.0;      /* test loss over training loss, at the end: gross */
static const double POOR = 0.3;     /* of the loss of guessing: a test loss that is poor */
static const double RESTLESS = 3.0; /* times what epochs differ by: a rise that goes on */
static const double WRONG = 0.06;   /* of the test part, more than of training */
static const double UNSURE =
    1.5; /* error bars; the same examples each time: less than two will do */

/* Of the test part; an example of a text has many. */
static double labels(const dsc_case *c)
{
    return (double)c->plan.test * (c->plan.positions > 1 ? c->plan.positions : 1);
}

/* Standard error of a mean test loss, about. A loss of log probabilities is one of few examples
 * that are far off, by some 4 nats: the number of rare events, with a variance like its mean.
 * Squares of errors differ by root 2 of their mean. */
static double error_bar(const dsc_case *c, double loss)
{
    const double n = labels(c);

    return c->plan.classifies || c->plan.text ? 2.0 * sqrt(loss / n) : 1.4 * loss / sqrt(n);
}

/* Test losses of the last epochs: one alone may be an accident. */
static double last_test(const dsc_case *c)
{
    const size_t n = c->epochs >= 10 ? c->epochs / 10 : 1;
    double sum = 0.0;

    for (size_t i = c->epochs - n; i < c->epochs; i++)
        sum += c->epoch[i].test_loss;
    return sum / (double)n;
}

/* How much test losses of successive epochs differ, in the second half: noise of the last steps. */
static double unrest(const dsc_case *c)
{
    double sum = 0.0;
    const size_t from = c->epochs / 2;

    for (size_t i = from + 1; i < c->epochs; i++)
        sum += fabs(c->epoch[i].test_loss - c->epoch[i - 1].test_loss);
    return sum / (double)(c->epochs - from - 1);
}

/* What learns by heart is good at it, as when it predicts: else batch_norm or noise is to blame. */
static bool knows_training(const dsc_case *c, double last)
{
    return c->train_look.n == 0 || !(c->train_look.loss > 0.7 * last);
}

/* Is a test score poor beside that of training, beyond error bars? */
static bool is_poor(const dsc_case *c, double last)
{
    const dsc_epoch_facts *end = &c->epoch[c->epochs - 1];
    const double chance = dsc_outcome_chance(c), p = end->test_accuracy;
    const double sure = c->plan.classifies || c->plan.text ? 4.0 : 2.0; /* bars */
    /* where chance is unknown, what it began with */
    const double most = POOR * (isnan(chance) ? c->epoch[0].test_loss : chance);
    const double gap = end->train_accuracy - p, bar = sqrt(p * (1.0 - p) / labels(c));

    return (last > most && last - end->train_loss > sure * error_bar(c, last)) ||
           gap > WRONG + 3.0 * bar;
}

/* Right nearly always in training, and far less often in testing? What comes next in a text is
 * never known so well: there the gap has to be larger. */
static bool knows_by_heart(const dsc_case *c)
{
    static const double RIGHT = 0.85, LESS = 0.12, LESS_OF_TEXT = 0.25;
    const dsc_epoch_facts *end = &c->epoch[c->epochs - 1];
    const double p = end->test_accuracy, bar = sqrt(p * (1.0 - p) / labels(c));
    const double gap = end->train_accuracy - p;

    return (c->plan.classifies && end->train_accuracy > RIGHT && gap > LESS + 3.0 * bar) ||
           (c->plan.text && gap > LESS_OF_TEXT + 3.0 * bar);
}

/* Epochs until the test loss was lowest, or the training loss far enough below it. */
static int enough_epochs(const dsc_case *c, size_t best)
{
    size_t i = 0;

    while (i < best && c->epoch[i].train_loss > 2.0 * c->epoch[i].test_loss / GAP)
        i++;
    return (int)ceil(c->epoch[i].step / (double)c->plan.steps_per_epoch);
}

/* Epochs of four fifths of the examples that take about as many steps, but not too few. */
static int as_many_steps(const dsc_case *c)
{
    enum { LEAST = 10 };
    const double all = (double)(c->plan.train + c->plan.test);
    const int same = (int)ceil((double)c->plan.epochs * (double)c->plan.train / (0.8 * all));

    return same > LEAST ? same : LEAST;
}

/* How far pictures may be shifted: a fourteenth of their side, one or two places. */
static int shift_of(const dsc_case *c)
{
    return c->data.features >= 400 ? 2 : 1;
}

/* `rises`: the test loss did, so that there is a best place to stop. */
static void tell_remedy(const dsc_case *c, descent_finding *out, size_t best, bool rises)
{
    const int epochs = enough_epochs(c, best);

    if (c->plan.test > 2 * c->plan.train) {
        DSC_TELL(out->remedy, "train on more: hold out a fifth instead of %zu of %zu examples",
                 c->plan.test, c->plan.test + c->plan.train);
        dsc_remedy_flag(out, "--test", "0.2");
        if (as_many_steps(c) < c->plan.epochs)
            dsc_remedy_flag(out, "--epochs", "%d", as_many_steps(c));
    } else if (!rises && c->plan.pictures && !c->plan.augments && c->data.done) {
        DSC_TELL(out->remedy,
                 "show pictures a little changed in every epoch: shift=%d; or more of "
                 "them, dropout, weight_decay",
                 shift_of(c));
        dsc_remedy_flag(out, "--augment", "shift=%d", shift_of(c));
    } else if (epochs < c->plan.epochs) {
        DSC_TELL(
            out->remedy,
            "stop at the best: %d epochs instead of %d; weight_decay, dropout, augmentation or "
            "more data let it go on learning",
            epochs, c->plan.epochs);
        dsc_remedy_flag(out, "--epochs", "%d", epochs);
    } else {
        DSC_TELL(out->remedy, "weight_decay=0.1 with adamw, dropout, augmentation or more data");
        dsc_remedy_flag(out, "--optimizer", "adamw lr=0.001 weight_decay=0.1");
    }
}

/* What was measured, of a loss that rose or of a gap. */
static void tell_evidence(const dsc_case *c, descent_finding *out, size_t best, double last)
{
    const dsc_epoch_facts *end = &c->epoch[c->epochs - 1], *then = &c->epoch[best];

    DSC_TELL(out->evidence,
             "the test loss went from its lowest, %.4g after epoch %.0f, to %.4g at the end (error "
             "bar %.2g), the training loss from %.4g to %.4g; the two should stay close, and the "
             "test loss near its lowest",
             then->test_loss, ceil(then->step / (double)c->plan.steps_per_epoch), last,
             error_bar(c, last), then->train_loss, end->train_loss);
    DSC_TELL(out->cause,
             "%.0f weights learn the %zu training examples by heart rather than what they have in "
             "common",
             c->plan.parameters, c->plan.train);
}

static void judge(const dsc_case *c, descent_finding *out)
{
    size_t best = 0;
    const double lowest = dsc_course_best_test(c, &best);

    /* with patience the weights of the best epoch are kept */
    if (c->epochs < 3 || !(lowest > 0.0) || c->plan.test == 0 || c->plan.patience > 0)
        return;
    const double last = last_test(c), train = c->epoch[c->epochs - 1].train_loss;
    const double rise = (last - lowest) / error_bar(c, last);
    const bool falls = train < 0.9 * c->epoch[best].train_loss;
    const bool rises =
        last > RISE * lowest && rise > UNSURE && falls && last - lowest > RESTLESS * unrest(c);
    const bool by_heart = knows_by_heart(c);
    const bool gapes = (last > GAP * train && is_poor(c, last)) || by_heart;
    if (!(rises || gapes) || !knows_training(c, last))
        return;
    const double by_rise = rises ? 0.55 + 0.25 * dsc_sure_log(last / lowest, RISE, 2.0 * RISE) +
                                       0.15 * dsc_sure(rise, UNSURE, 3.0 * UNSURE)
                                 : 0.0;
    const double by_gap = gapes ? 0.5 + 0.3 * dsc_sure_log(last / train, GAP, 10.0 * GAP) : 0.0;
    out->confidence = fmax(by_rise, by_gap);
    tell_evidence(c, out, best, last);
    tell_remedy(c, out, best, rises);
}

const dsc_finding dsc_finding_overfitting = {
    .info =
        {.name = "overfitting",
         .summary = "the training part is learned by heart, and the test part suffers",
         .formula =
             "the test loss of the last tenth of the epochs is over 1.3 times the lowest "
             "and 1.5 error bars above it, while the training loss fell on; or it is seven "
             "times the training loss, and over 30 % of the loss of guessing or with 6 % fewer "
             "right than in training; or 12 % fewer where training has over 85 %, of a text 25 % "
             "fewer",
         .advice = "fewer epochs, weight_decay, dropout, augmentation, more data",
         .reference = "Prechelt 1998, Early stopping - but when?"},
    .origin = DSC_IN_RESULT,
    .when = DSC_DURING | DSC_AFTER,
    /* a training loss next to nothing needs no better steps */
    .explains = "ill-conditioned learning-rate-too-low batch-too-small",
    .judge = judge,
};
