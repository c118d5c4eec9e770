/* number.c - numbers as text and back, whatever the locale's decimal point. */
#include "base/number.h"

#include "descent/base.h"

#include <errno.h>
#include <inttypes.h>
#include <langinfo.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_DIGITS = 17, LONGEST = 400, LONGEST_POINT = 8, ROOM = 48 };

/* Adds one to the last digit of "d.ddde+dd"; false when all are nines. */
static bool step_up(char *text)
{
    for (size_t i = strcspn(text, "e"); i > 0; i--) {
        char *c = &text[i - 1];
        if (*c >= '0' && *c < '9') {
            ++*c;
            return true;
        }
        if (*c == '9')
            *c = '0';
    }
    return false;
}

/* The fewest digits that read back to x > 0, as "d.ddde+dd". A power of two has half as much room
 * below as above: there the nearest decimal may fall out where the next one up reads back. */
static void fewest_digits(double x, char *text, size_t size)
{
    int exponent;
    const bool is_power = frexp(x, &exponent) == 0.5;

    for (int precision = 0; precision < MAX_DIGITS; precision++) {
        snprintf(text, size, "%.*e", precision, x);
        if (strtod(text, NULL) == x || (is_power && step_up(text) && strtod(text, NULL) == x))
            return;
    }
}

/* The decimal digits of |x| and its exponent: x = d.ddd * 10^exponent. */
static int shortest(double x, char digits[MAX_DIGITS + 1], int *exponent)
{
    char text[40];
    int n = 0;

    fewest_digits(fabs(x), text, sizeof text);
    const char *c = text;
    for (; *c && *c != 'e'; c++)
        if (*c >= '0' && *c <= '9')
            digits[n++] = *c;
    *exponent = (int)strtol(c + 1, NULL, 10);
    while (n > 1 && digits[n - 1] == '0')
        n--;
    digits[n] = '\0';
    return n;
}

/* Python's layout: fixed for 1e-4 <= |x| < 1e16, scientific elsewhere. */
static void lay_out(const char *digits, int n, int exponent, char out[ROOM])
{
    const size_t size = ROOM;

    if (exponent < -4 || exponent >= 16)
        snprintf(out, size, "%c%s%se%c%02d", digits[0], n > 1 ? "." : "", digits + 1,
                 exponent < 0 ? '-' : '+', abs(exponent));
    else if (exponent < 0)
        snprintf(out, size, "0.%.*s%s", -exponent - 1, "000", digits);
    else if (n <= exponent + 1)
        snprintf(out, size, "%s%.*s.0", digits, exponent + 1 - n, "000000000000000");
    else
        snprintf(out, size, "%.*s.%s", exponent + 1, digits, digits + exponent + 1);
}

char *dsc_number_text(double x, char out[DSC_NUMBER_SIZE])
{
    char digits[MAX_DIGITS + 1];
    int exponent;

    if (isnan(x))
        return memcpy(out, "nan", 4);
    const int sign = signbit(x) != 0;
    out[0] = '-';
    if (isinf(x)) {
        memcpy(out + sign, "inf", 4);
        return out;
    }
    char plain[ROOM] = "";
    const int n = shortest(x, digits, &exponent);
    lay_out(digits, n, exponent, plain);
    memcpy(out + sign, plain, DSC_NUMBER_SIZE - (size_t)sign);
    return out;
}

char *dsc_number_plain(double x, char out[DSC_NUMBER_SIZE])
{
    dsc_number_text(x, out);
    const size_t length = strlen(out);
    if (length > 2 && strcmp(out + length - 2, ".0") == 0)
        out[length - 2] = '\0';
    return out;
}

char *descent_number_text(double x, char out[32])
{
    return dsc_number_text(x, out);
}

char *descent_count_text(size_t n, char out[32])
{
    char digits[24];
    int at = 0;

    const int length = snprintf(digits, sizeof digits, "%zu", n);
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            out[at++] = ',';
        out[at++] = digits[i];
    }
    out[at] = '\0';
    return out;
}

/* [sign] digits [. digits] [e [sign] digits], at least one digit before the e. */
static bool is_decimal(const char *text, size_t length)
{
    size_t i = 0, digits = 0;

    if (i < length && (text[i] == '+' || text[i] == '-'))
        i++;
    for (; i < length && text[i] >= '0' && text[i] <= '9'; i++)
        digits++;
    if (i < length && text[i] == '.')
        for (i++; i < length && text[i] >= '0' && text[i] <= '9'; i++)
            digits++;
    if (digits == 0)
        return false;
    if (i < length && (text[i] == 'e' || text[i] == 'E')) {
        i++;
        if (i < length && (text[i] == '+' || text[i] == '-'))
            i++;
        if (i == length)
            return false;
        while (i < length && text[i] >= '0' && text[i] <= '9')
            i++;
    }
    return i == length;
}

static bool same(const char *text, size_t length, const char *word)
{
    return length == strlen(word) && memcmp(text, word, length) == 0;
}

bool dsc_number_read(const char *text, size_t length, double *value)
{
    char copy[LONGEST + LONGEST_POINT + 1];

    if (same(text, length, "inf") || same(text, length, "+inf"))
        return *value = (double)INFINITY, true;
    if (same(text, length, "-inf"))
        return *value = (double)-INFINITY, true;
    if (same(text, length, "nan"))
        return *value = (double)NAN, true;
    if (length > LONGEST || !is_decimal(text, length))
        return false;

    const char *point = memchr(text, '.', length);
    const size_t whole = point ? (size_t)(point - text) : length;
    const size_t rest = point ? length - whole - 1 : 0;
    snprintf(copy, sizeof copy, "%.*s%s%.*s", (int)whole, text, point ? nl_langinfo(RADIXCHAR) : "",
             (int)rest, point ? point + 1 : "");
    *value = strtod(copy, NULL);
    return !isinf(*value); /* 1e999 is no number we can hold */
}

bool dsc_integer_read(const char *text, size_t length, int64_t *value)
{
    char copy[32];
    char *end;

    if (length == 0 || length >= sizeof copy || strspn(text, "+-0123456789") < length)
        return false;
    memcpy(copy, text, length);
    copy[length] = '\0';
    errno = 0;
    const intmax_t number = strtoimax(copy, &end, 10);
    if (errno != 0 || *end != '\0' || end == copy || number > INT64_MAX || number < INT64_MIN)
        return false;
    *value = number;
    return true;
}
