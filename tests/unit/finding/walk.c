/* walk.c - findings about walks down a function: each with a case that has it, and one that just
 * has not. */
#include "expect.h"

extern const dsc_finding dsc_finding_diverged, dsc_finding_learning_rate_too_high,
    dsc_finding_learning_rate_too_low, dsc_finding_momentum_too_high, dsc_finding_saddle_or_plateau,
    dsc_finding_ill_conditioned;

/* One that has arrived. */
static dsc_case walk(void)
{
    return (dsc_case){.plan = {.minimizes = true,
                               .optimizer = "sgd lr=0.1",
                               .lr = 0.1,
                               .momentum = (double)NAN,
                               .beta1 = (double)NAN},
                      .walk = {.known = true,
                               .converged = true,
                               .steps = 100,
                               .stopped_at = 80,
                               .f_first = 25,
                               .f_last = 1e-16,
                               .f_best = 1e-16,
                               .f_most = 16,
                               .g_first = 10,
                               .g_last = 1e-9,
                               .g_least = 1e-5,
                               .g_most = 10,
                               .lr = 0.1,
                               .limit = 1,
                               .steepest = 2,
                               .along = 2,
                               .cosine = 1}};
}

static void a_walk_that_arrives_has_none(void **state)
{
    const dsc_case c = walk();
    descent_finding found[DESCENT_FINDINGS];

    (void)state;
    assert_int_equal(dsc_findings_judge(&c, DSC_ON_WALK, found), 0);
}

static void a_walk_that_diverges(void **state)
{
    dsc_case c = walk();

    (void)state;
    c.walk.converged = false;
    c.walk.diverged = true;
    c.walk.lr = c.plan.lr = 1.1;
    c.walk.f_last = 100;
    says(&dsc_finding_diverged, &c, "f went from 25 to 100 in 80 steps, and |g| from 10 to 1e-09",
         "lower the learning rate from 1.1 to 0.5", "--optimizer \"sgd lr=0.5\"");
    finds(&dsc_finding_learning_rate_too_high, &c);
    c.walk.f_last = -1e20;
    says(&dsc_finding_diverged, &c,
         "f went from 25 to -1e+20 in 80 steps, and |g| from 10 to 1e-09",
         "start elsewhere, or add a term that keeps the variables small", "");
}

static void a_walk_from_wall_to_wall(void **state)
{
    dsc_case c = walk();

    (void)state;
    c.walk.converged = false;
    c.walk.oscillates = true;
    c.walk.lr = c.plan.lr = 1;
    says(&dsc_finding_learning_rate_too_high, &c,
         "the function curves up to 2, for which this rule can take a learning rate of 1 at most; "
         "it has 1, and f no longer falls",
         "lower the learning rate from 1 to 0.5", "--optimizer \"sgd lr=0.5\"");
}

static void a_walk_that_is_slow(void **state)
{
    dsc_case c = walk();

    (void)state;
    c.walk.converged = false;
    c.walk.stopped_at = 100;
    c.walk.lr = c.plan.lr = 0.001;
    c.walk.g_last = 8;
    says(&dsc_finding_learning_rate_too_low, &c,
         "after 100 steps |g| still is 8 of 10 at the start, and successive gradients point the "
         "same way, with a cosine of 1.00",
         "raise the learning rate from 0.001 to 0.4", "--optimizer \"sgd lr=0.4\"");
    c.walk.g_last = 0.001;
    finds_nothing(&dsc_finding_learning_rate_too_low, &c);
    /* the same in a ravine */
    c.walk.g_last = 1;
    c.walk.limit = 0.0012;
    c.walk.steepest = 1700;
    says(&dsc_finding_ill_conditioned, &c,
         "the function curves up to 1700, which allows a learning rate of 0.0012 at most, but "
         "along the last steps only 2, 850 times less: there 0.001 is far too low",
         "take a rule that learns how the function curves: lbfgs", "--optimizer lbfgs");
    finds_nothing(&dsc_finding_learning_rate_too_low, &c);
}

static void a_walk_that_swings(void **state)
{
    dsc_case c = walk();

    (void)state;
    c.walk.converged = false;
    c.walk.stopped_at = 100;
    c.plan.optimizer = "sgd lr=0.1 momentum=0.99";
    c.plan.momentum = 0.99;
    c.walk.g_last = 2;
    c.walk.rises = 0.45;
    c.walk.turns = 10;
    says(&dsc_finding_momentum_too_high, &c,
         "45 % of the steps raised f, in 5 swings of about 20 steps; a step is the mean of the "
         "last 100 gradients",
         "lower momentum from 0.99 to 0.8", "--optimizer \"sgd lr=0.1 momentum=0.8\"");
    c.walk.rises = 0.05;
    finds_nothing(&dsc_finding_momentum_too_high, &c);
}

static void a_walk_that_ends_on_a_ridge(void **state)
{
    dsc_case c = walk();

    (void)state;
    c.walk.lower_beside = 1e-6;
    says(&dsc_finding_saddle_or_plateau, &c,
         "|g| is 1e-09 where the walk ended, but a little aside f is lower, by 1e-06: that is no "
         "minimum",
         "start a little beside the ridge: another --from", "");
    c = walk();
    c.walk.converged = false;
    c.walk.g_least = 0.01;
    c.walk.g_last = 0.3;
    c.walk.along = -2;
    says(&dsc_finding_saddle_or_plateau, &c,
         "|g| began at 10, was 0.01 on the way and 0.3 in the end, while the function curves down "
         "along the steps, by -2",
         "take a rule whose steps do not shrink with the slope: adam",
         "--optimizer \"adam lr=0.1\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_walk_that_arrives_has_none),
        cmocka_unit_test(a_walk_that_diverges),
        cmocka_unit_test(a_walk_from_wall_to_wall),
        cmocka_unit_test(a_walk_that_is_slow),
        cmocka_unit_test(a_walk_that_swings),
        cmocka_unit_test(a_walk_that_ends_on_a_ridge),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
