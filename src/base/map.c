/* map.c - see map.h. */
#include "base/map.h"

#include <errno.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/stat.h>

bool dsc_map_open(dsc_map *map, FILE *stream, size_t length)
{
    *map = (dsc_map){0};
    void *at = mmap(NULL, length, PROT_READ, MAP_SHARED, fileno(stream), 0);
    if (at == MAP_FAILED)
        return false;
    *map = (dsc_map){at, length};
    // cppcheck-suppress memleak ; the map is the caller's, to be closed by dsc_map_close()
    return true;
}

void dsc_map_close(dsc_map *map)
{
    if (map->bytes)
        (void)munmap((void *)(uintptr_t)map->bytes, map->length);
    *map = (dsc_map){0};
}

bool dsc_stream_length(FILE *stream, size_t *length)
{
    struct stat info;

    *length = 0;
    if (fstat(fileno(stream), &info) != 0)
        return false;
    errno = 0;
    if (!S_ISREG(info.st_mode) || info.st_size < 0)
        return false;
    *length = (size_t)info.st_size;
    return true;
}
