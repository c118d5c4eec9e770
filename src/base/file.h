/* file.h - whole files in and out. Nothing is ever half-written. */
#ifndef DSC_BASE_FILE_H
#define DSC_BASE_FILE_H

#include "base/error.h"

#include <stdint.h>
#include <stdio.h>

/* "cannot read 'x.csv': No such file or directory", of an errno: DESCENT_IO, or DESCENT_NOMEM where
 * it was memory that was missing. */
descent_status dsc_cannot(descent_error *err, const char *verb, const char *path, int reason);

/* Reads a file of at most `limit` bytes; *bytes is NUL-terminated beyond *length and the caller
 * frees it with dsc_free. Fails with DESCENT_IO: "cannot read 'x.csv': no such file or
 * directory", "'x' is a folder", "'x' has more than ... bytes". */
descent_status dsc_file_read(const char *path, size_t limit, char **bytes, size_t *length,
                             descent_error *err);

/* A file being written: to "PATH.tmp-PID" in the same folder; commit syncs and renames it over
 * PATH (then syncs the folder), cancel removes it. A crash leaves the old file whole. A device or
 * pipe is refused: the rename would put a file in its place. */
typedef struct dsc_writer {
    FILE *stream;
    char path[512], temporary[560];
    bool failed;
    int reason; /* errno of the first write that failed */
} dsc_writer;

descent_status dsc_writer_open(dsc_writer *writer, const char *path, descent_error *err);
void dsc_writer_write(dsc_writer *writer, const void *bytes, size_t length);
void dsc_writer_print(dsc_writer *writer, const char *fmt, ...) DSC_PRINTF(2, 3);
descent_status dsc_writer_commit(dsc_writer *writer, descent_error *err);
void dsc_writer_cancel(dsc_writer *writer); /* fine after commit and after a failed open */

/* Makes a folder and its parents; fine when it exists. */
descent_status dsc_folder_make(const char *path, descent_error *err);
/* Files that were made, renamed or removed in it stay so after a power cut. */
void dsc_folder_sync(const char *path);
/* Removes what writers left in it that were killed; nobody may be writing there. */
void dsc_folder_sweep(const char *path);
bool dsc_file_exists(const char *path);
bool dsc_folder_exists(const char *path);

#endif
