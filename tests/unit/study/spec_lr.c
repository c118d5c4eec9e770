/* spec_lr.c - a learning rate within an optimizer's string, and who has none. */
#include "study/spec_lr.h"

#include "base/memory.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void puts_lr_in_its_place(void **state)
{
    static const char *const cases[][2] = {
        {"adam", "adam lr=0.01"},
        {"adam lr=auto", "adam lr=0.01"},
        {"sgd momentum=0.9  lr=3 nesterov", "sgd momentum=0.9 lr=0.01 nesterov"},
        {"lookahead (sam (sgd momentum=0.9) rho=0.1) every=5",
         "lookahead (sam (sgd lr=0.01 momentum=0.9) rho=0.1) every=5"},
        {"ema (adamw lr=auto)", "ema (adamw lr=0.01)"},
        {"adam lr=(cosine from=1e-3 steps=500) beta1=0.8", "adam lr=0.01 beta1=0.8"},
        {"sgd momentum=(linear from=0.5 steps=50)",
         "sgd lr=0.01 momentum=(linear from=0.5 steps=50)"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        descent_error err = {0};
        char *text;
        if (dsc_spec_set_lr(&text, cases[i][0], 0.01, (dsc_place){.file = ""}, &err))
            fail_msg("%s: %s", cases[i][0], err.message);
        assert_string_equal(text, cases[i][1]);
        dsc_free(text);
    }
}

static void refuses_what_has_none(void **state)
{
    static const char *const cases[][2] = {
        {"lbfgs", "lbfgs chooses the length of its steps itself; it has no learning rate to find"},
        {"adma", "no optimizer is called 'adma'; did you mean 'adam'?"},
        {"adam lr=auto, sgd", "expected one entry, found a list: 'sgd' after a comma"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        descent_error err = {0};
        char *text = err.message;
        assert_int_not_equal(
            dsc_spec_set_lr(&text, cases[i][0], 0.01, (dsc_place){.file = ""}, &err), DESCENT_OK);
        assert_null(text);
        assert_string_equal(err.message, cases[i][1]);
    }
}

/* The column is that of the text as typed, though another number stands in for auto. */
static void mistakes_keep_their_place(void **state)
{
    descent_error err = {0};
    char *text;

    (void)state;
    assert_int_equal(dsc_spec_set_lr(&text, "adam lr=auto beta1=2", 0.01,
                                     (dsc_place){.file = "--optimizer", .line = 1, .column = 1},
                                     &err),
                     DESCENT_INVALID);
    assert_int_equal(err.column, 20);
    assert_string_equal(err.excerpt, "adam lr=auto beta1=2");
}

static void knows_who_wants_one(void **state)
{
    (void)state;
    assert_true(dsc_spec_wants_lr("adam lr=auto"));
    assert_true(dsc_spec_wants_lr("sam (sgd momentum=0.9 lr=auto)"));
    assert_false(dsc_spec_wants_lr("adam"));
    assert_false(dsc_spec_wants_lr("adam lr=0.1"));
    assert_false(dsc_spec_wants_lr("adam lr=("));
    assert_false(dsc_spec_wants_lr(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(puts_lr_in_its_place),
        cmocka_unit_test(refuses_what_has_none),
        cmocka_unit_test(mistakes_keep_their_place),
        cmocka_unit_test(knows_who_wants_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
