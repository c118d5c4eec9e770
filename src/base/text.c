/* text.c - see text.h. */
#include "base/text.h"

#include <stdbool.h>
#include <string.h>

dsc_text dsc_text_open(const char *name, const char *bytes, size_t length)
{
    return (dsc_text){.name = name,
                      .at = bytes,
                      .end = bytes + length,
                      .line_begin = bytes,
                      .line = 1,
                      .column = 1};
}

static bool quoted(dsc_place place)
{
    int column = 1;

    while (column < place.column && place.line_text[column - 1] != '\0')
        column++;
    return place.line_text[column - 1] == '"';
}

dsc_text dsc_text_open_at(dsc_place place, const char *bytes, size_t length)
{
    dsc_text text = dsc_text_open(place.file, bytes, length);

    text.line = place.line;
    text.column = place.column;
    if (place.line_text) {
        text.line_begin = place.line_text;
        text.column += quoted(place);
    }
    return text;
}

int dsc_text_peek(const dsc_text *text)
{
    return text->at < text->end ? (unsigned char)*text->at : -1;
}

int dsc_text_next(dsc_text *text)
{
    const int c = dsc_text_peek(text);

    if (c < 0)
        return c;
    text->at++;
    text->column++;
    if (c == '\n') {
        text->line++;
        text->column = 1;
        text->line_begin = text->at;
    }
    return c;
}

void dsc_text_skip_blanks(dsc_text *text)
{
    while (text->at < text->end && strchr(" \t\r\n", *text->at) && *text->at != '\0')
        dsc_text_next(text);
}

dsc_place dsc_text_place(const dsc_text *text)
{
    return (dsc_place){.file = text->name,
                       .line = text->line,
                       .column = text->column,
                       .line_text = text->line_begin};
}
