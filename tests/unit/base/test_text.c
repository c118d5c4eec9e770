/* test_text.c - statuses, error places, the cursor, growing texts, shapes and the CPU level. */
#include "base/error.h"
#include "base/level.h"
#include "base/shape.h"
#include "base/strbuf.h"
#include "base/text.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void statuses_have_a_meaning(void **state)
{
    (void)state;
    assert_string_equal(descent_version(), "0.1.0");
    assert_string_equal(descent_status_text(DESCENT_OK), "success");
    assert_string_equal(descent_status_text(DESCENT_SHAPE), "shapes do not fit together");
    assert_string_equal(descent_status_text(DESCENT_STATUS_COUNT), "unknown status");
    assert_string_equal(descent_status_text((descent_status)99), "unknown status");
}

static void an_error_tells_its_place(void **state)
{
    const dsc_place place = {
        .file = "a.ini", .line = 3, .column = 7, .line_text = "lr = 1\r\nbatch = 2"};
    descent_error err;

    (void)state;
    memset(&err, 'x', sizeof err);
    assert_int_equal(dsc_fail_at(&err, DESCENT_SYNTAX, place, "found %d", 5), DESCENT_SYNTAX);
    assert_int_equal(err.status, DESCENT_SYNTAX);
    assert_int_equal(err.line, 3);
    assert_int_equal(err.column, 7);
    assert_string_equal(err.file, "a.ini");
    assert_string_equal(err.excerpt, "lr = 1");
    assert_string_equal(err.message, "found 5");
    assert_int_equal(dsc_fail(&err, DESCENT_IO, "%s", "no"), DESCENT_IO);
    assert_true(err.line == 0 && err.column == 0 && !err.file[0] && !err.excerpt[0]);
    assert_string_equal(err.message, "no");
    assert_int_equal(dsc_fail(NULL, DESCENT_NOMEM, "nobody listens"), DESCENT_NOMEM);
}

static void long_errors_are_cut(void **state)
{
    char text[2000];
    descent_error err;

    (void)state;
    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    const dsc_place place = {.file = text, .line = 1, .column = 1, .line_text = text};
    (void)dsc_fail_at(&err, DESCENT_IO, place, "%s", text);
    assert_int_equal(strlen(err.file), sizeof err.file - 1);
    assert_int_equal(strlen(err.excerpt), sizeof err.excerpt - 1);
    assert_int_equal(strlen(err.message), sizeof err.message - 1);
}

static void the_cursor_knows_where_it_is(void **state)
{
    static const char bytes[] = "ab\n\t\xff!";
    dsc_text text = dsc_text_open("file", bytes, 5);

    (void)state;
    assert_int_equal(dsc_text_peek(&text), 'a');
    assert_int_equal(dsc_text_next(&text), 'a');
    assert_int_equal(dsc_text_place(&text).column, 2);
    dsc_text_next(&text);
    dsc_text_skip_blanks(&text);
    const dsc_place place = dsc_text_place(&text);
    assert_int_equal(place.line, 2);
    assert_int_equal(place.column, 2);
    assert_string_equal(place.file, "file");
    assert_ptr_equal(place.line_text, bytes + 3);
    assert_int_equal(dsc_text_next(&text), 0xff);
    assert_int_equal(dsc_text_peek(&text), -1); /* the sixth byte is not ours */
    assert_int_equal(dsc_text_next(&text), -1);
    assert_int_equal(dsc_text_place(&text).column, 3);
}

static void a_zero_byte_is_no_blank(void **state)
{
    dsc_text text = dsc_text_open("file", " \0 ", 3);

    (void)state;
    dsc_text_skip_blanks(&text);
    assert_int_equal(dsc_text_peek(&text), 0);
}

