/* error.h - how a function inside the library fails. */
#ifndef DSC_BASE_ERROR_H
#define DSC_BASE_ERROR_H

#include "descent/base.h"

#include <stdbool.h>

#if defined(__GNUC__)
#  define DSC_PRINTF(f, a) __attribute__((format(printf, f, a)))
#else
#  define DSC_PRINTF(f, a)
#endif

/* Fills *err (if any) and gives `status`, so that `return dsc_fail(...)` is the whole idiom. A
 * macro so that compilers and analysers see that what comes back is the status that went in.
 * Messages: lower case, no full stop, what was found, what was expected, the remedy if any. */
#define dsc_fail(err, status, ...) (dsc_report(err, status, __VA_ARGS__), (descent_status)(status))
void dsc_report(descent_error *err, descent_status status, const char *fmt, ...) DSC_PRINTF(3, 4);

/* A place in a text that a person typed. `line_text` is the start of the line at fault (up to the
 * next newline or NUL) or NULL. */
typedef struct dsc_place {
    const char *file;
    int line, column;
    const char *line_text;
} dsc_place;

/* The same for a fault at a place in a file or flag. */
#define dsc_fail_at(err, status, place, ...) \
  (dsc_report_at(err, status, place, __VA_ARGS__), (descent_status)(status))
void dsc_report_at(descent_error *err, descent_status status, dsc_place place, const char *fmt, ...)
    DSC_PRINTF(4, 5);

/* Forwards a failure to the caller. The only control-flow macro in the code base. */
#define DSC_TRY(call)                              \
  do {                                             \
    const descent_status dsc_try_status_ = (call); \
    if (dsc_try_status_ != DESCENT_OK)             \
      return dsc_try_status_;                      \
  } while (0)

#endif
