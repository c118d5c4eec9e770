/* units.c - findings about units, frozen layers, batch_norm and outputs that do not change. */
#include "healthy.h"

extern const dsc_finding dsc_finding_saturated_units, dsc_finding_dead_units,
    dsc_finding_frozen_parameters, dsc_finding_batch_norm_mismatch, dsc_finding_constant_output;

static void assert_none(const dsc_finding *finding, const dsc_case *c)
{
    assert_true(healthy_judge(finding, c).confidence == 0);
}

/* The trained network knows nothing. */
static void unlearn(healthy *h)
{
    h->c.train_look.accuracy = 0.1;
    h->c.train_look.loss = 2.3;
}

static void units_that_are_saturated_from_the_start(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    h.layer[1] = (dsc_layer_facts){.name = "1 tanh", .kind = "tanh", .units = 128, .channels = 128};
    h.c.plan.model = "linear 128, tanh, linear";
    h.start_layer[1].saturation = 0.6;
    for (int i = 0; i < MOMENTS; i++)
        h.moment[i].saturation = 0.5;
    const descent_finding f = healthy_judge(&dsc_finding_saturated_units, &h.c);
    assert_true(f.confidence > 0.7);
    assert_string_equal(f.evidence,
                        "60 % of the outputs of '1 tanh' are at the ends of their range before the "
                        "first step (in the second half of the run 50 %, all layers); it should be "
                        "less than 30 %");
    assert_string_equal(f.flags, "--model \"linear 128, relu, linear\"");
    h.c.plan.standardizes = false;
    assert_string_equal(healthy_judge(&dsc_finding_saturated_units, &h.c).flags,
                        "--standardize yes");
    h.start_layer[1].saturation = 0.2;
    assert_none(&dsc_finding_saturated_units, &h.c);
}

static void units_that_saturate_later(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    for (int i = 0; i < MOMENTS; i++)
        h.moment[i].saturation = 0.8;
    assert_none(&dsc_finding_saturated_units, &h.c); /* it learned all the same */
    unlearn(&h);
    assert_string_equal(healthy_judge(&dsc_finding_saturated_units, &h.c).evidence,
                        "80 % of the outputs of tanh or sigmoid layers are at the ends of their "
                        "range in the second half of the run; it should be less than 50 %");
}

static void units_that_died(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    h.layer[1].silent = 0.9;
    h.layer[1].silent_at_start = 0.02;
    assert_int_equal(healthy_judge(&dsc_finding_dead_units, &h.c).severity, DESCENT_NOTE);
    unlearn(&h);
    const descent_finding f = healthy_judge(&dsc_finding_dead_units, &h.c);
    assert_true(f.confidence > 0.85);
    assert_int_equal(f.severity, DESCENT_WARNING);
    assert_string_equal(
        f.evidence, "90 % of the units of '1 relu' are 0 for every example of the training part "
                    "(2 % before the first step); above 40 % a layer is crippled");
    assert_string_equal(f.cause, "long steps pushed their weights to where they are never above 0; "
                                 "a relu that is 0 gets no gradient and stays there");
    assert_string_equal(f.remedy, "lower the learning rate from 0.001 to 0.0001, and take "
                                  "leaky_relu, which lets a gradient through below 0");
    assert_string_equal(
        f.flags, "--optimizer \"adam lr=0.0001\" --model \"linear 128, leaky_relu, linear\"");
    h.layer[1].silent_at_start = 0.8;
    assert_string_equal(healthy_judge(&dsc_finding_dead_units, &h.c).flags,
                        "--model \"linear 128, leaky_relu, linear\"");
    h.layer[1].silent = 0.35;
    assert_none(&dsc_finding_dead_units, &h.c);
}

static void a_layer_that_is_frozen(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    h.layer[0].frozen = true;
    const descent_finding f = healthy_judge(&dsc_finding_frozen_parameters, &h.c);
    assert_true(f.confidence > 0.9);
    assert_string_equal(f.evidence, "layer '0 linear' is frozen: 8320 weights stay as they were "
                                    "drawn, of 101770 in all");
    assert_string_equal(f.cause, "a group of the recipe freezes it; that helps only where its "
                                 "weights come from an earlier training");
    assert_string_equal(f.remedy, "let it learn: frozen=no for its group");
    assert_string_equal(f.flags, "--group \"0.* frozen=no\"");
}

