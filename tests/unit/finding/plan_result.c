/* plan_result.c - findings about what came out: over- and underfitting, a small test part. */
#include "healthy.h"

extern const dsc_finding dsc_finding_noisy_test_score, dsc_finding_overfitting,
    dsc_finding_underfitting;

/* The test loss rises from its lowest, after epoch 3, to `last`; training goes on. */
static void rise_to(healthy *h, double lowest, double last)
{
    for (int i = 0; i < EPOCHS; i++) {
        h->epoch[i].train_loss = 1.0 * exp(-0.4 * i);
        h->epoch[i].test_loss = i < 2 ? 1.5 : lowest + (last - lowest) * (i - 2) / (EPOCHS - 3.0);
    }
}

static void a_test_loss_that_rises(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    rise_to(&h, 0.8, 1.6);
    const descent_finding found = healthy_judge(&dsc_finding_overfitting, &h.c);
    assert_true(found.confidence > 0.75);
    assert_int_equal(found.severity, DESCENT_WARNING);
    assert_string_equal(found.evidence,
                        "the test loss went from its lowest, 0.8 after epoch 3, to 1.6 at the end "
                        "(error bar 0.063), the training loss from 0.4493 to 0.02732; the two "
                        "should stay close, and the test loss near its lowest");
    assert_string_equal(found.cause, "101770 weights learn the 6400 training examples by heart "
                                     "rather than what they have in common");
    assert_string_equal(found.remedy,
                        "stop at the best: 3 epochs instead of 10; weight_decay, dropout, "
                        "augmentation or more data let it go on learning");
    assert_string_equal(found.flags, "--epochs 3");

    rise_to(&h, 0.5, 0.64);
    for (int i = 0; i < EPOCHS; i++)
        h.epoch[i].train_loss = 0.5 * exp(-0.1 * i);
    assert_true(healthy_judge(&dsc_finding_overfitting, &h.c).confidence == 0.0);
    rise_to(&h, 0.03, 0.06); /* twice of nearly nothing, of few examples */
    for (int i = 0; i < EPOCHS; i++)
        h.epoch[i].train_loss = 0.1 * exp(-0.2 * i);
    h.c.plan.test = 30;
    assert_true(healthy_judge(&dsc_finding_overfitting, &h.c).confidence == 0.0);
}

/* A rise that epochs differ by anyway, and a network that does not know its training part. */
static void noise_is_no_overfitting(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    rise_to(&h, 0.8, 1.6);
    h.c.train_look.loss = 1.2;
    assert_true(healthy_judge(&dsc_finding_overfitting, &h.c).confidence == 0.0);
    h.c.train_look.loss = 0.02;
    assert_true(healthy_judge(&dsc_finding_overfitting, &h.c).confidence > 0.0);
    for (int i = EPOCHS / 2; i < EPOCHS; i++)
        h.epoch[i].test_loss = i % 2 ? 1.6 : 1.1;
    for (int i = 0; i < EPOCHS; i++)
        h.epoch[i].train_loss = 0.8 - 0.05 * i;
    assert_true(healthy_judge(&dsc_finding_overfitting, &h.c).confidence == 0.0);
}

static void a_gap_without_a_rise(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    for (int i = 0; i < EPOCHS; i++) {
        h.epoch[i].train_loss = 2.0 * exp(-1.0 * i);
        h.epoch[i].test_loss = 0.9;
        h.epoch[i].train_accuracy = 1.0;
        h.epoch[i].test_accuracy = 0.7;
    }
    h.c.plan.train = 50;
    const descent_finding found = healthy_judge(&dsc_finding_overfitting, &h.c);
    assert_true(found.confidence > 0.5);
    assert_string_equal(found.flags, "--test 0.2");
    for (int i = 0; i < EPOCHS; i++) {
        h.epoch[i].train_loss = 0.13; /* a seventh is not reached */
        h.epoch[i].train_accuracy = 0.8;
    }
    assert_true(healthy_judge(&dsc_finding_overfitting, &h.c).confidence == 0.0);
}

