/* label_noise.c - some labels are wrong: neighbours agree with each other, and not with them. */
#include "finding/outcome.h"

#include <math.h>
#include <string.h>

static const double SHARE = 0.06, FAR_OFF = 0.02;
enum { LEAST = 4, LEAST_OF_FEW = 6, LEAST_NUMBERS = 3 };

/* Are those that are looked among enough for neighbours that agree to be right? */
static bool is_well_known(const dsc_case *c)
{
    enum { EACH = 40 };

    return c->data.looked_at >= EACH * (size_t)c->plan.outputs;
}

/* Has an example enough of its own class around it? Of few examples in all, neighbours are of
 * other classes because there are no nearer ones. */
static bool is_dense(const dsc_case *c)
{
    enum { EACH = 24, ALL = 90 };

    return c->plan.train >= ALL && c->plan.train >= EACH * (size_t)c->plan.outputs;
}

/* Wrong labels are as many where neighbours agree as elsewhere, unless so few would be chance once
 * in so many times; where classes overlap, examples are contradicted only where neighbours disagree
 * as well. */
static bool is_alike(double wrong, double contradict, double clear)
{
    static const double CHANCE = 0.06;
    double of_number = pow(1.0 - wrong, clear), up_to = of_number; /* binomial */

    for (double k = 0.0; k + 0.5 < contradict; k++) {
        of_number *= (clear - k) / (k + 1.0) * wrong / (1.0 - wrong);
        up_to += of_number;
    }
    return up_to > CHANCE;
}

/* Where classes overlap, a network is right where it is sure; wrong labels are there as well. */
static bool overlaps(const dsc_case *c)
{
    static const double RATIO = 0.45;
    enum { ENOUGH = 40 };
    const dsc_look *look = &c->test_look;

    return look->n > 0 && look->sure >= ENOUGH &&
           look->wrong_of_sure < RATIO * look->wrong_of_unsure;
}

/* Where classes overlap, neighbours disagree in some places only; wrong labels are everywhere, and
 * then agreement spreads no more than chance would have it. */
static void judge_classes(const dsc_case *c, descent_finding *out)
{
    /* 32 neighbours reach further, over more of what is not a fault */
    static const double EVEN_WIDE = 5.0;
    static const double EVEN = 1.6, WRONG = 0.06, KNOWN = 0.1, SURELY = 0.045, CLEAR = 0.02,
                        LESS = 0.05;
    const dsc_audit *d = &c->data;
    const double of_clear = d->neighbours_contradict / d->neighbours_unanimous;
    const double wrong = 1.0 - d->neighbours_right;
    const double n = d->neighbours_contradict * (double)d->neighbours_asked;
    const double clear = d->neighbours_unanimous * (double)d->neighbours_asked;
    const double at_least = of_clear - sqrt(of_clear * (1.0 - of_clear) / clear);
    /* neighbours that agree next to nowhere know too little to say that all others are wrong; and
     * wrong labels are somewhere among those that they agree on, too */
    const bool even = d->neighbours_unanimous > CLEAR && n > 0.5 && wrong > WRONG &&
                      d->agreement_spread < EVEN && is_dense(c) && !(d->wide_spread > EVEN_WIDE);

    if (!(d->neighbours_right > d->majority_of_looked + KNOWN) || !is_alike(wrong, n, clear) ||
        overlaps(c))
        return;
    if (n >= (is_well_known(c) ? LEAST : LEAST_OF_FEW) && of_clear > SHARE && at_least > SURELY)
        out->confidence = 0.6 + 0.35 * dsc_sure_log(of_clear, SHARE, 3.0 * SHARE);
    if (even)
        out->confidence = fmax(out->confidence, 0.6 + 0.35 * dsc_sure(wrong, WRONG, 3.0 * WRONG));
    /* a model that is right less often than neighbours has a trouble of its own */
    if (even && dsc_outcome_accuracy(c) < d->neighbours_right - LESS)
        out->confidence *= 0.6;
    /* a model that is right nearly everywhere shows that it is the neighbours who err */
    if (1.0 - dsc_outcome_accuracy(c) < 0.5 * (even ? wrong : of_clear))
        out->severity = DESCENT_NOTE;
    DSC_TELL(out->evidence,
             "of %zu training examples %.3g %% have another label than most of their neighbours; "
             "where neighbours agree, %.3g %% contradict them, which should be below %g %%",
             d->neighbours_asked, 100.0 * wrong, 100.0 * of_clear, 100.0 * SHARE);
}

static bool is_robust(const dsc_case *c)
{
    static const char *const robust[] = {"l1", "huber", "smooth_l1", "log_cosh"};

    for (size_t i = 0; i < sizeof robust / sizeof *robust; i++)
        if (strcmp(robust[i], c->plan.loss_name) == 0)
            return true;
    return false;
}

static void judge_numbers(const dsc_case *c, descent_finding *out)
{
    const dsc_audit *d = &c->data;

    if (!(d->neighbours_contradict > FAR_OFF) ||
        d->neighbours_contradict * (double)d->neighbours_asked < LEAST_NUMBERS)
        return;
    out->confidence = 0.6 + 0.35 * dsc_sure_log(d->neighbours_contradict, FAR_OFF, 3.0 * FAR_OFF);
    if (is_robust(c))
        out->severity = DESCENT_NOTE;
    DSC_TELL(out->evidence,
             "of %zu training examples %.3g %% have a target that lies more than 6 deviations off "
             "that of their neighbours; it should be below %g %%",
             d->neighbours_asked, 100.0 * d->neighbours_contradict, 100.0 * FAR_OFF);
}

