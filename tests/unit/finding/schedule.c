/* schedule.c - findings about rates: a schedule that falls too early, one that never does, steps so
 * long that they kill units, weights that have none. */
#include "expect.h"

extern const dsc_finding dsc_finding_schedule_decays_too_early, dsc_finding_no_decay_noise_floor,
    dsc_finding_learning_rate_too_high, dsc_finding_frozen_parameters;

static void rates(healthy *h, double cut)
{
    for (int i = 0; i < MOMENTS; i++)
        h->moment[i].lr = (i + 1.0) / MOMENTS <= cut ? 0.001 : 0.00001;
}

static void a_schedule_that_decays_too_early(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    rates(&h, 0.1);
    losses(&h, 0, 0.1, 2.4, 1.4);
    losses(&h, 0.1, 1, 1.4, 1.38);
    for (int i = 0; i < MOMENTS; i++)
        h.moment[i].grad_cosine = 0.3;
    says(&dsc_finding_schedule_decays_too_early, &h.c,
         "after 10 % of the steps the learning rate was below a tenth of its peak; the loss had "
         "fallen from 2.08 to 1.53 by then, and in all the steps after only to 1.38; gradients "
         "there still agree, with a cosine of 0.30",
         "let the learning rate fall over the whole run: schedule cosine", "--schedule cosine");
    /* nothing was left to learn */
    losses(&h, 0, 0.1, 2.4, 0.01);
    losses(&h, 0.06, 1, 0.01, 0.005);
    finds_nothing(&dsc_finding_schedule_decays_too_early, &h.c);
    /* it falls late */
    healthy_make(&h);
    rates(&h, 0.8);
    losses(&h, 0, 1, 2.4, 1.4);
    finds_nothing(&dsc_finding_schedule_decays_too_early, &h.c);
}

/* A large first loss hides what is missed, and a loss on its floor has nothing more to give. */
static void what_lies_ahead_shows_an_early_end(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    rates(&h, 0.1);
    for (int i = 0; i < MOMENTS; i++)
        h.moment[i].lr *=
            i < MOMENTS / 10 ? 1 : 2; /* a fiftieth of the peak, which moves a little */
    losses(&h, 0, 0.1, 8, 0.15);
    losses(&h, 0.06, 1, 0.15, 0.13);
    h.c.start.loss = 8;
    h.c.probe = (dsc_probe){.n = 200, .loss = {0.13, 0.13, 0.127, 0.122, 0.117, 0.11}};
    says(&dsc_finding_schedule_decays_too_early, &h.c,
         "after 10 % of the steps the learning rate was below a tenth of its peak; the loss had "
         "fallen from 5.49 to 0.149 by then, and in all the steps after only to 0.131; straight on "
         "it would fall by 15 % more",
         "let the learning rate fall over the whole run: schedule cosine", "--schedule cosine");
    h.c.probe = (dsc_probe){.n = 200, .loss = {0.13, 0.13, 0.129, 0.129, 0.131, 0.14}};
    finds_nothing(&dsc_finding_schedule_decays_too_early, &h.c);
}

/* Most of the steps have next to no length: then no look ahead can tell. */
static void a_rate_that_dies(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    for (int i = 0; i < MOMENTS; i++)
        h.moment[i].lr = 0.001 * pow(0.8, i);
    losses(&h, 0, 0.1, 2.4, 0.1);
    losses(&h, 0.06, 1, 0.1, 0.1);
    says(&dsc_finding_schedule_decays_too_early, &h.c,
         "after 11 % of the steps the learning rate was below a tenth of its peak; the loss had "
         "fallen from 1.6 to 0.1 by then, and in all the steps after only to 0.1; 79 % of the "
         "steps had less than a hundredth of the peak",
         "let the learning rate fall over the whole run: schedule cosine", "--schedule cosine");
    losses(&h, 0.06, 1, 0.005, 0.005); /* all is learned */
    finds_nothing(&dsc_finding_schedule_decays_too_early, &h.c);
    losses(&h, 0.06, 1, 0.1, 0.1);
    h.moment[0].lr *= 0.001; /* it jumped up: its peak is no measure */
    finds_nothing(&dsc_finding_schedule_decays_too_early, &h.c);
    for (int i = 0; i < MOMENTS; i++)
        h.moment[i].lr = 0.001 * pow(0.94, i);
    finds_nothing(&dsc_finding_schedule_decays_too_early, &h.c);
}

