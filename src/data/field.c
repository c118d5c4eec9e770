/* field.c - see field.h. */
#include "data/field.h"

#include "base/number.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <strings.h>

static bool is_word(const dsc_field *field, const char *word, size_t length)
{
    const bool sign = field->length > 0 && (*field->text == '-' || *field->text == '+');

    return field->length == length + sign && strncasecmp(field->text + sign, word, length) == 0;
}

bool dsc_field_is_nan(const dsc_field *field)
{
    return is_word(field, "nan", 3);
}

int dsc_field_shown(const dsc_field *field)
{
    enum { LONGEST = 60 };

    return field->length < LONGEST ? (int)field->length : LONGEST;
}

/* [-] digits [. digits] with at most 15 digits: m / 10^k with both sides exact in double, so that
 * the quotient is the nearest double (Clinger 1990, "How to read floating point numbers
 * accurately"). False: it is something else. */
static bool read_plain(const char *text, size_t length, double *value)
{
    static const double power[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                   1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    const char *end = text + length;
    const bool minus = *text == '-';
    int64_t m = 0;
    ptrdiff_t decimals = 0;

    text += minus;
    if (end - text > 16)
        return false;
    const char *digits = text;
    for (; text < end && *text >= '0' && *text <= '9'; text++)
        m = 10 * m + (*text - '0');
    ptrdiff_t n = text - digits;
    if (text < end && *text == '.') {
        digits = ++text;
        for (; text < end && *text >= '0' && *text <= '9'; text++)
            m = 10 * m + (*text - '0');
        decimals = text - digits;
        n += decimals;
    }
    if (text < end || n < 1 || n > 15)
        return false;
    *value = (minus ? -(double)m : (double)m) / power[decimals];
    return true;
}

dsc_field_kind dsc_field_read(const dsc_field *field, float *value)
{
    double number;

    if (field->length == 0)
        return DSC_FIELD_EMPTY;
    if (!read_plain(field->text, field->length, &number)) {
        if (dsc_field_is_nan(field) || is_word(field, "inf", 3) || is_word(field, "infinity", 8))
            return DSC_FIELD_ENDLESS;
        if (!dsc_number_read(field->text, field->length, &number))
            return DSC_FIELD_WORD;
        if (fabs(number) > (double)FLT_MAX)
            return DSC_FIELD_ENDLESS;
    }
    *value = (float)number;
    return DSC_FIELD_NUMBER;
}