/* Are neighbours right too often for so many labels to be wrong? */
static bool neighbours_know(const dsc_case *c, double right)
{
    return c->data.done && c->data.neighbours_asked > 0 && c->data.neighbours_right > right;
}

/* Where neighbours know nothing, a network may: it errs on test examples that it is sure of nearly
 * as often as on others, though it learned and knows the training part no better. Many a training
 * that goes wrong looks a little like that, so this is never sure enough to stand before others. */
static void judge_sure(const dsc_case *c, descent_finding *out)
{
    static const double RATIO = 0.5, LEARNED = 0.3, GAP = 0.08, ENOUGH = 60.0, WRONG = 0.05;
    const dsc_look *look = &c->test_look;
    const double guess = fmax(c->data.majority, 1.0 / (double)c->plan.outputs);
    const double wrong = look->wrong_of_sure, ratio = wrong / look->wrong_of_unsure;
    const double at_least = wrong - sqrt(wrong * (1.0 - wrong) / look->sure);

    if (look->n == 0 || look->sure < ENOUGH || !(at_least > WRONG) || !(ratio > RATIO) ||
        neighbours_know(c, 1.0 - at_least) ||
        !((look->accuracy - guess) / (1.0 - guess) > LEARNED) ||
        !(fabs(c->train_look.accuracy - look->accuracy) < GAP))
        return;
    out->confidence = 0.27 + 0.05 * dsc_sure(ratio, RATIO, 1.0);
    DSC_TELL(out->evidence,
             "of the test examples that the network is surer of %.3g %% are wrong, of the others "
             "%.3g %%; where classes overlap the first are less than half as many",
             100.0 * wrong, 100.0 * look->wrong_of_unsure);
    DSC_TELL(out->remedy, "look through what the network is sure of and gets wrong, and correct "
                          "those labels");
}

/* The same of numbers: most are close and some far off, in both parts, though it learned and left
 * much of the variance. */
static void judge_tails(const dsc_case *c, descent_finding *out)
{
    static const double HEAVY = 1.4, EACH = 1.3, LEAST_LEARNED = -0.2, MOST_LEARNED = 0.85,
                        MORE = 0.05;
    enum { ENOUGH = 60 };
    const double test = c->test_look.tails, train = c->train_look.tails;
    const double explained = dsc_outcome_explained(c);

    if (c->test_look.n < ENOUGH || !(fmin(test, train) > EACH) || isinf(test) ||
        !(sqrt(test * train) > HEAVY) || !(explained > LEAST_LEARNED && explained < MOST_LEARNED) ||
        is_robust(c) || neighbours_know(c, explained + MORE))
        return;
    out->confidence = 0.4 + 0.2 * dsc_sure_log(sqrt(test * train), HEAVY, 2.0 * HEAVY);
    DSC_TELL(out->evidence,
             "errors of the test part are %.3g times as large (root mean square) as the middle one "
             "says, of the training part %.3g times: most targets are close, and some far off; "
             "normal errors give 1, above %g in both parts some targets are wrong",
             test, train, EACH);
    DSC_TELL(out->remedy, "take a loss that single errors move little: huber; or correct those "
                          "targets");
    dsc_remedy_flag(out, "--loss", "huber");
}

static void judge(const dsc_case *c, descent_finding *out)
{
    if (c->data.done && c->data.neighbours_asked > 0)
        (c->plan.classifies ? judge_classes : judge_numbers)(c, out);
    if (out->confidence > 0.0) {
        DSC_TELL(out->remedy, "leave out training examples that their neighbours contradict: clean "
                              "= labels; or correct them");
        dsc_remedy_flag(out, "--clean", "labels");
    } else if (c->plan.classifies) {
        judge_sure(c, out);
    } else {
        judge_tails(c, out);
    }
    if (out->confidence > 0.0)
        DSC_TELL(out->cause, "some labels are wrong; a model that learns them by heart is wrong "
                             "near them");
}

const dsc_finding dsc_finding_label_noise = {
    .info = {.name = "label-noise",
             .summary = "some labels of the training part are wrong",
             .formula =
                 "above 6 % of the labels (by a standard error above 4.5 %) contradict neighbours "
                 "that agree (numbers: 2 % lie more than 6 deviations off), or above 6 % evenly "
                 "over all of the data, some of them there; and where neighbours agree not so few "
                 "that it would be chance once in 16 times; or the network errs half as often "
                 "where it is sure, and more (numbers: errors 1.4 times what the middle one says)",
             .advice = "clean = labels, or correct them",
             .reference = "Wilson 1972, Asymptotic properties of nearest neighbor rules; "
                          "Northcutt, Jiang, Chuang 2021, arXiv:1911.00068"},
    .origin = DSC_IN_DATA,
    .when = DSC_BEFORE | DSC_AFTER,
    .explains = "overfitting underfitting batch-too-small no-decay-noise-floor noisy-test-score "
                "loss-spike learning-rate-too-high schedule-decays-too-early saddle-or-plateau",
    .judge = judge,
};
