/* data.c - findings about data: each in a case that has it, whole, and in one just below. */
#include "healthy.h"

typedef struct expected {
    const char *name;
    void (*spoil)(healthy *h, double much);
    double much, little; /* found with the first, not with the second */
    descent_severity severity;
    const char *evidence, *cause, *remedy, *flags;
} expected;

static void regress(healthy *h)
{
    dsc_case *c = &h->c;

    c->plan.classifies = false;
    c->plan.outputs = 1;
    c->plan.loss = c->plan.loss_name = "mse";
    c->plan.data = "prices.csv";
    c->data.target_mean = 0;
    c->data.target_deviation = 1;
    c->data.target_unit = 1;
    c->data.chance_loss = 1;
    c->data.neighbours_right = 0.6;
    c->data.neighbours_contradict = 0;
    for (size_t i = 0; i < c->epochs; i++) {
        dsc_epoch_facts *e = &h->epoch[i];
        e->test_rmse = 0.6;
        e->test_accuracy = (double)NAN;
    }
}

static void set_test_accuracy(healthy *h, double accuracy)
{
    h->c.test_look.accuracy = accuracy;
}

static void features_of_all_sizes(healthy *h, double range)
{
    dsc_case *c = &h->c;

    c->plan.standardizes = false;
    c->data.least_deviation = 0.5;
    c->data.largest_deviation = 0.5 * range;
    strcpy(c->data.widest_name, "income");
    set_test_accuracy(h, 0.5);
}

static void bright_pixels(healthy *h, double deviation)
{
    dsc_case *c = &h->c;

    c->plan.standardizes = false;
    c->data.one_scale = true;
    c->data.least_deviation = c->data.largest_deviation = deviation;
    c->data.largest_magnitude = 255;
    set_test_accuracy(h, 0.98);
}

static void features_far_from_zero(healthy *h, double mean)
{
    dsc_case *c = &h->c;

    c->plan.standardizes = false;
    c->data.largest_mean_in_deviations = mean;
    set_test_accuracy(h, 0.5);
}

static void large_targets(healthy *h, double deviation)
{
    dsc_case *c = &h->c;

    regress(h);
    c->plan.standardizes = false;
    c->data.target_deviation = c->data.target_unit = deviation;
    c->data.target_mean = 2 * deviation;
    h->epoch[EPOCHS - 1].test_rmse = deviation;
}

static void empty_columns(healthy *h, double n)
{
    dsc_case *c = &h->c;

    c->plan.data = "flowers.csv target=kind";
    c->data.constant = (size_t)n;
    strcpy(c->data.constant_name, "height");
}

static void empty_table(healthy *h, double share)
{
    dsc_case *c = &h->c;

    c->data.constant = (size_t)(share * (double)c->data.features);
    c->data.constant_ground = share < 1 ? c->data.constant : 0;
    strcpy(c->data.constant_name, "x");
}

static void twins(healthy *h, double n)
{
    dsc_case *c = &h->c;

    c->data.value_bits = 100;
    c->data.twins_in_test = (size_t)n;
    c->data.test_in_train = n / 160;
}

static void near_copies(healthy *h, double n)
{
    h->c.data.copies_asked = 100;
    h->c.data.copies_in_test = (size_t)n;
    h->c.data.copies_by_chance = 0.01;
    h->c.data.copies_nearness = 0.05;
}

static void an_answer(healthy *h, double rest)
{
    dsc_case *c = &h->c;

    c->plan.data = "loans.csv ignore=id";
    c->data.best_stump = 0.99;
    strcpy(c->data.best_stump_name, "paid");
    c->data.second_stump = 0.8;
    c->data.rest_right = rest;
}

/* Where another feature tells as much, the task is easy. */
static void an_answer_beside_another(healthy *h, double second)
{
    an_answer(h, 0.8);
    h->c.data.second_stump = second;
}

static void an_answer_in_numbers(healthy *h, double rest)
{
    dsc_case *c = &h->c;

    regress(h);
    c->data.best_stump = 0.995;
    strcpy(c->data.best_stump_name, "feature 3");
    c->data.second_stump = 0.8;
    c->data.rest_right = rest;
}

static void a_rare_class(healthy *h, double times)
{
    dsc_case *c = &h->c;

    c->data.imbalance = times;
    c->data.majority = 0.9;
    c->data.least_share = 0.9 / times;
    c->data.largest_class = 1;
    c->test_look.least_recall = 0.1;
}

