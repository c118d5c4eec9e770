/* test_param.c - bounds, parameters by name, and the nearest known word, each by its message. */
#include "base/param.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const descent_param params[] = {
    {"lr", 0.001, 0, (double)INFINITY, "step size", DESCENT_NUMBER, NULL},
    {"beta1", 0.9, 0, 0.999, "decay", DESCENT_NUMBER, NULL},
    {"units", (double)NAN, 1, 64, "outputs", DESCENT_INTEGER, NULL},
    {"label", 0, 0, 0, "a word", DESCENT_TEXT, "none"},
};
static const descent_info adam = {.name = "adam", .params = params, .n_params = 4};
static const descent_info relu = {.name = "relu"};

static void values_out_of_bounds_are_explained(void **state)
{
    static const double inf = (double)INFINITY, nan = (double)NAN;
    static const struct {
        double min, max, value;
        descent_kind kind;
        const char *message;
    } c[] = {
        {0, 0.999, 1.5, DESCENT_NUMBER, "adam: p = 1.5, must be between 0 and 0.999"},
        {0, 1, nan, DESCENT_NUMBER, "adam: p = nan, must be between 0 and 1"},
        {0.5, inf, 0, DESCENT_NUMBER, "adam: p = 0, must be at least 0.5"},
        {-inf, 2, 1e300, DESCENT_NUMBER, "adam: p = 1e+300, must be at most 2"},
        {-inf, inf, nan, DESCENT_NUMBER, "adam: p = nan, must be a number"},
        {1, 9, 2.5, DESCENT_INTEGER, "adam: p = 2.5, must be a whole number between 1 and 9"},
        {1, inf, 0, DESCENT_INTEGER, "adam: p = 0, must be a whole number at least 1"},
        {-inf, inf, 0.5, DESCENT_INTEGER, "adam: p = 0.5, must be a whole number"},
        {1, 9, 10, DESCENT_SIZE, "adam: p = 10, must be a whole number between 1 and 9"},
        {0, 0.999, 0.999, DESCENT_NUMBER, ""},
        {0, 0.999, 0, DESCENT_NUMBER, ""},
        {-inf, inf, -inf, DESCENT_NUMBER, ""},
    };
    const dsc_place place = {.file = "--optimizer", .line = 1, .column = 9};

    (void)state;
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        const descent_param p = {"p", 0, c[i].min, c[i].max, "a value", c[i].kind, NULL};
        descent_error err = {0};
        assert_int_equal(dsc_param_check("adam", &p, c[i].value, place, &err),
                         c[i].message[0] ? DESCENT_INVALID : DESCENT_OK);
        assert_string_equal(err.message, c[i].message);
        assert_int_equal(err.column, c[i].message[0] ? 9 : 0);
    }
}

static void parameters_are_found_by_name(void **state)
{
    descent_error err = {0};
    int index = -1;

    (void)state;
    assert_int_equal(dsc_param_find(&adam, "units", (dsc_place){0}, &index, &err), DESCENT_OK);
    assert_int_equal(index, 2);
    assert_int_equal(dsc_param_find(&adam, "beta", (dsc_place){0}, &index, &err), DESCENT_UNKNOWN);
    assert_string_equal(err.message, "adam has no parameter 'beta'; it has lr, beta1, units, "
                                     "label; did you mean 'beta1'?");
    assert_int_equal(dsc_param_find(&adam, "momentum", (dsc_place){0}, &index, &err),
                     DESCENT_UNKNOWN);
    assert_string_equal(err.message,
                        "adam has no parameter 'momentum'; it has lr, beta1, units, label");
    assert_int_equal(dsc_param_find(&relu, "size", (dsc_place){0}, &index, &err), DESCENT_UNKNOWN);
    assert_string_equal(err.message, "relu has no parameter 'size'; it has none");
    assert_int_equal(index, 2); /* untouched by failures */
}

static void many_names_are_cut(void **state)
{
    static const char name[] = "a_parameter_with_a_rather_long_name";
    descent_param many[DSC_MAX_PARAMS];
    descent_error err = {0};
    int index;

    (void)state;
    for (int i = 0; i < DSC_MAX_PARAMS; i++)
        many[i] = (descent_param){name, 0, 0, 1, "x", DESCENT_NUMBER, NULL};
    const descent_info info = {.name = "big", .params = many, .n_params = DSC_MAX_PARAMS};
    assert_int_equal(dsc_param_find(&info, "z", (dsc_place){0}, &index, &err), DESCENT_UNKNOWN);
    assert_non_null(strstr(err.message, "big has no parameter 'z'; it has a_parameter_with"));
}

static void defaults_are_filled_in(void **state)
{
    dsc_value value[DSC_MAX_PARAMS];

    (void)state;
    memset(value, 0x5a, sizeof value);
    dsc_param_defaults(&adam, value);
    assert_true(value[0].number == 0.001 && value[1].number == 0.9 && isnan(value[2].number));
    assert_null(value[0].text);
    assert_string_equal(value[3].text, "none");
    for (int i = 0; i < 4; i++)
        assert_false(value[i].given);
}

static const descent_info *registry(size_t index)
{
    static const descent_info *const entries[] = {&adam, &relu};

    return index < 2 ? entries[index] : NULL;
}

static void the_nearest_entry_is_suggested(void **state)
{
    char out[80];

    (void)state;
    dsc_suggest_entry("adm", registry, out);
    assert_string_equal(out, "; did you mean 'adam'?");
    dsc_suggest_entry("rleu", registry, out); /* neighbours swapped: one mistake */
    assert_string_equal(out, "; did you mean 'relu'?");
    dsc_suggest_entry("sgd", registry, out);
    assert_string_equal(out, "");
}

static void longer_words_may_have_more_mistakes(void **state)
{
    static const char *const words[] = {"weight_decay", "learning_rate", "decay"};
    char endless[500];

    (void)state;
    assert_string_equal(descent_nearest("wieght_dacey", words, 3), "weight_decay");
    assert_string_equal(descent_nearest("weihgtdecya", words, 3), "weight_decay");
    assert_string_equal(descent_nearest("dacay", words, 3), "decay");
    assert_null(descent_nearest("wxxxxx_decay", words, 3)); /* five of twelve */
    memset(endless, 'w', sizeof endless - 1);
    endless[sizeof endless - 1] = '\0';
    assert_null(descent_nearest(endless, words, 3));
    assert_null(descent_nearest("decay", words, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_out_of_bounds_are_explained),
        cmocka_unit_test(parameters_are_found_by_name),
        cmocka_unit_test(many_names_are_cut),
        cmocka_unit_test(defaults_are_filled_in),
        cmocka_unit_test(the_nearest_entry_is_suggested),
        cmocka_unit_test(longer_words_may_have_more_mistakes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
