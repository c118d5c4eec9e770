/* tape.h - building the tape of a formula: operands first, then what is applied to them. */
#ifndef DSC_EXPRESSION_TAPE_H
#define DSC_EXPRESSION_TAPE_H

#include "base/error.h"
#include "expression/expression.h"

/* Most append one node; `place` is where it was typed, for errors. */
descent_status dsc_tape_number(descent_expression *e, double number, dsc_place place,
                               descent_error *err);
/* A variable's name, before anything uses it. */
descent_status dsc_tape_name(descent_expression *e, const char *name, dsc_place place,
                             descent_error *err);
descent_status dsc_tape_variable(descent_expression *e, const char *name, dsc_place place,
                                 descent_error *err);
/* Applies a function to node a and the last node; with one argument a is the last node. What is
 * made of numbers alone becomes one number at once. */
descent_status dsc_tape_apply(descent_expression *e, const dsc_function *function, int a,
                              dsc_place place, descent_error *err);
/* The tape is whole: sets aside what evaluating needs. */
descent_status dsc_tape_finish(descent_expression *e, descent_error *err);

#endif
