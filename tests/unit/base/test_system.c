/* test_system.c - memory, files and threads: what meets the operating system. */
#define _GNU_SOURCE /* mkdtemp */
#include "base/file.h"
#include "base/memory.h"
#include "base/parallel.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "system-test-XXXXXX";

static int enter(void **state)
{
    (void)state;
    return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int leave(void **state)
{
    (void)state;
    return chdir("..") == 0 && rmdir(folder) == 0 ? 0 : -1;
}

static void memory_is_zero_aligned_and_checked(void **state)
{
    unsigned char *block = dsc_alloc(1000, 3);
    size_t product;

    (void)state;
    assert_non_null(block);
    assert_int_equal((uintptr_t)block % 64, 0);
    for (int i = 0; i < 3000; i++)
        assert_int_equal(block[i], 0);
    dsc_free(block);
    assert_null(dsc_alloc(SIZE_MAX, 2));
    assert_null(dsc_alloc(SIZE_MAX / 2, 3));
    assert_null(dsc_alloc(SIZE_MAX, 1));
    block = dsc_alloc(0, 8);
    assert_non_null(block);
    dsc_free(block);
    assert_true(dsc_multiply(1u << 20, 1u << 20, &product) && product == (size_t)1 << 40);
    assert_false(dsc_multiply(SIZE_MAX, 2, &product));
}

static void a_growing_block_keeps_what_it_held(void **state)
{
    void *block = NULL;
    size_t capacity = 0;

    (void)state;
    for (size_t n = 1; n < 3000; n++) {
        assert_true(dsc_grow(&block, &capacity, n, sizeof(int)));
        ((int *)block)[n - 1] = (int)n;
    }
    for (int i = 0; i < 2999; i++)
        assert_int_equal(((int *)block)[i], i + 1);
    const void *before = block;
    assert_false(dsc_grow(&block, &capacity, SIZE_MAX / 2, sizeof(int)));
    assert_ptr_equal(block, before);
    dsc_free(block);
}

static void write_text(const char *path, const char *text)
{
    dsc_writer writer;

    assert_int_equal(dsc_writer_open(&writer, path, NULL), DESCENT_OK);
    dsc_writer_print(&writer, "%s", text);
    assert_int_equal(dsc_writer_commit(&writer, NULL), DESCENT_OK);
}

static void assert_holds(const char *path, const char *text)
{
    char *bytes;
    size_t length;

    assert_int_equal(dsc_file_read(path, 1000, &bytes, &length, NULL), DESCENT_OK);
    assert_int_equal(length, strlen(text));
    assert_string_equal(bytes, text);
    dsc_free(bytes);
}

static void files_are_whole_or_not_there(void **state)
{
    dsc_writer writer;

    (void)state;
    write_text("a", "first");
    assert_int_equal(dsc_writer_open(&writer, "a", NULL), DESCENT_OK);
    dsc_writer_print(&writer, "half");
    assert_holds("a", "first");
    assert_true(dsc_file_exists(writer.temporary));
    dsc_writer_cancel(&writer);
    assert_false(dsc_file_exists(writer.temporary));
    assert_holds("a", "first");
    write_text("a", "second");
    assert_holds("a", "second");
    dsc_writer_cancel(&writer);
    unlink("a");
}

static void a_failed_write_leaves_the_old_file(void **state)
{
    dsc_writer writer;
    descent_error err = {0};

    (void)state;
    write_text("a", "old");
    assert_int_equal(dsc_writer_open(&writer, "a", NULL), DESCENT_OK);
    fclose(writer.stream);
    writer.stream = fopen("/dev/full", "w");
    if (!writer.stream)
        skip();
    dsc_writer_print(&writer, "new");
    assert_int_equal(dsc_writer_commit(&writer, &err), DESCENT_IO);
    assert_string_equal(err.message, "cannot write 'a': No space left on device");
    assert_holds("a", "old");
    assert_false(dsc_file_exists(writer.temporary));
    unlink("a");
}

/* More than the stream's buffer, so that the failure comes before commit. */
static void the_first_failure_is_the_reason(void **state)
{
    static char much[1 << 20];
    struct rlimit before, limit;
    dsc_writer writer;
    descent_error err = {0};

    (void)state;
    write_text("a", "old");
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    limit = before;
    limit.rlim_cur = 4096;
    void (*const handler)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    const descent_status opened = dsc_writer_open(&writer, "a", &err);
    dsc_writer_write(&writer, much, sizeof much);
    const descent_status committed = dsc_writer_commit(&writer, &err);
    setrlimit(RLIMIT_FSIZE, &before);
    signal(SIGXFSZ, handler);
    assert_int_equal(opened, DESCENT_OK);
    assert_int_equal(committed, DESCENT_IO);
    assert_string_equal(err.message, "cannot write 'a': File too large");
    assert_holds("a", "old");
    assert_false(dsc_file_exists(writer.temporary));
    unlink("a");
}

static void a_pipe_is_not_replaced(void **state)
{
    dsc_writer writer;
    descent_error err = {0};
    struct stat info;

    (void)state;
    assert_int_equal(mkfifo("pipe", 0600), 0);
    assert_int_equal(dsc_writer_open(&writer, "pipe", &err), DESCENT_IO);
    dsc_writer_cancel(&writer);
    assert_string_equal(err.message, "cannot write 'pipe': it is a device or pipe, not a file");
    assert_true(stat("pipe", &info) == 0 && S_ISFIFO(info.st_mode));
    unlink("pipe");
    assert_int_equal(dsc_writer_open(&writer, ".", &err), DESCENT_IO);
    assert_string_equal(err.message, "cannot write '.': it is a folder");
}

static void files_that_cannot_be_read_say_why(void **state)
{
    descent_error err;
    char *bytes;
    size_t length;
    dsc_writer writer;

    (void)state;
    assert_int_equal(dsc_file_read("none", 10, &bytes, &length, &err), DESCENT_IO);
    assert_string_equal(err.message, "cannot read 'none': No such file or directory");
    assert_null(bytes);
    assert_int_equal(dsc_file_read(".", 10, &bytes, &length, &err), DESCENT_IO);
    assert_string_equal(err.message, "'.' is a folder, expected a file");
    write_text("long", "0123456789a");
    assert_int_equal(dsc_file_read("long", 10, &bytes, &length, &err), DESCENT_IO);
    assert_string_equal(err.message, "'long' has more than 10 bytes");
    unlink("long");
    assert_int_equal(dsc_writer_open(&writer, "no/such/folder", &err), DESCENT_IO);
    assert_string_equal(err.message, "cannot write 'no/such/folder': No such file or directory");
}

static void folders_are_made_with_their_parents(void **state)
{
    descent_error err;

    (void)state;
    assert_int_equal(dsc_folder_make("x/y/z", &err), DESCENT_OK);
    assert_int_equal(dsc_folder_make("x/y/z", &err), DESCENT_OK);
    assert_true(dsc_folder_exists("x/y/z"));
    write_text("x/file", "");
    assert_int_equal(dsc_folder_make("x/file", &err), DESCENT_IO);
    assert_string_equal(err.message, "cannot make the folder 'x/file': a file has that name");
    unlink("x/file");
    rmdir("x/y/z");
    rmdir("x/y");
    rmdir("x");
}

static volatile float tiny = 1e-38f;

static void halve(int index, void *user)
{
    ((float *)user)[index] = tiny / 4;
}

static void denormals_are_flushed_inside_only(void **state)
{
    float inside[2] = {1, 1};

    (void)state;
#if !defined(__SSE2__) && !defined(__aarch64__)
    skip();
#endif
    for (int threads = 1; threads <= 2; threads++) {
        dsc_parallel_for(threads, 2, halve, inside);
        assert_true(inside[0] == 0.0f && inside[1] == 0.0f);
        volatile float outside = tiny / 4;
        assert_true(outside > 0.0f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_zero_aligned_and_checked),
        cmocka_unit_test(a_growing_block_keeps_what_it_held),
        cmocka_unit_test(files_are_whole_or_not_there),
        cmocka_unit_test(a_failed_write_leaves_the_old_file),
        cmocka_unit_test(the_first_failure_is_the_reason),
        cmocka_unit_test(a_pipe_is_not_replaced),
        cmocka_unit_test(files_that_cannot_be_read_say_why),
        cmocka_unit_test(folders_are_made_with_their_parents),
        cmocka_unit_test(denormals_are_flushed_inside_only),
    };

    return cmocka_run_group_tests(tests, enter, leave);
}