/* Training and test alike get `right`, and for half of the run nothing has changed. */
static void stay_at(healthy *h, double right)
{
    for (int i = 0; i < MOMENTS; i++)
        h->moment[i].loss = i < MOMENTS / 4 ? 2.0 : 1.5;
    for (int i = 0; i < EPOCHS; i++) {
        h->epoch[i].train_loss = h->epoch[i].test_loss = 1.5;
        h->epoch[i].train_accuracy = h->epoch[i].test_accuracy = right;
    }
}

static void a_network_that_is_too_small(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    stay_at(&h, 0.6);
    assert_true(healthy_judge(&dsc_finding_underfitting, &h.c).confidence == 0.0);
    h.layer[1].units = h.layer[1].channels = 3;
    h.c.plan.model = "linear 3, relu, linear";
    const descent_finding found = healthy_judge(&dsc_finding_underfitting, &h.c);
    assert_true(found.confidence > 0.8);
    assert_string_equal(
        found.evidence,
        "the accuracy of training is 60.0 %, of the test part 60.0 %, and no longer "
        "changes (the loss fell by 0 % in the last quarter); nearest neighbours "
        "alone get 97.0 %");
    assert_string_equal(found.cause, "the network is too small for what it is to learn");
    assert_string_equal(found.remedy, "take a larger network: four times the units, and a hidden "
                                      "layer at least");
    assert_string_equal(found.flags, "--model \"linear 32, relu, linear\"");

    stay_at(&h, 0.88); /* little is missing, but neighbours err a quarter as often */
    assert_true(healthy_judge(&dsc_finding_underfitting, &h.c).confidence > 0.5);
    stay_at(&h, 0.92);
    assert_true(healthy_judge(&dsc_finding_underfitting, &h.c).confidence == 0.0);
    h.c.data.neighbours_right = 0.94; /* they err too */
    stay_at(&h, 0.83);
    assert_true(healthy_judge(&dsc_finding_underfitting, &h.c).confidence == 0.0);
    h.c.data.neighbours_asked = 0; /* nobody knows what is possible */
    stay_at(&h, 0.6);
    assert_true(healthy_judge(&dsc_finding_underfitting, &h.c).confidence == 0.0);
}

/* A network without a hidden layer that does what least squares can has nothing more to give. */
static void a_linear_network_at_its_end(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    stay_at(&h, 0.6);
    for (int i = 0; i < LAYERS; i++)
        h.layer[i].units = h.layer[i].channels = 0;
    h.c.layers = 1;
    h.c.plan.model = "linear";
    h.c.data.linear_right = 0.62;
    const descent_finding found = healthy_judge(&dsc_finding_underfitting, &h.c);
    assert_true(found.confidence > 0.9);
    assert_string_equal(found.flags, "--model \"linear 64, relu, linear\"");
    h.c.data.linear_right = 0.9; /* steps that are too short, or too long */
    assert_true(healthy_judge(&dsc_finding_underfitting, &h.c).confidence < 0.5);
}

/* Two channels behind a global pool have to tell ten classes apart. */
static void a_last_layer_that_reads_little(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    stay_at(&h, 0.6);
    h.layer[LAYERS - 1].weights = 30;
    h.c.plan.model = "conv 2 3x3, relu, global_avg_pool, linear";
    assert_true(healthy_judge(&dsc_finding_underfitting, &h.c).confidence > 0.8);
    h.layer[LAYERS - 1].weights = 330;
    assert_true(healthy_judge(&dsc_finding_underfitting, &h.c).confidence == 0.0);
}

