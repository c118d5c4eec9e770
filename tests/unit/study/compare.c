/* compare.c - whole comparisons: pairing by seed, the same for any threads, mistakes. */
#include "descent/descent.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static descent_recipe *recipe_of(const char *data)
{
    descent_recipe *recipe;

    assert_int_equal(descent_recipe_create(&recipe, NULL), DESCENT_OK);
    assert_int_equal(descent_recipe_set(recipe, "data", data, NULL, NULL), DESCENT_OK);
    assert_int_equal(descent_recipe_set(recipe, "epochs", "4", NULL, NULL), DESCENT_OK);
    return recipe;
}

static descent_comparison *compare(const char *data, const descent_compare_options *options)
{
    descent_recipe *recipe = recipe_of(data);
    descent_comparison *c;
    descent_error err = {0};

    if (descent_compare(&c, recipe, NULL, options, &err) != DESCENT_OK)
        fail_msg("%s", err.message);
    descent_recipe_free(recipe);
    return c;
}

static void a_seed_gives_all_the_same_weights(void **state)
{
    descent_compare_options options = descent_compare_defaults();

    (void)state;
    options.optimizers = "sgd lr=0.1; adam; rmsprop";
    options.seeds = 3;
    descent_comparison *c = compare("iris", &options);
    assert_int_equal(descent_comparison_contenders(c), 3);
    for (size_t s = 0; s < 3; s++) {
        const descent_compare_run first = descent_comparison_run(c, 0, s);
        assert_int_equal(first.seed, s + 1);
        assert_int_equal(first.n_epochs, 4);
        for (size_t k = 1; k < 3; k++)
            assert_true(descent_comparison_run(c, k, s).weights == first.weights);
        for (size_t other = 0; other < s; other++)
            assert_true(descent_comparison_run(c, 0, other).weights != first.weights);
    }
    assert_int_equal(descent_comparison_run(c, 3, 0).n_epochs, 0);
    descent_comparison_free(c);
}

/* What is compared can be had again with descent train. */
static void a_run_is_a_plain_training(void **state)
{
    descent_compare_options options = descent_compare_defaults();
    descent_recipe *recipe = recipe_of("iris");
    descent_train_result result;
    descent_model *model;

    (void)state;
    options.optimizers = "sgd lr=0.1; adam lr=0.02";
    options.seeds = 2;
    descent_comparison *c = compare("iris", &options);
    descent_recipe_set(recipe, "seed", "2", NULL, NULL);
    descent_recipe_set(recipe, "optimizer", "adam lr=0.02", NULL, NULL);
    assert_int_equal(descent_train(&model, recipe, NULL, NULL, &result, NULL), DESCENT_OK);
    const descent_compare_run run = descent_comparison_run(c, 1, 1);
    assert_true(run.score == result.test_accuracy);
    assert_true(run.test_loss == result.test_loss);
    assert_int_equal(run.steps, result.steps);
    descent_model_free(model);
    descent_recipe_free(recipe);
    descent_comparison_free(c);
}

/* Everything but times is the same for any number of trainings at once. */
static void threads_change_nothing(void **state)
{
    descent_compare_options options = descent_compare_defaults();

    (void)state;
    options.optimizers = "sgd lr=0.1; adam";
    options.batches = "all; 1";
    options.tune = 4;
    options.seeds = 3;
    options.threads = 1;
    descent_comparison *one = compare("xor", &options);
    options.threads = 5;
    descent_comparison *many = compare("xor", &options);
    assert_int_equal(descent_comparison_contenders(one), 4);
    assert_string_equal(descent_comparison_contender(one, 1).name, "sgd lr=0.1, batch 1");
    for (size_t k = 0; k < 4; k++) {
        const descent_contender a = descent_comparison_contender(one, k);
        const descent_contender b = descent_comparison_contender(many, k);
        assert_true(a.mean == b.mean && a.deviation == b.deviation && a.lr == b.lr);
        assert_int_equal(a.n_trials, 4);
        for (size_t i = 0; i < 4; i++)
            assert_memory_equal(&a.trial[i], &b.trial[i],
                                offsetof(descent_compare_trial, diverged));
        for (size_t s = 0; s < 3; s++) {
            const descent_compare_run x = descent_comparison_run(one, k, s);
            const descent_compare_run y = descent_comparison_run(many, k, s);
            assert_true(x.weights == y.weights);
            assert_memory_equal(&x.test_loss, &y.test_loss, sizeof x.test_loss);
            assert_int_equal(x.target_steps, y.target_steps);
        }
    }
    assert_int_equal(descent_comparison_pairs(one), 6);
    for (size_t i = 0; i < 6; i++)
        assert_true(descent_comparison_pair(one, i).corrected ==
                    descent_comparison_pair(many, i).corrected);
    descent_comparison_free(one);
    descent_comparison_free(many);
}

