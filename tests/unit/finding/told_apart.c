/* told_apart.c - what looks alike and is not: pairs of cases that one more fact tells apart. */
#include "expect.h"

extern const dsc_finding dsc_finding_label_noise, dsc_finding_train_test_leak,
    dsc_finding_constant_inputs, dsc_finding_ill_conditioned, dsc_finding_learning_rate_too_low,
    dsc_finding_diverged, dsc_finding_learning_rate_too_high, dsc_finding_loss_spike,
    dsc_finding_exploding_gradients, dsc_finding_constant_output, dsc_finding_decay_too_strong,
    dsc_finding_overfitting, dsc_finding_no_decay_noise_floor, dsc_finding_labels_misaligned,
    dsc_finding_underfitting, dsc_finding_saddle_or_plateau;

/* Neighbours say the same of both; a network is sure, and right, where classes do not overlap. */
static void wrong_labels_and_classes_that_overlap(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    h.c.data.neighbours_right = 0.67;
    h.c.data.neighbours_contradict = 0.045;
    h.c.data.neighbours_unanimous = 0.16;
    h.c.data.agreement_spread = 0.9;
    h.c.test_look.accuracy = 0.77;
    h.c.test_look.wrong_of_unsure = 0.34;
    h.c.test_look.wrong_of_sure = 0.2;
    finds(&dsc_finding_label_noise, &h.c);
    h.c.test_look.wrong_of_sure = 0.11;
    finds_nothing(&dsc_finding_label_noise, &h.c);
    h.c.test_look.sure = 30; /* too few to say */
    finds(&dsc_finding_label_noise, &h.c);
    h.c.test_look.n = 0; /* before the training */
    finds(&dsc_finding_label_noise, &h.c);
}

/* A column of a table that tells all was added by somebody; a step of a series was not. */
static void a_column_and_a_step_of_a_series(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    h.c.data.best_stump = 1;
    h.c.data.second_stump = 0.27;
    h.c.data.rest_right = 0.33;
    strcpy(h.c.data.best_stump_name, "t2");
    descent_finding found = healthy_judge(&dsc_finding_train_test_leak, &h.c);
    assert_true(found.confidence > 0.9);
    assert_int_equal(found.severity, DESCENT_WARNING);
    h.layer[0].kind = "gru";
    found = healthy_judge(&dsc_finding_train_test_leak, &h.c);
    assert_true(found.confidence < 0.5);
    assert_int_equal(found.severity, DESCENT_NOTE);
    h.layer[0].kind = "reshape";
    h.layer[0].weights = 0;
    h.layer[2].kind = "conv1d";
    assert_int_equal(healthy_judge(&dsc_finding_train_test_leak, &h.c).severity, DESCENT_NOTE);
}

/* Of few examples one feature is a little better than the next by chance. */
static void a_feature_that_tells_all_and_the_better_of_two(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    h.c.data.best_stump = 0.975;
    h.c.data.second_stump = 0.94;
    h.c.data.rest_right = 0.84;
    h.c.data.looked_at = 5000;
    finds(&dsc_finding_train_test_leak, &h.c);
    h.c.data.looked_at = 120;
    finds_nothing(&dsc_finding_train_test_leak, &h.c);
    h.c.data.best_stump = 1;
    finds(&dsc_finding_train_test_leak, &h.c);
}

/* The border of pictures that stand in a table is empty; half of the columns are no border. */
static void an_empty_border_and_empty_columns(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    h.c.plan.data = "flowers.csv";
    strcpy(h.c.data.constant_name, "p00");
    h.c.data.constant = h.c.data.constant_ground = 20;
    finds_nothing(&dsc_finding_constant_inputs, &h.c);
    h.c.data.constant = h.c.data.constant_ground = 41;
    says(&dsc_finding_constant_inputs, &h.c,
         "41 of 64 features never change in the training part ('p00' is the first); there should "
         "be none",
         "repair these columns, or leave them out", "--data \"flowers.csv ignore=constant\"");
    h.c.data.one_scale = true; /* and most of a picture may be border */
    finds_nothing(&dsc_finding_constant_inputs, &h.c);
}

static void make_bend(healthy *h)
{
    healthy_make(h);
    h->c.plan.adaptive = false;
    h->c.plan.rule = "sgd";
    h->c.plan.optimizer = "sgd lr=0.02";
    h->c.plan.lr = 0.02;
    h->c.plan.momentum = 0;
    h->c.data.condition = (double)NAN;
    for (int i = 0; i < MOMENTS; i++)
        h->moment[i].loss = 1.2;
    losses(h, 0, 1, 2.4, 1.0);
    for (int p = 0; p < DSC_PROBE_POINTS; p++)
        h->c.probe.loss[p] = 1.0 - 0.08 * (p > 1 ? p - 1 : 0);
    h->c.probe.longer = 1.3;
}

