/* function.h - the operators and functions of formulas: value and derivatives, one row each. */
#ifndef DSC_EXPRESSION_FUNCTION_H
#define DSC_EXPRESSION_FUNCTION_H

#include <stddef.h>

typedef struct dsc_function {
    const char *name;
    int arity;                           /* 1 or 2; with 1, b is to be ignored */
    double (*value)(double a, double b); /* v = f(a, b) */
    /* d[0] = dv/da and, with two arguments, d[1] = dv/db */
    void (*slope)(double a, double b, double v, double d[2]);
} dsc_function;

typedef enum dsc_operator {
    DSC_NEGATE,
    DSC_ADD,
    DSC_SUBTRACT,
    DSC_MULTIPLY,
    DSC_DIVIDE,
    DSC_POWER
} dsc_operator;

const dsc_function *dsc_operator_at(dsc_operator index);
/* What is called by name: sin, min, ... NULL past the end. */
const dsc_function *dsc_function_at(size_t index);

#endif
