/* line.c - a line on standard error that is drawn over, while something long goes on. */
#include "command.h"

#include <stdarg.h>
#include <string.h>

void cli_line_say(cli_line *line, const char *fmt, ...)
{
    char text[sizeof line->text];
    va_list list;

    va_start(list, fmt);
    vsnprintf(text, sizeof text, fmt, list);
    va_end(list);
    if (!line->wanted || strcmp(text, line->text) == 0)
        return;
    memcpy(line->text, text, sizeof text);
    fprintf(stderr, "\r%-*.*s", cli_width() - 1, cli_width() - 1, text);
    fflush(stderr);
}

void cli_line_clear(cli_line *line)
{
    if (line->text[0])
        fprintf(stderr, "\r%*s\r", cli_width() - 1, "");
    line->text[0] = '\0';
}
