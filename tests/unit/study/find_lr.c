/* find_lr.c - whole range tests: the same for any threads, lr=auto, mistakes. */
#include "descent/descent.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static descent_recipe *recipe_of(const char *data, const char *optimizer)
{
    descent_recipe *recipe;

    assert_int_equal(descent_recipe_create(&recipe, NULL), DESCENT_OK);
    if (data)
        assert_int_equal(descent_recipe_set(recipe, "data", data, NULL, NULL), DESCENT_OK);
    if (optimizer)
        assert_int_equal(descent_recipe_set(recipe, "optimizer", optimizer, "--optimizer", NULL),
                         DESCENT_OK);
    return recipe;
}

static void lr_grows_by_one_factor(void **state)
{
    descent_recipe *recipe = recipe_of("iris", "sgd lr=auto momentum=0.9");
    descent_lr_search *search;

    (void)state;
    assert_int_equal(descent_lr_wanted(recipe), 1);
    assert_int_equal(descent_lr_find(&search, recipe, NULL, NULL, NULL), DESCENT_OK);
    assert_int_equal(descent_lr_curves(search), 3);
    for (size_t s = 0; s < 3; s++) {
        const descent_lr_curve c = descent_lr_curve_at(search, s);
        assert_int_equal(c.seed, s + 1);
        assert_true(c.n > 100 && c.diverged);
        for (size_t i = 0; i < c.n; i++)
            assert_true(fabs(log10(c.point[i].lr) - (-6 + 8.0 * (double)i / 159)) < 1e-6);
    }
    const descent_lr_suggestion all = descent_lr_suggest(search);
    assert_true(all.low <= all.lr && all.lr <= all.high);
    assert_int_equal(all.n_diverged, 3);
    char expected[64], number[32];
    snprintf(expected, sizeof expected, "sgd lr=%s momentum=0.9",
             descent_number_text(all.lr, number));
    assert_string_equal(descent_lr_optimizer(search), expected);
    assert_int_equal(descent_lr_curve_at(search, 3).n, 0);
    descent_lr_free(search);
    descent_recipe_free(recipe);
}

static void threads_change_nothing(void **state)
{
    descent_recipe *recipe = recipe_of("digits", NULL);
    descent_lr_options options = descent_lr_defaults();
    descent_lr_search *one, *many;

    (void)state;
    options.seeds = 1;
    options.steps = 60;
    options.threads = 1;
    assert_int_equal(descent_lr_find(&one, recipe, NULL, &options, NULL), DESCENT_OK);
    options.threads = 4;
    assert_int_equal(descent_lr_find(&many, recipe, NULL, &options, NULL), DESCENT_OK);
    const descent_lr_curve a = descent_lr_curve_at(one, 0), b = descent_lr_curve_at(many, 0);
    assert_int_equal(a.n, b.n);
    assert_memory_equal(a.point, b.point, a.n * sizeof *a.point);
    descent_lr_free(one);
    descent_lr_free(many);
    descent_recipe_free(recipe);
}

static int end_at_50(int64_t done, int64_t all, void *user)
{
    (void)user;
    return done >= 50 && all > 0;
}

static void an_interrupted_one_is_nothing(void **state)
{
    descent_recipe *recipe = recipe_of("iris", NULL);
    descent_lr_options options = descent_lr_defaults();
    descent_lr_search *search;

    (void)state;
    options.on_progress = end_at_50;
    assert_int_equal(descent_lr_find(&search, recipe, NULL, &options, NULL), DESCENT_OK);
    assert_null(search);
    descent_recipe_free(recipe);
}

static void mistakes_are_told(void **state)
{
    static const struct {
        const char *data, *optimizer;
        double from, to;
        int steps, seeds;
        const char *message;
    } cases[] = {
        {NULL, NULL, 1e-6, 1, 100, 1,
         "no data to train on; name a data set or a file, such as digits or iris.csv"},
        {"iris", "cg", 1e-6, 1, 100, 1,
         "cg chooses the length of its steps itself; it has no learning rate to find"},
        {"iris", NULL, 1, 0.1, 100, 1, "a search from lr=1 to lr=0.1, must go up from above 0"},
        {"iris", NULL, 0, 0.1, 100, 1, "a search from lr=0 to lr=0.1, must go up from above 0"},
        {"iris", NULL, 1e-6, 1, 19, 1, "steps = 19, must be a whole number from 20 to 100000"},
        {"iris", NULL, 1e-6, 1, 100, 0, "seeds = 0, must be a whole number from 1 to 100"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        descent_recipe *recipe = recipe_of(cases[i].data, cases[i].optimizer);
        const descent_lr_options options = {.from = cases[i].from,
                                            .to = cases[i].to,
                                            .steps = cases[i].steps,
                                            .seeds = cases[i].seeds};
        descent_lr_search *search;
        descent_error err = {0};
        assert_int_not_equal(descent_lr_find(&search, recipe, NULL, &options, &err), DESCENT_OK);
        assert_null(search);
        assert_string_equal(err.message, cases[i].message);
        descent_recipe_free(recipe);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lr_grows_by_one_factor),
        cmocka_unit_test(threads_change_nothing),
        cmocka_unit_test(an_interrupted_one_is_nothing),
        cmocka_unit_test(mistakes_are_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
