/* print.h - snprintf() whose numbers have a point, whatever locale the program has set: what the
 * library says may be read back by it, and by others. */
#ifndef DSC_BASE_PRINT_H
#define DSC_BASE_PRINT_H

#include "base/error.h"

#include <stdarg.h>

int dsc_print(char *out, size_t size, const char *fmt, ...) DSC_PRINTF(3, 4);
int dsc_vprint(char *out, size_t size, const char *fmt, va_list args) DSC_PRINTF(3, 0);

#endif
