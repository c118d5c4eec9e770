/* parse.c - from the text of a formula to its tape.
 *
 *     sum     = product { ("+" | "-") product }
 *     product = signed { ("*" | "/") signed }
 *     signed  = ("-" | "+") signed | power               -x^2 is -(x^2)
 *     power   = operand [ "^" signed ]                   2^3^2 is 2^(3^2); 2^-1
 *     operand = number | name | function "(" sum { "," sum } ")" | "(" sum ")"
 *
 * Nodes are appended after their operands, so the last node is always what was just read. */
#include "base/memory.h"
#include "base/number.h"
#include "expression/expression.h"
#include "expression/scan.h"
#include "expression/tape.h"

#include <string.h>

#define PI    3.14159265358979323846
#define EULER 2.71828182845904523536

typedef struct parser {
    dsc_text text;
    descent_expression *e;
    descent_error *err;
    bool known_only; /* the names that e has already are all there are */
    int depth;
} parser;

/* The next byte after blanks. */
static int peek(parser *p)
{
    dsc_text_skip_blanks(&p->text);
    return dsc_text_peek(&p->text);
}

static void skip(parser *p, size_t bytes)
{
    for (; bytes > 0; bytes--)
        dsc_text_next(&p->text);
}

static bool take(parser *p, int c)
{
    if (peek(p) != c)
        return false;
    dsc_text_next(&p->text);
    return true;
}

/* The node read last. */
static int last(const parser *p)
{
    return (int)p->e->n_nodes - 1;
}

/* --- operands --------------------------------------------------------------------------------- */

static descent_status parse_sum(parser *p);

static descent_status parse_number(parser *p)
{
    const size_t length = dsc_number_length(&p->text);
    const dsc_place begin = dsc_text_place(&p->text);
    char found[DSC_WORD_SIZE];
    double number;

    if (!dsc_number_read(p->text.at, length, &number))
        return dsc_fail_at(p->err, DESCENT_SYNTAX, begin,
                           "%s is no number that fits double precision",
                           dsc_describe(&p->text, found));
    skip(p, length);
    return dsc_tape_number(p->e, number, begin, p->err);
}

static const dsc_function *find_function(const char *name)
{
    const dsc_function *function;

    for (size_t i = 0; (function = dsc_function_at(i)) != NULL; i++)
        if (strcmp(function->name, name) == 0)
            return function;
    return NULL;
}

/* "sum )" of the parenthesis that was opened at `open`. */
static descent_status close(parser *p, dsc_place open)
{
    if (take(p, ')'))
        return DESCENT_OK;
    if (peek(p) < 0)
        return dsc_fail_at(p->err, DESCENT_SYNTAX, open, "this '(' is never closed");
    return dsc_fail_after_operand(&p->text, p->err);
}

static descent_status parse_call(parser *p, const dsc_function *function, dsc_place place)
{
    int argument[2] = {0}, count = 0;

    dsc_text_skip_blanks(&p->text);
    const dsc_place open = dsc_text_place(&p->text);
    dsc_text_next(&p->text);
    do {
        if (count == function->arity)
            return dsc_fail_at(p->err, DESCENT_SYNTAX, place, "%s takes %d argument%s, found more",
                               function->name, count, count == 1 ? "" : "s");
        DSC_TRY(parse_sum(p));
        argument[count++] = last(p);
    } while (take(p, ','));
    DSC_TRY(close(p, open));
    if (count < function->arity)
        return dsc_fail_at(p->err, DESCENT_SYNTAX, place,
                           "%s takes %d arguments, found %d; write %s(a, b)", function->name,
                           function->arity, count, function->name);
    return dsc_tape_apply(p->e, function, argument[0], place, p->err);
}

static descent_status parse_name(parser *p)
{
    const dsc_place place = dsc_text_place(&p->text);
    const size_t length = dsc_name_length(&p->text);
    char name[DSC_FORMULA_NAME + 1] = "";

    if (length > DSC_FORMULA_NAME)
        return dsc_fail_at(p->err, DESCENT_SYNTAX, place, "a name of %zu bytes; the longest is %d",
                           length, DSC_FORMULA_NAME);
    memcpy(name, p->text.at, length);
    skip(p, length);

    const dsc_function *function = find_function(name);
    if (peek(p) == '(')
        return function ? parse_call(p, function, place) : dsc_fail_function(name, place, p->err);
    if (function)
        return dsc_fail_at(p->err, DESCENT_SYNTAX, place,
                           "%s is a function; write its argument in parentheses: %s", name,
                           function->arity == 2 ? "(a, b)" : "(x)");
    if (strcmp(name, "pi") == 0)
        return dsc_tape_number(p->e, PI, place, p->err);
    if (strcmp(name, "e") == 0)
        return dsc_tape_number(p->e, EULER, place, p->err);
    if (p->known_only)
        DSC_TRY(dsc_check_variable(p->e, name, place, p->err));
    return dsc_tape_variable(p->e, name, place, p->err);
}

