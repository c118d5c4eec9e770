/* gradients.c - findings about gradients that fade or grow on their way to the first layers. */
#include "expect.h"

extern const dsc_finding dsc_finding_vanishing_gradients, dsc_finding_exploding_gradients;

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
            .name = i == 0 ? "0 linear" : "7 linear", .kind = "linear", .rate = 1, .weights = 100};
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
    finds_nothing(&dsc_finding_vanishing_gradients, &d.h.c);
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
    finds_nothing(&dsc_finding_exploding_gradients, &d.h.c);
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
    finds_nothing(&dsc_finding_exploding_gradients, &d.h.c);
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
    finds_nothing(&dsc_finding_exploding_gradients, &h.c);
}

static void an_rnn_that_forgets(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    h.c.plan.model = "reshape 64x1, rnn 32 last gain=0.9, linear";
    h.c.plan.recurrent_steps = 64;
    h.c.start.recurrent_growth = 0.5;
    finds_nothing(&dsc_finding_vanishing_gradients, &h.c); /* it learned without */
    losses(&h, 0, 1, 2.4, 1.8);
    for (int i = 0; i < MOMENTS; i++)
        h.moment[i].loss = 1.8;
    says(&dsc_finding_vanishing_gradients, &h.c,
         "each of the 64 steps of the sequence lets at most 0.5 of the gradient through, which "
         "leaves 5.4e-20 for the first one; below 0.001 it vanishes; the loss ended at 1.8 of 2.4",
         "first weights that keep the length of the state: gain=1.76; gru and lstm have gates for "
         "that",
         "--model \"reshape 64x1, rnn 32 last gain=1.76, linear\"");
    h.c.start.recurrent_growth = 0.95;
    finds_nothing(&dsc_finding_vanishing_gradients, &h.c);
}

static void an_rnn_whose_state_grows(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    h.c.plan.model = "rnn 24 gain=4 last, linear";
    h.c.plan.recurrent_steps = 24;
    h.c.start.recurrent_growth = 2.3;
    finds_nothing(&dsc_finding_exploding_gradients, &h.c); /* tanh held it back */
    losses(&h, 0, 1, 2.4, 1.8);
    for (int i = 0; i < MOMENTS; i++)
        h.moment[i].loss = 1.8;
    says(&dsc_finding_exploding_gradients, &h.c,
         "each of the 24 steps of the sequence may lengthen the gradient 2.3 times; above 1.4 "
         "times it explodes; at the first step a layer's gradient is 0.5 long, the loss ended at "
         "1.8 of 2.4",
         "leave the first weights to the model, which keep the length of a state below 1",
         "--model \"rnn 24 last, linear\"");
    h.c.start.recurrent_growth = 1.2;
    finds_nothing(&dsc_finding_exploding_gradients, &h.c);
}

static void gradients_that_are_small_everywhere(void **state)
{
    deep d;

    (void)state;
    make_deep(&d, 0.001, 1.0);
    d.h.c.plan.model = "repeat 7 (linear 10 gain=0.3, tanh), linear";
    d.h.c.train_look.accuracy = 0.3;
    const descent_finding f = healthy_judge(&dsc_finding_vanishing_gradients, &d.h.c);
    assert_true(f.confidence > 0.9);
    assert_int_equal(f.severity, DESCENT_WARNING);
    assert_string_equal(f.evidence,
                        "at the first step a layer's gradient is 0.001 long (geometric mean of all "
                        "layers); below 0.03 gradients vanish, good networks have 1 to 15");
    assert_string_equal(f.flags, "--model \"repeat 7 (linear 10 gain=0.3, relu), linear\"");
    d.h.c.train_look.accuracy = 0.99; /* the rule made up for it */
    assert_int_equal(healthy_judge(&dsc_finding_vanishing_gradients, &d.h.c).severity,
                     DESCENT_NOTE);
    make_deep(&d, 0.1, 1.0);
    finds_nothing(&dsc_finding_vanishing_gradients, &d.h.c);
}

/* Adam makes up for gradients that fade, which takes a while. */
static void gradients_that_vanish_at_first(void **state)
{
    dsc_layer_moment later[MOMENTS * DEEP];
    deep d;

    (void)state;
    make_deep(&d, 100.0, 0.25);
    for (int i = 0; i < MOMENTS * DEEP; i++)
        later[i] = (dsc_layer_moment){.grad_norm = 1.0};
    d.h.c.layer_moment = later;
    finds_nothing(&dsc_finding_vanishing_gradients, &d.h.c);
    losses(&d.h, 0, 0.1, 2.4, 2.4);
    const descent_finding f = healthy_judge(&dsc_finding_vanishing_gradients, &d.h.c);
    assert_true(f.confidence > 0.5);
    assert_int_equal(f.severity, DESCENT_NOTE);
    assert_string_equal(f.evidence,
                        "at the first step gradients of the first layer '0 linear' are 6.1e-05 "
                        "times those of the last, '7 linear' (root mean square of their numbers), "
                        "0.25 times from one layer to the one before; below 0.001 or 0.5 they "
                        "vanish");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gradients_that_vanish),
        cmocka_unit_test(gradients_that_vanish_at_first),
        cmocka_unit_test(gradients_that_are_small_everywhere),
        cmocka_unit_test(gradients_that_grow_towards_the_input),
        cmocka_unit_test(gradients_that_are_large_everywhere),
        cmocka_unit_test(gradients_that_explode_come_before_divergence),
        cmocka_unit_test(a_gradient_that_bursts),
        cmocka_unit_test(an_rnn_that_forgets),
        cmocka_unit_test(an_rnn_whose_state_grows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
