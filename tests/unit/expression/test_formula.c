/* test_formula.c - the grammar of formulas, their values, and every message about a wrong one. */
#include "formula.h"

#include "expression/expression.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void test_grammar(void **unused)
{
    static const struct {
        const char *text;
        double expected;
    } row[] = {
        {"1 + 2*3", 7},
        {"(1 + 2)*3", 9},
        {"7 - 2 - 1", 4},
        {"8/4/2", 1},
        {"2^3^2", 512},
        {"-3^2", -9},
        {"(-3)^2", 9},
        {"2^-1", 0.5},
        {"2^-2^2", 0.0625},
        {"--3", 3},
        {"-+-3", 3},
        {"2*-3", -6},
        {"6/-3", -2},
        {"2 - -3", 5},
        {".5 + 1.", 1.5},
        {"1e3", 1000},
        {"2.5E-1", 0.25},
        {"2e+2", 200},
        {" \t1\n+\r\n1 ", 2},
        {"min(3, 2)", 2},
        {"max(3, min(9, 4))", 4},
        {"min (1, 2)", 1},
        {"abs(-2.5)", 2.5},
        {"sqrt(abs(-9))", 3},
        {"2*e", 2 * 2.718281828459045},
        {"cos(pi)", -1},
        {"0^0", 1},
        {"(-2)^3", -8},
        {"-2^0.5", -1.4142135623730951},
        {"1/0", HUGE_VAL},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        if (value_at(row[i].text, 0, 0) != row[i].expected)
            fail_msg("%s = %.17g, expected %.17g", row[i].text, value_at(row[i].text, 0, 0),
                     row[i].expected);
}

/* The same bits as the C library. */
static void test_values(void **unused)
{
    static const double x[] = {-2.75, -1.0, -0.3, 0.0, 1e-9, 0.4, 1.0, 3.9, 20.5};

    (void)unused;
    for (size_t i = 0; i < sizeof x / sizeof *x; i++) {
        const double a = x[i], p = fabs(a) + 0.1;
        assert_true(value_at("sin(x)", a, 0) == sin(a));
        assert_true(value_at("cos(x)", a, 0) == cos(a));
        assert_true(value_at("tan(x)", a, 0) == tan(a));
        assert_true(value_at("exp(x)", a, 0) == exp(a));
        assert_true(value_at("log(x)", p, 0) == log(p));
        assert_true(value_at("sqrt(x)", p, 0) == sqrt(p));
        assert_true(value_at("abs(x)", a, 0) == fabs(a));
        assert_true(value_at("tanh(x)", a, 0) == tanh(a));
        assert_true(value_at("x^2", a, 0) == a * a);
        assert_true(value_at("x^3", a, 0) == pow(a, 3));
        assert_true(value_at("x^y", p, a) == pow(p, a));
        assert_true(value_at("min(x, y)", a, 0.2) == fmin(a, 0.2));
        assert_true(value_at("max(x, y)", a, 0.2) == fmax(a, 0.2));
        assert_true(value_at("-(x - y)/y + x*y", a, p) == -(a - p) / p + a * p);
    }
    assert_true(isnan(value_at("log(x)", -1, 0)));
    assert_true(isnan(value_at("min(x, 1)", (double)NAN, 0)) &&
                isnan(value_at("min(1, x)", (double)NAN, 0)));
    assert_true(isnan(value_at("max(x, 1)", (double)NAN, 0)) &&
                isnan(value_at("max(1, x)", (double)NAN, 0)));
}

static void test_variables(void **unused)
{
    descent_expression *e = parse("beta*x_1 + beta^2 - X + pi + e2");
    const double w[5] = {2, 3, 5, 7, 11};
    double g[5] = {1, 1, 1, 1, 1};

    (void)unused;
    assert_int_equal(descent_expression_variables(e), 4);
    assert_string_equal(descent_expression_variable(e, 0), "beta");
    assert_string_equal(descent_expression_variable(e, 1), "x_1");
    assert_string_equal(descent_expression_variable(e, 2), "X");
    assert_string_equal(descent_expression_variable(e, 3), "e2");
    assert_null(descent_expression_variable(e, 4));
    assert_true(fabs(descent_expression_evaluate(4, w, NULL, e) - 15.141592653589793) < 1e-12);
    /* the wrong number of values is no number */
    assert_true(isnan(descent_expression_evaluate(5, w, g, e)) && isnan(g[0]) && isnan(g[4]));
    descent_expression_free(e);
    descent_expression_free(NULL);
}

typedef struct mistake {
    const char *text;
    int line, column;
    const char *message;
} mistake;

static const mistake mistakes[] = {
    {"", 1, 1, "the formula is empty; write one such as x^2 + 3*y^2"},
    {" \n ", 2, 2, "the formula is empty; write one such as x^2 + 3*y^2"},
    {"x +", 1, 4, "the formula ends where a number, a variable or '(' was expected"},
    {"x + * y", 1, 5, "found '*' where a number, a variable or '(' was expected"},
    {"sin()", 1, 5, "found ')' where a number, a variable or '(' was expected"},
    {"x**2", 1, 2, "found '**'; a power is written with '^', as in x^2"},
    {"x +\n  y z", 2, 5, "an operator is missing before 'z'; write '*' to multiply"},
    {"2x", 1, 2, "an operator is missing before 'x'; write '*' to multiply"},
    {"2e", 1, 2, "an operator is missing before 'e'; write '*' to multiply"},
    {"(x)(y)", 1, 4, "an operator is missing before '('; write '*' to multiply"},
    {"x 1.5", 1, 3, "an operator is missing before '1.5'; write '*' to multiply"},
    {"(x + 1", 1, 1, "this '(' is never closed"},
    {"sin((x)", 1, 4, "this '(' is never closed"},
    {"(x + 1))", 1, 8, "this ')' closes nothing; a '(' is missing before it"},
    {"x + 1,5", 1, 6, "found ',' outside min and max; the decimal point is '.', as in 1.5"},
    {"(x = 1)", 1, 4, "found '=' where an operator was expected; there are + - * / ^"},
    {"x \xc3\x97 y", 1, 3, "found '\xc3\x97' where an operator was expected; there are + - * / ^"},
    {"x \xff", 1, 3, "found the byte 0xff where an operator was expected; there are + - * / ^"},
    {"\xe2\x88\x9a", 1, 1, "found '\xe2\x88\x9a' where a number, a variable or '(' was expected"},
    {"1.2.3", 1, 1, "'1.2.3' is no number that fits double precision"},
    {"x*1e999", 1, 3, "'1e999' is no number that fits double precision"},
    {".", 1, 1, "'.' is no number that fits double precision"},
    {"x + sine(x)", 1, 5, "unknown function 'sine'; did you mean 'sin'?"},
    {"lgo(x)", 1, 1, "unknown function 'lgo'; did you mean 'log'?"},
    {"x(y + 1)", 1, 1,
     "unknown function 'x'; there are sin, cos, tan, exp, log, sqrt, abs, tanh, min, max; to "
     "multiply write x*(...)"},
    {"sin x", 1, 1, "sin is a function; write its argument in parentheses: (x)"},
    {"1 + max", 1, 5, "max is a function; write its argument in parentheses: (a, b)"},
    {"sin(x, y)", 1, 1, "sin takes 1 argument, found more"},
    {"min(x, y, z)", 1, 1, "min takes 2 arguments, found more"},
    {"2*min(x)", 1, 3, "min takes 2 arguments, found 1; write min(a, b)"},
    {"a23456789b123456789c123456789d123456789e123456789f123456789g123456789", 1, 1,
     "a name of 69 bytes; the longest is 63"},
};

static void test_mistakes(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        const mistake *m = &mistakes[i];
        descent_expression *e = (descent_expression *)&e;
        descent_error err = {0};
        assert_true(descent_expression_parse(&e, m->text, &err) != DESCENT_OK);
        assert_null(e);
        assert_string_equal(err.message, m->message);
        assert_string_equal(err.file, "formula");
        if (err.line != m->line || err.column != m->column)
            fail_msg("'%s': %d:%d, expected %d:%d", m->text, err.line, err.column, m->line,
                     m->column);
    }
}

