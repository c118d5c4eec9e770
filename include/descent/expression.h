/* expression.h - formulas such as "x^2 + 3*y^2": their value and exact gradient. */
#ifndef DESCENT_EXPRESSION_H
#define DESCENT_EXPRESSION_H

#include "descent/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A parsed formula: + - * / ^ (right associative, above unary minus), parentheses, sin cos tan
 * exp log sqrt abs tanh, min(a,b) max(a,b), the constants pi and e; every other name is a
 * variable. Derivatives are exact (reverse mode), in double. */
typedef struct descent_expression descent_expression;

DESCENT_API descent_status descent_expression_parse(descent_expression **out, const char *text,
                                                    descent_error *err);
DESCENT_API void descent_expression_free(descent_expression *expression); /* NULL is fine */
/* The number of variables, and their names in order of first appearance. */
DESCENT_API size_t descent_expression_variables(const descent_expression *expression);
DESCENT_API const char *descent_expression_variable(const descent_expression *expression,
                                                    size_t index);
/* Value and (unless g is NULL) gradient at w, in the order of the variables. Fits
 * descent_objective with the expression as `user`. One thread at a time per expression. */
DESCENT_API double descent_expression_evaluate(size_t n, const double *w, double *g,
                                               void *expression);

#ifdef __cplusplus
}
#endif
#endif
