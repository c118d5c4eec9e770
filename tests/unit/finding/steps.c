/* steps.c - findings about how the steps go: each with a case that has it, and one that just has
 * not. */
#include "finding/steps.h"
#include "expect.h"

#include <math.h>

extern const dsc_finding dsc_finding_diverged, dsc_finding_learning_rate_too_high,
    dsc_finding_learning_rate_too_low, dsc_finding_schedule_decays_too_early,
    dsc_finding_no_decay_noise_floor, dsc_finding_missing_warmup, dsc_finding_momentum_too_high,
    dsc_finding_saddle_or_plateau, dsc_finding_ill_conditioned, dsc_finding_loss_spike;

static const dsc_finding *const all[] = {&dsc_finding_diverged,
                                         &dsc_finding_learning_rate_too_high,
                                         &dsc_finding_learning_rate_too_low,
                                         &dsc_finding_schedule_decays_too_early,
                                         &dsc_finding_no_decay_noise_floor,
                                         &dsc_finding_missing_warmup,
                                         &dsc_finding_momentum_too_high,
                                         &dsc_finding_saddle_or_plateau,
                                         &dsc_finding_ill_conditioned,
                                         &dsc_finding_loss_spike};

static void a_healthy_training_has_none(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        finds_nothing(all[i], &h.c);
}

static void a_loss_that_leaves_all_bounds(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    losses(&h, 0.5, 1, 2, 11.5);
    finds_nothing(&dsc_finding_diverged, &h.c);
    losses(&h, 0.9, 1, 20, 20);
    says(&dsc_finding_diverged, &h.c,
         "the loss rose from 2.4 to 20, 8.33 times what it was; above 5 times nothing is learned "
         "any more",
         "lower the learning rate from 0.001 to 0.0001", "--optimizer \"adam lr=0.0001\"");
    h.c.plan.lr = (double)NAN;
    h.c.plan.optimizer = "prodigy";
    assert_string_equal(healthy_judge(&dsc_finding_diverged, &h.c).flags,
                        "--optimizer \"prodigy clip_norm=1\"");
}

/* The loss jumps up at once; what comes after tells whose fault that is. */
static void too_high(healthy *h, double peak)
{
    healthy_make(h);
    h->c.plan.lr = 0.1;
    h->c.plan.optimizer = "adam lr=0.1";
    h->c.start.update_ratio = 0.6;
    losses(h, 0, 0.03, peak, peak);
}

static void a_learning_rate_that_is_too_high(void **state)
{
    healthy h;

    (void)state;
    too_high(&h, 12);
    says(&dsc_finding_learning_rate_too_high, &h.c,
         "after 0.4 % of the steps the loss was 12, 5 times that of the untrained network, 2.4; it "
         "ended at 0.0503; a loss should fall from the start",
         "lower the learning rate from 0.1 to 0.005", "--optimizer \"adam lr=0.005\"");
    too_high(&h, 3);
    finds_nothing(&dsc_finding_learning_rate_too_high, &h.c);
    /* a harder batch, and weights that cannot have moved */
    too_high(&h, 12);
    h.c.start.update_ratio = 0.0001;
    finds_nothing(&dsc_finding_learning_rate_too_high, &h.c);
    /* long steps, and nothing learned */
    too_high(&h, 2.3);
    losses(&h, 0, 1, 2.31, 2.3);
    finds(&dsc_finding_learning_rate_too_high, &h.c);
    assert_int_equal(healthy_judge(&dsc_finding_learning_rate_too_high, &h.c).severity,
                     DESCENT_FAILURE);
}

/* In the first steps, and the loss ended next to nothing: worth knowing, no more. */
static void a_jump_that_all_is_made_up_for(void **state)
{
    healthy h;

    (void)state;
    too_high(&h, 12);
    assert_int_equal(healthy_judge(&dsc_finding_learning_rate_too_high, &h.c).severity,
                     DESCENT_NOTE);
    h.c.plan.deep = 3; /* which a warm-up would have spared this network as well */
    finds(&dsc_finding_missing_warmup, &h.c);
    losses(&h, 0, 0.1, 3, 12);
    assert_int_equal(healthy_judge(&dsc_finding_learning_rate_too_high, &h.c).severity,
                     DESCENT_WARNING);
    losses(&h, 0.1, 1, 1, 0.5);
    finds_nothing(&dsc_finding_missing_warmup, &h.c);
}

