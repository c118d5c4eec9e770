/* own_ways.c - rules and clippings that shorten steps in a way of their own. */
#include "healthy.h"

extern const dsc_finding dsc_finding_adam_eps_dominates, dsc_finding_over_clipping;

static void rows_that_are_clipped_to_next_to_nothing(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    h.c.plan.adaptive = false;
    h.c.plan.optimizer = "sgd lr=0.1 agc=0.0005";
    h.c.plan.agc = 0.0005;
    for (int i = 0; i < MOMENTS; i++) {
        h.moment[i].weight_norm = 10;
        h.moment[i].grad_norm = 0.5;
    }
    const descent_finding found = healthy_judge(&dsc_finding_over_clipping, &h.c);
    assert_string_equal(found.evidence,
                        "agc = 0.0005 leaves 1 % of the length of the gradients at most; clipping "
                        "is meant for the few that are far longer than the others, and 0.01 is "
                        "usual");
    assert_string_equal(found.remedy, "leave gradients as long as they are: agc=0");
    assert_string_equal(found.flags, "--optimizer \"sgd lr=0.1 agc=0\"");
    h.c.plan.agc = 0.01; /* as its paper has it */
    assert_true(healthy_judge(&dsc_finding_over_clipping, &h.c).confidence == 0.0);
    h.c.plan.agc = 0.005;
    for (int i = 0; i < MOMENTS; i++)
        h.moment[i].grad_norm = 0.05; /* shorter than the limit */
    assert_true(healthy_judge(&dsc_finding_over_clipping, &h.c).confidence == 0.0);
}

static void an_eps_that_adds_up(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    h.c.plan.rule = "adabelief";
    h.c.plan.optimizer = "adabelief lr=0.003 eps=0.1";
    h.c.plan.eps = 0.1;
    h.c.plan.beta2 = 0.999;
    h.c.plan.parameters = 10000;
    for (int i = 0; i < MOMENTS; i++) {
        h.moment[i].grad_norm = 5;
        h.moment[i].loss = 2.2;
    }
    h.c.train_look.loss = 2.2;
    const descent_finding found = healthy_judge(&dsc_finding_adam_eps_dominates, &h.c);
    assert_string_equal(
        found.evidence,
        "eps = 0.1 adds up in the mean that steps are divided by the root of: that is 10 at least, "
        "and the root of the mean of g^2 only 0.05; it should be below 10 times as much");
    assert_string_equal(found.remedy, "lower eps from 0.1 to 1e-16");
    assert_string_equal(found.flags, "--optimizer \"adabelief lr=0.003 eps=1e-16\"");
    h.c.plan.eps = 1e-4;
    assert_true(healthy_judge(&dsc_finding_adam_eps_dominates, &h.c).confidence == 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_that_are_clipped_to_next_to_nothing),
        cmocka_unit_test(an_eps_that_adds_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
