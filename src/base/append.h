/* append.h - a file that grows by whole lines while others may read along, such as the log of a
 * run.
 *
 * What could not be written waits in memory until there is room; a piece that was written by half
 * is cut off again. One process (and one dsc_append in it) has the file at a time. */
#ifndef DSC_BASE_APPEND_H
#define DSC_BASE_APPEND_H

#include "base/error.h"

#include <stdint.h>

typedef struct dsc_append dsc_append;

/* Opens PATH, which is made where it is not there, and keeps others from writing it. What is in it
 * stays. Fails with DESCENT_IO: "cannot write 'x': ...", "'x' is being written by another process".
 */
descent_status dsc_append_open(dsc_append **out, const char *path, descent_error *err);
/* Writes what waits, if it can, and closes. NULL is fine. */
void dsc_append_free(dsc_append *file);

/* Keeps the first `bytes` of the file; fails when it has fewer. Nothing may be waiting. */
descent_status dsc_append_cut(dsc_append *file, int64_t bytes, descent_error *err);

/* Empties the file, all but a beginning that is the same as what is written next: that never leaves
 * the disk. So a reader sees the old lines until then. */
void dsc_append_restart(dsc_append *file);

/* Adds a line without its newline, which waits to be written. False: out of memory, and the line is
 * not there. */
bool dsc_append_line(dsc_append *file, const char *text, size_t length);
/* Writes what waits. After a failure it still waits. */
descent_status dsc_append_write(dsc_append *file, descent_error *err);
/* The same, and all of it is on disk, *bytes long. */
descent_status dsc_append_sync(dsc_append *file, int64_t *bytes, descent_error *err);

#endif
