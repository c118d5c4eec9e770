/* hindered.c - trainings that are hindered by what lies outside their steps: features that are
 * nearly the same, depth, an op that overflows, a jump of the schedule. */
#include "expect.h"

extern const dsc_finding dsc_finding_ill_conditioned, dsc_finding_missing_warmup,
    dsc_finding_non_finite_source, dsc_finding_loss_spike, dsc_finding_learning_rate_too_high,
    dsc_finding_schedule_decays_too_early, dsc_finding_momentum_too_high, dsc_finding_underfitting,
    dsc_finding_saturated_units, dsc_finding_dead_units, dsc_finding_saddle_or_plateau;

/* Plain descent at the highest rate that features take which are nearly the same. */
static void make_near_alike(healthy *h)
{
    healthy_make(h);
    h->c.plan.adaptive = false;
    h->c.plan.rule = "sgd";
    h->c.plan.optimizer = "sgd lr=0.05";
    h->c.plan.lr = 0.05;
    h->c.plan.momentum = 0;
    h->c.data.steepest = 4;
    h->c.data.condition = 500;
}

static void features_that_are_nearly_the_same(void **state)
{
    healthy h;

    (void)state;
    make_near_alike(&h);
    h.c.plan.classifies = false;
    h.c.plan.loss = h.c.plan.loss_name = "mse";
    h.c.data.line_loss = 0.14;
    for (int p = 0; p < DSC_PROBE_POINTS; p++)
        h.c.probe.loss[p] = 0.4;
    h.epoch[EPOCHS - 1].train_loss = 0.4;
    says(&dsc_finding_ill_conditioned, &h.c,
         "the second moments of the features differ 500 times between directions; least squares "
         "leave 0.14 of the target, the training 0.4",
         "add momentum, which gathers speed where gradients agree",
         "--optimizer \"sgd lr=0.05 momentum=0.9 nesterov=1\"");
    h.c.data.condition = 25;
    finds_nothing(&dsc_finding_ill_conditioned, &h.c);
    h.c.data.condition = 500;
    h.c.data.line_loss = 0.38; /* no more than that can be had by a line */
    finds_nothing(&dsc_finding_ill_conditioned, &h.c);
    h.c.data.line_loss = 0.14;
    h.c.data.steepest = 0.4; /* steps could be longer */
    finds_nothing(&dsc_finding_ill_conditioned, &h.c);
    h.c.data.steepest = 4;
    h.epoch[EPOCHS - 1].train_loss = 0.14; /* the examples of the probe are odd ones */
    finds_nothing(&dsc_finding_ill_conditioned, &h.c);
}

/* What least squares leave of classes nobody knows: neighbours tell them apart. */
static void classes_of_features_that_are_nearly_the_same(void **state)
{
    healthy h;

    (void)state;
    make_near_alike(&h);
    h.epoch[EPOCHS - 1].train_accuracy = 0.6;
    says(
        &dsc_finding_ill_conditioned, &h.c,
        "the second moments of the features differ 500 times between directions; nearest "
        "neighbours get 97.0 % of the labels right, the training 60.0 %, and 0.0217 of the loss of "
        "guessing is left",
        "add momentum, which gathers speed where gradients agree",
        "--optimizer \"sgd lr=0.05 momentum=0.9 nesterov=1\"");
    h.c.data.neighbours_right = 0.6; /* they see what is nearly the same as well */
    finds_nothing(&dsc_finding_ill_conditioned, &h.c);
    h.c.data.line_right = 0.9;
    says(&dsc_finding_ill_conditioned, &h.c,
         "the second moments of the features differ 500 times between directions; least squares "
         "get 90.0 % of the labels right, the training 60.0 %, and 0.0217 of the loss of guessing "
         "is "
         "left",
         "add momentum, which gathers speed where gradients agree",
         "--optimizer \"sgd lr=0.05 momentum=0.9 nesterov=1\"");
    h.c.data.one_scale = true; /* pixels beside each other are always nearly the same */
    finds_nothing(&dsc_finding_ill_conditioned, &h.c);
    h.c.data.one_scale = false;
    h.epoch[EPOCHS - 1].train_accuracy = 0.9;
    finds_nothing(&dsc_finding_ill_conditioned, &h.c);
}