static void dropout_that_leaves_too_little(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    stay_at(&h, 0.5);
    h.c.plan.model = "linear 128, relu, dropout 0.95, linear";
    const descent_finding found = healthy_judge(&dsc_finding_underfitting, &h.c);
    assert_true(found.confidence > 0.8);
    assert_string_equal(found.remedy, "take dropout 0.95 out");
    assert_string_equal(found.flags, "--model \"linear 128, relu, linear\"");
    h.c.plan.model = "linear 128, relu, dropout 0.6, linear";
    h.c.data.neighbours_right = 0.3; /* they know nothing; but most of the loss is left */
    h.c.train_look.accuracy = 0.5;
    const descent_finding left = healthy_judge(&dsc_finding_underfitting, &h.c);
    assert_true(left.confidence > 0.5);
    assert_string_equal(left.evidence, "dropout 0.6 takes 60 % of what a layer gives from every "
                                       "step, and the loss ended at 0.651 of that of guessing");
    assert_string_equal(left.remedy, "take dropout 0.6 out");
    h.c.plan.model = "linear 128, relu, dropout 0.5, linear";
    assert_true(healthy_judge(&dsc_finding_underfitting, &h.c).confidence == 0.0);
}

static void wider(const char *model, const char *flags)
{
    const dsc_case c = {.plan = {.model = model}};
    descent_finding out = {.confidence = 1};

    assert_int_equal(dsc_remedy_wider(&c, &out), *flags != '\0');
    assert_string_equal(out.flags, flags);
}

static void hidden_layers_get_wider(void **state)
{
    (void)state;
    wider("linear", "--model \"linear 64, relu, linear\"");
    wider("linear 16, tanh, linear", "--model \"linear 64, tanh, linear\"");
    wider("conv 2 3x3, relu, flatten, linear 20, relu, linear 10",
          "--model \"conv 32 3x3, relu, flatten, linear 80, relu, linear 10\"");
    wider("residual (linear 8, relu), linear", "");
    /* the outputs stay as many, whatever comes behind them */
    wider("linear 1, relu, linear 3, log_softmax",
          "--model \"linear 32, relu, linear 3, log_softmax\"");
    wider("linear 3, log_softmax", "");
}

static void a_word_of_the_optimizer_is_taken_out(void **state)
{
    const dsc_case c = {.plan = {.optimizer = "lookahead (sgd lr=1 decay_all) decay_all every=5"}};
    descent_finding out = {.confidence = 1};

    (void)state;
    dsc_remedy_without(&c, &out, "decay_all");
    assert_string_equal(out.flags, "--optimizer \"lookahead (sgd lr=1 decay_all) every=5\"");
    dsc_remedy_without(&c, &out, "every");
    assert_string_equal(out.flags, "--optimizer \"lookahead (sgd lr=1 decay_all) decay_all\"");
}

static void few_examples_make_a_wide_error_bar(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    h.c.plan.test = 16;
    h.epoch[EPOCHS - 1].test_accuracy = 0.875;
    const descent_finding found = healthy_judge(&dsc_finding_noisy_test_score, &h.c);
    assert_int_equal(found.severity, DESCENT_WARNING);
    assert_string_equal(
        found.evidence,
        "the test accuracy of 87.5 % is of 16 examples: its error bar is +- 17.9 %, "
        "and two models must differ by more to be told apart");
    assert_string_equal(found.remedy, "hold out more: 20 % of the 6416 examples");
    assert_string_equal(found.flags, "--test 0.2");

    h.c.plan.test = 50;
    assert_int_equal(healthy_judge(&dsc_finding_noisy_test_score, &h.c).severity, DESCENT_NOTE);
    h.c.plan.test = 60;
    assert_true(healthy_judge(&dsc_finding_noisy_test_score, &h.c).confidence == 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_test_loss_that_rises),
        cmocka_unit_test(noise_is_no_overfitting),
        cmocka_unit_test(a_gap_without_a_rise),
        cmocka_unit_test(a_network_that_is_too_small),
        cmocka_unit_test(a_linear_network_at_its_end),
        cmocka_unit_test(a_last_layer_that_reads_little),
        cmocka_unit_test(dropout_that_leaves_too_little),
        cmocka_unit_test(hidden_layers_get_wider),
        cmocka_unit_test(a_word_of_the_optimizer_is_taken_out),
        cmocka_unit_test(few_examples_make_a_wide_error_bar),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
