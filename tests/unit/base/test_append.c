/* test_append.c - a file that grows by whole lines. */
#define _GNU_SOURCE /* mkdtemp */
#include "base/append.h"
#include "base/file.h"
#include "base/memory.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "append-test-XXXXXX";

static int enter(void **state)
{
    (void)state;
    return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int leave(void **state)
{
    (void)state;
    return unlink("lines") == 0 && chdir("..") == 0 && rmdir(folder) == 0 ? 0 : -1;
}

static void check_file(const char *expected)
{
    char *text;
    size_t length;

    assert_int_equal(dsc_file_read("lines", 1 << 20, &text, &length, NULL), DESCENT_OK);
    assert_string_equal(text, expected);
    dsc_free(text);
}

static dsc_append *open_lines(void)
{
    dsc_append *file;

    assert_int_equal(dsc_append_open(&file, "lines", NULL), DESCENT_OK);
    return file;
}

static void lines_wait_until_they_are_written(void **state)
{
    dsc_append *file = open_lines();
    int64_t bytes;

    (void)state;
    assert_true(dsc_append_line(file, "one", 3));
    assert_true(dsc_append_line(file, "two", 3));
    check_file("");
    assert_int_equal(dsc_append_write(file, NULL), DESCENT_OK);
    check_file("one\ntwo\n");
    assert_true(dsc_append_line(file, "three", 5));
    assert_int_equal(dsc_append_sync(file, &bytes, NULL), DESCENT_OK);
    assert_int_equal(bytes, 14);
    assert_true(dsc_append_line(file, "four", 4));
    dsc_append_free(file); /* writes what waits */
    check_file("one\ntwo\nthree\nfour\n");
}

static void a_file_is_cut_to_what_counts(void **state)
{
    dsc_append *file = open_lines(); /* keeps what is there */
    descent_error err;

    (void)state;
    assert_int_equal(dsc_append_cut(file, 4, &err), DESCENT_OK);
    check_file("one\n");
    assert_int_equal(dsc_append_cut(file, 5, &err), DESCENT_INVALID);
    assert_string_equal(err.message, "'lines' has 4 bytes, expected at least 5");
    assert_true(dsc_append_line(file, "2", 1));
    dsc_append_free(file);
    check_file("one\n2\n");
}

static void a_restart_keeps_what_begins_the_same(void **state)
{
    dsc_append *file = open_lines();
    int64_t bytes;

    (void)state;
    dsc_append_restart(file);
    check_file("one\n2\n"); /* at no time without its first line */
    assert_true(dsc_append_line(file, "one", 3));
    assert_int_equal(dsc_append_sync(file, &bytes, NULL), DESCENT_OK);
    assert_int_equal(bytes, 4);
    assert_true(dsc_append_line(file, "3", 1));
    assert_int_equal(dsc_append_write(file, NULL), DESCENT_OK);
    check_file("one\n3\n");
    dsc_append_restart(file);
    assert_true(dsc_append_line(file, "another", 7));
    dsc_append_free(file);
    check_file("another\n");
    file = open_lines();
    dsc_append_restart(file);
    assert_true(dsc_append_line(file, "another, and longer", 19));
    dsc_append_free(file);
    check_file("another, and longer\n");
}

static void one_writes_at_a_time(void **state)
{
    dsc_append *file = open_lines(), *other;
    descent_error err;

    (void)state;
    assert_int_equal(dsc_append_open(&other, "lines", &err), DESCENT_IO);
    assert_null(other);
    assert_string_equal(err.message, "'lines' is being written by another process");
    dsc_append_free(file);
    dsc_append_free(open_lines());
    assert_int_equal(dsc_append_open(&other, "nowhere/lines", &err), DESCENT_IO);
    assert_string_equal(err.message, "cannot write 'nowhere/lines': No such file or directory");
    dsc_append_free(NULL);
}

static void set_limit(rlim_t bytes)
{
    struct rlimit limit;

    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = bytes;
    setrlimit(RLIMIT_FSIZE, &limit);
}

/* The system writes what there is room for and fails then, as on a full disk. */
static void what_has_no_room_waits_and_leaves_no_half_line(void **state)
{
    dsc_append *file = open_lines();
    descent_error err;
    int64_t bytes;

    (void)state;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(dsc_append_cut(file, 0, NULL), DESCENT_OK);
    assert_true(dsc_append_line(file, "0123456789", 10));
    assert_int_equal(dsc_append_write(file, NULL), DESCENT_OK);
    set_limit(15);
    assert_true(dsc_append_line(file, "abcdefghij", 10));
    assert_int_equal(dsc_append_write(file, &err), DESCENT_IO);
    assert_string_equal(err.message, "cannot write 'lines': File too large");
    check_file("0123456789\n");
    assert_true(dsc_append_line(file, "k", 1));
    assert_int_equal(dsc_append_sync(file, &bytes, &err), DESCENT_IO);
    check_file("0123456789\n");
    set_limit(RLIM_INFINITY);
    assert_int_equal(dsc_append_sync(file, &bytes, NULL), DESCENT_OK);
    assert_int_equal(bytes, 24);
    dsc_append_free(file);
    check_file("0123456789\nabcdefghij\nk\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_wait_until_they_are_written),
        cmocka_unit_test(a_file_is_cut_to_what_counts),
        cmocka_unit_test(a_restart_keeps_what_begins_the_same),
        cmocka_unit_test(one_writes_at_a_time),
        cmocka_unit_test(what_has_no_room_waits_and_leaves_no_half_line),
    };

    return cmocka_run_group_tests(tests, enter, leave);
}
