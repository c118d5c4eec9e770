/* plan.c - findings about how steps are made: batch, decay, clipping, eps, the mean of g^2. */
#include "healthy.h"

extern const dsc_finding dsc_finding_adam_eps_dominates, dsc_finding_batch_too_large,
    dsc_finding_batch_too_small, dsc_finding_decay_on_norm_or_bias, dsc_finding_decay_too_strong,
    dsc_finding_over_clipping, dsc_finding_stale_second_moment;

/* Sets a field of all moments. */
#define ALL(h, field, value)             \
  do {                                   \
    for (int i_ = 0; i_ < MOMENTS; i_++) \
      (h).moment[i_].field = (value);    \
  } while (0)

/* Losses of moments from `from` to `to`, in a straight line. */
static void losses(healthy *h, double from, double to)
{
    for (int i = 0; i < MOMENTS; i++)
        h->moment[i].loss = from + (to - from) * i / (MOMENTS - 1.0);
}

static void eps_above_the_roots(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    h.c.plan.eps = 0.1;
    ALL(h, eps_share, 0.5);
    const descent_finding found = healthy_judge(&dsc_finding_adam_eps_dominates, &h.c);
    assert_true(found.confidence > 0.7 && found.confidence < 0.9);
    assert_int_equal(found.severity, DESCENT_WARNING);
    assert_string_equal(found.evidence,
                        "for 50 % of the weights eps = 0.1 is larger than the root of the mean of "
                        "g^2 that it is added to, which is 0.01 in the middle; below 30 % eps does "
                        "no harm");
    assert_string_equal(found.cause,
                        "eps is too large for these gradients: adam takes steps in proportion to "
                        "g, as sgd does, and much shorter ones than lr says");
    assert_string_equal(found.remedy, "lower eps from 0.1 to 1e-08");
    assert_string_equal(found.flags, "--optimizer \"adam lr=0.001 eps=1e-08\"");

    ALL(h, eps_share, 0.29);
    assert_true(healthy_judge(&dsc_finding_adam_eps_dominates, &h.c).confidence == 0.0);
}

/* What is learned to the end has gradients below any eps. */
static void a_usual_eps_may_rule_what_is_learned(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    ALL(h, eps_share, 0.9);
    assert_true(healthy_judge(&dsc_finding_adam_eps_dominates, &h.c).confidence == 0.0);
    losses(&h, 2.3, 2.2);
    assert_true(healthy_judge(&dsc_finding_adam_eps_dominates, &h.c).confidence > 0.5);
}

static void a_small_batch_follows_noise(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    h.c.plan.batch = 2;
    ALL(h, noise_scale, 100.0);
    losses(&h, 0.5, 0.5);
    const descent_finding found = healthy_judge(&dsc_finding_batch_too_small, &h.c);
    assert_true(found.confidence > 0.6);
    assert_int_equal(found.severity, DESCENT_WARNING);
    assert_string_equal(found.flags, "--batch 64");
    assert_string_equal(found.remedy, "take 64 examples a step instead of 2");
    assert_non_null(strstr(found.evidence, "is 50 times the batch of 2"));

    losses(&h, 2.0, 0.01); /* it learns: only slow */
    const descent_finding note = healthy_judge(&dsc_finding_batch_too_small, &h.c);
    assert_int_equal(note.severity, DESCENT_NOTE);
    assert_string_equal(note.flags, "--optimizer \"adam lr=0.00566\" --batch 64");
    ALL(h, noise_scale, 19.0); /* and 9.5 times the batch */
    assert_true(healthy_judge(&dsc_finding_batch_too_small, &h.c).confidence == 0.0);
    h.c.norm.numbers = 2; /* a batch_norm has no more for its statistics */
    assert_string_equal(healthy_judge(&dsc_finding_batch_too_small, &h.c).evidence,
                        "batch_norm takes mean and deviation of 2 numbers, which change from step "
                        "to step; of 16 and more they are of use");
    ALL(h, noise_scale, 10000.0);
    h.c.plan.batch = 9;
    assert_true(healthy_judge(&dsc_finding_batch_too_small, &h.c).confidence == 0.0);
}