static void a_layer_with_next_to_no_learning_rate(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    h.c.plan.layer_decay = 0.01;
    h.layer[0].rate = 2e-3;
    assert_none(&dsc_finding_frozen_parameters, &h.c);
    h.layer[0].rate = 4e-6;
    h.c.plan.optimizer = "adam layer_decay=0.002";
    const descent_finding f = healthy_judge(&dsc_finding_frozen_parameters, &h.c);
    assert_string_equal(f.evidence, "layer '0 linear' has 4e-06 of the learning rate that others "
                                    "have: its 8320 weights stay about where they were drawn; it "
                                    "should be 0.001 at least");
    assert_string_equal(f.cause, "layer_decay takes it from layer to layer; that helps only where "
                                 "its weights come from an earlier training");
    assert_string_equal(f.remedy, "one learning rate for all layers");
    assert_string_equal(f.flags, "--optimizer \"adam layer_decay=1\"");
    h.c.plan.layer_decay = 1;
    h.layer[0].rate = 0;
    assert_string_equal(healthy_judge(&dsc_finding_frozen_parameters, &h.c).flags,
                        "--group \"0.* lr=0.001\"");
}

static void a_layer_that_never_moves(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    for (int i = 0; i < MOMENTS; i++)
        h.layer_moment[i * LAYERS].distance = 0;
    const descent_finding f = healthy_judge(&dsc_finding_frozen_parameters, &h.c);
    assert_string_equal(f.evidence, "layer '0 linear' has gradients, but its 8320 weights are "
                                    "where they were drawn: their steps are 0 in all");
    assert_string_equal(f.flags, "--group \"0.* lr=0.001\"");
    h.c.plan.lr = 0;
    assert_string_equal(healthy_judge(&dsc_finding_frozen_parameters, &h.c).flags,
                        "--optimizer \"adam lr=0.001\"");
}

static void a_layer_without_a_gradient(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    for (int i = 0; i < MOMENTS; i++)
        h.layer_moment[i * LAYERS].grad_norm = 0;
    const descent_finding f = healthy_judge(&dsc_finding_frozen_parameters, &h.c);
    assert_string_equal(f.evidence, "the gradient of layer '0 linear' was exactly 0 whenever it "
                                    "was measured; it should never be");
    h.layer_moment[7 * LAYERS].grad_norm = 1e-9;
    assert_none(&dsc_finding_frozen_parameters, &h.c);
}

static void running_statistics_that_lag(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    h.c.plan.batch_norms = 1;
    h.c.plan.model = "linear 128, batch_norm momentum=0.01, relu, linear";
    assert_none(&dsc_finding_batch_norm_mismatch, &h.c);
    h.c.norm = (dsc_norm){.n = 512, .running = 0.08, .batch = 0.06, .afresh = 0.06, .numbers = 64};
    assert_none(&dsc_finding_batch_norm_mismatch, &h.c);
    h.c.norm.running = 0.9;
    const descent_finding f = healthy_judge(&dsc_finding_batch_norm_mismatch, &h.c);
    assert_true(f.confidence > 0.9);
    assert_string_equal(f.evidence,
                        "on training examples the loss is 0.9 when the network predicts, but 0.06 "
                        "with batch_norm's statistics measured afresh at the same weights; they "
                        "should be alike within a factor of 1.2");
    assert_string_equal(f.cause, "the running statistics of batch_norm lag behind those of the "
                                 "batches that it learned with");
    assert_string_equal(f.remedy, "leave the momentum of the running statistics at 0.1");
    assert_string_equal(f.flags, "--model \"linear 128, batch_norm, relu, linear\"");
}

