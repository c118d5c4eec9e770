/* failure.c - mistakes, told on standard error. */
#include "command.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

/* The line at fault, shortened around the column when it is long, and a caret under it. */
static void show_place(const descent_error *err)
{
    enum { SHOWN = 76 };
    const int length = (int)strlen(err->excerpt), column = err->column - 1;
    int begin = 0;

    if (length == 0 || column < 0 || column > length)
        return;
    if (column > SHOWN - 10)
        begin = column - SHOWN / 2;
    fprintf(stderr, "    %.*s\n    ", SHOWN, err->excerpt + begin);
    for (int i = begin; i < column; i++)
        fputc(err->excerpt[i] == '\t' ? '\t' : ' ', stderr);
    fputs("^\n", stderr);
}

static bool complained;

bool cli_has_complained(void)
{
    return complained;
}

int cli_fail(const descent_error *err)
{
    complained = true;
    fputs("descent: ", stderr);
    if (err->file[0] && err->line > 0)
        fprintf(stderr, "%s:%d:%d: ", err->file, err->line, err->column);
    else if (err->file[0])
        fprintf(stderr, "%s: ", err->file);
    fprintf(stderr, "%s\n", err->message);
    show_place(err);
    return EXIT_USAGE;
}

int cli_complain(const char *fmt, ...)
{
    va_list args;

    complained = true;
    fputs("descent: ", stderr);
    va_start(args, fmt);
    vfprintf(stderr, fmt, args);
    va_end(args);
    fputc('\n', stderr);
    return EXIT_USAGE;
}

int cli_finish(int status)
{
    errno = 0;
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    if (errno != EPIPE)
        cli_complain("cannot write to standard output: %s", strerror(errno ? errno : EIO));
    return EXIT_USAGE;
}
