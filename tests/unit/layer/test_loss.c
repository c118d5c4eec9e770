/* test_loss.c - losses as typed: numbers, weights, what becomes of an output; messages. */
#include "layer/loss.h"

#include "base/memory.h"
#include "descent/descent.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static dsc_loss_choice read_loss(const char *text, int outputs)
{
    dsc_loss_choice c;
    descent_error err = {0};

    if (dsc_loss_read(&c, text, (dsc_place){0}, outputs, &err) != DESCENT_OK)
        fail_msg("%s: %s", text, err.message);
    return c;
}

static void words_become_numbers(void **state)
{
    (void)state;
    dsc_loss_choice c = read_loss("cross_entropy smoothing=0.1 weights=(1, 2.5, 0) ignore=2", 3);
    assert_string_equal(c.kind->op, "cross_entropy");
    assert_true(c.number[0] == 0.1 && c.number[2] == 2);
    assert_int_equal(c.n_weights, 3);
    assert_true(c.weight[0] == 1 && c.weight[1] == 2.5 && c.weight[2] == 0);
    assert_int_equal(c.link, DSC_LINK_SOFTMAX);
    dsc_loss_free(&c);

    c = read_loss("bce_with_logits pos_weight=3", 2); /* one number for all */
    assert_true(c.n_weights == 2 && c.weight[0] == 3 && c.weight[1] == 3);
    assert_int_equal(c.link, DSC_LINK_SIGMOID);
    dsc_loss_free(&c);

    c = read_loss("cross_entropy", 3);
    assert_true(!c.weight && !c.balanced && c.number[2] == -1);
    dsc_loss_free(&c);
}

static void links_follow_parameters(void **state)
{
    static const struct {
        const char *text;
        dsc_link link;
    } c[] = {
        {"mse", DSC_LINK_IDENTITY},
        {"bce", DSC_LINK_IDENTITY},
        {"poisson_nll", DSC_LINK_EXP},
        {"poisson_nll log_input=no", DSC_LINK_IDENTITY},
        {"kl_div", DSC_LINK_EXP},
        {"kl_div log_target", DSC_LINK_IDENTITY},
        {"multi_margin p=2 margin=0.5", DSC_LINK_SOFTMAX},
    };
    float x[] = {1, 2, 1};

    (void)state;
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        dsc_loss_choice choice = read_loss(c[i].text, 3);
        assert_int_equal(choice.link, c[i].link);
        dsc_loss_free(&choice);
    }
    dsc_link_apply(DSC_LINK_SOFTMAX, x, 3);
    assert_true(fabsf(x[0] + x[1] + x[2] - 1) < 1e-6f && fabsf(x[1] / x[0] - expf(1)) < 1e-5f);
    assert_true(dsc_link_value(DSC_LINK_SIGMOID, 0) == 0.5);
    assert_true(dsc_link_value(DSC_LINK_EXP, 0) == 1);
    assert_true(dsc_link_value(DSC_LINK_IDENTITY, -7) == -7);
}

static void balanced_weights_are_written_as_numbers(void **state)
{
    static const double weight[] = {0.5, 2.0 / 3};
    char *text;

    (void)state;
    dsc_loss_choice c = read_loss("cross_entropy weights=balanced smoothing=0.1", 2);
    assert_true(c.balanced && !c.weight);
    dsc_loss_free(&c);
    assert_int_equal(
        dsc_loss_balance(&text, "cross_entropy weights=balanced smoothing=0.1", weight, 2, NULL),
        DESCENT_OK);
    assert_string_equal(text, "cross_entropy weights=(0.5, 0.666667) smoothing=0.1");
    dsc_free(text);
}

static void every_default_is_in_bounds(void **state)
{
    const dsc_loss *loss;

    (void)state;
    for (size_t i = 0; (loss = dsc_loss_at(i)) != NULL; i++) {
        dsc_loss_choice c = read_loss(loss->info.name, 2);
        for (int p = 0; p < loss->info.n_params; p++)
            if (loss->info.params[p].kind != DESCENT_TEXT)
                assert_int_equal(dsc_param_check(loss->info.name, &loss->info.params[p],
                                                 c.number[p], (dsc_place){0}, NULL),
                                 DESCENT_OK);
        assert_true(loss->lowest <= loss->highest);
        dsc_loss_free(&c);
    }
}