static void a_deep_network_that_is_thrown_off(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    h.c.plan.model =
        "linear 64, repeat 6 (residual (linear 64, relu, linear 64), layer_norm), linear";
    h.c.plan.deep = 14;
    h.c.plan.layer_norms = 6;
    h.c.plan.schedule = "cosine";
    h.c.plan.steps = 500;
    h.c.start.update_ratio = 0.1;
    losses(&h, 0, 1, 2.31, 2.31);
    says(&dsc_finding_missing_warmup, &h.c,
         "the first step is 0.1 as long as the weights, with 14 layers of weights one behind the "
         "other; the loss ended at 2.31, where guessing has 2.3",
         "let the learning rate rise over the first tenth of the steps",
         "--schedule \"cosine warmup=50\"");
    finds_nothing(&dsc_finding_learning_rate_too_high, &h.c);
    h.c.plan.warmup = 50; /* it has one: the rate is too high with that as well */
    finds_nothing(&dsc_finding_missing_warmup, &h.c);
    says(&dsc_finding_learning_rate_too_high, &h.c,
         "the first step is 0.1 as long as the weights, where 0.003 to 0.03 is usual; the loss "
         "ended at 2.31",
         "lower the learning rate from 0.001 to 0.0003", "--optimizer \"adam lr=0.0003\"");
    h.c.plan.warmup = 0;
    h.c.plan.deep = 4;
    finds_nothing(&dsc_finding_missing_warmup, &h.c);
    h.c.plan.deep = 14;
    h.c.start.update_ratio = 0.005;
    finds_nothing(&dsc_finding_missing_warmup, &h.c);
}

/* How often each character is, which it soon knows, and not what comes behind which. */
static void a_text_of_which_nothing_else_is_learned(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    h.c.plan.text = true;
    h.c.plan.classifies = false;
    h.c.plan.outputs = 59;
    h.c.data = (dsc_audit){.chance_loss = 3.28};
    losses(&h, 0, 0.05, 4.1, 3.3);
    losses(&h, 0.05, 1, 3.3, 3.28);
    const descent_finding f = healthy_judge(&dsc_finding_saddle_or_plateau, &h.c);
    assert_int_equal(f.severity, DESCENT_FAILURE);
    assert_string_equal(f.evidence,
                        "over 95 % of the steps the loss stood at 3.299, where guessing has 3.28, "
                        "and ended at 3.281; the steps were long enough, and the mean of the "
                        "gradients next to nothing");
    losses(&h, 0.1, 1, 3.0, 2.9);
    finds_nothing(&dsc_finding_saddle_or_plateau, &h.c);
    losses(&h, 0, 1, 3.6, 3.5); /* it is on its way there */
    finds_nothing(&dsc_finding_saddle_or_plateau, &h.c);
}

static void an_op_that_overflows(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    for (int i = 0; i < MOMENTS; i++)
        h.moment[i].loss = 500; /* it grew before, which mostly is the learning rate */
    h.c.gave_up = true;
    h.c.not_finite = (dsc_not_finite){
        .step = 90, .layer = "loss", .op = "linear", .what = "inf", .low = -2, .high = 120};
    assert_true(healthy_judge(&dsc_finding_non_finite_source, &h.c).confidence < 0.5);
    strcpy(h.c.not_finite.op, "poisson_nll");
    assert_true(healthy_judge(&dsc_finding_non_finite_source, &h.c).confidence > 0.9);
    strcpy(h.c.not_finite.op, "linear");
    h.c.data.largest_magnitude = 1e30;
    const descent_finding huge = healthy_judge(&dsc_finding_non_finite_source, &h.c);
    assert_true(huge.confidence == 1);
    assert_string_equal(huge.cause, "numbers of the data are so large that products of them leave "
                                    "the range of a float");
}

