/* test_utf8.c - every character there and back, and what is none. */
#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void test_round_trip(void **unused)
{
    char text[DSC_UTF8_SIZE];

    (void)unused;
    for (uint32_t code = 0; code < DSC_UTF8_CODES; code++) {
        uint32_t back = 1;
        if (code >= 0xD800 && code < 0xE000)
            continue;
        const size_t n = dsc_utf8_encode(code, text);
        if (dsc_utf8_decode(text, n, &back) != n || back != code || text[n] != '\0')
            fail_msg("U+%04X became U+%04X", (unsigned)code, (unsigned)back);
        if (n > 1 && dsc_utf8_decode(text, n - 1, &back) != 0)
            fail_msg("U+%04X is whole without its last byte", (unsigned)code);
    }
    assert_int_equal(dsc_utf8_encode(0xE9, text), 2);
    assert_string_equal(text, "\xC3\xA9");
    assert_int_equal(dsc_utf8_encode(0x1F600, text), 4);
    assert_string_equal(text, "\xF0\x9F\x98\x80");
}

static void test_refused(void **unused)
{
    static const char *const bad[] = {
        "\x80",             /* goes on with nothing */
        "\xC3(",            /* begins and does not go on */
        "\xC0\x80",         /* overlong NUL */
        "\xE0\x9F\xBF",     /* overlong */
        "\xF0\x8F\xBF\xBF", /* overlong */
        "\xED\xA0\x80",     /* surrogate */
        "\xF4\x90\x80\x80", /* beyond U+10FFFF */
        "\xF8\x88\x80\x80\x80",
        "\xFF",
    };
    uint32_t code;

    (void)unused;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (dsc_utf8_decode(bad[i], strlen(bad[i]), &code) != 0)
            fail_msg("case %zu was taken for U+%04X", i, (unsigned)code);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_round_trip),
                                       cmocka_unit_test(test_refused)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
