/* npy_file.h - .npy files written by a test. */
#ifndef TEST_DATA_NPY_FILE_H
#define TEST_DATA_NPY_FILE_H

#include "files.h"

/* Magic, version `major`.0, `header` padded with blanks to a multiple of 64 bytes, then `body`.
 * Returns where the body begins. */
static inline size_t write_npy_as(const char *path, int major, const char *header, const void *body,
                                  size_t length)
{
    const size_t start = major == 1 ? 10 : 12, n = strlen(header);
    const size_t begin = (start + n + 1 + 63) / 64 * 64, room = begin - start;
    unsigned char *file = malloc(begin + length);

    assert_non_null(file);
    memset(file, ' ', begin);
    memcpy(file, "\x93NUMPY", 6);
    file[6] = (unsigned char)major;
    for (size_t i = 7; i < start; i++)
        file[i] = 0;
    file[8] = (unsigned char)(room & 255);
    file[9] = (unsigned char)(room >> 8);
    memcpy(file + start, header, n);
    file[begin - 1] = '\n';
    if (length > 0)
        memcpy(file + begin, body, length);
    write_bytes(path, file, begin + length);
    free(file);
    return begin;
}

/* As NumPy writes it: type "<f4", shape "(3, 4)". */
static inline size_t write_npy(const char *path, const char *type, const char *shape,
                               const void *body, size_t length)
{
    char header[200];

    snprintf(header, sizeof header, "{'descr': '%s', 'fortran_order': False, 'shape': %s, }", type,
             shape);
    return write_npy_as(path, 1, header, body, length);
}

#endif
