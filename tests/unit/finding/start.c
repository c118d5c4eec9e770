/* start.c - findings about the first weights, the gradients they give, and the first number that is
 * not finite. */
#include "healthy.h"

extern const dsc_finding dsc_finding_bad_initial_scale, dsc_finding_symmetric_initialization,
    dsc_finding_vanishing_gradients, dsc_finding_exploding_gradients, dsc_finding_non_finite_source,
    dsc_finding_gradient_bug, dsc_finding_frozen_parameters;

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

/* A deep network: `n` layers of 100 weights whose gradients are `factor` times those behind. */
enum { DEEP = 8 };

typedef struct deep {
    healthy h;
    dsc_layer_facts layer[DEEP];
    dsc_layer_moment start[DEEP];
} deep;

static void make_deep(deep *d, double last, double factor)
{
    healthy_make(&d->h);
    for (int i = DEEP - 1; i >= 0; i--, last *= factor) {
        d->layer[i] = (dsc_layer_facts){
            .name = i == 0 ? "0 linear" : "7 linear", .kind = "linear", .weights = 100};
        d->start[i] = (dsc_layer_moment){.grad_norm = last};
    }
    d->h.c.plan.model = "repeat 7 (linear 10, sigmoid), linear";
    d->h.c.plan.deep = DEEP;
    d->h.c.layer = d->layer;
    d->h.c.layers = DEEP;
    d->h.c.start_layer = d->start;
    d->h.c.layer_moment = NULL;
}

static void gradients_that_vanish(void **state)
{
    deep d;

    (void)state;
    make_deep(&d, 1.0, 0.25);
    const descent_finding f = healthy_judge(&dsc_finding_vanishing_gradients, &d.h.c);
    assert_true(f.confidence > 0.9);
    assert_string_equal(f.evidence,
                        "gradients of the first layer '0 linear' are 6.1e-05 times those of the "
                        "last, '7 linear' (root mean square of their numbers), 0.25 times from one "
                        "layer to the one before; below 0.001 or 0.5 they vanish");
    assert_string_equal(f.cause, "each of the 8 layers with weights lets only a part of the "
                                 "gradient through, so the first ones hardly learn");
    assert_string_equal(f.remedy, "take relu in the place of activations that squeeze: where it "
                                  "lets a signal through, its derivative is 1");
    assert_string_equal(f.flags, "--model \"repeat 7 (linear 10, relu), linear\"");
    make_deep(&d, 1.0, 0.6);
    assert_none(&dsc_finding_vanishing_gradients, &d.h.c);
}

static void gradients_that_grow_towards_the_input(void **state)
{
    deep d;

    (void)state;
    make_deep(&d, 1.0, 3.0);
    d.h.c.plan.model = "repeat 7 (linear 10 gain=3, tanh), linear";
    d.h.c.train_look.accuracy = 0.3;
    const descent_finding f = healthy_judge(&dsc_finding_exploding_gradients, &d.h.c);
    assert_true(f.confidence > 0.7);
    assert_int_equal(f.severity, DESCENT_WARNING);
    assert_string_equal(f.evidence,
                        "gradients grow 3 times from one layer to the one before: those of the "
                        "first, '0 linear', are 2.19e+03 times those of the last, '7 linear'; "
                        "above 2 times a layer they explode");
    assert_string_equal(f.flags, "--model \"repeat 7 (linear 10, tanh), linear\"");
    make_deep(&d, 5.0, 1.1);
    assert_none(&dsc_finding_exploding_gradients, &d.h.c);
}

static void gradients_that_are_large_everywhere(void **state)
{
    deep d;

    (void)state;
    make_deep(&d, 2000.0, 1.0);
    assert_string_equal(
        healthy_judge(&dsc_finding_exploding_gradients, &d.h.c).evidence,
        "at the first step a layer's gradient is 2e+03 long (geometric mean of all "
        "layers), the loss is 2.4; above 30 gradients explode, good networks have 1 "
        "to 15");
    d.h.c.start.target_magnitude = 2000.0; /* of targets that large it is no wonder */
    assert_none(&dsc_finding_exploding_gradients, &d.h.c);
}

/* Each may bring the other about; here it is clear. */
static void gradients_that_explode_come_before_divergence(void **state)
{
    descent_finding found[DESCENT_FINDINGS];
    deep d;

    (void)state;
    make_deep(&d, 2000.0, 1.0);
    d.h.c.train_look.n = 0;
    d.h.c.gave_up = true;
    assert_true(dsc_findings_judge(&d.h.c, DSC_AFTER, found) >= 2);
    assert_string_equal(found[0].name, "exploding-gradients");
    assert_string_equal(found[1].name, "diverged");
    for (int i = 0; i < DEEP; i++)
        d.start[i].grad_norm = 1.0;
    assert_true(dsc_findings_judge(&d.h.c, DSC_AFTER, found) >= 1);
    assert_string_equal(found[0].name, "diverged");
}

static void a_gradient_that_bursts(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    h.moment[40].grad_norm = 300;
    const descent_finding f = healthy_judge(&dsc_finding_exploding_gradients, &h.c);
    assert_true(f.confidence > 0.4);
    assert_string_equal(f.evidence, "the gradient was 300 long around step 410, 544 times the "
                                    "0.551 that were usual before; above 10 times it explodes");
    assert_string_equal(f.flags, "--optimizer \"adam lr=0.001 clip_norm=1.1\"");
    h.moment[40].grad_norm = 4;
    assert_none(&dsc_finding_exploding_gradients, &h.c);
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
        cmocka_unit_test(gradients_that_vanish),
        cmocka_unit_test(gradients_that_grow_towards_the_input),
        cmocka_unit_test(gradients_that_are_large_everywhere),
        cmocka_unit_test(gradients_that_explode_come_before_divergence),
        cmocka_unit_test(a_gradient_that_bursts),
        cmocka_unit_test(the_first_number_that_is_not_finite),
        cmocka_unit_test(a_gradient_that_is_wrong),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
