/* text.h - reading text with line and column, so that no parser can forget where it is. */
#ifndef DSC_BASE_TEXT_H
#define DSC_BASE_TEXT_H

#include "base/error.h"

#include <stddef.h>

typedef struct dsc_text {
    const char *name;       /* for messages: a file, or the flag that held the text */
    const char *at, *end;   /* what is left */
    const char *line_begin; /* start of the current line */
    int line, column;       /* 1-based position of `at` */
} dsc_text;

/* A cursor over `length` bytes; nothing is copied. */
dsc_text dsc_text_open(const char *name, const char *bytes, size_t length);
/* A cursor over a value that was typed at `place`, in quotes or not, so that places inside it are
 * places in what surrounds it. */
dsc_text dsc_text_open_at(dsc_place place, const char *bytes, size_t length);
int dsc_text_peek(const dsc_text *text);   /* the next byte as unsigned char, -1 at the end */
int dsc_text_next(dsc_text *text);         /* the same, and moves past it */
void dsc_text_skip_blanks(dsc_text *text); /* spaces, tabs, newlines and carriage returns */
dsc_place dsc_text_place(const dsc_text *text);

#endif
