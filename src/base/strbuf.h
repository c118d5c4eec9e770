/* strbuf.h - a text that grows; the first failure to grow is remembered. */
#ifndef DSC_BASE_STRBUF_H
#define DSC_BASE_STRBUF_H

#include "base/error.h"

typedef struct dsc_strbuf {
    char *text; /* NUL-terminated, or NULL while empty */
    size_t length, capacity;
    bool failed; /* out of memory; text then is what fitted */
} dsc_strbuf;

/* What is added must not lie in the buffer itself, which may move. */
void dsc_strbuf_add(dsc_strbuf *buf, const char *text);
void dsc_strbuf_add_n(dsc_strbuf *buf, const char *text, size_t length);
void dsc_strbuf_print(dsc_strbuf *buf, const char *fmt, ...) DSC_PRINTF(2, 3);
void dsc_strbuf_free(dsc_strbuf *buf);

#endif
