/* check.c - a check before a training: what is in order passes, what is planted is seen. */
#include "descent/descent.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static descent_recipe *recipe_of(const char *const *word)
{
    descent_recipe *recipe;

    assert_int_equal(descent_recipe_create(&recipe, NULL), DESCENT_OK);
    for (; word[0]; word += 2)
        assert_int_equal(descent_recipe_set(recipe, word[0], word[1], NULL, NULL), DESCENT_OK);
    return recipe;
}

#define RECIPE(...) recipe_of((const char *const[]){__VA_ARGS__, NULL})

static descent_check *check(descent_recipe *recipe, double seconds)
{
    descent_check_options options = descent_check_defaults();
    descent_check *out;
    descent_error err = {0};

    options.threads = 1;
    options.seconds = seconds;
    options.lr_steps = 60;
    if (descent_check_run(&out, recipe, NULL, &options, &err) != DESCENT_OK)
        fail_msg("%s", err.message);
    assert_non_null(out);
    descent_recipe_free(recipe);
    return out;
}

/* The worst verdict of the lines of that name, and the text of the first with it. */
static descent_mark mark_of(const descent_check *c, const char *name, char text[400])
{
    descent_mark worst = DESCENT_PASS;

    text[0] = '\0';
    for (size_t i = 0; descent_check_line_at(c, i); i++) {
        const descent_check_line *line = descent_check_line_at(c, i);
        if (strcmp(line->name, name) != 0 || (text[0] && line->verdict <= worst))
            continue;
        worst = line->verdict;
        snprintf(text, 400, "%s", line->text);
    }
    assert_true(text[0] != '\0');
    return worst;
}

static const char *const names[] = {"data",  "start",   "gradient", "signals",
                                    "decay", "overfit", "lr",       "repeat"};

static void what_is_in_order_passes(void **state)
{
    static const struct {
        const char *data, *model;
    } c[] = {
        {"digits", "conv 8 3x3, relu, max_pool 2, flatten, linear 32, relu, linear"},
        {"iris", "linear 32, batch_norm, relu, linear"},
        {"diabetes", "linear 64, tanh, dropout 0.2, linear"},
    };
    char text[400];

    (void)state;
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        descent_check *done = check(
            RECIPE("data", c[i].data, "model", c[i].model, "optimizer", "adam lr=0.003"), 20.0);
        for (size_t k = 0; k < sizeof names / sizeof *names; k++)
            if (mark_of(done, names[k], text) >= DESCENT_WARN)
                fail_msg("%s: %s: %s", c[i].data, names[k], text);
        assert_int_equal(descent_check_worst(done), DESCENT_PASS);
        assert_non_null(descent_check_layer_at(done, 0));
        assert_null(descent_check_layer_at(done, 100));
        descent_check_free(done);
    }
    descent_check_free(NULL);
}

static void frozen_weights_fail(void **state)
{
    char text[400];

    (void)state;
    descent_check *done = check(RECIPE("data", "iris", "model", "linear 16, relu, linear",
                                       "optimizer", "adam lr=0.01", "group", "*.weight frozen"),
                                2.0);
    assert_int_equal(mark_of(done, "decay", text), DESCENT_PASS);
    assert_string_equal(text, "of 4 segments of the weights 0 decay, matrices and filters only, "
                              "and 2 are frozen");
    assert_int_equal(mark_of(done, "overfit", text), DESCENT_FAIL);
    assert_non_null(strstr(text, "20 examples are not learned by heart: the loss went from "));
    assert_int_equal(descent_check_worst(done), DESCENT_FAIL);
    descent_check_free(done);
}

/* A softmax before the loss that has one: 20 examples are told apart, but the loss stays high. */
static void a_loss_that_cannot_fall_fails(void **state)
{
    char text[400];

    (void)state;
    descent_check *done =
        check(RECIPE("data", "digits", "model", "linear 32, relu, linear, softmax", "optimizer",
                     "adam lr=0.01"),
              20.0);
    assert_int_equal(mark_of(done, "overfit", text), DESCENT_FAIL);
    descent_check_free(done);
    done = check(RECIPE("data", "digits", "model", "linear 32, relu, linear", "optimizer",
                        "adam lr=0.01", "loss", "cross_entropy smoothing=0.1"),
                 20.0);
    assert_int_equal(mark_of(done, "overfit", text), DESCENT_PASS);
    descent_check_free(done);
}

