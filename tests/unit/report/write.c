/* write.c - pages: the data in them is safe and whole, and bad data is refused. */
#include "descent/report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char path[] = "unit-report.html";

static char *read_page(void)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    const size_t length = (size_t)ftell(file);
    rewind(file);
    char *text = calloc(length + 1, 1);
    assert_int_equal(fread(text, 1, length, file), length);
    fclose(file);
    remove(path);
    return text;
}

static void refuses(const char *json, const char *message)
{
    descent_error err;

    assert_int_not_equal(descent_report_write(path, json, &err), DESCENT_OK);
    if (strncmp(err.message, message, strlen(message)) != 0)
        fail_msg("\"%s\" instead of \"%s\"", err.message, message);
    assert_null(fopen(path, "rb"));
}

static void data_is_escaped(void **state)
{
    descent_error err;

    (void)state;
    assert_int_equal(
        descent_report_write(path,
                             "{\"kind\":\"compare\",\"title\":\"</script><!--\xE2\x80\xA8"
                             "x\",\"n\":0.1}",
                             &err),
        DESCENT_OK);
    char *page = read_page();
    assert_non_null(strstr(page, "id=\"data\">{\"kind\":\"compare\",\"title\":"
                                 "\"\\u003c/script>\\u003c!--\\u2028x\",\"n\":0.1}</script>"));
    assert_non_null(strstr(page, "<!doctype html>"));
    assert_string_equal(page + strlen(page) - 8, "</html>\n");
    free(page);
}

/* The library that draws surfaces is in pages with surfaces only. */
static void flat_pages_are_smaller(void **state)
{
    descent_error err;

    (void)state;
    assert_int_equal(descent_report_write(path, "{\"kind\":\"find-lr\"}", &err), DESCENT_OK);
    char *flat = read_page();
    assert_int_equal(
        descent_report_write(path, "{\"kind\":\"landscape\",\"pictures\":[{\"type\":\"surface\"}]}",
                             &err),
        DESCENT_OK);
    char *deep = read_page();
    assert_true(strlen(flat) + 300000 < strlen(deep));
    free(flat);
    free(deep);
}

static void bad_data_is_refused(void **state)
{
    (void)state;
    refuses("{\"kind\":\"trian\"}",
            "no page draws data of the kind 'trian'; did you mean 'train'?");
    refuses("{\"title\":\"x\"}", "data of a page must be an object with a \"kind\"");
    refuses("[1]", "data of a page must be an object with a \"kind\"");
    refuses("{\"kind\":", "the data of the page is no JSON: expected a value");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(data_is_escaped),
        cmocka_unit_test(flat_pages_are_smaller),
        cmocka_unit_test(bad_data_is_refused),
    };

    if (!descent_report_available()) {
        puts("skipped: this build has no pages");
        return 77;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
