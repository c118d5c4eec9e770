/* scan.c - the words of a formula, and the messages about them. */
#include "expression/scan.h"

#include "base/param.h"
#include "expression/expression.h"
#include "expression/function.h"

#include <stdio.h>
#include <string.h>

bool dsc_is_digit(int c)
{
    return c >= '0' && c <= '9';
}

bool dsc_is_letter(int c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* The byte `offset` after the cursor, -1 past the end. */
static int byte_at(const dsc_text *text, size_t offset)
{
    return offset < (size_t)(text->end - text->at) ? (unsigned char)text->at[offset] : -1;
}

size_t dsc_name_length(const dsc_text *text)
{
    size_t n = 0;

    if (!dsc_is_letter(byte_at(text, 0)))
        return 0;
    while (dsc_is_letter(byte_at(text, n)) || dsc_is_digit(byte_at(text, n)))
        n++;
    return n;
}

size_t dsc_number_length(const dsc_text *text)
{
    size_t n = 0;

    while (dsc_is_digit(byte_at(text, n)) || byte_at(text, n) == '.')
        n++;
    if (n == 0 || (byte_at(text, n) != 'e' && byte_at(text, n) != 'E'))
        return n;

    size_t digits = n + 1; /* without digits the e is the constant, and an operator is missing */
    if (byte_at(text, digits) == '+' || byte_at(text, digits) == '-')
        digits++;
    if (!dsc_is_digit(byte_at(text, digits)))
        return n;
    for (n = digits; dsc_is_digit(byte_at(text, n));)
        n++;
    return n;
}

/* The bytes of one character; a stray byte above 127 counts alone. */
static size_t character_length(const dsc_text *text)
{
    const int c = byte_at(text, 0);
    const size_t wanted = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc0 ? 2 : 1;
    size_t n = 1;

    while (n < wanted && (byte_at(text, n) & 0xc0) == 0x80 && byte_at(text, n) > 0)
        n++;
    return n == wanted ? n : 1;
}

char *dsc_describe(const dsc_text *text, char out[DSC_WORD_SIZE])
{
    const int c = byte_at(text, 0);
    size_t n = dsc_name_length(text);

    if (c < 0) {
        snprintf(out, DSC_WORD_SIZE, "the end");
        return out;
    }
    if (n == 0)
        n = dsc_number_length(text);
    if (n == 0)
        n = character_length(text);
    if (n == 1 && (c < ' ' || c > '~'))
        snprintf(out, DSC_WORD_SIZE, "the byte 0x%02x", (unsigned)c);
    else
        snprintf(out, DSC_WORD_SIZE, "'%.*s%s'", n > 40 ? 40 : (int)n, text->at,
                 n > 40 ? "..." : "");
    return out;
}

descent_status dsc_fail_operand(const dsc_text *text, descent_error *err)
{
    const dsc_place place = dsc_text_place(text);
    char found[DSC_WORD_SIZE];

    if (byte_at(text, 0) < 0)
        return dsc_fail_at(err, DESCENT_SYNTAX, place,
                           "the formula ends where a number, a variable or '(' was expected");
    return dsc_fail_at(err, DESCENT_SYNTAX, place,
                       "found %s where a number, a variable or '(' was expected",
                       dsc_describe(text, found));
}

descent_status dsc_fail_after_operand(const dsc_text *text, descent_error *err)
{
    const dsc_place place = dsc_text_place(text);
    const int c = byte_at(text, 0);
    char found[DSC_WORD_SIZE];

    dsc_describe(text, found);
    if (c == ')')
        return dsc_fail_at(err, DESCENT_SYNTAX, place,
                           "this ')' closes nothing; a '(' is missing before it");
    if (c == ',')
        return dsc_fail_at(err, DESCENT_SYNTAX, place,
                           "found ',' outside min and max; the decimal point is '.', as in 1.5");
    if (c == '(' || c == '.' || dsc_is_letter(c) || dsc_is_digit(c))
        return dsc_fail_at(err, DESCENT_SYNTAX, place,
                           "an operator is missing before %s; write '*' to multiply", found);
    return dsc_fail_at(err, DESCENT_SYNTAX, place,
                       "found %s where an operator was expected; there are + - * / ^", found);
}

static const char *function_name(size_t i, void *user)
{
    (void)user;
    return dsc_function_at(i)->name;
}

descent_status dsc_fail_function(const char *name, dsc_place place, descent_error *err)
{
    char known[128] = "";
    size_t used = 0, count = 0;

    for (; dsc_function_at(count); count++)
        if (used < sizeof known)
            used += (size_t)snprintf(known + used, sizeof known - used, "%s%s", count ? ", " : "",
                                     dsc_function_at(count)->name);
    const char *nearest = dsc_nearest(name, count, function_name, NULL);
    if (nearest)
        return dsc_fail_at(err, DESCENT_UNKNOWN, place, "unknown function '%s'; did you mean '%s'?",
                           name, nearest);
    return dsc_fail_at(err, DESCENT_UNKNOWN, place,
                       "unknown function '%s'; there are %s; to multiply write %s*(...)", name,
                       known, name);
}

static const char *variable_name(size_t i, void *user)
{
    return ((char **)user)[i];
}

descent_status dsc_check_variable(const descent_expression *e, const char *name, dsc_place place,
                                  descent_error *err)
{
    char known[128] = "";
    size_t used = 0;

    for (size_t i = 0; i < e->n_names; i++) {
        if (strcmp(e->name[i], name) == 0)
            return DESCENT_OK;
        if (used < sizeof known)
            used += (size_t)snprintf(known + used, sizeof known - used, "%s%s", i ? ", " : "",
                                     e->name[i]);
    }
    const char *nearest = dsc_nearest(name, e->n_names, variable_name, e->name);
    return dsc_fail_at(
        err, DESCENT_UNKNOWN, place, "unknown variable '%s'; this formula may use %s%s%s%s", name,
        known, nearest ? "; did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
}
