/* rates.c - a comparison of contenders that say lr=auto. */
#include "descent/descent.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static descent_recipe *recipe_of(const char *optimizer)
{
    descent_recipe *recipe;

    assert_int_equal(descent_recipe_create(&recipe, NULL), DESCENT_OK);
    assert_int_equal(descent_recipe_set(recipe, "data", "iris", NULL, NULL), DESCENT_OK);
    assert_int_equal(descent_recipe_set(recipe, "model", "linear", NULL, NULL), DESCENT_OK);
    assert_int_equal(descent_recipe_set(recipe, "epochs", "3", NULL, NULL), DESCENT_OK);
    if (optimizer)
        assert_int_equal(descent_recipe_set(recipe, "optimizer", optimizer, NULL, NULL),
                         DESCENT_OK);
    return recipe;
}

static double rate_found(const char *optimizer)
{
    descent_recipe *recipe = recipe_of(optimizer);
    descent_lr_search *search;

    assert_int_equal(descent_lr_find(&search, recipe, NULL, NULL, NULL), DESCENT_OK);
    const double lr = descent_lr_suggest(search).lr;
    descent_lr_free(search);
    descent_recipe_free(recipe);
    return lr;
}

static descent_comparison *compare(const char *optimizers,
                                   int (*on_progress)(double, int, int, void *), void *user)
{
    descent_compare_options options = descent_compare_defaults();
    descent_recipe *recipe = recipe_of(NULL);
    descent_comparison *c;
    descent_error err = {0};

    options.optimizers = optimizers;
    options.seeds = 2;
    options.on_progress = on_progress;
    options.user = user;
    if (descent_compare(&c, recipe, NULL, &options, &err) != DESCENT_OK)
        fail_msg("%s", err.message);
    descent_recipe_free(recipe);
    return c;
}

/* Each gets the rate that a search of its own suggests, and trains as one that says that rate. */
static void each_has_its_own(void **state)
{
    char same[100];
    const double sgd = rate_found("sgd lr=auto"), adam = rate_found("adam lr=auto");

    (void)state;
    descent_comparison *c = compare("sgd lr=auto; adam lr=auto; adam lr=0.001", NULL, NULL);
    assert_true(descent_comparison_contender(c, 0).lr == sgd);
    assert_true(descent_comparison_contender(c, 1).lr == adam);
    assert_true(sgd != adam);
    snprintf(same, sizeof same, "sgd lr=%.17g; adam lr=%.17g", sgd, adam);
    descent_comparison *said = compare(same, NULL, NULL);
    for (size_t k = 0; k < 2; k++)
        for (size_t seed = 0; seed < 2; seed++)
            assert_true(descent_comparison_run(c, k, seed).test_loss ==
                        descent_comparison_run(said, k, seed).test_loss);
    descent_comparison_free(said);
    descent_comparison_free(c);
}

static int end_at_once(double part, int done, int all, void *user)
{
    assert_true(part == 0.0);
    assert_int_equal(done, 0);
    assert_int_equal(all, 4); /* trainings, of which none has begun */
    ++*(int *)user;
    return 1;
}

static void an_interrupted_search_is_nothing(void **state)
{
    int asked = 0;

    (void)state;
    assert_null(compare("sgd lr=auto; adam lr=auto", end_at_once, &asked));
    assert_true(asked > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_has_its_own),
        cmocka_unit_test(an_interrupted_search_is_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
