/* rows.h - comma-separated text as a stream of rows; every field knows where it stands. */
#ifndef DSC_DATA_ROWS_H
#define DSC_DATA_ROWS_H

#include "base/error.h"

/* One field, pointing into the text: quotes are taken off and "" made " in place. */
typedef struct dsc_field {
    const char *text; /* not NUL-terminated */
    size_t length;
    int line, column; /* of its first byte, from 1 */
} dsc_field;

typedef struct dsc_rows {
    const char *path;  /* for messages */
    const char *begin; /* of the whole text */
    char *at, *end, *line_begin;
    int line;
    char separator;
    bool stops[256]; /* bytes that end an unquoted field */
    dsc_field *field;
    int columns; /* of the row in `field` */
    size_t capacity;
} dsc_rows;

/* Begins to read `length` bytes, which are NUL-terminated beyond, are changed, and must outlive
 * all fields. separator 0 means to guess: the one of tab ; , | that the first line has most of,
 * or else blanks; ' ' stands for any run of blanks. Fails when there is no row at all. */
descent_status dsc_rows_open(dsc_rows *rows, const char *path, char *bytes, size_t length,
                             char separator, descent_error *err);
/* Frees the fields; what they point to stays. */
void dsc_rows_close(dsc_rows *rows);

/* The next row that is not empty, into field[0..columns); *more says whether there was one. */
descent_status dsc_rows_next(dsc_rows *rows, bool *more, descent_error *err);

/* No more rows of `columns` fields, none of them empty, can be left than this. */
size_t dsc_rows_bound(const dsc_rows *rows, int columns);

/* Where a field stands, with its line for an excerpt. */
dsc_place dsc_field_place(const dsc_rows *rows, const dsc_field *field);

#endif
