/* rows.c - the splitter of comma-separated text (RFC 4180): quotes, "" and newlines in quotes. */
#include "data/rows.h"

#include "base/memory.h"

#include <limits.h>
#include <string.h>

static int column_of(const dsc_rows *rows, const char *at)
{
    const ptrdiff_t offset = at - rows->line_begin;

    return offset < INT_MAX ? (int)offset + 1 : INT_MAX;
}

static dsc_place place_of(const dsc_rows *rows, const char *at)
{
    return (dsc_place){.file = rows->path,
                       .line = rows->line,
                       .column = column_of(rows, at),
                       .line_text = rows->line_begin};
}

dsc_place dsc_field_place(const dsc_rows *rows, const dsc_field *field)
{
    const char *begin = field->text;

    while (begin > rows->begin && begin[-1] != '\n' && begin[-1] != '\r')
        begin--;
    return (dsc_place){
        .file = rows->path, .line = field->line, .column = field->column, .line_text = begin};
}

/* Steps over the end of a line, in any of its forms: \n, \r\n, \r. */
static void next_line(dsc_rows *rows)
{
    rows->at += rows->at[0] == '\r' && rows->at[1] == '\n' ? 2 : 1;
    rows->line += rows->line < INT_MAX;
    rows->line_begin = rows->at;
}

static bool at_line_end(const dsc_rows *rows)
{
    return *rows->at == '\n' || *rows->at == '\r';
}

static void skip_blanks(dsc_rows *rows)
{
    while (*rows->at == ' ' || (*rows->at == '\t' && rows->separator != '\t'))
        rows->at++;
}

/* The text of a quoted field; rows->at stands on the first quote and ends behind the last. */
static descent_status read_quoted(dsc_rows *rows, dsc_field *field, descent_error *err)
{
    const dsc_place begin = place_of(rows, rows->at);
    char *to = ++rows->at;

    field->text = to;
    for (;; rows->at++) {
        if (rows->at >= rows->end)
            return dsc_fail_at(err, DESCENT_SYNTAX, begin, "this quote is never closed");
        if (rows->at[0] == '"' && rows->at[1] != '"')
            break;
        rows->at += *rows->at == '"'; /* "" stands for one quote */
        if (to != rows->at)
            *to = *rows->at;
        to++;
        if (*rows->at == '\n') {
            rows->line += rows->line < INT_MAX;
            rows->line_begin = rows->at + 1;
        }
    }
    field->length = (size_t)(to - field->text);
    rows->at++;
    skip_blanks(rows);
    if (rows->at < rows->end && !rows->stops[(unsigned char)*rows->at] &&
        !(rows->separator == ' ' && rows->at[-1] != '"'))
        return dsc_fail_at(err, DESCENT_SYNTAX, place_of(rows, rows->at),
                           "found '%c' after a closing quote, expected '%c' or the end of the line",
                           *rows->at, rows->separator);
    return DESCENT_OK;
}

/* Blanks around a value are no part of it. */
static descent_status read_field(dsc_rows *rows, dsc_field *field, descent_error *err)
{
    skip_blanks(rows);
    field->line = rows->line;
    field->column = column_of(rows, rows->at);
    if (*rows->at == '"')
        return read_quoted(rows, field, err);
    field->text = rows->at;
    while (!rows->stops[(unsigned char)*rows->at])
        rows->at++;
    field->length = (size_t)(rows->at - field->text);
    while (field->length > 0 &&
           (field->text[field->length - 1] == ' ' || field->text[field->length - 1] == '\t'))
        field->length--;
    return DESCENT_OK;
}

static void skip_empty_lines(dsc_rows *rows)
{
    for (;;) {
        char *at = rows->at;
        while (*at == ' ')
            at++;
        if (at < rows->end && *at != '\n' && *at != '\r')
            break;
        rows->at = at;
        if (at >= rows->end)
            break;
        next_line(rows);
    }
}

/* True behind the last field of a row, else steps over the separator. */
static bool row_ends(dsc_rows *rows)
{
    if (rows->separator == ' ')
        skip_blanks(rows);
    if (rows->at >= rows->end || at_line_end(rows))
        return true;
    if (rows->separator != ' ')
        rows->at++;
    return false;
}

descent_status dsc_rows_next(dsc_rows *rows, bool *more, descent_error *err)
{
    rows->columns = 0;
    skip_empty_lines(rows);
    *more = rows->at < rows->end;
    while (*more) {
        void *block = rows->field;
        const size_t needed = (size_t)rows->columns + 1;
        if (rows->columns == INT_MAX ||
            !dsc_grow(&block, &rows->capacity, needed, sizeof *rows->field))
            return dsc_fail(err, DESCENT_NOMEM, "out of memory reading '%s'", rows->path);
        rows->field = block;
        DSC_TRY(read_field(rows, &rows->field[rows->columns++], err));
        if (row_ends(rows))
            break;
    }
    /* the line end itself is left to skip_empty_lines(), so that messages can show this line */
    return DESCENT_OK;
}

/* Of the first line, outside quotes. Ties go to the one that is rarer inside numbers and words. */
static char guess_separator(const char *bytes)
{
    static const char candidates[] = "\t;,|";
    size_t count[sizeof candidates - 1] = {0};
    char best = ' ';
    size_t most = 0;
    bool quoted = false;

    for (const char *b = bytes; *b && (quoted || (*b != '\n' && *b != '\r')); b++) {
        const char *found = quoted ? NULL : strchr(candidates, *b);
        quoted ^= *b == '"';
        if (found)
            count[found - candidates]++;
    }
    for (size_t i = 0; i < sizeof count / sizeof *count; i++)
        if (count[i] > most) {
            most = count[i];
            best = candidates[i];
        }
    return best;
}

descent_status dsc_rows_open(dsc_rows *rows, const char *path, char *bytes, size_t length,
                             char separator, descent_error *err)
{
    char *begin = bytes;

    if (memchr(bytes, '\0', length))
        return dsc_fail(err, DESCENT_SYNTAX,
                        "'%s' is not a text file (it has NUL bytes), expected comma-separated "
                        "values",
                        path);
    if (length >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0)
        begin += 3; /* a byte order mark is no data */
    *rows = (dsc_rows){.path = path,
                       .begin = begin,
                       .at = begin,
                       .end = bytes + length,
                       .line_begin = begin,
                       .line = 1};
    skip_empty_lines(rows);
    if (rows->at >= rows->end)
        return dsc_fail(err, DESCENT_SYNTAX, "'%s' is empty, expected comma-separated values",
                        path);
    rows->separator = separator;
    if (!separator)
        rows->separator = guess_separator(rows->at);
    for (const char *c = "\n\r"; *c; c++)
        rows->stops[(unsigned char)*c] = true;
    rows->stops[0] = rows->stops[(unsigned char)rows->separator] = true;
    rows->stops['\t'] = rows->stops['\t'] || rows->separator == ' ';
    return DESCENT_OK;
}

void dsc_rows_close(dsc_rows *rows)
{
    dsc_free(rows->field);
    rows->field = NULL;
}

size_t dsc_rows_bound(const dsc_rows *rows, int columns)
{
    const size_t length = (size_t)(rows->end - rows->at);
    const size_t filled = length / ((size_t)columns * 2) + 1;
    size_t lines = 1;

    for (size_t i = 0; i < length; i++)
        lines += rows->at[i] == '\n' || (rows->at[i] == '\r' && rows->at[i + 1] != '\n');
    return lines < filled ? lines : filled;
}
