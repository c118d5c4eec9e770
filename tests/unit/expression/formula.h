/* formula.h - parsing and evaluating formulas in tests. */
#ifndef TEST_FORMULA_H
#define TEST_FORMULA_H

#include "descent/expression.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static inline descent_expression *parse(const char *text)
{
    descent_expression *e;
    descent_error err = {0};

    if (descent_expression_parse(&e, text, &err))
        fail_msg("'%s': %s", text, err.message);
    return e;
}

/* The value of a formula in at most two variables, in order of appearance. */
static inline double value_at(const char *text, double a, double b)
{
    const double w[2] = {a, b};
    descent_expression *e = parse(text);
    const size_t n = descent_expression_variables(e);

    assert_true(n <= 2);
    const double f = descent_expression_evaluate(n, w, NULL, e);
    descent_expression_free(e);
    return f;
}

/* Its derivatives. */
static inline void gradient_at(const char *text, double a, double b, double g[2])
{
    const double w[2] = {a, b};
    descent_expression *e = parse(text);
    const size_t n = descent_expression_variables(e);

    assert_true(n <= 2);
    g[0] = g[1] = 0.0;
    descent_expression_evaluate(n, w, g, e);
    descent_expression_free(e);
}

#endif