static void long_steps_that_saturate(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    h.c.plan.lr = 0.05;
    h.c.plan.optimizer = "lion lr=0.05";
    h.c.start.update_ratio = 0.6;
    h.c.test_look.accuracy = 0.7;
    for (int i = 0; i < MOMENTS; i++)
        h.moment[i].saturation = 0.95;
    says(&dsc_finding_learning_rate_too_high, &h.c,
         "the first step is 0.6 as long as the weights, where 0.003 to 0.03 is usual; the loss "
         "ended at 0.0503, and 95 % of the units are at the ends of their range",
         "lower the learning rate from 0.05 to 0.003", "--optimizer \"lion lr=0.003\"");
    h.c.test_look.accuracy = 0.96; /* it learned all that there is */
    finds_nothing(&dsc_finding_learning_rate_too_high, &h.c);
    h.c.test_look.accuracy = 0.7;
    for (int i = 0; i < MOMENTS; i++)
        h.moment[i].saturation = 0.6;
    finds_nothing(&dsc_finding_learning_rate_too_high, &h.c);
}

static void a_loss_that_waits_for_the_schedule(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    losses(&h, 0, 0.6, 1.5, 1.5);
    losses(&h, 0.6, 1, 1.0, 0.1);
    finds(&dsc_finding_learning_rate_too_high, &h.c);
    losses(&h, 0, 0.6, 2.3, 0.5);
    finds_nothing(&dsc_finding_learning_rate_too_high, &h.c);
}

static void a_learning_rate_that_is_too_low(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    h.c.start.update_ratio = 0.0005;
    losses(&h, 0, 1, 2.4, 2.0);
    h.c.probe = (dsc_probe){.n = 200, .loss = {2.02, 2, 1.9, 1.7, 1.4, 1}, .longer = (double)NAN};
    says(&dsc_finding_learning_rate_too_low, &h.c,
         "on the way that the second half of the steps went, going on would lower the loss of 2 by "
         "71 % of all that is learned then; the first step is 0.0005 as long as the weights, where "
         "0.003 to 0.03 is usual",
         "raise the learning rate from 0.001 to 0.04; more epochs do the same, and take longer",
         "--optimizer \"adam lr=0.04\"");
    /* nothing is gained further on, and was of late */
    losses(&h, 0, 1, 2, 2);
    for (int p = DSC_PROBE_AHEAD; p < DSC_PROBE_POINTS; p++)
        h.c.probe.loss[p] = 1.99;
    finds_nothing(&dsc_finding_learning_rate_too_low, &h.c);
}

/* No look ahead tells that from noise, so the way itself does. */
static void weights_that_hardly_move(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    losses(&h, 0, 1, 2.3, 2.29);
    h.c.start.update_ratio = 0.00003;
    for (size_t i = 0; i < h.c.moments; i++)
        h.moment[i].distance = 0.1; /* of 20 */
    finds(&dsc_finding_learning_rate_too_low, &h.c);
    for (size_t i = 0; i < h.c.moments; i++)
        h.moment[i].distance = 0.7;
    finds_nothing(&dsc_finding_learning_rate_too_low, &h.c);
    for (size_t i = 0; i < h.c.moments; i++)
        h.moment[i].distance = 0.1;
    h.c.plan.adaptive = false; /* the gradient may be what is short */
    finds_nothing(&dsc_finding_learning_rate_too_low, &h.c);
}

/* A warm-up may begin with nothing: then the first step that moved tells, against the first
 * weights. */
