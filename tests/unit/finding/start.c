/* start.c - findings about the first weights, a gradient that is wrong, and the first number that
 * is not finite. */
#include "healthy.h"

extern const dsc_finding dsc_finding_bad_initial_scale, dsc_finding_symmetric_initialization,
    dsc_finding_non_finite_source, dsc_finding_gradient_bug;

static void assert_none(const dsc_finding *finding, const dsc_case *c)
{
    assert_true(healthy_judge(finding, c).confidence == 0);
}

static void first_weights_that_are_too_large(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    h.c.plan.model = "linear 128 init=normal gain=2, relu, linear gain=9";
    h.c.start.widest_init = 24;
    h.c.start.loss = 230;
    h.c.start.output_magnitude = 140;
    const descent_finding f = healthy_judge(&dsc_finding_bad_initial_scale, &h.c);
    assert_true(f.confidence > 0.9);
    assert_int_equal(f.severity, DESCENT_WARNING);
    assert_string_equal(f.evidence,
                        "the untrained network has a loss of 230, guessing has 2.3; its weights "
                        "'0.weight' are 24 times as large as He or Glorot propose, its outputs are "
                        "around 140");
    assert_string_equal(f.cause,
                        "the first weights are too large: signals grow from layer to layer");
    assert_string_equal(f.remedy, "leave the first weights to the model: He's in front of relu, "
                                  "Glorot's elsewhere");
    assert_string_equal(f.flags, "--model \"linear 128, relu, linear\"");
}

static void large_weights_that_do_no_harm_are_fine(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    h.c.start.widest_init = 24; /* a norm follows */
    assert_none(&dsc_finding_bad_initial_scale, &h.c);
    h.c.start.widest_init = 1.2;
    h.c.start.loss = 8; /* residual blocks */
    assert_none(&dsc_finding_bad_initial_scale, &h.c);
}

static void first_weights_that_are_too_small(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    h.c.start.narrowest_init = 0.01;
    h.c.start.output_deviation = 0.0003;
    const descent_finding f = healthy_judge(&dsc_finding_bad_initial_scale, &h.c);
    assert_true(f.confidence > 0.9);
    assert_string_equal(f.evidence,
                        "the weights '0.weight' begin at 0.01 times of what He or Glorot propose; "
                        "the untrained network's outputs differ by 0.0003 from example to example, "
                        "they should by 0.1 to 3");
    h.c.start.output_deviation = 0.2;
    assert_none(&dsc_finding_bad_initial_scale, &h.c);
}

static void numbers_are_compared_with_their_targets(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    h.c.plan.classifies = false;
    h.c.plan.outputs = 1;
    h.c.start.widest_init = 10;
    h.c.start.output_magnitude = 90;
    h.c.start.target_magnitude = 1;
    assert_string_equal(healthy_judge(&dsc_finding_bad_initial_scale, &h.c).evidence,
                        "the untrained network predicts numbers around 90 where targets are around "
                        "1; its weights '0.weight' are 10 times as large as He or Glorot propose");
    h.c.start.target_magnitude = 90; /* those are not scaled, which is another finding */
    assert_none(&dsc_finding_bad_initial_scale, &h.c);
}

static void units_that_begin_alike(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    h.c.plan.model = "linear 128 init=constant gain=0.1, relu, linear";
    h.c.start.same_units = 1;
    const descent_finding f = healthy_judge(&dsc_finding_symmetric_initialization, &h.c);
    assert_true(f.confidence > 0.95);
    assert_int_equal(f.severity, DESCENT_WARNING);
    assert_string_equal(f.evidence, "100 % of the units of '0.weight' begin with the same weights "
                                    "as another; it should be none");
    assert_string_equal(f.cause, "units that begin alike get the same gradient and stay alike, so "
                                 "a layer of them does no more than one");
    assert_string_equal(f.remedy, "begin with random weights: without init=zeros or init=constant");
    assert_string_equal(f.flags, "--model \"linear 128, relu, linear\"");
    h.c.train_look.accuracy = 0.2;
    h.c.train_look.loss = 2.3;
    assert_int_equal(healthy_judge(&dsc_finding_symmetric_initialization, &h.c).severity,
                     DESCENT_FAILURE);
    h.c.start.same_units = 0.1;
    assert_none(&dsc_finding_symmetric_initialization, &h.c);
}

static void the_first_number_that_is_not_finite(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    h.c.not_finite = (dsc_not_finite){
        .step = 1, .layer = "2 linear", .op = "linear", .what = "inf", .low = -2e30, .high = 3e30};
    h.c.plan.standardizes = false;
    const descent_finding f = healthy_judge(&dsc_finding_non_finite_source, &h.c);
    assert_true(f.confidence == 1);
    assert_int_equal(f.severity, DESCENT_FAILURE);
    assert_string_equal(f.evidence,
                        "at step 1 op linear of layer '2 linear' was the first that gave inf; what "
                        "went in was between -2e+30 and 3e+30");
    assert_string_equal(f.flags, "--standardize yes");
    h.c.not_finite.step = 500;
    h.c.not_finite.backward = true;
    const descent_finding later = healthy_judge(&dsc_finding_non_finite_source, &h.c);
    assert_true(later.confidence > 0.8);
    assert_string_equal(later.evidence,
                        "at step 500 the gradient of op linear of layer '2 linear' was the first "
                        "that gave inf; what went in was between -2e+30 and 3e+30");
    assert_string_equal(later.flags, "--optimizer \"adam lr=0.0001 clip_norm=1\"");
    h.moment[45].loss = 500; /* it had grown before: that is no news */
    assert_true(healthy_judge(&dsc_finding_non_finite_source, &h.c).confidence < 0.7);
}

static void a_gradient_that_is_wrong(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    h.c.start.gradient_error = 0.3;
    strcpy(h.c.start.gradient_op, "conv");
    const descent_finding f = healthy_judge(&dsc_finding_gradient_bug, &h.c);
    assert_true(f.confidence == 1);
    assert_int_equal(f.severity, DESCENT_FAILURE);
    assert_string_equal(f.evidence,
                        "the gradient differs from finite differences by 0.3 (relative, in double, "
                        "worst at 'conv'); below 0.0001 is good, above 0.01 is wrong");
    assert_string_equal(f.cause,
                        "the backward of layer 'conv' does not give the derivative of its forward");
    assert_string_equal(f.flags, "");
    h.c.start.gradient_activation = "elu";
    h.c.plan.model = "linear 9, elu 0.5, linear 9, elu, linear";
    const descent_finding other = healthy_judge(&dsc_finding_gradient_bug, &h.c);
    assert_string_equal(other.remedy,
                        "correct the backward of elu; until then take another activation");
    assert_string_equal(other.flags, "--model \"linear 9, relu, linear 9, relu, linear\"");
    h.c.start.gradient_error = 2e-5;
    assert_none(&dsc_finding_gradient_bug, &h.c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_weights_that_are_too_large),
        cmocka_unit_test(large_weights_that_do_no_harm_are_fine),
        cmocka_unit_test(first_weights_that_are_too_small),
        cmocka_unit_test(numbers_are_compared_with_their_targets),
        cmocka_unit_test(units_that_begin_alike),
        cmocka_unit_test(the_first_number_that_is_not_finite),
        cmocka_unit_test(a_gradient_that_is_wrong),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
