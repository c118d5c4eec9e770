/* scan.h - the words of a formula, and the messages about them. */
#ifndef DSC_EXPRESSION_SCAN_H
#define DSC_EXPRESSION_SCAN_H

#include "base/text.h"
#include "descent/expression.h"

#include <stdbool.h>

enum { DSC_WORD_SIZE = 64 };

bool dsc_is_digit(int c);
bool dsc_is_letter(int c); /* of a name's beginning: a-z, A-Z, _ */

/* The length of the name at the cursor, 0 when there is none. Nothing is read. */
size_t dsc_name_length(const dsc_text *text);
/* The length of the number at the cursor: digits and points, and an exponent if digits follow. */
size_t dsc_number_length(const dsc_text *text);

/* "'sine'", "'1.5'", "'('", "'×'" or "the end": what stands at the cursor, cut to fit. */
char *dsc_describe(const dsc_text *text, char out[DSC_WORD_SIZE]);

/* Fails for what stands where an operand was expected, or after one where it cannot go on. */
descent_status dsc_fail_operand(const dsc_text *text, descent_error *err);
descent_status dsc_fail_after_operand(const dsc_text *text, descent_error *err);
/* Fails for a call of something that is no function. */
descent_status dsc_fail_function(const char *name, dsc_place place, descent_error *err);
/* Fails for a variable that is none of those the formula was given beforehand. */
descent_status dsc_check_variable(const descent_expression *e, const char *name, dsc_place place,
                                  descent_error *err);

#endif