static void a_rare_class_that_is_found(healthy *h, double times)
{
    dsc_case *c = &h->c;

    a_rare_class(h, times);
    c->test_look.least_recall = 0.9;
}

static void moved_labels(healthy *h, double shifted)
{
    dsc_case *c = &h->c;

    c->data.neighbours_right = 0.12;
    c->data.shifted_right = shifted;
    c->data.shift = -2;
    set_test_accuracy(h, 0.5);
}

static void shuffled_labels(healthy *h, double accuracy)
{
    dsc_case *c = &h->c;

    c->data.majority_of_looked = c->data.neighbours_right = 0.11;
    c->data.kinship = 0.001;
    c->data.kinship_error = 0.012;
    set_test_accuracy(h, accuracy);
}

static void shuffled_numbers(healthy *h, double rmse)
{
    dsc_case *c = &h->c;

    regress(h);
    c->data.neighbours_right = -0.08;
    h->epoch[EPOCHS - 1].test_rmse = rmse;
}

static void some_wrong_labels(healthy *h, double share)
{
    dsc_case *c = &h->c;

    c->data.majority_of_looked = 0.11;
    c->data.neighbours_unanimous = 0.5;
    c->data.neighbours_contradict = 0.5 * share;
    c->data.neighbours_right = 0.8;
    c->data.agreement_spread = 3;
    set_test_accuracy(h, 0.8);
    h->c.test_look.wrong_of_sure = h->c.test_look.wrong_of_unsure = 0.2; /* everywhere */
}

static void wrong_labels_everywhere(healthy *h, double spread)
{
    dsc_case *c = &h->c;

    some_wrong_labels(h, 0.2);
    c->data.neighbours_unanimous = 0.05; /* three of fifteen: too few to tell by */
    c->data.neighbours_contradict = 0.01;
    c->data.agreement_spread = spread;
}

/* Neighbours disagree here and there, and nobody contradicts those that agree. */
static void classes_that_overlap(healthy *h, double contradict)
{
    some_wrong_labels(h, contradict);
    h->c.data.neighbours_right = 0.7;
    h->c.data.agreement_spread = 1;
}

static void some_wrong_numbers(healthy *h, double share)
{
    dsc_case *c = &h->c;

    regress(h);
    c->data.neighbours_contradict = share;
}

static void a_file_in_order(healthy *h, double mixed)
{
    dsc_case *c = &h->c;

    c->plan.shuffles = false;
    c->data.batch_entropy = mixed;
    set_test_accuracy(h, 0.5);
}

static void a_second_softmax(healthy *h, double there)
{
    dsc_case *c = &h->c;

    c->plan.model = there > 0 ? "linear 128, relu, linear, softmax" : "linear 128, relu, linear";
}

static void a_last_relu(healthy *h, double there)
{
    dsc_case *c = &h->c;

    regress(h);
    c->plan.model = there > 0 ? "linear 8, residual (linear 8, relu), linear, relu"
                              : "linear 8, linear, residual (linear, relu)";
}

/* Targets as they are in the file: where a sigmoid reaches them, it is no fault. */
static void a_last_sigmoid(healthy *h, double there)
{
    dsc_case *c = &h->c;

    regress(h);
    c->plan.standardizes = false;
    c->plan.model = "linear 8, relu, linear, sigmoid";
    c->data.target_mean = 0.5;
    c->data.target_deviation = there > 0 ? 0.6 : 0.3;
}

static void no_log_softmax(healthy *h, double there)
{
    dsc_case *c = &h->c;

    c->plan.loss = c->plan.loss_name = "nll";
    c->plan.model = there > 0 ? "linear 8, relu, linear" : "linear 8, relu, linear, log_softmax";
}

/* x: the share of the targets that is on no side. */
static void sides_of_0_and_1(healthy *h, double x)
{
    dsc_case *c = &h->c;

    regress(h);
    c->plan.loss_name = "hinge";
    c->data.targets_of_sign = 1 - x;
    c->data.target_mean = 0.5;
    c->data.target_deviation = 0.5;
    c->data.targets_are_classes = true;
    c->data.target_values = 2;
}

static void classes_as_numbers(healthy *h, double there)
{
    dsc_case *c = &h->c;

    regress(h);
    c->data.target_values = 3;
    c->data.targets_are_classes = there > 0;
}