static void a_first_step_of_no_length(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    h.c.start.update_ratio = 0;
    h.c.start.weight_norm = 5;
    h.c.plan.rule = "rmsprop";
    for (size_t i = 0; i < h.c.moments; i++)
        h.moment[i].lr = i == 0 ? 0.001 : 0.002;
    h.moment[0].update_ratio = 0.01;
    assert_float_equal(dsc_steps_first_update(&h.c, 0), 0.01 * 2 * 20 / 5, 1e-12);
    h.c.start.weight_norm = 0; /* unknown */
    assert_float_equal(dsc_steps_first_update(&h.c, 0), 0.01 * 2, 1e-12);
    h.c.plan.rule = "adamw"; /* whose first step moves every weight by lr */
    h.c.start.weight_norm = 5;
    h.c.plan.parameters = 900;
    assert_float_equal(dsc_steps_first_update(&h.c, 0), 0.002 * 30 / 5, 1e-12);
    h.c.plan.rule = "dadapt_adam"; /* lr is a factor there */
    assert_float_equal(dsc_steps_first_update(&h.c, 0), 0.01 * 2 * 20 / 5, 1e-12);
    h.c.start.update_ratio = (double)NAN;
    assert_true(isnan(dsc_steps_first_update(&h.c, 0)));
    h.c.start.update_ratio = 0.3;
    h.moment[0].lr = 0.002;
    assert_float_equal(dsc_steps_first_update(&h.c, 0), 0.3, 1e-12);
    h.c.plan.rule = "adagrad"; /* its steps soon are a tenth of the first */
    assert_float_equal(dsc_steps_first_update(&h.c, 0), 0.03, 1e-12);
}

static void directions_that_want_different_rates(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    h.c.plan.adaptive = false;
    h.c.plan.momentum = 0;
    h.c.plan.optimizer = "sgd lr=0.05";
    h.c.plan.lr = 0.05;
    losses(&h, 0.5, 1, 0.6, 0.5);
    h.c.probe = (dsc_probe){.n = 200, .loss = {0.5, 0.5, 0.4, 0.3, 0.2, 0.3}, .longer = 0.9};
    says(&dsc_finding_ill_conditioned, &h.c,
         "going on would lower the loss of 0.5 by 14 % of all that is learned then, but steps "
         "cannot be longer: one of four times the length against the gradient raises the loss to "
         "0.9",
         "add momentum, which gathers speed where gradients agree",
         "--optimizer \"sgd lr=0.05 momentum=0.9 nesterov=1\"");
    finds_nothing(&dsc_finding_learning_rate_too_low, &h.c);
    h.c.probe.longer = 0.45; /* they can be longer: the rate is too low */
    finds_nothing(&dsc_finding_ill_conditioned, &h.c);
    h.c.start.update_ratio = 0.001;
    finds(&dsc_finding_learning_rate_too_low, &h.c);
}

static void a_network_that_needs_warm_up(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    h.c.plan.deep = 12;
    h.c.start.update_ratio = 0.1;
    losses(&h, 0, 0.03, 5, 5);
    says(&dsc_finding_missing_warmup, &h.c,
         "the loss rose to 5, 2.1 times that of the untrained network, after 0.4 % of the steps, "
         "and was lower for good only after 3.4 %; it ended at 0.0503 with the same settings",
         "let the learning rate rise over the first tenth of the steps",
         "--schedule \"cosine warmup=100\"");
    finds_nothing(&dsc_finding_learning_rate_too_high, &h.c);
    h.c.plan.warmup = 100;
    finds_nothing(&dsc_finding_missing_warmup, &h.c);
    healthy_make(&h);
    h.c.plan.deep = 12;
    h.c.start.update_ratio = 0.1;
    losses(&h, 0, 0.03, 2.9, 2.9);
    finds_nothing(&dsc_finding_missing_warmup, &h.c);
}

static void steps_that_remember_too_much(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    h.c.plan.optimizer = "sgd lr=0.01 momentum=0.99";
    h.c.plan.adaptive = false;
    h.c.plan.lr = 0.01;
    h.c.plan.momentum = 0.99;
    losses(&h, 0, 0.2, 2.4, 0.5);
    losses(&h, 0.2, 0.4, 0.5, 3);
    losses(&h, 0.4, 1, 3, 1);
    says(&dsc_finding_momentum_too_high, &h.c,
         "momentum is 0.99: a step is the mean of the last 100 gradients, of 1000 steps in all; "
         "after 40 % of the steps the loss had risen by 1 times the first loss from where it had "
         "been; it should fall all the way",
         "lower momentum from 0.99 to 0.9", "--optimizer \"sgd lr=0.01 momentum=0.9\"");
    h.c.plan.momentum = 0.9;
    finds_nothing(&dsc_finding_momentum_too_high, &h.c);
    h.c.plan.momentum = 0.99;
    losses(&h, 0.2, 1, 0.5, 0.1);
    finds_nothing(&dsc_finding_momentum_too_high, &h.c);
}

