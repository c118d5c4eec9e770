/* expression.h - a parsed formula: a flat tape in which every node stands after its operands. */
#ifndef DSC_MINIMIZE_EXPRESSION_H
#define DSC_MINIMIZE_EXPRESSION_H

#include "descent/minimize.h"

#include "minimize/function.h"

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

#endif