/* Features that spread alike make no ravine: then it is rather a saddle. */
static void a_ravine_and_a_saddle(void **state)
{
    healthy h;

    (void)state;
    make_bend(&h);
    finds(&dsc_finding_ill_conditioned, &h.c);
    h.c.data.condition = 400;
    finds(&dsc_finding_ill_conditioned, &h.c);
    h.c.data.condition = 1.2;
    finds_nothing(&dsc_finding_ill_conditioned, &h.c);
}

/* Steps a thousandth of the weights are short, whatever one batch's gradient says of longer ones.
 */
static void a_ravine_and_steps_that_are_short(void **state)
{
    healthy h;

    (void)state;
    make_bend(&h);
    h.c.start.update_ratio = 0.004;
    finds(&dsc_finding_ill_conditioned, &h.c);
    finds_nothing(&dsc_finding_learning_rate_too_low, &h.c);
    h.c.start.update_ratio = 0.001;
    finds_nothing(&dsc_finding_ill_conditioned, &h.c);
    finds(&dsc_finding_learning_rate_too_low, &h.c);
}

/* Right already, and next to nowhere sure: least squares know that all can be learned. */
static void labels_that_are_right_and_unsure(void **state)
{
    healthy h;

    (void)state;
    make_bend(&h);
    for (int p = 0; p < DSC_PROBE_POINTS; p++)
        h.c.probe.loss[p] = 2.0;
    h.c.data.condition = 13000;
    h.c.data.steepest = 5;
    h.c.data.line_right = 0.996;
    h.epoch[EPOCHS - 1].train_accuracy = 0.91;
    finds_nothing(&dsc_finding_ill_conditioned, &h.c);
    for (int i = 0; i < MOMENTS; i++)
        h.moment[i].loss = 0.9 * log(10.0);
    says(&dsc_finding_ill_conditioned, &h.c,
         "the second moments of the features differ 1.3e+04 times between directions; least "
         "squares get 99.6 % of the labels right, the training 91.0 %, and 0.9 of the loss of "
         "guessing is left",
         "take a rule that turns to the directions of the curvature: soap",
         "--optimizer \"soap lr=0.03\"");
}

/* What stood still for most of the run has its way ahead of it, whatever longer steps do. */
static void a_ravine_and_a_late_start(void **state)
{
    healthy h;

    (void)state;
    make_bend(&h);
    losses(&h, 0, 0.7, 2.31, 2.3);
    losses(&h, 0.7, 1, 2.3, 1.9);
    finds_nothing(&dsc_finding_ill_conditioned, &h.c);
    finds(&dsc_finding_saddle_or_plateau, &h.c);
    losses(&h, 0, 0.02, 700, 11); /* far above guessing: it came down, and goes on coming down */
    losses(&h, 0.02, 1, 11, 2);
    finds_nothing(&dsc_finding_saddle_or_plateau, &h.c);
}

/* Neighbours know nothing of pictures that differ in their light; what the network explains of five
 * hundred targets is no chance. */
static void targets_of_others_and_neighbours_who_do_not_know(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    h.c.plan.classifies = false;
    h.c.plan.outputs = 1;
    h.c.plan.test = 500;
    h.c.data.chance_loss = 1;
    h.c.data.neighbours_right = -0.014;
    h.c.data.target_unit = 1;
    h.epoch[EPOCHS - 1].test_rmse = sqrt(1.0 - 0.03);
    finds(&dsc_finding_labels_misaligned, &h.c);
    h.epoch[EPOCHS - 1].test_rmse = sqrt(1.0 - 0.06);
    finds_nothing(&dsc_finding_labels_misaligned, &h.c);
}

/* A network without a hidden activation can do little; one that does nothing has another trouble.
 */
static void too_small_and_stuck(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    h.c.plan.model = "linear 24, linear";
    h.layer[1].units = h.layer[1].channels = 0;
    h.c.data.linear_right = (double)NAN;
    h.epoch[EPOCHS - 1].train_accuracy = h.epoch[EPOCHS - 1].test_accuracy = 0.3;
    for (int i = 0; i < MOMENTS; i++)
        h.moment[i].loss = 0.9 * log(10.0);
    const double sure = healthy_judge(&dsc_finding_underfitting, &h.c).confidence;
    assert_true(sure > 0.9);
    for (int i = 0; i < MOMENTS; i++)
        h.moment[i].loss = log(10.0);
    assert_true(healthy_judge(&dsc_finding_underfitting, &h.c).confidence < 0.6 * sure);
}

