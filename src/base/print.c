/* print.c - see print.h. */
#include "base/print.h"

#include <locale.h>
#include <stdio.h>

int dsc_vprint(char *out, size_t size, const char *fmt, va_list args)
{
    /* the "C" locale lies ready in the C library; the switch is this thread's alone */
    const locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    const locale_t before = plain ? uselocale(plain) : (locale_t)0;
    const int length = vsnprintf(out, size, fmt, args);

    if (plain) {
        uselocale(before);
        freelocale(plain);
    }
    return length;
}

int dsc_print(char *out, size_t size, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    const int length = dsc_vprint(out, size, fmt, args);
    va_end(args);
    return length;
}