/* Losses of single examples say how much they differ where the noise itself was not measured. */
static void a_batch_of_one(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    h.c.plan.batch = 1;
    ALL(h, noise_scale, 5.0);
    for (int i = 0; i < STEP_LOSSES; i++)
        h.step_loss[i] = i % 2 ? 1.4f : 2.4f;
    for (int i = 0; i < MOMENTS; i++)
        h.moment[i].loss = 1.9;
    assert_string_equal(healthy_judge(&dsc_finding_batch_too_small, &h.c).evidence,
                        "in batches of 1 the losses of single steps differ by 26 % of their mean "
                        "in the second half of the run; below 25 % is usual");
    h.c.plan.text = true;
    for (int i = 0; i < STEP_LOSSES; i++)
        h.step_loss[i] = i % 2 ? 2.2f : 2.5f;
    assert_string_equal(healthy_judge(&dsc_finding_batch_too_small, &h.c).evidence,
                        "in batches of 1 the losses of single steps differ by 6 % of their mean "
                        "in the second half of the run; below 6 % is usual");
    h.c.plan.text = false; /* a quarter would do, and it is less */
    assert_true(healthy_judge(&dsc_finding_batch_too_small, &h.c).confidence == 0.0);
}

static void a_batch_so_large_that_steps_are_few(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    h.c.plan.batch = 6400;
    h.c.plan.steps_per_epoch = 1;
    h.c.plan.steps = 10;
    losses(&h, 2.3, 1.5);
    const descent_finding found = healthy_judge(&dsc_finding_batch_too_large, &h.c);
    assert_true(found.confidence > 0.7);
    assert_string_equal(found.flags, "--batch 128");
    assert_string_equal(found.remedy,
                        "take 128 examples a step: 50 times as many steps in the same epochs");
    assert_string_equal(found.evidence,
                        "6400 examples a step, 64 times what the noise of the gradient asks for, "
                        "leave 10 steps in all, and the loss had come from 2.3 to no less than "
                        "1.54");

    losses(&h, 0.6, 0.5); /* it falls by 4.7 % a quarter, which is much of so few steps */
    h.c.plan.steps = 80;
    assert_true(healthy_judge(&dsc_finding_batch_too_large, &h.c).confidence > 0.7);
    h.c.plan.steps = 150;
    assert_true(healthy_judge(&dsc_finding_batch_too_large, &h.c).confidence == 0.0);
    h.c.plan.steps = 10;
    losses(&h, 2.3, 0.05); /* few steps were enough */
    assert_true(healthy_judge(&dsc_finding_batch_too_large, &h.c).confidence == 0.0);
    h.c.plan.classifies = false; /* of numbers, whose loss may go on to nothing, they were not */
    assert_true(healthy_judge(&dsc_finding_batch_too_large, &h.c).confidence > 0.7);
    h.c.plan.classifies = true;
    losses(&h, 2.3, 1.5);
    h.c.plan.steps = 600;
    assert_true(healthy_judge(&dsc_finding_batch_too_large, &h.c).confidence == 0.0);
    h.c.plan.steps = 10;
    h.c.plan.searches = true; /* lbfgs wants all of them */
    assert_true(healthy_judge(&dsc_finding_batch_too_large, &h.c).confidence == 0.0);
}