static descent_status parse_operand(parser *p)
{
    const int c = peek(p);

    if (dsc_is_digit(c) || c == '.')
        return parse_number(p);
    if (dsc_is_letter(c))
        return parse_name(p);
    if (c != '(')
        return dsc_fail_operand(&p->text, p->err);
    const dsc_place open = dsc_text_place(&p->text);
    dsc_text_next(&p->text);
    DSC_TRY(parse_sum(p));
    return close(p, open);
}

/* --- operators -------------------------------------------------------------------------------- */

static descent_status parse_signed(parser *p);

static descent_status parse_power(parser *p)
{
    DSC_TRY(parse_operand(p));
    const int base = last(p), c = peek(p);
    const dsc_place place = dsc_text_place(&p->text);
    if (c != '^')
        return DESCENT_OK;
    dsc_text_next(&p->text);
    DSC_TRY(parse_signed(p));
    return dsc_tape_apply(p->e, dsc_operator_at(DSC_POWER), base, place, p->err);
}

/* Every recursion passes here. */
static descent_status parse_signed(parser *p)
{
    const int c = peek(p);
    const dsc_place place = dsc_text_place(&p->text);

    if (p->depth >= DSC_FORMULA_DEPTH)
        return dsc_fail_at(p->err, DESCENT_SYNTAX, place,
                           "the formula is nested deeper than %d levels", DSC_FORMULA_DEPTH);
    if (c != '+' && c != '-') {
        p->depth++;
        const descent_status status = parse_power(p);
        p->depth--;
        return status;
    }
    dsc_text_next(&p->text);
    p->depth++;
    DSC_TRY(parse_signed(p)); /* after a failure the depth no longer matters */
    p->depth--;
    if (c == '+')
        return DESCENT_OK;
    return dsc_tape_apply(p->e, dsc_operator_at(DSC_NEGATE), last(p), place, p->err);
}

/* operand { operator operand } of the two operators given, from left to right. */
static descent_status parse_chain(parser *p, descent_status (*parse)(parser *), const char *marks,
                                  dsc_operator first, dsc_operator second)
{
    DSC_TRY(parse(p));
    for (;;) {
        const int left = last(p), c = peek(p);
        const dsc_place place = dsc_text_place(&p->text);
        if (c != marks[0] && c != marks[1])
            return DESCENT_OK;
        dsc_text_next(&p->text);
        if (c == '*' && dsc_text_peek(&p->text) == '*')
            return dsc_fail_at(p->err, DESCENT_SYNTAX, place,
                               "found '**'; a power is written with '^', as in x^2");
        DSC_TRY(parse(p));
        DSC_TRY(dsc_tape_apply(p->e, dsc_operator_at(c == marks[0] ? first : second), left, place,
                               p->err));
    }
}

static descent_status parse_product(parser *p)
{
    return parse_chain(p, parse_signed, "*/", DSC_MULTIPLY, DSC_DIVIDE);
}

static descent_status parse_sum(parser *p)
{
    return parse_chain(p, parse_product, "+-", DSC_ADD, DSC_SUBTRACT);
}

/* --- the whole -------------------------------------------------------------------------------- */

static descent_status parse_formula(parser *p)
{
    if (peek(p) < 0)
        return dsc_fail_at(p->err, DESCENT_SYNTAX, dsc_text_place(&p->text),
                           "the formula is empty; write one such as x^2 + 3*y^2");
    DSC_TRY(parse_sum(p));
    if (peek(p) >= 0)
        return dsc_fail_after_operand(&p->text, p->err);
    return dsc_tape_finish(p->e, p->err);
}

descent_status dsc_expression_parse_in(descent_expression **out, dsc_text text,
                                       const char *const *known, size_t n_known, descent_error *err)
{
    descent_status status = DESCENT_OK;

    *out = NULL;
    descent_expression *e = dsc_alloc(1, sizeof *e);
    if (!e)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for a formula");
    for (size_t i = 0; i < n_known && status == DESCENT_OK; i++)
        status = dsc_tape_name(e, known[i], dsc_text_place(&text), err);
    parser p = {.text = text, .e = e, .err = err, .known_only = n_known > 0};
    if (status == DESCENT_OK)
        status = parse_formula(&p);
    if (status != DESCENT_OK) {
        descent_expression_free(e);
        return status;
    }
    *out = e;
    return DESCENT_OK;
}

descent_status descent_expression_parse(descent_expression **out, const char *text,
                                        descent_error *err)
{
    const char *formula = text ? text : "";

    return dsc_expression_parse_in(out, dsc_text_open("formula", formula, strlen(formula)), NULL, 0,
                                   err);
}
