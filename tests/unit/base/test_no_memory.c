/* test_no_memory.c - every allocation of base fails once: an error, nothing leaked, nothing lost.
 */
#include "base/file.h"
#include "base/memory.h"
#include "base/spec.h"
#include "base/strbuf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* Takes the place of the C library's, for memory.c of the library under test. */
static int allocations, fail_at, alive;

void *aligned_alloc(size_t alignment, size_t size)
{
    void *block = NULL;

    allocations++;
    if (allocations == fail_at || posix_memalign(&block, alignment, size) != 0)
        return NULL;
    alive++;
    return block;
}

static void fail_after(int n)
{
    allocations = 0;
    fail_at = n;
}

/* LeakSanitizer finds what is lost in the sanitized run. */
static void parsing_survives_lack_of_memory(void **state)
{
    const dsc_place origin = {.file = "--model"};
    descent_status status = DESCENT_NOMEM;
    int failures = 0;

    (void)state;
    for (int n = 1; status != DESCENT_OK; n++) {
        descent_error err = {0};
        dsc_spec_list *list;
        fail_after(n);
        status = dsc_spec_parse(&list, "a 1 x=2, repeat 2 (b \"c d\", e), f", origin, &err);
        if (status != DESCENT_OK) {
            assert_int_equal(status, DESCENT_NOMEM);
            assert_string_equal(err.message, "out of memory for '--model'");
            assert_null(list);
            failures++;
        }
        dsc_spec_free(list);
    }
    assert_true(failures > 15); /* all strings and arrays of that tree */
    fail_at = 0;
}

static void a_text_remembers_that_it_did_not_fit(void **state)
{
    dsc_strbuf buf = {0};

    (void)state;
    fail_after(0);
    dsc_strbuf_add(&buf, "kept");
    fail_after(1);
    dsc_strbuf_print(&buf, "%0500d", 1);
    assert_true(buf.failed);
    fail_after(0);
    dsc_strbuf_add(&buf, "x"); /* there is room, but the text would have a hole */
    assert_true(buf.failed);
    assert_string_equal(buf.text, "kept");
    dsc_strbuf_free(&buf);
    assert_false(buf.failed);
}

static void blocks_stay_when_they_cannot_grow(void **state)
{
    void *block = NULL;
    size_t capacity = 0;

    (void)state;
    fail_after(0);
    assert_true(dsc_grow(&block, &capacity, 4, sizeof(int)));
    ((int *)block)[3] = 7;
    const void *before = block;
    const size_t held = capacity;
    fail_after(1);
    assert_false(dsc_grow(&block, &capacity, held + 1, sizeof(int)));
    assert_ptr_equal(block, before);
    assert_int_equal(capacity, held);
    assert_int_equal(((int *)block)[3], 7);
    fail_after(1);
    assert_null(dsc_copy("text"));
    fail_at = 0;
    dsc_free(block);
}

static void reading_survives_lack_of_memory(void **state)
{
    char *bytes, name[] = "no-memory-test-XXXXXX";
    size_t length;
    descent_error err = {0};

    (void)state;
    const int file = mkstemp(name);
    assert_true(file >= 0 && ftruncate(file, 100000) == 0 && close(file) == 0);
    for (int n = 1; n <= 2; n++) {
        fail_after(n);
        const descent_status status = dsc_file_read(name, 1000000, &bytes, &length, &err);
        assert_int_equal(status, DESCENT_NOMEM);
        assert_null(bytes);
        assert_int_equal(length, 0);
    }
    assert_true(strncmp(err.message, "out of memory reading 'no-memory-test-", 38) == 0);
    fail_at = 0;
    assert_int_equal(dsc_file_read(name, 1000000, &bytes, &length, NULL), DESCENT_OK);
    assert_int_equal(length, 100000);
    dsc_free(bytes);
    unlink(name);
}

static void the_counter_counts(void **state)
{
    (void)state;
    assert_true(alive > 0); /* the tests above did run through it */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parsing_survives_lack_of_memory),
        cmocka_unit_test(a_text_remembers_that_it_did_not_fit),
        cmocka_unit_test(blocks_stay_when_they_cannot_grow),
        cmocka_unit_test(reading_survives_lack_of_memory),
        cmocka_unit_test(the_counter_counts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