static void a_learning_rate_that_never_falls(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    rates(&h, 1);
    h.c.probe =
        (dsc_probe){.n = 200, .loss = {0.3, 0.5, 1, 2, 3, 4}, .test_mean = 0.32, .test_last = 0.51};
    losses(&h, 0.5, 1, 0.5, 0.5);
    says(&dsc_finding_no_decay_noise_floor, &h.c,
         "the mean of the weights over the last quarter of the steps has a loss of 0.3, the last "
         "weights have 0.5 (on test examples 0.32 and 0.51), and the learning rate still is 0.001",
         "let the learning rate fall to zero towards the end: schedule cosine",
         "--schedule cosine");
    h.c.probe.test_mean = 0.6; /* no better on what it has not seen */
    finds_nothing(&dsc_finding_no_decay_noise_floor, &h.c);
    /* a little lower on what it learned from is enough where the test part says the same */
    h.c.probe.loss[DSC_PROBE_MEAN] = 0.43;
    h.c.probe.loss[DSC_PROBE_LAST] = 0.42;
    h.c.probe.test_mean = 0.5;
    finds_nothing(&dsc_finding_no_decay_noise_floor, &h.c);
    h.c.probe.test_mean = 0.38;
    assert_true(healthy_judge(&dsc_finding_no_decay_noise_floor, &h.c).confidence > 0.25);
    h.c.probe.test_mean = 0.32;
    rates(&h, 0.7);
    finds_nothing(&dsc_finding_no_decay_noise_floor, &h.c);
}

/* Long first steps, and a layer that died of them while the result suffers. */
static void units_that_long_steps_killed(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    h.c.start.update_ratio = 0.8;
    h.layer[1].silent = 0.9;
    h.c.test_look.accuracy = 0.6;
    finds(&dsc_finding_learning_rate_too_high, &h.c);
    h.layer[1].silent_at_start = 0.9; /* they were so before */
    finds_nothing(&dsc_finding_learning_rate_too_high, &h.c);
    h.layer[1].silent_at_start = 0;
    h.c.test_look.accuracy = 0.97; /* and nobody misses them */
    finds_nothing(&dsc_finding_learning_rate_too_high, &h.c);
}

/* All matrices, and no layer whole: its biases learn. */
static void most_weights_are_frozen(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    finds_nothing(&dsc_finding_frozen_parameters, &h.c);
    h.c.plan.frozen = 90000;
    says(&dsc_finding_frozen_parameters, &h.c,
         "90000 of 101770 weights are frozen: they stay as they were drawn",
         "let them learn: frozen=no for their group", "--group \"* frozen=no\"");
    h.c.plan.slow = 90000;
    says(&dsc_finding_frozen_parameters, &h.c,
         "90000 of 101770 weights are frozen, or have next to no learning rate: they stay as they "
         "were drawn",
         "let them learn: frozen=no and a learning rate for their group",
         "--group \"* frozen=no lr=0.001\"");
    h.c.plan.frozen = 20000;
    finds_nothing(&dsc_finding_frozen_parameters, &h.c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_schedule_that_decays_too_early),
        cmocka_unit_test(what_lies_ahead_shows_an_early_end),
        cmocka_unit_test(a_rate_that_dies),
        cmocka_unit_test(a_learning_rate_that_never_falls),
        cmocka_unit_test(units_that_long_steps_killed),
        cmocka_unit_test(most_weights_are_frozen),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