static void decay_where_it_only_harms(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    h.c.plan.weight_decay = 0.1;
    h.c.plan.decay_all = true;
    h.c.plan.optimizer = "adamw lr=0.001 decay_all weight_decay=0.1";
    h.c.plan.decayed_norms = 4;
    h.c.plan.decayed_biases = 3;
    const descent_finding found = healthy_judge(&dsc_finding_decay_on_norm_or_bias, &h.c);
    assert_true(found.confidence > 0.7);
    assert_string_equal(found.evidence,
                        "weight_decay also pulls 4 gains and shifts of norms and 3 biases to zero; "
                        "it should act on matrices and filters alone");
    assert_string_equal(found.remedy, "leave decay_all out");
    assert_string_equal(found.flags, "--optimizer \"adamw lr=0.001 weight_decay=0.1\"");

    h.c.plan.decay_all = false;
    assert_string_equal(healthy_judge(&dsc_finding_decay_on_norm_or_bias, &h.c).flags,
                        "--group \"role=bias weight_decay=0\"");
    h.c.plan.decayed_norms = h.c.plan.decayed_biases = 0;
    assert_true(healthy_judge(&dsc_finding_decay_on_norm_or_bias, &h.c).confidence == 0.0);
}

static void decay_that_wins_over_learning(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    h.c.plan.weight_decay = 10;
    h.c.plan.optimizer = "adamw lr=0.001 weight_decay=10";
    ALL(h, decay_share, 0.9);
    ALL(h, lr, 0.001);
    losses(&h, 2.3, 2.0);
    for (int i = MOMENTS / 2; i < MOMENTS; i++)
        h.moment[i].weight_norm = 5;
    const descent_finding found = healthy_judge(&dsc_finding_decay_too_strong, &h.c);
    assert_true(found.confidence > 0.75);
    assert_non_null(strstr(found.evidence,
                           "weight_decay = 10 makes 90 % of the length of a step and "
                           "has left 25 % of the length of the weights"));
    assert_string_equal(found.flags, "--optimizer \"adamw lr=0.001 weight_decay=0.1\"");

    ALL(h, decay_share, 0.29);
    ALL(h, weight_norm, 20);
    ALL(h, distance, 10);
    assert_true(healthy_judge(&dsc_finding_decay_too_strong, &h.c).confidence == 0.0);
    ALL(h, decay_share, 0.9);
    losses(&h, 0.3, 0.1); /* nearly learned: decay must be most of the step, and weights shrink */
    assert_true(healthy_judge(&dsc_finding_decay_too_strong, &h.c).confidence == 0.0);
    for (int i = MOMENTS / 2; i < MOMENTS; i++)
        h.moment[i].weight_norm = 5;
    assert_true(healthy_judge(&dsc_finding_decay_too_strong, &h.c).confidence > 0.5);
    losses(&h, 0.3, 0.01); /* it learns all the same */
    assert_true(healthy_judge(&dsc_finding_decay_too_strong, &h.c).confidence == 0.0);
}

static void clipping_that_decides_the_step(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    h.c.plan.adaptive = false;
    h.c.plan.optimizer = "sgd lr=0.1 clip_norm=0.01";
    h.c.plan.clip_norm = 0.01;
    ALL(h, clipped, 1.0);
    ALL(h, shortened, 0.01);
    ALL(h, grad_norm, 1.0);
    const descent_finding found = healthy_judge(&dsc_finding_over_clipping, &h.c);
    assert_true(found.confidence > 0.9);
    assert_string_equal(
        found.evidence,
        "100 % of the gradients were shortened to clip_norm = 0.01, on average to 1 "
        "% of their length, 1; clipping is meant for the few that are far longer "
        "than the others");
    assert_string_equal(found.flags, "--optimizer \"sgd lr=0.1 clip_norm=2\"");

    ALL(h, shortened, 0.41);
    assert_true(healthy_judge(&dsc_finding_over_clipping, &h.c).confidence == 0.0);
    ALL(h, shortened, 0.2);
    ALL(h, clipped, 0.5);
    assert_true(healthy_judge(&dsc_finding_over_clipping, &h.c).confidence == 0.0);
    ALL(h, clipped, 1.0);
    h.c.plan.adaptive = true; /* it undoes a factor of five */
    assert_true(healthy_judge(&dsc_finding_over_clipping, &h.c).confidence == 0.0);
}

