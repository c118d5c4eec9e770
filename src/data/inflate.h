/* inflate.h - files that may be compressed with gzip, as one stream of bytes. */
#ifndef DSC_DATA_INFLATE_H
#define DSC_DATA_INFLATE_H

#include "base/error.h"

typedef struct dsc_inflate dsc_inflate;

/* Opens a plain or gzip-compressed file; the path must live as long as it is open. */
descent_status dsc_inflate_open(dsc_inflate **out, const char *path, descent_error *err);
void dsc_inflate_close(dsc_inflate *file); /* NULL is fine */
/* Reads up to `length` bytes into `to`; *got < length only at the end. Fails on a damaged or
 * cut-off file. */
descent_status dsc_inflate_read(dsc_inflate *file, void *to, size_t length, size_t *got,
                                descent_error *err);

#endif
