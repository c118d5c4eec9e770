/* error.c - status names and the one place where error messages are written. */
#include "base/error.h"
#include "base/print.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define TEXT_OF(x)  TEXT_OF_(x)
#define TEXT_OF_(x) #x

const char *descent_version(void)
{
    return TEXT_OF(DESCENT_VERSION_MAJOR) "." TEXT_OF(DESCENT_VERSION_MINOR) "." TEXT_OF(
        DESCENT_VERSION_PATCH);
}

const char *descent_status_text(descent_status status)
{
    switch (status) {
#define X(name, meaning) \
  case DESCENT_##name:   \
    return meaning;
        DESCENT_STATUS_LIST(X)
#undef X
    case DESCENT_STATUS_COUNT:
        break;
    }
    return "unknown status";
}

/* A file may hold bytes that a terminal takes for orders (escape sequences, of 7 bits or as U+0080
 * to U+009F in UTF-8), and messages show what was found: each such byte becomes '?'. A tab stays
 * where a caret has to stand under the line. */
static void make_printable(char *text, bool tabs)
{
    for (unsigned char *c = (unsigned char *)text; *c; c++) {
        const bool tab = *c == '\t' && tabs, c1 = c[0] == 0xC2 && c[1] >= 0x80 && c[1] < 0xA0;
        if (c1)
            c[1] = '?';
        if (c1 || (*c < ' ' && !tab) || *c == 0x7F)
            *c = '?';
    }
}

static void fill(descent_error *err, descent_status status, dsc_place place, const char *fmt,
                 va_list args) DSC_PRINTF(4, 0);

static void fill(descent_error *err, descent_status status, dsc_place place, const char *fmt,
                 va_list args)
{
    if (!err)
        return;
    err->status = status;
    err->line = place.line;
    err->column = place.column;
    snprintf(err->file, sizeof err->file, "%s", place.file ? place.file : "");
    dsc_vprint(err->message, sizeof err->message, fmt, args);
    err->excerpt[0] = '\0';
    if (place.line_text) {
        size_t length = strcspn(place.line_text, "\r\n");
        length = length < sizeof err->excerpt ? length : sizeof err->excerpt - 1;
        memcpy(err->excerpt, place.line_text, length);
        err->excerpt[length] = '\0';
    }
    make_printable(err->file, false);
    make_printable(err->message, false);
    make_printable(err->excerpt, true);
}

void dsc_report(descent_error *err, descent_status status, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    fill(err, status, (dsc_place){0}, fmt, args);
    va_end(args);
}

void dsc_report_at(descent_error *err, descent_status status, dsc_place place, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    fill(err, status, place, fmt, args);
    va_end(args);
}