/* From 60 to 65 % of the steps the schedule has twenty times the learning rate. */
static void jump(healthy *h)
{
    for (int i = 0; i < MOMENTS; i++) {
        const double share = (i + 1.0) / MOMENTS;
        h->moment[i].lr = share > 0.6 && share <= 0.65 ? 0.02 : 0.001;
    }
}

static void a_jump_is_no_high_rate_and_no_early_decay(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    jump(&h);
    losses(&h, 0, 0.6, 2.4, 0.5);
    losses(&h, 0.6, 0.63, 9, 9);
    losses(&h, 0.63, 1, 0.9, 0.5);
    assert_true(healthy_judge(&dsc_finding_loss_spike, &h.c).confidence > 0.9);
    finds_nothing(&dsc_finding_learning_rate_too_high, &h.c);
    finds_nothing(&dsc_finding_schedule_decays_too_early, &h.c);
    losses(&h, 0.606, 0.61, 5, 9); /* its first steps are not what was usual before */
    losses(&h, 0.61, 0.63, 9, 7);
    assert_true(healthy_judge(&dsc_finding_loss_spike, &h.c).confidence > 0.9);
}

static void adan_remembers_much_by_design(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    losses(&h, 0, 0.4, 2.4, 0.5);
    losses(&h, 0.4, 0.8, 0.5, 2);
    h.c.plan.beta1 = 0.98;
    h.c.plan.rule = "adam";
    finds(&dsc_finding_momentum_too_high, &h.c);
    h.c.plan.rule = "adan";
    finds_nothing(&dsc_finding_momentum_too_high, &h.c);
}

/* qhm's momentum is 0.999 by default: the rest of a step is g itself. */
static void a_mean_of_more_steps_than_there_are(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    losses(&h, 0, 0.4, 2.4, 0.5);
    losses(&h, 0.4, 0.5, 0.5, 0.6);
    h.c.plan.beta1 = 0.999;
    h.c.plan.steps = 1000;
    says(&dsc_finding_momentum_too_high, &h.c,
         "beta1 is 0.999: a step is the mean of the last 1000 gradients, of 1000 steps in all; "
         "after 50 % of the steps the loss had risen by 0.04 times the first loss from where it "
         "had been; it should fall all the way",
         "lower beta1 from 0.999 to 0.9", "--optimizer \"adam lr=0.001 beta1=0.9\"");
    h.c.plan.steps = 10000;
    finds_nothing(&dsc_finding_momentum_too_high, &h.c);
    losses(&h, 0.4, 1, 0.5, 0.3); /* the loss may fall all the way, slowly */
    finds_nothing(&dsc_finding_momentum_too_high, &h.c);
    h.c.plan.steps = 500;
    says(&dsc_finding_momentum_too_high, &h.c,
         "beta1 is 0.999: a step is the mean of the last 1000 gradients, and there are only 500 "
         "steps in all",
         "lower beta1 from 0.999 to 0.9", "--optimizer \"adam lr=0.001 beta1=0.9\"");
    h.c.plan.steps = 1000;
    h.c.plan.rule = "qhadam";
    finds_nothing(&dsc_finding_momentum_too_high, &h.c);
}