static void a_text_grows(void **state)
{
    char piece[3000];
    dsc_strbuf buf = {0};

    (void)state;
    memset(piece, 'a', sizeof piece - 1);
    piece[sizeof piece - 1] = '\0';
    dsc_strbuf_add(&buf, "");
    assert_string_equal(buf.text, "");
    dsc_strbuf_print(&buf, "%d, ", 7);
    dsc_strbuf_add_n(&buf, "onetwo", 3);
    assert_string_equal(buf.text, "7, one");
    dsc_strbuf_print(&buf, "%s!", piece);
    assert_false(buf.failed);
    assert_int_equal(buf.length, 6 + 2999 + 1);
    assert_int_equal(strlen(buf.text), buf.length);
    assert_string_equal(buf.text + buf.length - 2, "a!");
    dsc_strbuf_free(&buf);
    assert_true(!buf.text && buf.length == 0 && buf.capacity == 0);
}

static void shapes_are_checked_and_named(void **state)
{
    const dsc_shape image = {3, {3, 28, 28}}, one = {0, {0}}, row = {1, {64}}, single = {1, {1}};
    const dsc_shape largest = {1, {INT_MAX}}, longest = {4, {INT_MAX, 1, 1, 1}};
    char out[48];

    (void)state;
    assert_int_equal(dsc_shape_count(image), 2352);
    assert_int_equal(dsc_shape_count(one), 1);
    assert_string_equal(dsc_shape_text(image, out), "3x28x28");
    assert_string_equal(dsc_shape_text(one, out), "1");
    assert_string_equal(dsc_shape_text(longest, out), "2147483647x1x1x1");
    assert_string_equal(dsc_shape_words(image, out), "3x28x28");
    assert_string_equal(dsc_shape_words(row, out), "64 numbers");
    assert_string_equal(dsc_shape_words(single, out), "1 number");
    assert_true(dsc_shape_valid(image) && dsc_shape_valid(one) && dsc_shape_valid(largest));
    assert_false(dsc_shape_valid((dsc_shape){1, {0}}));
    assert_false(dsc_shape_valid((dsc_shape){2, {3, -1}}));
    assert_false(dsc_shape_valid((dsc_shape){2, {1 << 16, 1 << 15}}));
    assert_false(dsc_shape_valid((dsc_shape){4, {1 << 16, 1 << 16, 1 << 16, 1 << 16}}));
    assert_false(dsc_shape_valid((dsc_shape){5, {1, 1, 1, 1}}));
    assert_false(dsc_shape_valid((dsc_shape){-1, {1}}));
    assert_true(dsc_shape_equal(image, (dsc_shape){3, {3, 28, 28, 9}})); /* past its rank */
    assert_false(dsc_shape_equal(image, (dsc_shape){3, {3, 28, 27}}));
    assert_false(dsc_shape_equal(row, one));
}

static void the_level_can_only_be_lowered(void **state)
{
    (void)state;
    unsetenv("DESCENT_CPU");
    const dsc_level best = dsc_level_choose();
    assert_true((int)best >= 0 && best < DSC_LEVEL_COUNT);
    setenv("DESCENT_CPU", "base", 1);
    assert_int_equal(dsc_level_choose(), DSC_LEVEL_base);
    setenv("DESCENT_CPU", "nonsense", 1);
    assert_int_equal(dsc_level_choose(), best);
#ifdef DSC_HAS_AVX2
    setenv("DESCENT_CPU", "avx512", 1);
    assert_int_equal(dsc_level_choose(), best);
    setenv("DESCENT_CPU", "avx2", 1);
    assert_int_equal(dsc_level_choose(), best < DSC_LEVEL_avx2 ? best : DSC_LEVEL_avx2);
#endif
    unsetenv("DESCENT_CPU");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statuses_have_a_meaning),
        cmocka_unit_test(an_error_tells_its_place),
        cmocka_unit_test(long_errors_are_cut),
        cmocka_unit_test(the_cursor_knows_where_it_is),
        cmocka_unit_test(a_zero_byte_is_no_blank),
        cmocka_unit_test(a_text_grows),
        cmocka_unit_test(shapes_are_checked_and_named),
        cmocka_unit_test(the_level_can_only_be_lowered),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
