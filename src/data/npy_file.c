/* npy_file.c - opening a .npy file and reading its numbers; see npy.h. */
#include "data/numbers.h"

#include "base/file.h"
#include "base/memory.h"
#include "data/dataset.h"
#include "data/npy.h"

#include <errno.h>
#include <string.h>

enum {
    MAGIC = 6,
    START = 8,
    MOST = 65535
}; /* bytes: of the magic, with the version, of a header */
static const unsigned char magic[MAGIC] = {0x93, 'N', 'U', 'M', 'P', 'Y'};

static descent_status cannot_read(const dsc_npy *npy, int reason, descent_error *err)
{
    if (reason)
        return dsc_cannot(err, "read", npy->path, reason);
    return dsc_fail(err, DESCENT_IO, "cannot read '%s': it is no regular file", npy->path);
}

static descent_status ends_early(const dsc_npy *npy, size_t wanted, size_t found,
                                 descent_error *err)
{
    return dsc_fail(err, DESCENT_SYNTAX,
                    "'%s' ends too early: its .npy header reaches to byte %zu, the file has %zu",
                    npy->path, wanted, found);
}

/* Magic, version, and how long the header is: two bytes in 1.0, then four. */
static descent_status read_start(dsc_npy *npy, size_t file_length, size_t *begin, size_t *length,
                                 descent_error *err)
{
    unsigned char head[START + 4] = {0};
    const size_t got = fread(head, 1, START, npy->stream);

    if (got < MAGIC || memcmp(head, magic, MAGIC) != 0)
        return dsc_fail(err, DESCENT_SYNTAX,
                        "'%s' is no .npy file: it begins with the bytes %02x %02x %02x %02x %02x "
                        "%02x, expected 93 4e 55 4d 50 59 (\\x93NUMPY)",
                        npy->path, head[0], head[1], head[2], head[3], head[4], head[5]);
    if (got == START && (head[6] < 1 || head[6] > 3 || head[7] != 0))
        return dsc_fail(err, DESCENT_INVALID,
                        "'%s' is of .npy version %d.%d (byte 6), expected 1.0, 2.0 or 3.0",
                        npy->path, head[6], head[7]);
    const size_t width = head[6] == 1 ? 2 : 4;
    *begin = START + width;
    if (got < START || fread(head + START, 1, width, npy->stream) != width)
        return ends_early(npy, *begin, file_length, err);
    *length = head[8] | (size_t)head[9] << 8 | (size_t)head[10] << 16 | (size_t)head[11] << 24;
    if (*length > MOST)
        return dsc_fail(err, DESCENT_INVALID,
                        "'%s': the .npy header has %zu bytes (byte 8), at most %d are read",
                        npy->path, *length, (int)MOST);
    return *begin + *length <= file_length ? DESCENT_OK
                                           : ends_early(npy, *begin + *length, file_length, err);
}

/* What the header claims is exactly what is there. */
static descent_status check_length(const dsc_npy *npy, size_t file_length, descent_error *err)
{
    const size_t row = dsc_shape_count(npy->shape) * dsc_dtype_bytes(npy->dtype);
    const size_t found = file_length - npy->offset;
    size_t claimed;

    if (!dsc_multiply(npy->count, row, &claimed))
        return dsc_fail(err, DESCENT_SHAPE, "'%s' claims %zu examples of %zu bytes: too many",
                        npy->path, npy->count, row);
    if (claimed == found)
        return DESCENT_OK;
    return dsc_fail(err, DESCENT_SYNTAX,
                    "'%s' %s: its header claims %zu bytes of numbers, found %zu", npy->path,
                    found < claimed ? "ends too early" : "goes on too long", claimed, found);
}

static descent_status read_header(dsc_npy *npy, descent_error *err)
{
    size_t file_length, begin = 0, length = 0;

    if (!dsc_stream_length(npy->stream, &file_length))
        return cannot_read(npy, errno, err);
    DSC_TRY(read_start(npy, file_length, &begin, &length, err));
    char *text = dsc_alloc(length + 1, 1);
    if (!text)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory reading '%s'", npy->path);
    const descent_status status = fread(text, 1, length, npy->stream) == length
                                      ? dsc_npy_header(npy, text, length, begin, err)
                                      : cannot_read(npy, EIO, err);
    dsc_free(text);
    npy->offset = begin + length;
    DSC_TRY(status);
    DSC_TRY(dsc_dataset_check_count(npy->path, npy->count, err));
    return check_length(npy, file_length, err);
}

descent_status dsc_npy_open(dsc_npy *npy, const char *path, descent_error *err)
{
    const uint16_t one = 1;
    unsigned char first;

    *npy = (dsc_npy){.path = path};
    memcpy(&first, &one, 1);
    if (first != 1)
        return dsc_fail(err, DESCENT_INVALID,
                        "'%s' is a .npy file, which only little-endian machines read", path);
    npy->stream = fopen(path, "rb");
    return npy->stream ? read_header(npy, err) : cannot_read(npy, errno, err);
}

descent_status dsc_npy_read(dsc_npy *npy, void *numbers, size_t count, descent_error *err)
{
    const size_t got = fread(numbers, dsc_dtype_bytes(npy->dtype), count, npy->stream);

    return got == count ? DESCENT_OK
                        : dsc_fail(err, DESCENT_IO,
                                   "'%s' could not be read to its end; was it changed meanwhile?",
                                   npy->path);
}

void dsc_npy_close(dsc_npy *npy)
{
    if (npy->stream)
        (void)fclose(npy->stream);
    npy->stream = NULL;
}
