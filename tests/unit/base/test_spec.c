/* test_spec.c - the grammar of what people type: places, values, and every mistake by its message.
 */
#define _GNU_SOURCE /* random */
#include "base/spec.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const descent_param params[] = {
    {"filters", (double)NAN, 1, 100, "output channels", DESCENT_INTEGER, NULL},
    {"size", 3, 1, 9, "window", DESCENT_SIZE, NULL},
    {"rate", 0.5, 0, 1, "a part", DESCENT_NUMBER, NULL},
    {"form", 0, 0, 2, "a form", DESCENT_CHOICE, "round|square|flat"},
    {"bias", 1, 0, 1, "a switch", DESCENT_FLAG, NULL},
    {"label", 0, 0, 0, "a word", DESCENT_TEXT, NULL},
};
static const descent_info entry = {
    .name = "thing", .params = params, .n_params = 6, .n_positional = 2};

static void a_list_is_a_tree_with_places(void **state)
{
    const dsc_place origin = {.file = "--model", .line = 4, .column = 11, .line_text = "the line"};
    dsc_spec_list *list;

    (void)state;
    assert_int_equal(
        dsc_spec_parse(&list,
                       "conv 32 3x3 pad=1,relu ,\n  repeat 2 (residual (linear \"a b\", "
                       "tanh)), linear",
                       origin, NULL),
        DESCENT_OK);
    assert_int_equal(list->count, 4);
    assert_string_equal(list->item[0].name, "conv");
    assert_string_equal(list->item[0].source, "conv 32 3x3 pad=1");
    assert_int_equal(list->item[0].n_args, 3);
    assert_string_equal(list->item[0].arg[2].key, "pad");
    assert_string_equal(list->item[0].arg[2].text, "1");
    assert_int_equal(list->item[0].place.line, 4);
    assert_int_equal(list->item[0].place.column, 11);
    assert_int_equal(list->item[0].arg[2].place.column, 11 + 16);
    assert_string_equal(list->item[0].place.line_text, "the line");
    assert_int_equal(list->item[2].place.line, 5);
    assert_int_equal(list->item[2].place.column, 3);
    const dsc_spec_list *inner = dsc_spec_inner(&list->item[2]);
    assert_int_equal(inner->count, 1);
    const dsc_spec_list *deep = dsc_spec_inner(&inner->item[0]);
    assert_int_equal(deep->count, 2);
    assert_string_equal(deep->item[0].arg[0].text, "a b");
    assert_null(dsc_spec_inner(&list->item[3]));
    dsc_spec_free(list);
    dsc_spec_free(NULL);
}