static void slow_pictures(healthy *h, double share)
{
    dsc_case *c = &h->c;

    c->plan.augments = true;
    c->wait_share = share;
}

static void a_small_network(healthy *h, double share)
{
    dsc_case *c = &h->c;

    c->wait_share = share;
}

static const expected cases[] = {
    {"unscaled-inputs", features_of_all_sizes, 200, 9.9, DESCENT_WARNING,
     "deviations of the features go from 0.5 to 100 ('income'), a factor of 200; it should be "
     "below 10",
     "features are not scaled: the steepest of them dictates how long a step may be, and the "
     "others hardly learn",
     "give features mean 0 and deviation 1: standardize = yes", "--standardize yes"},
    {"unscaled-inputs", bright_pixels, 75, 2.9, DESCENT_NOTE,
     "features have a deviation of up to 75 and magnitudes of up to 255; the deviation should be "
     "near 1, between 0.1 and 3",
     "features are not scaled: the steepest of them dictates how long a step may be, and the "
     "others hardly learn",
     "give features mean 0 and deviation 1: standardize = yes", "--standardize yes"},
    {"unscaled-inputs", features_far_from_zero, 40, 4.9, DESCENT_WARNING,
     "a feature's mean is 40 times its deviation; it should be below 5",
     "features are not scaled: the steepest of them dictates how long a step may be, and the "
     "others hardly learn",
     "give features mean 0 and deviation 1: standardize = yes", "--standardize yes"},
    {"unscaled-target", large_targets, 100, 9.9, DESCENT_WARNING,
     "the target has a mean of 200 and a deviation of 100; the deviation should be near 1, between "
     "0.1 and 10, and the mean below 10 deviations",
     "the target is not scaled: loss and gradients grow with its scale, so that no usual learning "
     "rate fits",
     "give the target mean 0 and deviation 1, as standardize = yes does; predictions stay in its "
     "own units",
     "--standardize yes"},
    {"constant-inputs", empty_columns, 3, 0, DESCENT_NOTE,
     "3 of 64 features never change in the training part ('height' is the first); there should be "
     "none",
     "these columns say nothing about the target; they were emptied, or hold one value throughout",
     "repair these columns, or leave them out",
     "--data \"flowers.csv target=kind ignore=constant\""},
    {"constant-inputs", empty_columns, 20, 0, DESCENT_WARNING,
     "20 of 64 features never change in the training part ('height' is the first); there should be "
     "none",
     "these columns say nothing about the target; they were emptied, or hold one value throughout",
     "repair these columns, or leave them out",
     "--data \"flowers.csv target=kind ignore=constant\""},
    {"constant-inputs", empty_table, 1, 0.45, DESCENT_FAILURE,
     "64 of 64 features never change in the training part ('x' is the first); there should be none",
     "there is nothing in the data to learn from", "look at how the features were written", ""},
    {"train-test-leak", twins, 32, 3, DESCENT_WARNING,
     "32 test examples, 20 % of the part that was looked at, have exactly the features of a "
     "training example; it should be 0, at most 1 %",
     "examples stand in the data more than once, and the split put them on both sides: the test "
     "score is too good",
     "keep one of equal examples, in one part only: clean = twins", "--clean twins"},
    {"train-test-leak", near_copies, 20, 6, DESCENT_WARNING,
     "20 of 100 test examples that were looked at lie 20 times as near to one training example as "
     "to the tenth nearest, and so do training examples to each other; by chance it would be 1 % "
     "at most",
     "the data hold copies that differ a little, or the same thing several times, and the split "
     "put "
     "them on both sides: the test score is too good",
     "keep all copies of one example in one part: split before copying, or give the test part a "
     "file "
     "of its own",
     ""},
    {"train-test-leak", an_answer, 0.8, 0.95, DESCENT_WARNING,
     "'paid' alone tells the class of 99 % of the examples, the next best feature of 80 %, all but "
     "this one together of 80 % (nearest neighbours)",
     "the feature holds the answer; it will hardly be known when the model is used",
     "leave 'paid' out, unless it is known before the target is",
     "--data \"loans.csv ignore=id+paid\""},
    {"train-test-leak", an_answer_beside_another, 0.8, 0.975, DESCENT_WARNING,
     "'paid' alone tells the class of 99 % of the examples, the next best feature of 80 %, all but "
     "this one together of 80 % (nearest neighbours)",
     "the feature holds the answer; it will hardly be known when the model is used",
     "leave 'paid' out, unless it is known before the target is",
     "--data \"loans.csv ignore=id+paid\""},
    {"train-test-leak", an_answer_in_numbers, 0.4, 0.96, DESCENT_WARNING,
     "'feature 3' alone explains 99.5 % of the target's variance, the next best feature 80 %, all "
     "but this one together 40 % (nearest neighbours)",
     "the feature holds the answer; it will hardly be known when the model is used",
     "leave 'feature 3' out, unless it is known before the target is",
     "--data \"prices.csv ignore=3\""},
    {"class-imbalance", a_rare_class, 90, 7.9, DESCENT_WARNING,
     "class 1 is 90 % of the training part, class 0 only 1 % (90 to 1), and of the class found "
     "least 10 % are found; it should be above 50 %",
     "rare classes weigh so little in the loss that giving them up costs hardly anything; accuracy "
     "does not show it",
     "let every class weigh the same: weights=balanced",
     "--loss \"cross_entropy weights=balanced\""},
    {"class-imbalance", a_rare_class_that_is_found, 90, 7.9, DESCENT_NOTE,
     "class 1 is 90 % of the training part, class 0 only 1 % (90 to 1), and of the class found "
     "least 90 % are found; it should be above 50 %",
     "rare classes weigh so little in the loss that giving them up costs hardly anything; accuracy "
     "does not show it",
     "let every class weigh the same: weights=balanced",
     "--loss \"cross_entropy weights=balanced\""},
    {"labels-misaligned", moved_labels, 0.9, 0.26, DESCENT_FAILURE,
     "the nearest neighbours of an example have its label in 12 % of the cases, but with the "
     "labels 2 rows further up in 90 %; its own should be the best",
     "features and labels have been moved against each other by 2 rows, such as by a header that "
     "only one of two files has",
     "look at some examples with their labels, and repair where the two are put together", ""},
    {"labels-misaligned", shuffled_labels, 0.1, 0.5, DESCENT_FAILURE,
     "the nearest neighbours of an example have its label in 11 % of the cases, and the model "
     "finds 10 % of the test part; always saying class 0 gives 10.2 %",
     "labels do not belong to their examples: one of the two was sorted, filtered or shuffled "
     "without the other; or the features say nothing about them",
     "look at some examples with their labels, and repair where the two are put together", ""},
    {"labels-misaligned", shuffled_numbers, 1.02, 0.8, DESCENT_FAILURE,
     "the nearest neighbours of an example explain -8 % of the target's variance, the model -4.04 "
     "% of that of the test part; it should be well above 0",
     "labels do not belong to their examples: one of the two was sorted, filtered or shuffled "
     "without the other; or the features say nothing about them",
     "look at some examples with their labels, and repair where the two are put together", ""},
    {"label-noise", some_wrong_labels, 0.16, 0.059, DESCENT_WARNING,
     "of 300 training examples 20 % have another label than most of their neighbours; where "
     "neighbours agree, 16 % contradict them, which should be below 6 %",
     "some labels are wrong; a model that learns them by heart is wrong near them",
     "leave out training examples that their neighbours contradict: clean = labels; or correct "
     "them",
     "--clean labels"},
    {"label-noise", wrong_labels_everywhere, 1, 1.7, DESCENT_WARNING,
     "of 300 training examples 20 % have another label than most of their neighbours; where "
     "neighbours agree, 20 % contradict them, which should be below 6 %",
     "some labels are wrong; a model that learns them by heart is wrong near them",
     "leave out training examples that their neighbours contradict: clean = labels; or correct "
     "them",
     "--clean labels"},
    {"label-noise", classes_that_overlap, 0.3, 0.15, DESCENT_WARNING,
     "of 300 training examples 30 % have another label than most of their neighbours; where "
     "neighbours agree, 30 % contradict them, which should be below 6 %",
     "some labels are wrong; a model that learns them by heart is wrong near them",
     "leave out training examples that their neighbours contradict: clean = labels; or correct "
     "them",
     "--clean labels"},
    {"label-noise", some_wrong_numbers, 0.05, 0.019, DESCENT_WARNING,
     "of 300 training examples 5 % have a target that lies more than 6 deviations off that of "
     "their neighbours; it should be below 2 %",
     "some labels are wrong; a model that learns them by heart is wrong near them",
     "leave out training examples that their neighbours contradict: clean = labels; or correct "
     "them",
     "--clean labels"},
    {"not-shuffled", a_file_in_order, 0.3, 0.71, DESCENT_WARNING,
     "the entropy of the labels within a batch is 0.3 times that of a random batch; it should be "
     "near 1, at least 0.7",
     "examples come in the order of the data, which is sorted by what is to be learned: steps "
     "follow the examples of the moment",
     "draw a new order in every epoch: shuffle = yes", "--shuffle yes"},
    {"wrong-loss", a_second_softmax, 1, 0, DESCENT_WARNING,
     "the model ends in 'softmax' and the loss is cross_entropy: cross_entropy has a softmax of "
     "its own: after two the loss can't fall below ln(1 + (C - 1) / e), and gradients vanish",
     "the loss and the end of the network do not belong together",
     "take the last layer, 'softmax', out of the model", "--model \"linear 128, relu, linear\""},
    {"wrong-loss", a_last_relu, 1, 0, DESCENT_WARNING,
     "the model ends in 'relu' and the loss is mse: targets have mean 0 and deviation 1, and the "
     "last layer can't reach all of them",
     "the loss and the end of the network do not belong together",
     "take the last layer, 'relu', out of the model",
     "--model \"linear 8, residual (linear 8, relu), linear\""},
    {"wrong-loss", a_last_sigmoid, 1, 0, DESCENT_WARNING,
     "the model ends in 'sigmoid' and the loss is mse: targets have mean 0.5 and deviation 0.6, "
     "and "
     "the last layer can't reach all of them",
     "the loss and the end of the network do not belong together",
     "take the last layer, 'sigmoid', out of the model", "--model \"linear 8, relu, linear\""},
    {"wrong-loss", no_log_softmax, 1, 0, DESCENT_WARNING,
     "the model ends in 'linear' and the loss is nll: nll wants a model that ends in log_softmax",
     "the loss and the end of the network do not belong together", "use cross_entropy",
     "--loss cross_entropy"},
    {"wrong-loss", classes_as_numbers, 1, 0, DESCENT_WARNING,
     "the target has 3 different values, all whole numbers without a gap and none of them rare, "
     "and mse treats them as amounts",
     "these are most likely names of classes: then 2 is not nearer to 3 than to 0, which is what "
     "the loss learns",
     "make classes of them: task=classification behind the data, and cross_entropy",
     "--data \"prices.csv task=classification\" --loss cross_entropy"},
    {"wrong-loss", sides_of_0_and_1, 0.5, 0, DESCENT_WARNING,
     "50 % of the targets are neither -1 nor 1, the only ones that hinge knows; their mean is 0.5",
     "the loss asks on which side of 0 an output is: a target of 0 is on none, and nothing is "
     "learned from it",
     "use bce_with_logits; or write -1 and 1 into the data", "--loss bce_with_logits"},
    {"data-bound", slow_pictures, 0.5, 0.19, DESCENT_WARNING,
     "making batches takes 50 % of the time of a step; it should be below 20 %",
     "changing the pictures costs as much as learning from them: the network is small for it",
     "leave the augmentation out, or give it a network that gains by it", "--augment none"},
    {"data-bound", a_small_network, 0.5, 0.19, DESCENT_NOTE,
     "making batches takes 50 % of the time of a step; it should be below 20 %",
     "the network is so small that fetching and scaling its examples takes as long as learning "
     "from them",
     "nothing has to change; a larger network would take little longer", ""},
};