static void a_loss_that_stands_still(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    losses(&h, 0, 1, 2.31, 2.3);
    h.c.plan.model = "linear 32, sigmoid, linear";
    says(&dsc_finding_saddle_or_plateau, &h.c,
         "over 100 % of the steps the loss stood at 2.31, where guessing has 2.303, and ended at "
         "2.3; the steps were long enough, and the mean of the gradients next to nothing",
         "take relu in the place of sigmoid, whose slope is 1/4 at most",
         "--model \"linear 32, relu, linear\"");
    h.c.plan.model = "linear 32, relu, linear";
    assert_string_equal(healthy_judge(&dsc_finding_saddle_or_plateau, &h.c).flags,
                        "--optimizer \"adam lr=0.003\"");
    losses(&h, 0.2, 1, 2.3, 0.5);
    finds_nothing(&dsc_finding_saddle_or_plateau, &h.c);
    losses(&h, 0, 1, 2.31, 2.3);
    h.c.start.update_ratio = 0.00001; /* it does not move at all */
    finds_nothing(&dsc_finding_saddle_or_plateau, &h.c);
}

static void a_loss_that_jumps_up_and_recovers(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    losses(&h, 0.5, 0.505, 3, 3);
    says(&dsc_finding_loss_spike, &h.c,
         "after 50 % of the steps the loss jumped from 0.057 to 3, 53 times as much, and came "
         "down to 0.0506 again; steps should not undo what earlier ones did",
         "shorten gradients above what is usual here: clip_norm=0.2",
         "--optimizer \"adam lr=0.001 clip_norm=0.2\"");
    assert_int_equal(healthy_judge(&dsc_finding_loss_spike, &h.c).severity, DESCENT_NOTE);
    h.c.train_look.accuracy = 0.5;
    assert_int_equal(healthy_judge(&dsc_finding_loss_spike, &h.c).severity, DESCENT_WARNING);
    for (int i = 48; i < 52; i++)
        h.moment[i].lr *= 20;
    assert_string_equal(healthy_judge(&dsc_finding_loss_spike, &h.c).flags, "--schedule cosine");
    losses(&h, 0.02, 1, 0.06, 0.05);
    losses(&h, 0.5, 0.505, 0.6, 0.6); /* less would be none without the jump of lr */
    assert_string_equal(healthy_judge(&dsc_finding_loss_spike, &h.c).flags, "--schedule cosine");
    h.moment[20].lr *= 20; /* it had been as high before, as when a schedule restarts */
    finds_nothing(&dsc_finding_loss_spike, &h.c);
    healthy_make(&h);
    losses(&h, 0.5, 0.501, 3, 3); /* one hard batch */
    finds_nothing(&dsc_finding_loss_spike, &h.c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_healthy_training_has_none),
        cmocka_unit_test(a_loss_that_leaves_all_bounds),
        cmocka_unit_test(a_learning_rate_that_is_too_high),
        cmocka_unit_test(a_jump_that_all_is_made_up_for),
        cmocka_unit_test(long_steps_that_saturate),
        cmocka_unit_test(a_loss_that_waits_for_the_schedule),
        cmocka_unit_test(a_learning_rate_that_is_too_low),
        cmocka_unit_test(weights_that_hardly_move),
        cmocka_unit_test(a_first_step_of_no_length),
        cmocka_unit_test(directions_that_want_different_rates),
        cmocka_unit_test(a_network_that_needs_warm_up),
        cmocka_unit_test(steps_that_remember_too_much),
        cmocka_unit_test(a_loss_that_stands_still),
        cmocka_unit_test(a_loss_that_jumps_up_and_recovers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
