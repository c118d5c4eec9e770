/* test_number.c - numbers as text and back. */
#include "base/number.h"
#include "base/rng.h"

#include <inttypes.h>
#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
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
        /* powers of two: the nearest decimal of 16 digits does not read back, the next one does */
        {0x1p-44, "5.684341886080802e-14", "5.684341886080802e-14"},
        {0x1p-1017, "7.120236347223045e-307", "7.120236347223045e-307"},
        {0x1p-24, "5.960464477539063e-08", "5.960464477539063e-08"},
        {0x1p1023, "8.98846567431158e+307", "8.98846567431158e+307"},
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

/* Does any decimal of so many digits near x > 0 read back to it? */
static bool reads_back_with(double x, int digits)
{
    char text[64];
    int64_t mantissa = 0;

    snprintf(text, sizeof text, "%.*e", digits - 1, x);
    const char *c = text;
    for (; *c != 'e'; c++)
        if (*c != '.')
            mantissa = 10 * mantissa + (*c - '0');
    const long exponent = strtol(c + 1, NULL, 10) - (digits - 1);
    for (int off = -1; off <= 1; off++) {
        snprintf(text, sizeof text, "%" PRId64 "e%ld", mantissa + off, exponent);
        if (strtod(text, NULL) == x)
            return true;
    }
    return false;
}

static int significant_digits(const char *text)
{
    int digits = 0, zeros = 0;

    for (const char *c = text; *c && *c != 'e'; c++) {
        if (*c == '.' || (*c == '0' && digits + zeros == 0))
            continue;
        zeros = *c == '0' ? zeros + 1 : 0;
        digits++;
    }
    return digits - zeros;
}

/* Powers of two, where rounding the digits is not enough, and their neighbours. */
static void texts_are_the_shortest(void **state)
{
    (void)state;
    for (int e = -1074; e < 1024; e++)
        for (int side = -1; side <= 1; side++) {
            const double power = ldexp(1, e);
            const double x = side ? nextafter(power, side * 1e308) : power;
            char out[DSC_NUMBER_SIZE];
            double again;
            if (x == 0)
                continue;
            dsc_number_text(x, out);
            assert_true(dsc_number_read(out, strlen(out), &again) && again == x);
            const int digits = significant_digits(out);
            assert_true(digits == 1 || !reads_back_with(x, digits - 1));
        }
}

/* The locales that Debian's localedef can make; a machine may have none of them. */
static void a_decimal_comma_changes_nothing(void **state)
{
    static const char *const names[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "ps_AF.UTF-8"};
    char out[DSC_NUMBER_SIZE];
    int tried = 0;
    double x;

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!setlocale(LC_NUMERIC, names[i]))
            continue;
        tried++;
        const bool read = dsc_number_read("-1.5e1", 6, &x);
        const bool comma = dsc_number_read("1,5", 3, &x);
        dsc_number_read("-1.5e1", 6, &x);
        dsc_number_text(0.1, out);
        setlocale(LC_NUMERIC, "C");
        assert_true(read && !comma && x == -15);
        assert_string_equal(out, "0.1");
    }
    if (tried == 0)
        skip();
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
        cmocka_unit_test(texts_are_the_shortest),
        cmocka_unit_test(a_decimal_comma_changes_nothing),
        cmocka_unit_test(only_whole_numbers_are_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
