/* inflate.c - gzip through zlib, which reads plain files as they are. */
#include "data/inflate.h"

#include "base/file.h"
#include "base/memory.h"

#include <errno.h>
#include <string.h>
#include <zlib.h>

struct dsc_inflate {
    gzFile stream;
    const char *path;
};

descent_status dsc_inflate_open(dsc_inflate **out, const char *path, descent_error *err)
{
    *out = NULL;
    if (dsc_folder_exists(path))
        return dsc_fail(err, DESCENT_IO, "'%s' is a folder, expected a file", path);
    dsc_inflate *file = dsc_alloc(1, sizeof *file);
    if (!file)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory reading '%s'", path);
    errno = 0;
    file->stream = gzopen(path, "rb");
    if (!file->stream) {
        dsc_free(file);
        return dsc_cannot(err, "read", path, errno ? errno : ENOMEM);
    }
    file->path = path;
    *out = file;
    return DESCENT_OK;
}

void dsc_inflate_close(dsc_inflate *file)
{
    if (!file)
        return;
    gzclose(file->stream);
    dsc_free(file);
}

descent_status dsc_inflate_read(dsc_inflate *file, void *to, size_t length, size_t *got,
                                descent_error *err)
{
    enum { CHUNK = 1 << 30 }; /* zlib counts in ints */

    *got = 0;
    while (*got < length) {
        const size_t left = length - *got;
        const int n =
            gzread(file->stream, (char *)to + *got, left < CHUNK ? (unsigned)left : CHUNK);
        if (n < 0)
            break;
        *got += (size_t)n;
        if (n == 0)
            break;
    }
    int code = Z_OK;
    const char *reason = gzerror(file->stream, &code);
    if (code == Z_BUF_ERROR)
        return dsc_fail(err, DESCENT_SYNTAX, "'%s' ends too early: the compressed data is cut off",
                        file->path);
    if (code == Z_ERRNO)
        return dsc_cannot(err, "read", file->path, errno);
    if (code == Z_MEM_ERROR)
        return dsc_cannot(err, "read", file->path, ENOMEM);
    if (code != Z_OK && code != Z_STREAM_END)
        return dsc_fail(err, DESCENT_SYNTAX, "'%s' is damaged: %s", file->path,
                        code == Z_DATA_ERROR ? "the compressed data is not valid" : reason);
    return DESCENT_OK;
}