static void make_dead(healthy *h)
{
    healthy_make(h);
    losses(h, 0, 0.03, 2.4, 600);
    losses(h, 0.03, 1, 2.3, 2.3);
    for (int i = 0; i < MOMENTS; i++)
        h->moment[i].loss = 2.3;
}

/* All units died, so that the training part gives the loss of guessing; the test part does not. */
static void dead_and_diverged(void **state)
{
    healthy h;

    (void)state;
    make_dead(&h);
    h.epoch[EPOCHS - 1].test_loss = 2.3;
    finds_nothing(&dsc_finding_diverged, &h.c);
    h.epoch[EPOCHS - 1].test_loss = 3.2e7;
    const descent_finding found = healthy_judge(&dsc_finding_diverged, &h.c);
    assert_int_equal(found.severity, DESCENT_FAILURE);
    assert_non_null(strstr(found.evidence, "and is 3.2e+07 on the test part; above 10000 times the "
                                           "first all is lost"));
}

/* The mean of weights that went far away is no better place. */
static void a_floor_of_noise_and_no_floor(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    for (int i = 0; i < MOMENTS; i++)
        h.moment[i].lr = 0.001;
    h.c.probe.loss[DSC_PROBE_LAST] = 0.09;
    h.c.probe.test_last = 0.14;
    finds(&dsc_finding_no_decay_noise_floor, &h.c);
    losses(&h, 0.5, 1, 1e3, 1e9);
    finds_nothing(&dsc_finding_no_decay_noise_floor, &h.c);
}

static void make_saturated(healthy *h)
{
    healthy_make(h);
    h->c.plan.classifies = false;
    h->c.plan.outputs = 1;
    h->c.plan.rule = "lion";
    h->c.plan.optimizer = "lion lr=0.05";
    h->c.plan.lr = 0.05;
    h->c.start.update_ratio = 0.35;
    losses(h, 0, 0.01, 2.4, 6);
    for (int i = 0; i < MOMENTS; i++)
        h->moment[i].saturation = 0.98;
    h->c.data.target_unit = 1;
    h->epoch[EPOCHS - 1].test_rmse = 0.2; /* 96 % of the variance */
}

/* Nearly all is learned; but units are at the ends of their range, and neighbours do far better. */
static void learned_and_far_behind(void **state)
{
    healthy h;

    (void)state;
    make_saturated(&h);
    h.c.data.neighbours_right = 0.95;
    const double sure = healthy_judge(&dsc_finding_learning_rate_too_high, &h.c).confidence;
    h.c.data.neighbours_right = 0.99;
    const descent_finding found = healthy_judge(&dsc_finding_learning_rate_too_high, &h.c);
    assert_true(found.confidence > sure + 0.1);
    assert_non_null(strstr(found.evidence, "98 % of the units are at the ends of their range"));
}

/* Two lines of the log have the same learning rate, and steps between them had forty times that. */
static void a_hard_batch_and_a_jump_of_the_schedule(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    for (int i = 0; i < MOMENTS; i++)
        h.moment[i].lr = h.moment[i].lr_high = 0.001;
    losses(&h, 0, 0.5, 2.4, 1.9); /* as of a text, which is never known much better */
    losses(&h, 0.5, 0.51, 3.2, 3.2);
    losses(&h, 0.51, 1, 2, 1.9);
    finds_nothing(&dsc_finding_loss_spike, &h.c);
    h.moment[50].lr_high = 0.04;
    const descent_finding found = healthy_judge(&dsc_finding_loss_spike, &h.c);
    assert_true(found.confidence > 0.8);
    assert_string_equal(found.cause, "the schedule made the learning rate 40 times as high there");
    assert_string_equal(found.flags, "--schedule cosine");
}

/* A state that grows is held back by tanh; where the first gradient is long, it was not. */
static void a_state_that_grows_and_one_held_back(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    h.c.plan.model = "rnn 32 last nonlinearity=relu gain=3, linear";
    h.c.plan.recurrent_steps = 24;
    h.c.start.recurrent_growth = 1.74;
    finds_nothing(&dsc_finding_exploding_gradients, &h.c);
    h.start_layer[0].grad_norm = 88;
    says(&dsc_finding_exploding_gradients, &h.c,
         "each of the 24 steps of the sequence may lengthen the gradient 1.74 times; above 1.4 "
         "times it explodes; at the first step a layer's gradient is 88 long, the loss ended at "
         "0.05 of 2.4",
         "leave the first weights to the model, which keep the length of a state below 1",
         "--model \"rnn 32 last nonlinearity=relu, linear\"");
}

