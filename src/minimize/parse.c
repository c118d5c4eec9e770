/* parse.c - from the text of a formula to its tape.
 *
 *     sum     = product { ("+" | "-") product }
 *     product = signed { ("*" | "/") signed }
 *     signed  = ("-" | "+") signed | power               -x^2 is -(x^2)
 *     power   = operand [ "^" signed ]                   2^3^2 is 2^(3^2); 2^-1
 *     operand = number | name | function "(" sum { "," sum } ")" | "(" sum ")"
 *
 * Nodes are appended after their operands, so the last node is always what was just read. What is
 * made of numbers alone becomes one number at once. */
#include "base/memory.h"
#include "base/number.h"
#include "minimize/expression.h"
#include "minimize/scan.h"

#include <string.h>

#define PI    3.14159265358979323846
#define EULER 2.71828182845904523536

typedef struct parser {
    dsc_text text;
    descent_expression *e;
    descent_error *err;
    int depth;
} parser;

static descent_status no_memory(const parser *p)
{
    return dsc_fail(p->err, DESCENT_NOMEM, "out of memory for a formula of %zu bytes",
                    (size_t)(p->text.end - p->text.line_begin));
}

static descent_status fail_here(const parser *p, const char *message)
{
    return dsc_fail_at(p->err, DESCENT_SYNTAX, dsc_text_place(&p->text), "%s", message);
}

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

/* --- the tape --------------------------------------------------------------------------------- */

static descent_status append(parser *p, dsc_node node)
{
    void *block = p->e->node;

    if (p->e->n_nodes >= DSC_FORMULA_NODES)
        return dsc_fail_at(p->err, DESCENT_SYNTAX, dsc_text_place(&p->text),
                           "the formula has more than %d numbers, variables and operations",
                           DSC_FORMULA_NODES);
    if (!dsc_grow(&block, &p->e->capacity, p->e->n_nodes + 1, sizeof node))
        return no_memory(p);
    p->e->node = block;
    p->e->node[p->e->n_nodes++] = node;
    return DESCENT_OK;
}

static descent_status append_number(parser *p, double number)
{
    return append(p, (dsc_node){.variable = -1, .number = number});
}

static bool is_number(const dsc_node *node)
{
    return !node->function && node->variable < 0;
}

/* The node read last. */
static int last(const parser *p)
{
    return (int)p->e->n_nodes - 1;
}

/* Applies a function to node a and the last node; with one argument both are the same. */
static descent_status apply(parser *p, const dsc_function *function, int a)
{
    const int b = last(p);
    const dsc_node *left = &p->e->node[a], *right = &p->e->node[b];

    if (!is_number(left) || !is_number(right))
        return append(p,
                      (dsc_node){.function = function, .a = a, .b = b, .variable = -1});
    const double number = function->value(left->number, right->number);
    p->e->n_nodes = (size_t)a; /* two numbers stand side by side */
    return append_number(p, number);
}

/* --- operands --------------------------------------------------------------------------------- */

static descent_status parse_sum(parser *p);

static descent_status parse_number(parser *p)
{
    const size_t length = dsc_number_length(&p->text);
    char found[DSC_WORD_SIZE];
    double number;

    if (!dsc_number_read(p->text.at, length, &number))
        return dsc_fail_at(p->err, DESCENT_SYNTAX, dsc_text_place(&p->text),
                           "%s is no number that fits double precision",
                           dsc_describe(&p->text, found));
    skip(p, length);
    return append_number(p, number);
}

static descent_status append_variable(parser *p, const char *name, dsc_place place)
{
    descent_expression *e = p->e;
    size_t i = 0;

    while (i < e->n_names && strcmp(e->name[i], name) != 0)
        i++;
    if (i == e->n_names) {
        void *block = e->name;
        if (i == DSC_FORMULA_VARIABLES)
            return dsc_fail_at(p->err, DESCENT_SYNTAX, place,
                               "the formula has more than %d variables", DSC_FORMULA_VARIABLES);
        if (!dsc_grow(&block, &e->name_capacity, i + 1, sizeof *e->name))
            return no_memory(p);
        e->name = block;
        e->name[i] = dsc_copy(name);
        if (!e->name[i])
            return no_memory(p);
        e->n_names++;
    }
    return append(p, (dsc_node){.variable = (int)i});
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
    return apply(p, function, argument[0]);
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
        return append_number(p, PI);
    if (strcmp(name, "e") == 0)
        return append_number(p, EULER);
    return append_variable(p, name, place);
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
    const int base = last(p);
    if (!take(p, '^'))
        return DESCENT_OK;
    DSC_TRY(parse_signed(p));
    return apply(p, dsc_operator_at(DSC_POWER), base);
}

/* Every recursion passes here. */
static descent_status parse_signed(parser *p)
{
    descent_status status;

    if (p->depth >= DSC_FORMULA_DEPTH)
        return dsc_fail_at(p->err, DESCENT_SYNTAX, dsc_text_place(&p->text),
                           "the formula is nested deeper than %d levels", DSC_FORMULA_DEPTH);
    p->depth++;
    if (take(p, '+')) {
        status = parse_signed(p);
    } else if (take(p, '-')) {
        status = parse_signed(p);
        if (status == DESCENT_OK)
            status = apply(p, dsc_operator_at(DSC_NEGATE), last(p));
    } else {
        status = parse_power(p);
    }
    p->depth--;
    return status;
}

static descent_status parse_product(parser *p)
{
    DSC_TRY(parse_signed(p));
    for (;;) {
        const int left = last(p), c = peek(p);
        if (c != '*' && c != '/')
            return DESCENT_OK;
        dsc_text_next(&p->text);
        if (c == '*' && dsc_text_peek(&p->text) == '*')
            return fail_here(p, "found '**'; a power is written with '^', as in x^2");
        DSC_TRY(parse_signed(p));
        DSC_TRY(apply(p, dsc_operator_at(c == '*' ? DSC_MULTIPLY : DSC_DIVIDE), left));
    }
}

static descent_status parse_sum(parser *p)
{
    DSC_TRY(parse_product(p));
    for (;;) {
        const int left = last(p), c = peek(p);
        if (c != '+' && c != '-')
            return DESCENT_OK;
        dsc_text_next(&p->text);
        DSC_TRY(parse_product(p));
        DSC_TRY(apply(p, dsc_operator_at(c == '+' ? DSC_ADD : DSC_SUBTRACT), left));
    }
}

/* --- the whole -------------------------------------------------------------------------------- */

static descent_status parse_formula(parser *p)
{
    if (peek(p) < 0)
        return fail_here(p, "the formula is empty; write one such as x^2 + 3*y^2");
    DSC_TRY(parse_sum(p));
    if (peek(p) >= 0)
        return dsc_fail_after_operand(&p->text, p->err);
    p->e->value = dsc_alloc(p->e->n_nodes, sizeof(double));
    p->e->adjoint = dsc_alloc(p->e->n_nodes, sizeof(double));
    return p->e->value && p->e->adjoint ? DESCENT_OK : no_memory(p);
}

descent_status descent_expression_parse(descent_expression **out, const char *text,
                                        descent_error *err)
{
    const char *formula = text ? text : "";

    *out = NULL;
    descent_expression *e = dsc_alloc(1, sizeof *e);
    if (!e)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for a formula");
    parser p = {dsc_text_open("formula", formula, strlen(formula)), e, err, 0};
    const descent_status status = parse_formula(&p);
    if (status != DESCENT_OK) {
        descent_expression_free(e);
        return status;
    }
    *out = e;
    return DESCENT_OK;
}
