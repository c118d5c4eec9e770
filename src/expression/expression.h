/* expression.h - a parsed formula: a flat tape in which every node stands after its operands. */
#ifndef DSC_EXPRESSION_EXPRESSION_H
#define DSC_EXPRESSION_EXPRESSION_H

#include "descent/expression.h"

#include "base/text.h"
#include "expression/function.h"

/* Limits on what people type, so that no text exhausts the stack or the memory. */
enum {
    DSC_FORMULA_DEPTH = 200,   /* nested parentheses, signs and powers */
    DSC_FORMULA_NODES = 65536, /* numbers, variables and operations */
    DSC_FORMULA_VARIABLES = 1000,
    DSC_FORMULA_NAME = 63 /* bytes of a variable's name */
};

typedef struct dsc_node {
    const dsc_function *function; /* NULL: a number or a variable */
    int a, b;                     /* operands, earlier on the tape; with one operand b is a */
    int variable;                 /* its index; -1 for all others */
    double number;
} dsc_node;

struct descent_expression {
    dsc_node *node; /* the last one is the result */
    size_t n_nodes, capacity;
    char **name; /* of the variables, in order of first appearance */
    size_t n_names, name_capacity;
    double *value, *adjoint; /* of every node; adjoint = d result / d node */
};

/* Parses what is left of `text`, whose places messages name. With n_known > 0 these are the only
 * variables, known[i] is variable i, and any other name is an error. */
descent_status dsc_expression_parse_in(descent_expression **out, dsc_text text,
                                       const char *const *known, size_t n_known,
                                       descent_error *err);
/* True when the value depends on variable `index`. */
bool dsc_expression_uses(const descent_expression *expression, size_t index);

#endif
