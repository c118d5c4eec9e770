/* labels_misaligned.c - labels that do not belong to their examples: moved by some rows, or
 * shuffled without them. */
#include "finding/outcome.h"

#include <math.h>
#include <stdlib.h>

static const double LIKELY = 0.25; /* less sure than that says nothing */

/* What neighbours reach by chance, with three standard errors. */
static double chance_of_neighbours(const dsc_case *c)
{
    static const double NUMBERS = 0.05; /* share of the variance */
    const double m = c->data.majority_of_looked, n = (double)c->data.neighbours_asked;

    return c->plan.classifies ? m + 3.0 * sqrt(m * (1.0 - m) / n) : NUMBERS;
}

/* A few numbers far off hide what neighbours know of all others. */
static bool is_spoilt(const dsc_case *c)
{
    static const double FAR_OFF = 0.02;

    return !c->plan.classifies && c->data.neighbours_contradict > FAR_OFF;
}

/* How much better the labels of other rows must fit: what neighbours explain of few numbers is
 * uncertain, and it is the best of some shifts. */
static double better_by_chance(const dsc_case *c)
{
    return c->plan.classifies ? 0.0 : 1.5 / sqrt((double)c->data.neighbours_asked);
}

/* The labels some rows further on fit where their own do not. */
static bool judge_shift(const dsc_case *c, descent_finding *out)
{
    static const double BETTER = 0.15;
    const dsc_audit *d = &c->data;
    const double gain = d->shifted_right - d->neighbours_right;
    const int rows = abs(d->shift);

    if (d->shift == 0 || !(gain > BETTER + better_by_chance(c)) ||
        !(d->shifted_right > chance_of_neighbours(c)) || is_spoilt(c))
        return false;
    out->confidence = 0.8 + 0.19 * dsc_sure(gain, BETTER, 2.0 * BETTER);
    DSC_TELL(out->evidence,
             "the nearest neighbours of an example %s in %.3g %% of the %s, but with the %s %d "
             "row%s further %s in %.3g %%; its own should be the best",
             c->plan.classifies ? "have its label" : "tell its target",
             100.0 * fmax(d->neighbours_right, 0.0), c->plan.classifies ? "cases" : "variance",
             c->plan.classifies ? "labels" : "targets", rows, rows == 1 ? "" : "s",
             d->shift > 0 ? "down" : "up", 100.0 * d->shifted_right);
    DSC_TELL(out->cause,
             "features and labels have been moved against each other by %d row%s, such "
             "as by a header that only one of two files has",
             rows, rows == 1 ? "" : "s");
    return true;
}

/* No better than guessing, but for two standard errors. Of numbers: what predictions with a share s
 * of the variance explain by chance is -s, by 2 sqrt(s / n) more or less, and s is below a tenth
 * where nothing is learned. */
static bool learned_nothing(const dsc_case *c)
{
    const double m = c->data.majority, n = (double)c->plan.test;

    if (c->plan.classifies)
        return dsc_outcome_accuracy(c) < m + 2.0 * sqrt(m * (1.0 - m) / n) + 0.005;
    return dsc_outcome_explained(c) < 1.0 / sqrt(n);
}

/* Does it know its training examples nonetheless? Then steps and network are sound. */
static double knows_by_heart(const dsc_case *c)
{
    const dsc_epoch_facts *last = c->epochs > 0 ? &c->epoch[c->epochs - 1] : NULL;

    if (!last)
        return 0.0;
    if (c->plan.classifies) /* a network without hidden layers may not be able to do better */
        return c->plan.deep > 1
                   ? dsc_sure(last->train_accuracy, c->data.majority + 0.2, c->data.majority + 0.5)
                   : 0.0;
    return dsc_sure(last->train_loss / c->data.chance_loss, 0.9, 0.5);
}

/* Neighbours of rows and of small pictures know something about all that can be learned; of large
 * pictures they may not. */
static double neighbours_count(const dsc_case *c)
{
    enum { FEW = 256 };

    return c->data.one_scale && c->data.features > FEW ? 0.0 : 1.0;
}

