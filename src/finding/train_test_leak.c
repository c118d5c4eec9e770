/* train_test_leak.c - the test part knows what training saw: equal examples in both, or a feature
 * that holds the answer. Then the test score says nothing of examples never seen. */
#include "finding/finding.h"

#include <math.h>
#include <string.h>

/* Where features have few values, equal rows come by chance. */
static bool twins_by_chance(const dsc_case *c)
{
    static const double ROOM = 3.0; /* bits more than examples need */

    return c->data.value_bits < log2((double)c->plan.train + 1.0) + ROOM;
}

static void judge_twins(const dsc_case *c, descent_finding *out)
{
    static const double SHARE = 0.01;
    enum { LEAST = 4 };
    const dsc_audit *d = &c->data;

    if (!(d->test_in_train > SHARE) || d->twins_in_test < LEAST || twins_by_chance(c))
        return;
    out->confidence = 0.75 + 0.24 * dsc_sure_log(d->test_in_train, SHARE, 0.1);
    DSC_TELL(out->evidence,
             "%zu test examples, %.3g %% of the part that was looked at, have exactly the features "
             "of a training example; it should be 0, at most %g %%",
             d->twins_in_test, 100.0 * d->test_in_train, 100.0 * SHARE);
    DSC_TELL(out->cause,
             "examples stand in the data more than once, and the split put them on both "
             "sides: the test score is too good");
    DSC_TELL(out->remedy, "keep one of equal examples, in one part only: clean = twins");
    dsc_remedy_flag(out, "--clean", "twins");
}

/* Nearly equal, so that no comparison of rows finds them: the same thing measured twice, or copies
 * with a little noise. */
static void judge_copies(const dsc_case *c, descent_finding *out)
{
    static const double SHARE = 0.05;
    const dsc_audit *d = &c->data;

    if (d->copies_asked == 0 || out->confidence > 0.0)
        return;
    const double share = (double)d->copies_in_test / (double)d->copies_asked;
    const double least = SHARE + d->copies_by_chance;
    if (!(share > least))
        return;
    out->confidence = 0.7 + 0.25 * dsc_sure_log(share, least, 5.0 * least);
    DSC_TELL(out->evidence,
             "%zu of %zu test examples that were looked at lie %.2g times as near to one training "
             "example as to the tenth nearest, and so do training examples to each other; by "
             "chance it would be %.2g %% at most",
             d->copies_in_test, d->copies_asked, 1.0 / d->copies_nearness,
             fmax(100.0 * d->copies_by_chance, 0.01));
    DSC_TELL(out->cause, "the data hold copies that differ a little, or the same thing several "
                         "times, and the split put them on both sides: the test score is too good");
    DSC_TELL(out->remedy, "keep all copies of one example in one part: split before copying, or "
                          "give the test part a file of its own");
}

/* Features that are steps of a series, or pixels: the network reads them one after the other. One
 * of them may well tell all, and none is a column that somebody added. */
static bool reads_in_order(const dsc_case *c)
{
    size_t first = 0;

    while (first < c->layers && c->layer[first].weights == 0)
        first++;
    /* conv, conv1d */
    return first < c->layers &&
           (dsc_layer_recurs(&c->layer[first]) || strncmp(c->layer[first].kind, "conv", 4) == 0);
}

/* The feature does what all others together cannot. */
static void judge_feature(const dsc_case *c, descent_finding *out)
{
    static const double TELLS = 0.97, TELLS_NUMBERS = 0.97, TIMES = 3.0, MORE = 0.03;
    static const double ALL = 0.99, LITTLE = 0.8;
    const dsc_audit *d = &c->data;
    const bool classes = c->plan.classifies;
    const double miss = 1.0 - d->best_stump, miss_of_rest = 1.0 - d->rest_right;
    const double gap = miss_of_rest - TIMES * miss;

    const double least = classes ? TELLS : TELLS_NUMBERS;
    /* another feature that does nearly as well makes an easy task, not a leak; a few examples more
     * or less are chance */
    const double n = (double)d->looked_at, bar = sqrt(fmax(miss, 1.0 / n) / n);
    const bool stands_out =
        !(d->second_stump >= least) && !(miss + bar > 0.5 * (1.0 - d->second_stump));
    const bool alone = d->best_stump >= ALL && d->second_stump < LITTLE;
    if (!(d->best_stump >= least) || d->features < 3 || !stands_out || !(gap > MORE || alone))
        return;
    const double sure = fmax(gap > MORE ? 0.7 + 0.28 * dsc_sure_log(gap, MORE, 5.0 * MORE) : 0.0,
                             alone ? 0.7 + 0.28 * dsc_sure(d->second_stump, LITTLE, 0.5) : 0.0);
    if (sure <= out->confidence)
        return;
    const bool ordered = reads_in_order(c);
    *out = (descent_finding){.severity = ordered ? DESCENT_NOTE : DESCENT_WARNING,
                             .confidence = ordered ? 0.5 * sure : sure};
    if (classes)
        DSC_TELL(out->evidence,
                 "'%s' alone tells the class of %.4g %% of the examples, the next best feature of "
                 "%.3g %%, all but this one together of %.4g %% (nearest neighbours)",
                 d->best_stump_name, 100.0 * d->best_stump, 100.0 * d->second_stump,
                 100.0 * d->rest_right);
    else
        DSC_TELL(out->evidence,
                 "'%s' alone explains %.4g %% of the target's variance, the next best feature "
                 "%.3g %%, all but this one together %.3g %% (nearest neighbours)",
                 d->best_stump_name, 100.0 * d->best_stump, 100.0 * d->second_stump,
                 100.0 * d->rest_right);
    DSC_TELL(out->cause, "the feature holds the answer; it will hardly be known when the model is "
                         "used");
    DSC_TELL(out->remedy, "leave '%s' out, unless it is known before the target is",
             d->best_stump_name);
    dsc_remedy_ignore(c, out, d->best_stump_name);
}

static void judge(const dsc_case *c, descent_finding *out)
{
    if (!c->data.done)
        return;
    judge_twins(c, out);
    judge_copies(c, out);
    judge_feature(c, out);
}

const dsc_finding dsc_finding_train_test_leak = {
    .info = {.name = "train-test-leak",
             .summary = "training sees what it is tested on, or a feature holds the answer",
             .formula =
                 "above 1 % of the test part (and 4 examples) equal to training examples, or "
                 "over 5 % (and chance) 5 to 20 times as near to one as to the tenth nearest, or "
                 "one feature, and no other, that misses 3 % at most, and the rest 3 times as many "
                 "and 3 points more, or (where it misses 1 % at most) the next best tells less "
                 "than 80 %",
             .advice = "clean = twins; copies of one example in one part; leave out the feature: "
                       "ignore=COLUMN behind the data",
             .reference = "Kaufman, Rosset, Perlich 2012, Leakage in data mining"},
    .origin = DSC_IN_DATA,
    .when = DSC_BEFORE | DSC_AFTER,
    .explains = "noisy-test-score",
    .judge = judge,
};