/* Logits (2, 0) and (0, 0) with labels 1 and 0: losses log(1 + e^2) and log 2, weighed 3 and 1. */
static void weights_reach_the_network(void **state)
{
    static const struct {
        const char *loss;
        double first, second; /* how much the two losses weigh */
    } c[] = {
        {"cross_entropy", 0.5, 0.5},
        {"cross_entropy weights=(1, 3)", 0.75, 0.25},
        {"cross_entropy ignore=1", 0, 1},
        {"cross_entropy ignore=0 weights=(1, 3)", 1, 0},
    };
    static const float x[] = {1, 0, 0, 1}, w[] = {2, 0, 0, 0};
    static const int32_t label[] = {1, 0};

    (void)state;
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        const descent_model_options o = {
            .layers = "linear bias=no", .loss = c[i].loss, .rank = 1, .shape = {2}, .outputs = 2};
        descent_model *m;
        float g[4];
        assert_int_equal(descent_model_create(&m, &o, NULL), DESCENT_OK);
        memcpy(descent_model_weights(m), w, sizeof w);
        const double loss = descent_model_gradient(m, x, label, 2, g);
        const double expected = c[i].first * log(1 + exp(2)) + c[i].second * log(2);
        assert_true(fabs(loss - expected) < 1e-6);
        assert_true(fabs((double)g[0] - c[i].first / (1 + exp(-2))) < 1e-6);
        assert_true(fabs((double)g[1] + c[i].second / 2) < 1e-6);
        descent_model_free(m);
    }
}

static void a_model_cannot_count_classes(void **state)
{
    const descent_model_options o = {.layers = "linear",
                                     .loss = "cross_entropy weights=balanced",
                                     .rank = 1,
                                     .shape = {2},
                                     .outputs = 2};
    descent_error err = {0};
    descent_model *m;

    (void)state;
    assert_int_equal(descent_model_create(&m, &o, &err), DESCENT_INVALID);
    assert_string_equal(
        err.message, "cross_entropy: weights=balanced is for trainings, which count the classes; "
                     "a model needs numbers such as weights=(1, 2, 5)");
}

static void mistakes_are_named(void **state)
{
    static const struct {
        const char *text, *message;
    } c[] = {
        {"cross_entropy weights=(1, two, 3)",
         "cross_entropy: weights has 'two', must be numbers of at least 0 with commas between"},
        {"cross_entropy weights=(1, -2, 3)",
         "cross_entropy: weights has '-2', must be numbers of at least 0 with commas between"},
        {"cross_entropy weights=(0, 0, 0)", "cross_entropy: weights must have a number above 0"},
        {"bce_with_logits pos_weight=balanced",
         "bce_with_logits: pos_weight = 'balanced', must be a number of at least 0 or a list such "
         "as (1, 2, 5)"},
        {"bce_with_logits pos_weight=(1, 2)",
         "bce_with_logits: pos_weight has 2 numbers, the data has 3 targets"},
        {"huber delta=(1, 2)", "huber: delta takes one value, found a list"},
        {"mse delta=1", "mse has no parameter 'delta'; it has none"},
        {"hubre", "no loss is called 'hubre'; did you mean 'huber'?"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        dsc_loss_choice choice;
        descent_error err = {0};
        assert_int_not_equal(dsc_loss_read(&choice, c[i].text, (dsc_place){0}, 3, &err),
                             DESCENT_OK);
        assert_string_equal(err.message, c[i].message);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_become_numbers),
        cmocka_unit_test(links_follow_parameters),
        cmocka_unit_test(balanced_weights_are_written_as_numbers),
        cmocka_unit_test(every_default_is_in_bounds),
        cmocka_unit_test(weights_reach_the_network),
        cmocka_unit_test(a_model_cannot_count_classes),
        cmocka_unit_test(mistakes_are_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