static const dsc_finding *named(const char *name)
{
    const dsc_finding *found = dsc_finding_at(0);

    for (size_t i = 0; dsc_finding_at(i); i++)
        if (strcmp(dsc_finding_at(i)->info.name, name) == 0)
            found = dsc_finding_at(i);
    assert_string_equal(found->info.name, name);
    return found;
}

static descent_finding judged(const expected *e, double amount)
{
    healthy h;

    healthy_make(&h);
    e->spoil(&h, amount);
    return healthy_judge(named(e->name), &h.c);
}

static void each_is_found_and_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const descent_finding f = judged(&cases[i], cases[i].much);
        assert_true(f.confidence > 0 && f.confidence <= 1);
        assert_int_equal(f.severity, cases[i].severity);
        assert_string_equal(f.evidence, cases[i].evidence);
        assert_string_equal(f.cause, cases[i].cause);
        assert_string_equal(f.remedy, cases[i].remedy);
        assert_string_equal(f.flags, cases[i].flags);
    }
}

static void less_is_no_finding(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const descent_finding f = judged(&cases[i], cases[i].little);
        if (f.confidence > 0)
            fail_msg("%s: %s", cases[i].name, f.evidence);
    }
}

/* Few examples, or one class that is nearly all: neighbours that know nothing prove nothing. */
static void nothing_is_said_of_few(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    shuffled_labels(&h, 0.1);
    assert_true(healthy_judge(named("labels-misaligned"), &h.c).confidence > 0.85);
    h.c.data.kinship_error = 0.06;
    assert_true(healthy_judge(named("labels-misaligned"), &h.c).confidence == 0.0);
    h.c.data.kinship_error = 0.012;
    h.c.data.kinship = 0.05; /* they do know something */
    assert_true(healthy_judge(named("labels-misaligned"), &h.c).confidence == 0.0);
}