static void rates_are_judged(void **state)
{
    static const struct {
        const char *optimizer;
        descent_mark lr, overfit;
    } c[] = {
        {"sgd lr=0.1", DESCENT_PASS, DESCENT_PASS},
        {"sgd lr=90", DESCENT_FAIL, DESCENT_WARN},
        {"adam lr=0.0000001", DESCENT_WARN, DESCENT_WARN},
    };
    char text[400];

    (void)state;
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        descent_check *done = check(RECIPE("data", "digits", "model", "linear 32, relu, linear",
                                           "optimizer", c[i].optimizer),
                                    20.0);
        assert_int_equal(mark_of(done, "lr", text), c[i].lr);
        assert_int_equal(mark_of(done, "overfit", text), c[i].overfit);
        for (size_t k = 0; descent_check_line_at(done, k); k++)
            if (descent_check_line_at(done, k)->verdict >= DESCENT_WARN)
                assert_non_null(strstr(descent_check_line_at(done, k)->flags, "--optimizer \""));
        descent_check_free(done);
    }
}

static void decay_of_biases_is_seen(void **state)
{
    char text[400];

    (void)state;
    descent_check *done = check(RECIPE("data", "iris", "model", "linear 16, relu, linear",
                                       "optimizer", "adamw lr=0.01 weight_decay=0.1 decay_all"),
                                2.0);
    assert_int_equal(mark_of(done, "decay", text), DESCENT_WARN);
    assert_string_equal(text, "weight decay pulls 2 biases or gains of norms to 0, '0.bias' first; "
                              "it should act on matrices and filters only: leave decay_all out");
    descent_check_free(done);
}

static int stop_at_half(double part, const char *name, void *user)
{
    (void)name;
    *(double *)user = part;
    return part > 0.5;
}

static void it_can_be_interrupted(void **state)
{
    descent_check_options options = descent_check_defaults();
    descent_recipe *recipe = RECIPE("data", "iris", "epochs", "5");
    descent_check *out = (descent_check *)&options;
    double last = 0.0;

    (void)state;
    options.on_progress = stop_at_half;
    options.user = &last;
    assert_int_equal(descent_check_run(&out, recipe, NULL, &options, NULL), DESCENT_OK);
    assert_null(out);
    assert_true(last > 0.5 && last < 0.75);
    descent_recipe_free(recipe);
}

/* Two short trainings are compared over all the steps that are promised, also where an epoch is
 * less. */
static void repeats_are_not_cut_short(void **state)
{
    char text[400];

    (void)state;
    descent_check *done = check(RECIPE("data", "iris", "epochs", "1"), 5.0);
    assert_int_equal(mark_of(done, "repeat", text), DESCENT_PASS);
    assert_non_null(strstr(text, "two trainings of 20 steps,"));
    descent_check_free(done);
}

static void mistakes_are_explained(void **state)
{
    descent_check_options options = descent_check_defaults();
    descent_recipe *recipe = RECIPE("data", "iris", "model", "linear 16, rel, linear");
    descent_check *out;
    descent_error err = {0};

    (void)state;
    assert_int_equal(descent_check_run(&out, recipe, NULL, &options, &err), DESCENT_UNKNOWN);
    assert_string_equal(err.message, "no layer is called 'rel'; did you mean 'relu'?");
    options.seconds = 0.0;
    assert_int_equal(descent_check_run(&out, recipe, NULL, &options, &err), DESCENT_INVALID);
    assert_string_equal(err.message, "seconds = 0, must be above 0");
    descent_recipe_free(recipe);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_in_order_passes),       cmocka_unit_test(frozen_weights_fail),
        cmocka_unit_test(a_loss_that_cannot_fall_fails), cmocka_unit_test(rates_are_judged),
        cmocka_unit_test(decay_of_biases_is_seen),       cmocka_unit_test(it_can_be_interrupted),
        cmocka_unit_test(repeats_are_not_cut_short),     cmocka_unit_test(mistakes_are_explained),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