static void broken_texts_name_the_place(void **state)
{
    static const struct {
        const char *text;
        int column;
        const char *message;
    } c[] = {
        {"", 1, "expected a name, found the end"},
        {"a,", 3, "expected a name, found the end"},
        {"a,,b", 3, "expected a name, found ','"},
        {"a (b", 3, "this '(' is never closed"},
        {"a b)", 4, "this ')' was never opened"},
        {"a x= b", 3, "nothing after 'x='"},
        {"a \v b", 3, "found the control character 0x0b, expected text"},
        {"a, \x7f", 4, "found the control character 0x7f, expected text"},
        {"=1", 1, "expected a name before '='"},
        {"(a)", 1, "expected a name, found '('"},
        {"a ()", 4, "expected a name, found ')'"},
        {"a x=1=2", 6, "expected a name before '='"},
        {"a =1", 3, "expected a name before '='"},
        {"a \"b", 3, "this quote is never closed"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        dsc_spec_list *list;
        descent_error err = {0};
        assert_int_equal(dsc_spec_parse(&list, c[i].text, (dsc_place){0}, &err), DESCENT_SYNTAX);
        assert_null(list);
        assert_string_equal(err.message, c[i].message);
        assert_int_equal(err.column, c[i].column);
    }
}

static void nesting_is_limited(void **state)
{
    char text[3000] = "";
    dsc_spec_list *list;
    descent_error err;

    (void)state;
    for (int i = 0; i < 500; i++)
        strcat(text, "a (");
    assert_int_equal(dsc_spec_parse(&list, text, (dsc_place){0}, &err), DESCENT_SYNTAX);
    assert_string_equal(err.message, "parentheses are nested deeper than 32");
}

static descent_status bind(const char *text, dsc_value *values, descent_error *err)
{
    dsc_spec_list *list;

    assert_int_equal(dsc_spec_parse_one(&list, text, (dsc_place){0}, err), DESCENT_OK);
    const descent_status status = dsc_spec_bind(&list->item[0], &entry, false, values, err);
    dsc_spec_free(list);
    return status;
}

static void values_are_bound_by_position_name_and_bare_flag(void **state)
{
    dsc_value v[DSC_MAX_PARAMS];

    (void)state;
    assert_int_equal(bind("thing 32 3x5 form=flat bias=no rate=1e-1", v, NULL), DESCENT_OK);
    assert_true(v[0].number == 32 && v[1].number == 3 && v[1].second == 5);
    assert_true(v[2].number == 0.1 && v[3].number == 2 && v[4].number == 0);
    assert_int_equal(bind("thing size=2 bias filters=7", v, NULL), DESCENT_OK);
    assert_true(v[0].number == 7 && v[1].number == 2 && v[1].second == 2 && v[4].number == 1);
    assert_true(v[2].number == 0.5 && !v[2].given && v[1].given);
}

static void one_list_is_taken(void **state)
{
    static const descent_param times[] = {{"n", 1, 1, 9, "times", DESCENT_INTEGER, NULL}};
    static const descent_info repeat = {
        .name = "repeat", .params = times, .n_params = 1, .n_positional = 1};
    static const struct {
        const char *text;
        int column;
        const char *message;
    } c[] = {
        {"repeat 2 (a)", 0, ""},
        {"repeat", 0, ""}, /* that a list is missing is for the container to say */
        {"repeat 2 (a) (b)", 14, "repeat takes one '(...)', found a second"},
        {"repeat (a) n=(b)", 14, "repeat takes no '(...)' here"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        dsc_value v[DSC_MAX_PARAMS];
        descent_error err = {0};
        dsc_spec_list *list;
        assert_int_equal(dsc_spec_parse_one(&list, c[i].text, (dsc_place){0}, NULL), DESCENT_OK);
        assert_int_equal(dsc_spec_bind(&list->item[0], &repeat, true, v, &err),
                         c[i].column ? DESCENT_SYNTAX : DESCENT_OK);
        assert_string_equal(err.message, c[i].message);
        assert_int_equal(err.column, c[i].column);
        dsc_spec_free(list);
    }
}

static void one_entry_is_one(void **state)
{
    dsc_spec_list *list;
    descent_error err = {0};

    (void)state;
    assert_int_equal(dsc_spec_parse_one(&list, "adam, sgd", (dsc_place){.file = "--opt"}, &err),
                     DESCENT_SYNTAX);
    assert_null(list);
    assert_string_equal(err.message, "expected one entry, found a list: 'sgd' after a comma");
    assert_string_equal(err.file, "--opt");
    assert_string_equal(err.excerpt, "adam, sgd");
    assert_int_equal(err.line, 1);
    assert_int_equal(err.column, 7);
}

static void texts_are_given_or_missing(void **state)
{
    static const descent_param words[] = {
        {"path", (double)NAN, 0, 0, "a file", DESCENT_TEXT, NULL},
        {"label", 0, 0, 0, "a word", DESCENT_TEXT, "none"},
    };
    static const descent_info file = {
        .name = "file", .params = words, .n_params = 2, .n_positional = 1};
    dsc_value v[DSC_MAX_PARAMS];
    dsc_spec_list *list;
    descent_error err = {0};

    (void)state;
    assert_int_equal(dsc_spec_parse_one(&list, "file \"a b.csv\"", (dsc_place){0}, NULL),
                     DESCENT_OK);
    assert_int_equal(dsc_spec_bind(&list->item[0], &file, false, v, NULL), DESCENT_OK);
    assert_string_equal(v[0].text, "a b.csv");
    assert_string_equal(v[1].text, "none");
    assert_true(v[0].given && !v[1].given);
    dsc_spec_free(list);
    assert_int_equal(dsc_spec_parse_one(&list, "file label=x", (dsc_place){0}, NULL), DESCENT_OK);
    assert_int_equal(dsc_spec_bind(&list->item[0], &file, false, v, &err), DESCENT_INVALID);
    assert_string_equal(err.message, "file: path is missing (a file)");
    dsc_spec_free(list);
}

static void wrong_values_are_explained(void **state)
{
    static const struct {
        const char *text;
        int column;
        const char *message;
    } c[] = {
        {"thing", 1, "thing: filters is missing (output channels)"},
        {"thing 0", 7, "thing: filters = 0, must be a whole number between 1 and 100"},
        {"thing 1.5", 7, "thing: filters = '1.5', must be a whole number"},
        {"thing 5 3x", 9, "thing: size = '3x', must be a size such as 3 or 3x3"},
        {"thing 5 3x10", 9, "thing: size = 10, must be a whole number between 1 and 9"},
        {"thing 5 rate=2", 14, "thing: rate = 2, must be between 0 and 1"},
        {"thing 5 rate=nan", 14, "thing: rate = nan, must be between 0 and 1"},
        {"thing 5 form=sqare", 14,
         "thing: form = 'sqare', must be one of round|square|flat; did you mean 'square'?"},
        {"thing 5 bias=perhaps", 14, "thing: bias = 'perhaps', must be yes or no"},
        {"thing 5 rte=1", 9,
         "thing has no parameter 'rte'; it has filters, size, rate, form, bias, label; did you "
         "mean "
         "'rate'?"},
        {"thing 5 rate=1 rate=0", 16, "thing: rate was given twice"},
        {"thing 5 bias bias", 14, "thing: bias was given twice"},
        {"thing 5 bias=no bias", 17, "thing: bias was given twice"},
        {"thing 5 bias bias=no", 14, "thing: bias was given twice"},
        {"thing 5 rate=1e999", 14, "thing: rate = '1e999', must be a number"},
        {"thing 5 3 4", 11, "thing: unexpected '4'; write name=value"},
        {"thing 5 (a)", 9, "thing takes no '(...)' here"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        dsc_value v[DSC_MAX_PARAMS];
        descent_error err = {0};
        assert_int_not_equal(bind(c[i].text, v, &err), DESCENT_OK);
        assert_string_equal(err.message, c[i].message);
        assert_int_equal(err.column, c[i].column);
    }
}

static void the_nearest_word_is_near(void **state)
{
    static const char *const words[] = {"adam", "adamw", "rmsprop", "sgd"};

    (void)state;
    assert_string_equal(descent_nearest("adma", words, 4), "adam");
    assert_string_equal(descent_nearest("rmspop", words, 4), "rmsprop");
    assert_string_equal(descent_nearest("sdg", words, 4), "sgd");
    assert_null(descent_nearest("newton", words, 4));
    assert_null(descent_nearest("", words, 4));
    assert_null(descent_nearest("xyz", words, 4));
}

/* Any bytes are either a list or an error; nothing crashes or leaks. */
static void random_texts_are_survived(void **state)
{
    static const char letters[] = "ab(,)=\" x1\n\v\x7f\xc3";

    (void)state;
    srandom(1);
    for (int round = 0; round < 20000; round++) {
        char text[24];
        dsc_spec_list *list;
        const size_t n = (size_t)random() % (sizeof text - 1);
        for (size_t i = 0; i < n; i++)
            text[i] = letters[(size_t)random() % (sizeof letters - 1)];
        text[n] = '\0';
        descent_error err = {0};
        if (dsc_spec_parse(&list, text, (dsc_place){0}, &err) == DESCENT_OK)
            dsc_spec_free(list);
        else
            assert_true(err.message[0] && !list);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_is_a_tree_with_places),
        cmocka_unit_test(broken_texts_name_the_place),
        cmocka_unit_test(nesting_is_limited),
        cmocka_unit_test(values_are_bound_by_position_name_and_bare_flag),
        cmocka_unit_test(one_list_is_taken),
        cmocka_unit_test(one_entry_is_one),
        cmocka_unit_test(texts_are_given_or_missing),
        cmocka_unit_test(wrong_values_are_explained),
        cmocka_unit_test(the_nearest_word_is_near),
        cmocka_unit_test(random_texts_are_survived),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
