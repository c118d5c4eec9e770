/* underfitting.c - the network cannot do what its data allow, in training as in testing. */
#include "finding/outcome.h"

#include "base/number.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double SHORT = 0.1;    /* of what is possible: so much is missing, */
static const double NEARLY = 0.95;  /* or where nearly all is possible, */
static const double LITTLE = 0.04;  /* so little, */
static const double TIMES = 3.0;    /* if it is so many times what neighbours err */
static const double GAP = 0.05;     /* between training and test: then it is something else */
static const double ENDED = 0.12;   /* falling from quarter to quarter: it is not through */
static const double NOTHING = 0.97; /* of the loss of guessing is left: it stands still */
static const size_t NARROW = 12;    /* units: fewer may be too few */
static const double SAME = 1e-4;    /* deviation of outputs that are all the same */
static const size_t TINY = 2;       /* units: fewer may learn nothing at all */
static const double DROPPED = 0.5;  /* more dropout than that is strong, */
static const double STRONG = 0.8;   /* and with that there may be nothing left to learn with */

/* The highest rate of the model's dropout layers, and its words: "dropout 0.9". */
static double dropout(const char *model, char word[32])
{
    double highest = 0.0;

    for (const char *at = strstr(model, "dropout "); at; at = strstr(at + 1, "dropout ")) {
        const size_t length = strcspn(at + 8, " ,()");
        double rate;
        if (!dsc_number_read(at + 8, length, &rate) || rate <= highest)
            continue;
        highest = rate;
        snprintf(word, 32, "dropout %.*s", (int)length, at + 8);
    }
    return highest;
}

/* What the training part is got right of, and what its neighbours say is possible: shares of
 * labels, or of variance. */
static bool measure(const dsc_case *c, double *right, double *possible, double *test)
{
    const dsc_epoch_facts *end = &c->epoch[c->epochs - 1];
    const double chance = dsc_outcome_chance(c);

    if (!c->data.done || c->data.neighbours_asked == 0)
        return false;
    *possible = c->data.neighbours_right;
    *right = c->plan.classifies ? end->train_accuracy : 1.0 - end->train_loss / chance;
    *test = c->plan.classifies ? end->test_accuracy : 1.0 - end->test_loss / chance;
    return !isnan(*right) && !isnan(*test);
}

/* How much has to be missing. Few errors are many where neighbours make next to none; and two units
 * are too few for all but the plainest data. Else two error bars more, as neighbours are not asked
 * about every example. */
static double least_missing(const dsc_case *c, double right, double possible, bool tiny)
{
    const bool many =
        c->plan.classifies && possible > NEARLY && 1.0 - right > TIMES * (1.0 - possible);
    const double bar =
        sqrt(fmax(possible * (1.0 - possible), 0.02) / (double)c->data.neighbours_asked);

    return tiny ? GAP : (many ? LITTLE : SHORT) + 2.0 * bar;
}

/* So much dropout that the loss ended far up, whatever neighbours say. */
static void judge_dropout(const dsc_case *c, descent_finding *out, double rate, const char *word)
{
    static const double MUCH = 0.5; /* of the loss of guessing is left */
    const double left = dsc_outcome_left(c);

    if (!(rate > DROPPED) || !(left > MUCH) || dsc_outcome_learned(c))
        return;
    out->confidence = 0.55 + 0.3 * dsc_sure(rate, DROPPED, 0.9);
    DSC_TELL(out->evidence,
             "%s takes %.0f %% of what a layer gives from every step, and the loss ended at %.3g "
             "of that of guessing",
             word, 100.0 * rate, left);
}

static void tell_remedy(const dsc_case *c, descent_finding *out, double rate, const char *word)
{
    if (rate > DROPPED) {
        DSC_TELL(out->cause, "%s leaves too little of the network to learn with", word);
        DSC_TELL(out->remedy, "take %s out", word);
        dsc_remedy_model(c, out, word, "");
        return;
    }
    DSC_TELL(out->cause, "the network is too small for what it is to learn");
    DSC_TELL(out->remedy, "%s",
             dsc_remedy_wider(c, out) ? "take a larger network: four times the units, and a hidden "
                                        "layer at least"
                                      : "take a larger network: more units or more layers");
}

/* Numbers that a layer has to say something with. Channels say it at many places, so that only very
 * few of them are too few. */
static size_t width_of(const dsc_layer_facts *layer)
{
    enum { FEW_CHANNELS = 4 };

    return layer->channels <= FEW_CHANNELS ? layer->channels : layer->units;
}

/* The least of all activation layers; 0: there is none, SIZE_MAX: unknown. */
static size_t narrowest(const dsc_case *c)
{
    size_t fewest = SIZE_MAX;

    for (size_t i = 0; i < c->layers; i++)
        if (c->layer[i].units > 0 && width_of(&c->layer[i]) < fewest)
            fewest = width_of(&c->layer[i]);
    return fewest == SIZE_MAX && c->layers > 0 ? 0 : fewest;
}

/* What the last layer reads of an example, such as channels behind a global pool: as few as that
 * must tell all classes apart. SIZE_MAX: unknown. */
static size_t last_inputs(const dsc_case *c)
{
    const size_t outputs = c->plan.outputs > 0 ? (size_t)c->plan.outputs : 1;

    for (size_t i = c->layers; i-- > 0;)
        if (c->layer[i].weights > 0)
            return c->layer[i].weights / outputs > 1 ? c->layer[i].weights / outputs - 1 : 1;
    return SIZE_MAX;
}