static void cut_numbers_are_clipping_as_well(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    h.c.plan.adaptive = false;
    h.c.plan.optimizer = "sgd lr=0.1 clip_value=0.001";
    h.c.plan.clip_value = 0.001;
    ALL(h, shortened, 0.1);
    ALL(h, grad_norm, 3.0);
    assert_string_equal(healthy_judge(&dsc_finding_over_clipping, &h.c).flags,
                        "--optimizer \"sgd lr=0.1 clip_value=0 clip_norm=5\"");
}

/* Two layers have four segments: twice the limit is left of the whole. */
static void clipped_segments_are_clipping_as_well(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    h.c.plan.adaptive = false;
    h.c.plan.optimizer = "sgd lr=0.1 clip_segment=0.01";
    h.c.plan.clip_segment = 0.01;
    ALL(h, grad_norm, 2.0);
    const descent_finding found = healthy_judge(&dsc_finding_over_clipping, &h.c);
    assert_string_equal(found.evidence,
                        "clip_segment = 0.01 leaves 1 % of the length of the gradients at most, 2 "
                        "on average; clipping is meant for the few that are far longer than the "
                        "others");
    assert_string_equal(found.flags, "--optimizer \"sgd lr=0.1 clip_segment=3\"");
    h.c.plan.clip_segment = 0.5;
    assert_true(healthy_judge(&dsc_finding_over_clipping, &h.c).confidence == 0.0);
}

static void a_mean_that_forgets_nothing(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    h.c.plan.beta2 = 0.99999;
    h.c.plan.optimizer = "adam lr=0.001 beta2=0.99999";
    ALL(h, step_rms, 0.3);
    const descent_finding found = healthy_judge(&dsc_finding_stale_second_moment, &h.c);
    assert_true(found.confidence > 0.7);
    assert_string_equal(found.evidence,
                        "the running mean of g^2 that divides steps reaches back 1e+05 steps, and "
                        "all are 1000; g is 0.3 times its root on average, where about 1 is usual");
    assert_string_equal(found.flags, "--optimizer \"adam lr=0.001 beta2=0.99\"");
    h.c.plan.beta2 = 0.999;
    assert_true(healthy_judge(&dsc_finding_stale_second_moment, &h.c).confidence == 0.0);
}

static void a_jump_that_the_loss_follows(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    losses(&h, 1.0, 1.0);
    h.moment[50].step_rms = 4.0;
    assert_true(healthy_judge(&dsc_finding_stale_second_moment, &h.c).confidence == 0.0);
    h.moment[51].loss = h.moment[52].loss = 2.5;
    const descent_finding found = healthy_judge(&dsc_finding_stale_second_moment, &h.c);
    assert_true(found.confidence > 0.5);
    assert_string_equal(found.flags, "--optimizer \"adam lr=0.001 beta2=0.95\"");
    h.moment[50].step_rms = 2.2;
    assert_true(healthy_judge(&dsc_finding_stale_second_moment, &h.c).confidence == 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(eps_above_the_roots),
        cmocka_unit_test(a_usual_eps_may_rule_what_is_learned),
        cmocka_unit_test(a_small_batch_follows_noise),
        cmocka_unit_test(a_batch_of_one),
        cmocka_unit_test(a_batch_so_large_that_steps_are_few),
        cmocka_unit_test(decay_where_it_only_harms),
        cmocka_unit_test(decay_that_wins_over_learning),
        cmocka_unit_test(clipping_that_decides_the_step),
        cmocka_unit_test(cut_numbers_are_clipping_as_well),
        cmocka_unit_test(clipped_segments_are_clipping_as_well),
        cmocka_unit_test(a_mean_that_forgets_nothing),
        cmocka_unit_test(a_jump_that_the_loss_follows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