/* Features that are nearly the same leave neighbours no idea, and least squares may know more: of
 * labels that are not theirs they explain a share of features / examples, about. */
static bool a_line_knows(const dsc_case *c)
{
    static const double MORE = 0.05, OF_CLASSES = 0.2;
    const dsc_audit *d = &c->data;
    const double by_chance = (double)d->features / (double)d->looked_at;

    return c->plan.classifies ? d->line_right > d->majority_of_looked + OF_CLASSES + by_chance
                              : 1.0 - d->line_loss / d->chance_loss > 2.0 * by_chance + MORE;
}

/* Could neighbours know the labels at all? Few examples, or one class that is nearly all, leave
 * too little to tell. 1: it is certain that they do not; 0: nobody knows. */
static double nothing_in_common(const dsc_case *c)
{
    static const double NONE = 0.02, SURE = 0.015, UNSURE = 0.05;
    const dsc_audit *d = &c->data;

    if (!c->plan.classifies)
        return 1.0;
    if (!(d->kinship - d->kinship_error < NONE))
        return 0.0;
    return dsc_sure(d->kinship_error, UNSURE, SURE);
}

static void judge_chance(const dsc_case *c, descent_finding *out)
{
    enum { LEAST = 60 };
    const dsc_audit *d = &c->data;
    const double chance = chance_of_neighbours(c);

    if (is_spoilt(c) || a_line_knows(c) || d->neighbours_asked < LEAST ||
        !(d->neighbours_right < chance) || !learned_nothing(c))
        return;
    /* few pictures are learned by heart whether labels are right or not */
    const double n = (double)c->plan.train;
    const double by_heart = knows_by_heart(c) * dsc_sure_log(n, 200.0, 1000.0);
    out->confidence = (0.6 + 0.3 * dsc_sure_log(n, 100.0, 300.0)) *
                      fmax(by_heart, neighbours_count(c)) * nothing_in_common(c);
    if (!(out->confidence > LIKELY)) {
        out->confidence = 0.0;
        return;
    }
    if (c->plan.classifies)
        DSC_TELL(out->evidence,
                 "the nearest neighbours of an example have its label in %.3g %% of the cases, and "
                 "the model finds %.3g %% of the test part; always saying class %d gives %.3g %%",
                 100.0 * d->neighbours_right, 100.0 * dsc_outcome_accuracy(c), d->largest_class,
                 100.0 * d->majority);
    else
        DSC_TELL(out->evidence,
                 "the nearest neighbours of an example explain %.3g %% of the target's variance, "
                 "the model %.3g %% of that of the test part; it should be well above 0",
                 100.0 * d->neighbours_right, 100.0 * dsc_outcome_explained(c));
    DSC_TELL(out->cause, "labels do not belong to their examples: one of the two was sorted, "
                         "filtered or shuffled without the other; or the features say nothing "
                         "about them");
}

static void judge(const dsc_case *c, descent_finding *out)
{
    if (!c->data.done)
        return;
    if (!judge_shift(c, out))
        judge_chance(c, out);
    if (!(out->confidence > 0.0))
        return;
    out->severity = DESCENT_FAILURE;
    DSC_TELL(out->remedy, "look at some examples with their labels, and repair where the two are "
                          "put together");
}

const dsc_finding dsc_finding_labels_misaligned = {
    .info = {.name = "labels-misaligned",
             .summary = "labels do not belong to their examples",
             .formula = "neighbours' labels at chance (3 standard errors; 5 % of the variance) and "
                        "the test part no better than guessing; or labels up to 3 rows away that "
                        "fit 15 points better",
             .advice = "repair where features and labels are put together",
             .reference = "Cover and Hart 1967, Nearest neighbor pattern classification"},
    .origin = DSC_IN_DATA,
    .when = DSC_BEFORE | DSC_AFTER,
    .explains = "label-noise overfitting underfitting constant-output saddle-or-plateau "
                "learning-rate-too-low learning-rate-too-high batch-too-small noisy-test-score "
                "no-decay-noise-floor class-imbalance schedule-decays-too-early loss-spike",
    .judge = judge,
};
