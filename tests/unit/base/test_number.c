/* test_number.c - numbers as text and back. */
#include "base/number.h"
#include "base/rng.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void text_is_what_python_prints(void **state)
{
    static const struct {
        double x;
        const char *text, *plain;
    } c[] = {
        {4, "4.0", "4"},
        {3.2, "3.2", "3.2"},
        {1.0485760000000002, "1.0485760000000002", "1.0485760000000002"},
        {0.1, "0.1", "0.1"},
        {1e-5, "1e-05", "1e-05"},
        {1.5e-7, "1.5e-07", "1.5e-07"},
        {0.0001, "0.0001", "0.0001"},
        {1e15, "1000000000000000.0", "1000000000000000"},
        {1e16, "1e+16", "1e+16"},
        {123456789012345680.0, "1.2345678901234568e+17", "1.2345678901234568e+17"},
        {-2.5, "-2.5", "-2.5"},
        {5e-324, "5e-324", "5e-324"},
        {1.7976931348623157e308, "1.7976931348623157e+308", "1.7976931348623157e+308"},
        {0.0, "0.0", "0"},
        {-0.0, "-0.0", "-0"},
        {(double)INFINITY, "inf", "inf"},
        {-(double)INFINITY, "-inf", "-inf"},
        {(double)NAN, "nan", "nan"},
    };
    char out[DSC_NUMBER_SIZE];

    (void)state;
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        assert_string_equal(dsc_number_text(c[i].x, out), c[i].text);
        assert_string_equal(dsc_number_plain(c[i].x, out), c[i].plain);
    }
}

static void every_double_reads_back(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 20000; i++) {
        uint64_t bits = (uint64_t)dsc_random_bits(1, DSC_RNG_TEST, 0, 2 * i) << 32 |
                        dsc_random_bits(1, DSC_RNG_TEST, 0, 2 * i + 1);
        char out[DSC_NUMBER_SIZE];
        double x, again;
        memcpy(&x, &bits, sizeof x);
        if (!isfinite(x))
            continue;
        dsc_number_text(x, out);
        assert_true(dsc_number_read(out, strlen(out), &again));
        assert_memory_equal(&x, &again, sizeof x);
    }
}

static void only_whole_numbers_are_read(void **state)
{
    static const char *const good[] = {"1",   "-1.5", "+2",  ".5",  "5.",
                                       "1e3", "1E-3", "007", "inf", "-inf"};
    static const char *const bad[] = {"",   "-",  ".",     "1e",  "1e+",   "0x10", "1,5",
                                      "1 ", " 1", "1e999", "one", "1.2.3", "--1",  "infinity"};
    double x;
    int64_t n;

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(dsc_number_read(good[i], strlen(good[i]), &x));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(dsc_number_read(bad[i], strlen(bad[i]), &x));
    assert_true(dsc_number_read("12x", 2, &x) && x == 12);
    assert_true(dsc_integer_read("-9223372036854775808", 20, &n) && n == INT64_MIN);
    assert_true(dsc_integer_read("+64", 3, &n) && n == 64);
    assert_false(dsc_integer_read("9223372036854775808", 19, &n));
    assert_false(dsc_integer_read("1.0", 3, &n));
    assert_false(dsc_integer_read("", 0, &n));
    assert_false(dsc_integer_read("1-2", 3, &n));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_what_python_prints),
        cmocka_unit_test(every_double_reads_back),
        cmocka_unit_test(only_whole_numbers_are_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