/* `head`, then count times `more`. */
static descent_status parse_repeated(const char *head, const char *more, size_t count,
                                     descent_error *err)
{
    const size_t first = strlen(head), step = strlen(more);
    char *text = malloc(first + count * step + 1);
    descent_expression *e;

    assert_non_null(text);
    memcpy(text, head, first);
    for (size_t i = 0; i < count; i++)
        memcpy(text + first + i * step, more, step);
    text[first + count * step] = '\0';
    const descent_status status = descent_expression_parse(&e, text, err);
    descent_expression_free(e);
    free(text);
    return status;
}

/* No text exhausts the stack or the memory. */
static void test_limits(void **unused)
{
    static const char too_deep[] = "the formula is nested deeper than 200 levels";
    enum { ROOM = 16 };
    char *text = malloc(ROOM * (DSC_FORMULA_VARIABLES + 1));
    size_t used = 0;
    descent_error err = {0};
    descent_expression *e;

    (void)unused;
    assert_int_equal(parse_repeated("x+", "-", 199, &err), DESCENT_SYNTAX);
    assert_string_equal(err.message,
                        "the formula ends where a number, a variable or '(' was expected");
    assert_int_equal(parse_repeated("x", "^x", 199, &err), DESCENT_OK);
    assert_int_equal(parse_repeated("x", "^x", 200, &err), DESCENT_SYNTAX);
    assert_string_equal(err.message, too_deep);
    assert_int_equal(parse_repeated("", "(", 1000000, &err), DESCENT_SYNTAX);
    assert_string_equal(err.message, too_deep);
    assert_int_equal(parse_repeated("", "-", 1000000, &err), DESCENT_SYNTAX);
    assert_string_equal(err.message, too_deep);
    assert_int_equal(parse_repeated("x", "+x", 32767, &err), DESCENT_OK);
    assert_int_equal(parse_repeated("x", "+x", 32768, &err), DESCENT_SYNTAX);
    assert_string_equal(err.message,
                        "the formula has more than 65536 numbers, variables and operations");
    assert_non_null(text);
    for (int i = 0; i <= DSC_FORMULA_VARIABLES; i++)
        used += (size_t)snprintf(text + used, ROOM, "%sv%d", i ? "+" : "", i);
    assert_int_equal(descent_expression_parse(&e, text, &err), DESCENT_SYNTAX);
    assert_string_equal(err.message, "the formula has more than 1000 variables");
    free(text);
}

