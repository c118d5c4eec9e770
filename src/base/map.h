/* map.h - a file as memory: read when it is looked at, let go by the system when it needs room. */
#ifndef DSC_BASE_MAP_H
#define DSC_BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* A whole file, to be read only. It must keep its length while it is mapped: reading what was cut
 * off ends the process with the signal SIGBUS. */
typedef struct dsc_map {
    const unsigned char *bytes; /* NULL: nothing is mapped */
    size_t length;
} dsc_map;

/* Maps the first `length` bytes of an open file, which may be closed then; false (with errno) when
 * the system cannot. */
bool dsc_map_open(dsc_map *map, FILE *stream, size_t length);
void dsc_map_close(dsc_map *map); /* fine when nothing is mapped */

/* Bytes of an open file; false when it is no regular file (with errno 0), or none can tell. */
bool dsc_stream_length(FILE *stream, size_t *length);

#endif