/* Features that are nearly the same leave neighbours no idea. */
static void labels_that_a_line_knows_are_right(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    shuffled_numbers(&h, 1.02);
    h.c.data.line_loss = 0.96; /* of 64 features, for 6400 examples */
    assert_true(healthy_judge(named("labels-misaligned"), &h.c).confidence > 0.8);
    h.c.data.line_loss = 0.8;
    assert_true(healthy_judge(named("labels-misaligned"), &h.c).confidence == 0.0);
    h.c.data.looked_at = 400; /* so few are fitted as well as that by chance */
    assert_true(healthy_judge(named("labels-misaligned"), &h.c).confidence > 0.8);
}

/* Neighbours of pictures that are moved about err evenly, but not where they agree; and few
 * examples have neighbours that agree by chance. */
static void neighbours_that_err_are_no_wrong_labels(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    h.c.data = (dsc_audit){.done = true,
                           .looked_at = 400,
                           .neighbours_asked = 100,
                           .neighbours_right = 0.75,
                           .neighbours_unanimous = 0.14,
                           .neighbours_contradict = 0.03,
                           .agreement_spread = 1.4,
                           .wide_spread = 2.2};
    h.c.test_look.wrong_of_sure = h.c.test_look.wrong_of_unsure = 0.5;
    set_test_accuracy(&h, 0.5);
    assert_true(healthy_judge(named("label-noise"), &h.c).confidence > 0.5);
    h.c.data.neighbours_contradict = 0; /* of fourteen: once in 56 times */
    assert_true(healthy_judge(named("label-noise"), &h.c).confidence == 0.0);
    h.c.data.neighbours_unanimous = 0.05; /* too few for chance to speak, but none of them */
    assert_true(healthy_judge(named("label-noise"), &h.c).confidence == 0.0);
    h.c.data.neighbours_contradict = 0.01;
    const double sure = healthy_judge(named("label-noise"), &h.c).confidence;
    set_test_accuracy(&h, 0.76); /* it does what neighbours do */
    assert_true(healthy_judge(named("label-noise"), &h.c).confidence > 1.5 * sure);
    set_test_accuracy(&h, 0.5);
    h.c.data.neighbours_unanimous = 0.26;
    h.c.data.neighbours_contradict = 0.04;
    h.c.data.agreement_spread = 2.2;
    assert_true(healthy_judge(named("label-noise"), &h.c).confidence > 0.5);
    h.c.data.looked_at = 300; /* thirty of each class */
    assert_true(healthy_judge(named("label-noise"), &h.c).confidence == 0.0);
}

/* What a recipe does already is not proposed again, nor what its data forbid. */
static void what_is_done_is_no_finding(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    a_rare_class(&h, 100);
    h.c.plan.loss = "cross_entropy weights=balanced";
    assert_true(healthy_judge(named("class-imbalance"), &h.c).confidence <= 0);
    healthy_make(&h);
    large_targets(&h, 1000);
    h.c.plan.loss_name = "poisson_nll";
    assert_true(healthy_judge(named("unscaled-target"), &h.c).confidence <= 0);
    healthy_make(&h);
    twins(&h, 40);
    h.c.data.value_bits = 12; /* few rows are possible: these meet by chance */
    assert_true(healthy_judge(named("train-test-leak"), &h.c).confidence <= 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_is_found_and_told),
        cmocka_unit_test(less_is_no_finding),
        cmocka_unit_test(nothing_is_said_of_few),
        cmocka_unit_test(labels_that_a_line_knows_are_right),
        cmocka_unit_test(neighbours_that_err_are_no_wrong_labels),
        cmocka_unit_test(what_is_done_is_no_finding),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