/* Training came out well in spite of long gradients; or it did not: the test part says so. */
static void made_up_for_and_not(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    h.c.plan.model = "repeat 9 (linear 128, relu), linear";
    h.c.plan.deep = 10;
    for (int k = 0; k < LAYERS; k += 2)
        h.start_layer[k].grad_norm = 988;
    assert_int_equal(healthy_judge(&dsc_finding_exploding_gradients, &h.c).severity, DESCENT_NOTE);
    h.c.test_look.loss = 8.8; /* guessing has 2.3 */
    assert_int_equal(healthy_judge(&dsc_finding_exploding_gradients, &h.c).severity,
                     DESCENT_WARNING);
}

/* The loss itself asks for the same output of every example. */
static void labels_that_are_smoothed_away(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    h.c.plan.loss = "cross_entropy smoothing=0.1";
    finds_nothing(&dsc_finding_constant_output, &h.c);
    h.c.plan.loss = "cross_entropy smoothing=1";
    says(&dsc_finding_constant_output, &h.c,
         "the loss smooths labels by more than 0.9; 0.1 is usual", "smooth less, or not at all",
         "--loss cross_entropy");
}

/* Little is left of the loss; but decay takes all within an epoch. */
static void a_little_left_and_an_epoch_forgotten(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    h.c.plan.optimizer = "adamw lr=0.001 weight_decay=5";
    h.c.plan.weight_decay = 5;
    for (int i = 0; i < MOMENTS; i++) {
        h.moment[i].decay_share = 0.6;
        h.moment[i].loss = 0.04 * log(10.0);
    }
    finds_nothing(&dsc_finding_decay_too_strong, &h.c);
    h.c.plan.weight_decay = 20;
    finds(&dsc_finding_decay_too_strong, &h.c);
    h.c.plan.l2_decay = true; /* the gradient's size is divided out of it */
    finds_nothing(&dsc_finding_decay_too_strong, &h.c);
}

/* A text's examples are many labels each, and what comes next is never known for certain. */
static void a_text_known_by_heart(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    h.c.plan.classifies = false;
    h.c.plan.text = true;
    h.c.plan.test = 25;
    h.c.plan.positions = 16;
    for (int i = 0; i < EPOCHS; i++)
        h.epoch[i].test_loss = 2.4;
    h.epoch[EPOCHS - 1].train_loss = 0.7;
    h.epoch[EPOCHS - 1].train_accuracy = 0.8;
    h.epoch[EPOCHS - 1].test_accuracy = 0.4;
    finds(&dsc_finding_overfitting, &h.c);
    h.epoch[EPOCHS - 1].train_accuracy = 0.6;
    finds_nothing(&dsc_finding_overfitting, &h.c);
    h.epoch[EPOCHS - 1].train_accuracy = 0.8;
    h.c.plan.positions = 1; /* so few labels say little */
    finds_nothing(&dsc_finding_overfitting, &h.c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_labels_and_classes_that_overlap),
        cmocka_unit_test(a_column_and_a_step_of_a_series),
        cmocka_unit_test(a_feature_that_tells_all_and_the_better_of_two),
        cmocka_unit_test(an_empty_border_and_empty_columns),
        cmocka_unit_test(a_ravine_and_a_saddle),
        cmocka_unit_test(a_ravine_and_steps_that_are_short),
        cmocka_unit_test(labels_that_are_right_and_unsure),
        cmocka_unit_test(a_ravine_and_a_late_start),
        cmocka_unit_test(targets_of_others_and_neighbours_who_do_not_know),
        cmocka_unit_test(too_small_and_stuck),
        cmocka_unit_test(dead_and_diverged),
        cmocka_unit_test(a_floor_of_noise_and_no_floor),
        cmocka_unit_test(learned_and_far_behind),
        cmocka_unit_test(a_hard_batch_and_a_jump_of_the_schedule),
        cmocka_unit_test(a_state_that_grows_and_one_held_back),
        cmocka_unit_test(made_up_for_and_not),
        cmocka_unit_test(labels_that_are_smoothed_away),
        cmocka_unit_test(a_little_left_and_an_epoch_forgotten),
        cmocka_unit_test(a_text_known_by_heart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
