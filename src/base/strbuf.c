/* strbuf.c - see strbuf.h. */
#include "base/strbuf.h"

#include "base/memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void dsc_strbuf_add_n(dsc_strbuf *buf, const char *text, size_t length)
{
    void *block = buf->text;

    if (buf->failed || !dsc_grow(&block, &buf->capacity, buf->length + length + 1, 1)) {
        buf->failed = true;
        return;
    }
    buf->text = block;
    memcpy(buf->text + buf->length, text, length);
    buf->length += length;
    buf->text[buf->length] = '\0';
}

void dsc_strbuf_add(dsc_strbuf *buf, const char *text)
{
    dsc_strbuf_add_n(buf, text, strlen(text));
}

void dsc_strbuf_print(dsc_strbuf *buf, const char *fmt, ...)
{
    char piece[1024];
    va_list args;

    va_start(args, fmt);
    const int length = vsnprintf(piece, sizeof piece, fmt, args);
    va_end(args);
    if (length < 0 || (size_t)length >= sizeof piece)
        buf->failed = true; /* pieces are short; longer texts go through dsc_strbuf_add */
    else
        dsc_strbuf_add_n(buf, piece, (size_t)length);
}

void dsc_strbuf_free(dsc_strbuf *buf)
{
    dsc_free(buf->text);
    *buf = (dsc_strbuf){0};
}
