/* strbuf.c - see strbuf.h. */
#include "base/strbuf.h"

#include "base/memory.h"
#include "base/print.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Room for `length` more bytes and the NUL. */
static bool make_room(dsc_strbuf *buf, size_t length)
{
    void *block = buf->text;

    if (buf->failed || !dsc_grow(&block, &buf->capacity, buf->length + length + 1, 1)) {
        buf->failed = true;
        return false;
    }
    buf->text = block;
    return true;
}

void dsc_strbuf_add_n(dsc_strbuf *buf, const char *text, size_t length)
{
    if (!make_room(buf, length))
        return;
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
    va_list args, again;

    va_start(args, fmt);
    va_copy(again, args);
    const int length = dsc_vprint(NULL, 0, fmt, args);
    if (length < 0) {
        buf->failed = true;
    } else if (make_room(buf, (size_t)length)) {
        dsc_vprint(buf->text + buf->length, (size_t)length + 1, fmt, again);
        buf->length += (size_t)length;
    }
    va_end(again);
    va_end(args);
}

void dsc_strbuf_free(dsc_strbuf *buf)
{
    dsc_free(buf->text);
    *buf = (dsc_strbuf){0};
}