/* Of the first statistics the running ones still hold (1 - momentum)^steps. */
static void running_statistics_that_are_old(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    h.c.plan.batch_norms = 2;
    h.c.plan.steps = 1000;
    h.c.plan.model = "linear 128, batch_norm, relu, linear 64, batch_norm eps=0.001 "
                     "momentum=0.001, relu, linear";
    h.c.norm = (dsc_norm){.n = 64, .running = 0.6, .batch = 0.5, .afresh = 0.5, .numbers = 64};
    const descent_finding f = healthy_judge(&dsc_finding_batch_norm_mismatch, &h.c);
    assert_true(f.confidence > 0.6);
    assert_string_equal(f.evidence,
                        "on training examples the loss is 0.6 when the network predicts, but 0.5 "
                        "with batch_norm's statistics measured afresh at the same weights; they "
                        "should be alike within a factor of 1.05");
    assert_string_equal(f.cause,
                        "37 % of batch_norm's running statistics are still those of before "
                        "the first step: its momentum is too small for so few steps");
    h.c.plan.steps = 5000;
    assert_none(&dsc_finding_batch_norm_mismatch, &h.c);
}

static void statistics_of_few_numbers(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    h.c.plan.batch_norms = 1;
    h.c.plan.batch = 4;
    h.c.norm = (dsc_norm){.n = 512, .running = 0.5, .batch = 0.55, .afresh = 0.5, .numbers = 4};
    assert_none(&dsc_finding_batch_norm_mismatch, &h.c);
    h.c.norm.batch = 0.9;
    const descent_finding f = healthy_judge(&dsc_finding_batch_norm_mismatch, &h.c);
    assert_true(f.confidence > 0.6);
    assert_string_equal(f.evidence,
                        "batch_norm takes mean and deviation of 4 numbers: on training examples "
                        "the loss is 0.9 with the statistics of each batch, and 0.5 when the "
                        "network predicts; they should be alike within a factor of 1.15");
    assert_string_equal(f.cause, "statistics of 4 numbers change from batch to batch, and the "
                                 "running ones of batch_norm are like none of them");
    assert_string_equal(f.flags, "--batch 32");
    h.c.norm.numbers = 16; /* of 4 places in 4 examples */
    assert_none(&dsc_finding_batch_norm_mismatch, &h.c);
}

static void outputs_that_never_change(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    unlearn(&h);
    h.c.train_look.output_deviation = 0.002;
    h.c.train_look.largest_prediction = 1;
    const descent_finding f = healthy_judge(&dsc_finding_constant_output, &h.c);
    assert_true(f.confidence > 0.7);
    assert_int_equal(f.severity, DESCENT_FAILURE);
    assert_string_equal(f.evidence,
                        "100 % of the training examples are predicted to be of the same class, and "
                        "outputs differ by 0.002 from example to example; it should be 1 and more");
    assert_string_equal(f.flags, "--model \"linear 128, batch_norm, leaky_relu, linear\"");
    h.c.train_look.largest_prediction = 0.6;
    assert_none(&dsc_finding_constant_output, &h.c);
}

static void a_model_that_ends_in_relu(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    h.c.plan.classifies = false;
    h.c.plan.model = "linear 128, relu, linear, relu";
    h.layer[2] = (dsc_layer_facts){.name = "3 relu", .kind = "relu", .units = 1, .channels = 1};
    h.c.train_look.output_deviation = 0;
    h.c.train_look.target_deviation = 1;
    const descent_finding f = healthy_judge(&dsc_finding_constant_output, &h.c);
    assert_true(f.confidence > 0.95);
    assert_string_equal(f.cause,
                        "the model ends with relu, which cuts its outputs off; where it is "
                        "flat, nothing is learned");
    assert_string_equal(f.flags, "--model \"linear 128, relu, linear\"");
    h.c.train_look.output_deviation = 0.2;
    assert_none(&dsc_finding_constant_output, &h.c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(units_that_are_saturated_from_the_start),
        cmocka_unit_test(units_that_saturate_later),
        cmocka_unit_test(units_that_died),
        cmocka_unit_test(a_layer_that_is_frozen),
        cmocka_unit_test(a_layer_with_next_to_no_learning_rate),
        cmocka_unit_test(a_layer_that_never_moves),
        cmocka_unit_test(a_layer_without_a_gradient),
        cmocka_unit_test(running_statistics_that_lag),
        cmocka_unit_test(running_statistics_that_are_old),
        cmocka_unit_test(statistics_of_few_numbers),
        cmocka_unit_test(outputs_that_never_change),
        cmocka_unit_test(a_model_that_ends_in_relu),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
