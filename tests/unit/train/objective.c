/* objective.c - rules that ask for the loss at weights of their choice. */
#include "runs.h"

#include "model/model.h"

static descent_model *run_with(const char *optimizer, const char *accumulate, int threads)
{
    descent_recipe *recipe = RECIPE(
        "data", "iris", "model", "linear 16, batch_norm, relu, dropout 0.3, linear", "batch", "32",
        "accumulate", accumulate, "shards", "2", "epochs", "4", "optimizer", optimizer);
    descent_train_options options = descent_train_defaults();
    descent_train_result result;

    options.threads = threads;
    descent_model *model = run(recipe, options, &result);
    assert_int_equal(result.stop, DESCENT_STOP_STEPS);
    assert_true(isfinite(result.train_loss));
    descent_recipe_free(recipe);
    return model;
}

/* With rho=0 the second gradient is the first: dropout drops the same numbers in both, and
 * batch_norm has seen the batch once. */
static void sam_that_stays_is_the_rule_inside(void **state)
{
    (void)state;
    for (int k = 0; k < 2; k++) {
        descent_model *plain = run_with("sgd lr=0.1 momentum=0.9", k ? "3" : "1", 2);
        descent_model *sam = run_with("sam (sgd lr=0.1 momentum=0.9) rho=0", k ? "3" : "1", 2);
        descent_model *away = run_with("sam (sgd lr=0.1 momentum=0.9) rho=0.1", k ? "3" : "1", 2);
        assert_same_weights(plain, sam);
        assert_memory_equal(plain->b, sam->b, plain->n_b * sizeof(float));
        assert_true(distance(plain, away) > 1e-3);
        descent_model_free(plain);
        descent_model_free(sam);
        descent_model_free(away);
    }
}

static void threads_do_not_change_a_bit(void **state)
{
    descent_model *one = run_with("sam (adam lr=0.01) rho=0.1 adaptive", "1", 1);

    (void)state;
    for (int threads = 2; threads <= 4; threads++) {
        descent_model *more = run_with("sam (adam lr=0.01) rho=0.1 adaptive", "1", threads);
        assert_same_weights(one, more);
        descent_model_free(more);
    }
    descent_model_free(one);
}

/* Noise would mislead a search along a line. */
static void searches_want_all_data(void **state)
{
    descent_recipe *recipe = RECIPE("data", "iris", "optimizer", "lbfgs", "epochs", "20");
    descent_train_result result;
    descent_error err;

    (void)state;
    if (has_rule("lbfgs")) {
        assert_refused(recipe, &err);
        assert_string_equal(
            err.message, "lbfgs needs the loss of all data at every evaluation; add --batch all");
        /* in one piece or in several */
        descent_recipe_set(recipe, "model", "linear 8, tanh, linear", NULL, NULL);
        descent_recipe_set(recipe, "batch", "all", NULL, NULL);
        descent_model *whole = run(recipe, descent_train_defaults(), &result);
        assert_int_equal(result.steps, 20);
        assert_true(result.train_loss < 0.1);
        descent_recipe_set(recipe, "batch", "40", NULL, NULL);
        descent_recipe_set(recipe, "accumulate", "3", NULL, NULL);
        descent_model *parts = run(recipe, descent_train_defaults(), &result);
        assert_true(result.train_loss < 0.1);
        descent_model_free(whole);
        descent_model_free(parts);
    }
    descent_recipe_free(recipe);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sam_that_stays_is_the_rule_inside),
        cmocka_unit_test(threads_do_not_change_a_bit),
        cmocka_unit_test(searches_want_all_data),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