/* The loss stands still, also while steps were long: not for want of time. */
static bool stands(const dsc_case *c)
{
    static const double STILL = 0.05, LOST = 1.05;
    const double before = dsc_course_loss(c, 0.25, 0.5), after = dsc_course_loss(c, 0.5, 0.75);

    return before - after < STILL * before && dsc_outcome_left(c) < LOST;
}

/* Without a hidden layer: about as much as least squares? Where nobody asked: it stands still. */
static bool does_what_it_can(const dsc_case *c, double right)
{
    static const double LESS = 0.05;

    return isnan(c->data.linear_right) ? stands(c) : right > c->data.linear_right - LESS;
}

/* Through one or two units hardly anything passes. Where neighbours do no worse, so that labels are
 * not the limit, and much of the loss of guessing is left, the width is to blame. */
static void judge_tiny(const dsc_case *c, descent_finding *out, double right, double test,
                       double possible, size_t units)
{
    static const double MUCH = 0.15, WORSE = 0.1;
    const double left = dsc_outcome_left(c);

    if (!(left > MUCH) || possible < fmax(right, test) - WORSE)
        return;
    out->confidence = 0.5 + 0.2 * dsc_sure(left, MUCH, 0.6);
    DSC_TELL(out->evidence,
             "a layer has %zu unit%s, through which all must pass; %s of training is %.1f %%, of "
             "the test part %.1f %%, and %.3g of the loss of guessing is left",
             units, units == 1 ? "" : "s",
             c->plan.classifies ? "the accuracy" : "the share of variance explained", 100.0 * right,
             100.0 * test, left);
    tell_remedy(c, out, 0.0, "");
}

static void judge(const dsc_case *c, descent_finding *out)
{
    char word[32] = "";
    double right, possible, test;
    const double fall = dsc_outcome_fall(c);
    const size_t hidden = narrowest(c), inputs = last_inputs(c);
    const size_t units = hidden > 0 && inputs < hidden ? inputs : hidden;

    if (c->plan.text || c->epochs < 3 || c->plan.test == 0 || !measure(c, &right, &possible, &test))
        return;
    if (c->train_look.n > 0 &&
        c->train_look.output_deviation < SAME) /* another finding, whatever the network's size */
        return;
    const double rate = dropout(c->plan.model, word);
    if (units > NARROW && rate <= DROPPED) /* then it learned too slowly, whatever held it up */
        return;
    const double missing = possible - fmax(right, test);
    const double bar = 2.0 * sqrt(fmax(test * (1.0 - test), 0.02) / (double)c->plan.test);
    const bool tiny = units > 0 && units <= TINY;
    const double least = least_missing(c, fmax(right, test), possible, tiny);
    const bool knows_more = right - test > GAP + bar, learns_on = fall > ENDED;
    if (tiny && rate <= DROPPED && !(missing > least) && !knows_more && !learns_on) {
        judge_tiny(c, out, right, test, possible, units);
        return;
    }
    if (!(missing > least) || (knows_more && rate <= DROPPED) || learns_on) {
        judge_dropout(c, out, rate, word);
        if (out->confidence > 0.0)
            tell_remedy(c, out, rate, word);
        return;
    }
    out->confidence = 0.55 + 0.4 * dsc_sure(missing, least, 0.35);
    if ((units > TINY || (hidden == 0 && c->plan.deep > 1)) && rate < STRONG &&
        dsc_outcome_left(c) > NOTHING) /* a small network learns a little */
        out->confidence *= 0.5;
    if (rate <= DROPPED && !tiny && !(hidden == 0 ? does_what_it_can(c, right) : stands(c)))
        out->confidence *= 0.5;
    if (c->plan.weight_decay > 0.0 &&
        dsc_course_mean(c, offsetof(dsc_moment, decay_share), 0.3, 0.95) > 0.12)
        out->confidence *= 0.8;
    DSC_TELL(out->evidence,
             "%s of training is %.1f %%, of the test part %.1f %%, and no longer changes (the loss "
             "fell by %.0f %% in the last quarter); nearest neighbours alone get %.1f %%",
             c->plan.classifies ? "the accuracy" : "the share of variance explained", 100.0 * right,
             100.0 * test, 100.0 * fall, 100.0 * possible);
    tell_remedy(c, out, rate, word);
}

const dsc_finding dsc_finding_underfitting = {
    .info = {.name = "underfitting",
             .summary = "the network cannot do what its data allow, in training as in testing",
             .formula =
                 "the training part is got right over 10 % less, beyond error bars, than by "
                 "its nearest neighbours (4 % where they err a third as often and below 5 "
                 "%; 5 % of networks with a layer of one or two units, or 15 % of the loss of "
                 "guessing is left and neighbours do no worse), no better than the "
                 "test part, learning has ended, "
                 "and a layer has at most 12 units, or dropout is above 0.5; or dropout is above "
                 "0.5 and more than half the loss of guessing is left",
             .advice = "a larger network; less dropout, weight_decay and augmentation",
             .reference = "Goodfellow, Bengio & Courville 2016, Deep Learning, section 11.3"},
    .origin = DSC_IN_PLAN,
    .when = DSC_AFTER,
    .explains = "ill-conditioned saddle-or-plateau no-decay-noise-floor constant-output "
                "bad-initial-scale learning-rate-too-low learning-rate-too-high decay-too-strong "
                "batch-too-small",
    .judge = judge,
};
