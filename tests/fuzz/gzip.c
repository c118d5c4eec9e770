/* gzip.c - fuzz: compressed files, twice: the bytes as a compressed file, and the bytes compressed
 * properly, which must then read as the plain file does. */
#include "fuzz.h"

#include "data/inflate.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { MOST = 1 << 20 };

/* Up to MOST bytes of the file, in steps of different lengths; false after an error. */
static bool read_all(const char *path, uint8_t *to, size_t *length)
{
    descent_error err = {0};
    dsc_inflate *file;
    size_t got = 1, step = 7;

    *length = 0;
    if (!fuzz_judge(dsc_inflate_open(&file, path, &err), &err))
        return false;
    bool good = true;
    while (good && got > 0 && *length < MOST) {
        const size_t left = MOST - *length;
        good = fuzz_judge(
            dsc_inflate_read(file, to + *length, step < left ? step : left, &got, &err), &err);
        fuzz_require(got <= step);
        *length += good ? got : 0;
        step = step * 3 + 1;
    }
    dsc_inflate_close(file);
    return good;
}

static const char *compress_file(const uint8_t *data, size_t size)
{
    const char *path = fuzz_file(1, "packed", "", 0);
    gzFile file = gzopen(path, "wb1");

    fuzz_require(file != NULL);
    fuzz_require(size == 0 || gzwrite(file, data, (unsigned)size) == (int)size);
    fuzz_require(gzclose(file) == Z_OK);
    return path;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t plain[MOST], packed[MOST];
    size_t n_plain, n_packed;

    read_all(fuzz_file(0, "plain", data, size), plain, &n_plain);
    fuzz_require(read_all(compress_file(data, size), packed, &n_packed));
    fuzz_require(n_packed == size && (size == 0 || memcmp(packed, data, size) == 0));
    return 0;
}
