/* files.h - safetensors files for the targets that read them. */
#ifndef TESTS_FUZZ_FILES_H
#define TESTS_FUZZ_FILES_H

#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

/* Input that begins with '{' is a header, up to the first NUL, and the data behind it: the length
 * that a file has in front is put there. Anything else is a whole file. */
static inline const char *fuzz_tensors(int slot, const char *name, const uint8_t *data, size_t size)
{
    if (size == 0 || data[0] != '{')
        return fuzz_file(slot, name, data, size);
    const uint8_t *end = memchr(data, '\0', size);
    const size_t header = end ? (size_t)(end - data) : size, skip = end ? 1 : 0;
    const size_t length = 8 + size - skip;
    uint8_t *file = calloc(length, 1);

    fuzz_require(file != NULL);
    for (int i = 0; i < 8; i++)
        file[i] = (uint8_t)((uint64_t)header >> (8 * i));
    memcpy(file + 8, data, header);
    memcpy(file + 8 + header, data + header + skip, size - header - skip);
    const char *path = fuzz_file(slot, name, file, length);
    free(file);
    return path;
}

#endif
