/* number.h - numbers as text, independent of the locale. */
#ifndef DSC_BASE_NUMBER_H
#define DSC_BASE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DSC_NUMBER_SIZE = 32 };

/* The shortest decimal that reads back to x, as Python prints it: "4.0", "0.1",
 * "1.0485760000000002", "1e-05", "inf", "nan". Returns `out`. */
char *dsc_number_text(double x, char out[DSC_NUMBER_SIZE]);
/* The same without a trailing ".0": "4", for messages and strings people type. */
char *dsc_number_plain(double x, char out[DSC_NUMBER_SIZE]);

/* True when all `length` bytes are one number: decimal or scientific, "inf", "-inf", "nan". */
bool dsc_number_read(const char *text, size_t length, double *value);
/* The same for an integer without point or exponent that fits 64 bits. */
bool dsc_integer_read(const char *text, size_t length, int64_t *value);

#endif