/* What is made of numbers alone is one node. */
static void test_folding(void **unused)
{
    descent_expression *e = parse("x^(1 + 1) + min(2^-1, sin(0))*4 - (2)");

    (void)unused;
    assert_int_equal(e->n_nodes, 3 + 2 + 2);
    assert_true(e->node[1].number == 2.0);
    descent_expression_free(e);
}

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

/* Random words: parsed or refused with a message, never a crash; what is parsed can be evaluated.
 */
static void test_random_text(void **unused)
{
    static const char *const word[] = {"x",  "y",  "sin", "(",    ")",   "+",   "-",   "*",
                                       "/",  "^",  ",",   "2.",   "min", "1e3", " ",   "max",
                                       "pi", "\n", ".5",  "abs(", "e",   "=",   "\xc3"};
    uint32_t state = 7;
    int parsed = 0;

    (void)unused;
    for (int i = 0; i < 200000; i++) {
        char text[128] = "";
        size_t used = 0;
        descent_expression *e;
        descent_error err = {0};
        for (uint32_t n = 1 + next_random(&state) % 12; n > 0; n--)
            used += (size_t)snprintf(text + used, sizeof text - used, "%s",
                                     word[next_random(&state) % (sizeof word / sizeof *word)]);
        if (descent_expression_parse(&e, text, &err) == DESCENT_OK) {
            const double w[12] = {0.5, -1.5}; /* "x" "y" is one more variable, xy */
            double g[12];
            descent_expression_evaluate(descent_expression_variables(e), w, g, e);
            parsed++;
        } else {
            assert_null(e);
            assert_true(err.message[0] != '\0' && err.line > 0 && err.column > 0);
        }
        descent_expression_free(e);
    }
    assert_true(parsed > 2000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_grammar),     cmocka_unit_test(test_values),
        cmocka_unit_test(test_variables),   cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_limits),      cmocka_unit_test(test_folding),
        cmocka_unit_test(test_random_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