static void numbers_to_predict_have_an_rmse(void **state)
{
    descent_compare_options options = descent_compare_defaults();
    char sentence[256];

    (void)state;
    options.optimizers = "adam lr=0.01; sgd lr=1e-9";
    options.seeds = 4;
    options.target = 1e9;
    descent_comparison *c = compare("diabetes", &options);
    assert_int_equal(descent_comparison_kind(c), DESCENT_SCORE_RMSE);
    const descent_contender f = descent_comparison_contender(c, 0);
    assert_int_equal(f.rank, 1);
    assert_true(f.best <= f.mean && f.mean <= f.worst);
    assert_int_equal(f.reached, 4);
    assert_true(f.target_steps == (double)descent_comparison_run(c, 0, 0).epoch[0].step);
    const descent_compare_pair pair = descent_comparison_pair(c, 0);
    assert_int_equal(pair.better, 0);
    assert_true(pair.difference > 0);
    assert_true(pair.distinct);
    descent_comparison_sentence(c, 0, sentence, sizeof sentence);
    assert_non_null(strstr(sentence, "adam lr=0.01 is better than sgd lr=1e-9: its rmse is lower"));
    descent_comparison_free(c);
}

static void says_what_is_within_the_noise(void **state)
{
    descent_compare_options options = descent_compare_defaults();
    char sentence[256];

    (void)state;
    options.optimizers = "adam lr=0.010; adam lr=0.0101";
    descent_comparison *c = compare("iris", &options);
    assert_false(descent_comparison_pair(c, 0).distinct);
    descent_comparison_sentence(c, 0, sentence, sizeof sentence);
    assert_non_null(strstr(sentence, ": no difference that 5 seeds can show (p = "));
    descent_comparison_free(c);
}

static int end_at_once(double part, int done, int all, void *user)
{
    (void)part;
    (void)done;
    (void)all;
    ++*(int *)user;
    return 1;
}

static void an_interrupted_one_is_nothing(void **state)
{
    descent_compare_options options = descent_compare_defaults();
    int calls = 0;

    (void)state;
    options.optimizers = "adam; sgd";
    options.tune = 3;
    options.on_progress = end_at_once;
    options.user = &calls;
    assert_null(compare("digits", &options));
    assert_true(calls > 0);
}

static void mistakes_are_told(void **state)
{
    static const struct {
        const char *optimizers, *batches;
        int seeds, tune;
        const char *message;
    } cases[] = {
        {NULL, NULL, 5, 0,
         "one contender alone has nothing to be compared with; give at least two in --optimizers, "
         "--batches or --schedules, with ';' between them"},
        {"adam; adam", NULL, 5, 0, "'adam' is there twice"},
        {"adam; ", NULL, 5, 0, "nothing stands at the end of the list"},
        {"adam;; sgd", NULL, 5, 0, "nothing stands before this ';'"},
        {"adam; adma", NULL, 5, 0, "no optimizer is called 'adma'; did you mean 'adam'?"},
        {"adam; lbfgs", NULL, 5, 3,
         "lbfgs chooses the length of its steps itself; it has no learning rate to find"},
        {"adam; sgd",
         "1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16;17;18;19;20;21;22;23;24;25;26;27;28;"
         "29;30;31;32;33",
         5, 0,
         "2 optimizers x 33 batches x 1 schedules are 66 contenders; at most 64 can be compared at "
         "once"},
        {"adam; sgd", NULL, 1, 0, "seeds = 1, must be a whole number from 2 to 1000"},
        {"adam; sgd", NULL, 5, 2, "tune = 2, must be 0 or a whole number from 3 to 1000"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        descent_compare_options options = descent_compare_defaults();
        descent_recipe *recipe = recipe_of("iris");
        descent_comparison *c;
        descent_error err = {0};
        options.optimizers = cases[i].optimizers;
        options.batches = cases[i].batches;
        options.seeds = cases[i].seeds;
        options.tune = cases[i].tune;
        assert_int_not_equal(descent_compare(&c, recipe, NULL, &options, &err), DESCENT_OK);
        assert_null(c);
        assert_string_equal(err.message, cases[i].message);
        descent_recipe_free(recipe);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_seed_gives_all_the_same_weights),
        cmocka_unit_test(a_run_is_a_plain_training),
        cmocka_unit_test(threads_change_nothing),
        cmocka_unit_test(numbers_to_predict_have_an_rmse),
        cmocka_unit_test(says_what_is_within_the_noise),
        cmocka_unit_test(an_interrupted_one_is_nothing),
        cmocka_unit_test(mistakes_are_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
