/* test_json.c - JSON read and written: what is taken, what is not and why, and lack of memory. */
#include "base/json.h"
#include "base/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int allocations, fail_at;

/* Takes the place of the C library's, for memory.c and jansson. */
static void *counted(size_t size)
{
    allocations++;
    return allocations == fail_at ? NULL : malloc(size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    void *block = NULL;

    allocations++;
    return allocations != fail_at && posix_memalign(&block, alignment, size) == 0 ? block : NULL;
}

static void reads_back(const char *text, const char *expected)
{
    dsc_json_fault fault = {0};
    json_t *value = dsc_json_read(text, strlen(text), &fault);

    if (!value)
        fail_msg("%s: %s", text, fault.reason);
    char *back = dsc_json_text(value);
    assert_string_equal(back, expected);
    dsc_free(back);
    json_decref(value);
}

static void what_is_json_is_read(void **state)
{
    (void)state;
    reads_back("[]", "[]");
    reads_back(" {\r\n\t} ", "{}");
    reads_back("[1, -2 ,0, -0]", "[1,-2,0,0]");
    reads_back("[9223372036854775807,-9223372036854775808]",
               "[9223372036854775807,-9223372036854775808]");
    reads_back("[0.5,1e3,-2.5E-1,1E+2]", "[0.5,1000.0,-0.25,100.0]");
    reads_back("[true,false,null,[[{}]]]", "[true,false,null,[[{}]]]");
    reads_back("{\"a\":{\"b\":\"c\"},\"d\":[\"\",\"e\"]}",
               "{\"a\":{\"b\":\"c\"},\"d\":[\"\",\"e\"]}");
    reads_back("[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"]", "[\"\\\"\\\\/\\b\\f\\n\\r\\t\"]");
    reads_back("[\"\\u0041\\u00e9\\u20AC\\ud83d\\uDE00\"]",
               "[\"A\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"]");
    reads_back("[\"\xc3\xa9\x7f\"]", "[\"\xc3\xa9\x7f\"]");
}

static void refuses(const char *text, const char *reason, int line, int column)
{
    dsc_json_fault fault = {0};

    assert_null(dsc_json_read(text, strlen(text), &fault));
    if (!fault.reason)
        fail_msg("%s: no reason", text);
    assert_string_equal(fault.reason, reason);
    assert_int_equal(fault.line, line);
    assert_int_equal(fault.column, column);
}

static void what_is_none_is_refused_with_its_place(void **state)
{
    (void)state;
    refuses("", "expected '[' or '{'", 1, 1);
    refuses("7", "expected '[' or '{'", 1, 1);
    refuses("[1] x", "something follows the end", 1, 5);
    refuses("[1", "expected ',' or ']'", 1, 3);
    refuses("[1 2]", "expected ',' or ']'", 1, 4);
    refuses("[1,]", "expected a value", 1, 4);
    refuses("[\n 01]", "expected a value", 2, 4);
    refuses("[1.]", "expected a value", 1, 4);
    refuses("[-]", "expected a value", 1, 3);
    refuses("[1e]", "expected a value", 1, 4);
    refuses("[nul]", "expected a value", 1, 2);
    refuses("[NaN]", "expected a value", 1, 2);
    refuses("[9223372036854775808]", "an integer has more than 64 bits", 1, 21);
    refuses("[1e999]", "a number is too large", 1, 7);
    refuses("[\"a", "a text has no closing '\"'", 1, 4);
    refuses("[\"a\nb\"]", "a control character stands in a text", 1, 4);
    refuses("[\"\xff\"]", "a text is not valid UTF-8", 1, 3);
    refuses("[\"\\x\"]", "unknown escape behind '\\'", 1, 5);
    refuses("[\"\\u00g0\"]", "\\u must be followed by four hexadecimal digits", 1, 7);
    refuses("[\"\\u0000\"]", "\\u names no character that may stand here", 1, 9);
    refuses("[\"\\ud83d\"]", "\\u names no character that may stand here", 1, 9);
    refuses("[\"\\ude00\"]", "\\u names no character that may stand here", 1, 9);
    refuses("{1:2}", "expected a text in quotes, or '}'", 1, 2);
    refuses("{\"a\" 2}", "expected ':'", 1, 6);
    refuses("{\"a\":2", "expected ',' or '}'", 1, 7);
    refuses("{\"a\":1,\"a\":2}", "a key comes twice", 1, 11);
}

static void deep_lists_end_before_the_stack_does(void **state)
{
    char text[2 * DSC_JSON_DEPTH + 3];
    dsc_json_fault fault = {0};

    (void)state;
    for (int more = 0; more < 2; more++) {
        const size_t n = DSC_JSON_DEPTH + (size_t)more;
        memset(text, '[', n);
        memset(text + n, ']', n);
        json_t *value = dsc_json_read(text, 2 * n, &fault);
        assert_int_equal(value != NULL, more == 0);
        json_decref(value);
    }
    assert_string_equal(fault.reason, "lists and objects lie too deep in each other");
}

/* Every allocation fails in turn, those of texts that are longer than any first buffer too. */
static void without_memory_nothing_is_read_and_nothing_is_blamed(void **state)
{
    static const char text[] = "{\"a key that is longer than sixteen bytes\":[\"a text \\\" that "
                               "is longer than that\",1.5],"
                               "\"b\":{\"c\":[{},[],null,12345]},\"d\":\"\\u00e9\"}";
    dsc_json_fault fault;
    json_t *value = NULL;
    int failures = 0;

    (void)state;
    json_set_alloc_funcs(counted, free);
    for (int n = 1; !value; n++, failures++) {
        fault.reason = "untouched";
        allocations = 0;
        fail_at = n;
        value = dsc_json_read(text, strlen(text), &fault);
        if (!value)
            assert_null(fault.reason);
    }
    assert_true(failures > 30);
    char *back = NULL;
    for (int n = 1; !back; n++) {
        allocations = 0;
        fail_at = n;
        back = dsc_json_text(value);
    }
    fail_at = 0;
    assert_int_equal(strlen(back), strlen(text) - 4); /* \u00e9 is two bytes */
    dsc_free(back);
    json_decref(value);
    json_set_alloc_funcs(malloc, free);
}

static void what_lost_a_part_is_gone(void **state)
{
    json_t *list = json_array(), *object = json_object();

    (void)state;
    dsc_json_add(&list, json_integer(1));
    dsc_json_set(&object, "a", json_integer(1));
    assert_int_equal(json_array_size(list), 1);
    dsc_json_add(&list, NULL);
    dsc_json_set(&object, "b", json_string("\xff"));
    assert_null(list);
    assert_null(object);
    dsc_json_add(&list, json_integer(2));
    dsc_json_set(&object, "c", json_integer(2));
    assert_null(list);
    assert_null(object);
    assert_null(dsc_json_text(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_json_is_read),
        cmocka_unit_test(what_is_none_is_refused_with_its_place),
        cmocka_unit_test(deep_lists_end_before_the_stack_does),
        cmocka_unit_test(without_memory_nothing_is_read_and_nothing_is_blamed),
        cmocka_unit_test(what_lost_a_part_is_gone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