/* Two units are too few for all but the plainest data, also while the loss still falls. */
static void next_to_no_units(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    for (int i = 0; i < EPOCHS; i++)
        h.epoch[i].train_accuracy = h.epoch[i].test_accuracy = 0.6;
    for (int i = 0; i < MOMENTS; i++)
        h.moment[i].loss = 1.6 - 0.5 * i / MOMENTS;
    h.c.data.neighbours_right = 0.7;
    h.c.plan.model = "linear 2, relu, linear";
    h.layer[1].units = h.layer[1].channels = 2;
    finds(&dsc_finding_underfitting, &h.c);
    h.c.data.neighbours_right = 0.64; /* hardly better: what is left of the loss tells */
    says(&dsc_finding_underfitting, &h.c,
         "a layer has 2 units, through which all must pass; the accuracy of training is 60.0 %, of "
         "the test part 60.0 %, and 0.49 of the loss of guessing is left",
         "take a larger network: four times the units, and a hidden layer at least",
         "--model \"linear 32, relu, linear\"");
    h.c.data.neighbours_right = 0.45; /* worse: labels may be the limit */
    finds_nothing(&dsc_finding_underfitting, &h.c);
    h.c.data.neighbours_right = 0.64;
    for (int i = 0; i < MOMENTS; i++)
        h.moment[i].loss = 0.3;
    finds_nothing(&dsc_finding_underfitting, &h.c);
    for (int i = 0; i < MOMENTS; i++)
        h.moment[i].loss = 1.6 - 0.5 * i / MOMENTS;
    h.c.data.neighbours_right = 0.7;
    h.layer[1].units = h.layer[1].channels = 5;
    finds_nothing(&dsc_finding_underfitting, &h.c);
}

/* Gates are seen by no instrument: their first weights tell. */
static void gates_that_are_shut(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    h.c.plan.model = "reshape 32x2, lstm 16 last gain=20, linear";
    h.c.start.gate_spread = 12;
    finds_nothing(&dsc_finding_saturated_units, &h.c); /* it learned with them */
    h.c.train_look.accuracy = 0.3;
    says(&dsc_finding_saturated_units, &h.c,
         "what goes into the gates of the recurrent layer spreads by 12 before the first step; "
         "beyond 3.7 a gate is at an end of its range, and above 6 most are",
         "smaller first weights: leave them to the model",
         "--model \"reshape 32x2, lstm 16 last, linear\"");
    h.c.start.gate_spread = 5;
    finds_nothing(&dsc_finding_saturated_units, &h.c);
}

/* The norm of one unit is a constant: neither dead units nor vanishing gradients are the cause. */
static void a_norm_that_leaves_nothing(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    h.layer[1].silent = 1;
    finds(&dsc_finding_dead_units, &h.c);
    h.c.plan.model = "linear 8, relu, linear 1, layer_norm, relu, linear";
    finds(&dsc_finding_dead_units, &h.c); /* its outputs still differ */
    h.c.train_look.output_deviation = 1e-9;
    finds_nothing(&dsc_finding_dead_units, &h.c);
    h.c.plan.model = "conv 8 3x3, instance_norm,global_avg_pool, linear";
    finds_nothing(&dsc_finding_dead_units, &h.c);
    h.c.plan.model = "linear 9, layer_norm, reshape 1x9, flatten, reshape 1x9, global_avg_pool";
    finds_nothing(&dsc_finding_dead_units, &h.c);
    h.c.plan.model = "conv 8 3x3, instance_norm, relu, global_avg_pool, linear";
    finds(&dsc_finding_dead_units, &h.c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(features_that_are_nearly_the_same),
        cmocka_unit_test(classes_of_features_that_are_nearly_the_same),
        cmocka_unit_test(a_deep_network_that_is_thrown_off),
        cmocka_unit_test(a_text_of_which_nothing_else_is_learned),
        cmocka_unit_test(an_op_that_overflows),
        cmocka_unit_test(a_jump_is_no_high_rate_and_no_early_decay),
        cmocka_unit_test(adan_remembers_much_by_design),
        cmocka_unit_test(a_mean_of_more_steps_than_there_are),
        cmocka_unit_test(next_to_no_units),
        cmocka_unit_test(gates_that_are_shut),
        cmocka_unit_test(a_norm_that_leaves_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
