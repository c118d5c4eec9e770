/* test_error.c - messages are one line of printable text, whatever stands in a file. */
#include "base/error.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void no_orders_for_a_terminal(void **state)
{
    const dsc_place place = {.file = "a\nb", .line = 2, .column = 4, .line_text = "x\t\x1b[2J\x7f"};
    descent_error err = {0};

    (void)state;
    dsc_report_at(&err, DESCENT_SYNTAX, place, "found '%s'",
                  "\x1b]0;title\a\r\n\t\x7f\xC2\x9B"
                  "31m");
    assert_string_equal(err.message, "found '?]0;title?????"
                                     "?\?31m'");
    assert_string_equal(err.file, "a?b");
    assert_string_equal(err.excerpt, "x\t?[2J?"); /* the tab stays: a caret is put below */
    assert_int_equal(err.column, 4);
}

static void other_text_stays(void **state)
{
    descent_error err = {0};

    (void)state;
    dsc_report(&err, DESCENT_INVALID, "found '%s', expected %s", "\xC3\xA9t\xC3\xA9 \xE2\x82\xAC",
               "\xC2\xA0\xF0\x9F\x98\x80");
    assert_string_equal(err.message, "found '\xC3\xA9t\xC3\xA9 \xE2\x82\xAC', expected "
                                     "\xC2\xA0\xF0\x9F\x98\x80");
}

/* A message that is cut in the middle of a character ends there. */
static void cut_off(void **state)
{
    char long_text[600];
    descent_error err = {0};

    (void)state;
    memset(long_text, 0xC2, sizeof long_text);
    long_text[sizeof long_text - 1] = '\0';
    dsc_report(&err, DESCENT_INVALID, "%s", long_text);
    assert_int_equal(strlen(err.message), sizeof err.message - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(no_orders_for_a_terminal),
                                       cmocka_unit_test(other_text_stays),
                                       cmocka_unit_test(cut_off)};

    return cmocka_run_group_tests_name("errors", tests, NULL, NULL);
}
