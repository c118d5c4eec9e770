/* idx_file.c - see idx.h. */
#include "data/idx.h"

#include "base/file.h"
#include "base/memory.h"
#include "data/inflate.h"
#include "data/numbers.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

enum {
    MAX_SIZES = 4,
    TYPE_BYTES = 8,
    FIRST_STEP = 1 << 16,
    LAST_STEP = 1 << 22,
    HEADER = 16 /* of pictures */
};

static uint32_t big_endian(const unsigned char *b)
{
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

/* Magic 0 0 type rank, then a 32-bit size for each axis. */
static descent_status read_header(dsc_idx *idx, dsc_inflate *file, const char *path, int rank,
                                  descent_error *err)
{
    unsigned char head[4 + 4 * MAX_SIZES];
    const size_t length = 4 + 4 * (size_t)rank;
    size_t got;

    DSC_TRY(dsc_inflate_read(file, head, length, &got, err));
    if (got >= 4 && (head[0] != 0 || head[1] != 0 || head[2] != TYPE_BYTES || head[3] != rank))
        return dsc_fail(err, DESCENT_SYNTAX,
                        "'%s' is not an IDX file of %s: its magic number is %lu, expected %d", path,
                        rank == 1 ? "labels" : "pictures", (unsigned long)big_endian(head),
                        TYPE_BYTES << 8 | rank);
    if (got < length)
        return dsc_fail(err, DESCENT_SYNTAX,
                        "'%s' ends too early: an IDX header of %s has %zu bytes, found %zu", path,
                        rank == 1 ? "labels" : "pictures", length, got);
    idx->count = big_endian(head + 4);
    idx->shape.rank = rank - 1;
    for (size_t i = 1; i < (size_t)rank; i++) {
        const uint32_t size = big_endian(head + 4 + 4 * i);
        idx->shape.size[i - 1] = size <= INT_MAX ? (int)size : 0;
    }
    if (idx->count == 0)
        return dsc_fail(err, DESCENT_SYNTAX, "'%s' holds no examples: its header says 0", path);
    if (!dsc_shape_valid(idx->shape))
        return dsc_fail(err, DESCENT_SYNTAX,
                        "'%s': its header claims pictures of %lux%lu, which cannot be", path,
                        (unsigned long)big_endian(head + 8), (unsigned long)big_endian(head + 12));
    return DESCENT_OK;
}

static size_t promised_by(const dsc_idx *idx)
{
    return idx->count * dsc_shape_count(idx->shape); /* below 2^63 */
}

/* Whether so much can be in the file: deflate makes at most 1032 bytes of one. */
static bool can_hold(const char *path, size_t bytes)
{
    struct stat info;

    return stat(path, &info) == 0 && info.st_size > 0 && bytes / 1032 <= (size_t)info.st_size;
}

static descent_status check_length(const char *path, size_t promised, size_t found,
                                   descent_error *err)
{
    if (found < promised)
        return dsc_fail(err, DESCENT_SYNTAX,
                        "'%s' ends too early: its header claims %zu bytes of content, found %zu",
                        path, promised, found);
    if (found > promised)
        return dsc_fail(err, DESCENT_SYNTAX,
                        "'%s' goes on after the %zu bytes of content that its header claims", path,
                        promised);
    return DESCENT_OK;
}

/* Reads up to one byte more than promised, more each time, up to a few megabytes. What is promised
 * gets its place at once if the file can hold it; a false promise is found out at the end. */
static descent_status read_body(dsc_idx *idx, dsc_inflate *file, const char *path, size_t room,
                                descent_error *err)
{
    const size_t promised = promised_by(idx);
    const size_t whole = can_hold(path, promised) ? promised + 1 + room : 0;
    size_t capacity = 0, used = 0, got, most = FIRST_STEP;

    do {
        const size_t left = promised + 1 - used, step = left < most ? left : most;
        const size_t needed = used + step > whole ? used + step : whole;
        void *block = idx->bytes;
        if (!dsc_grow(&block, &capacity, needed, 1))
            return dsc_fail(err, DESCENT_NOMEM, "out of memory reading '%s'", path);
        idx->bytes = block;
        DSC_TRY(dsc_inflate_read(file, idx->bytes + used, step, &got, err));
        used += got;
        most = most < LAST_STEP ? 2 * most : LAST_STEP;
    } while (got > 0 && used <= promised);
    return check_length(path, promised, used, err);
}

descent_status dsc_idx_read(dsc_idx *idx, const char *path, int rank, size_t room,
                            descent_error *err)
{
    dsc_inflate *file;

    *idx = (dsc_idx){0};
    DSC_TRY(dsc_inflate_open(&file, path, err));
    descent_status status = read_header(idx, file, path, rank, err);
    if (status == DESCENT_OK)
        status = read_body(idx, file, path, room, err);
    dsc_inflate_close(file);
    if (status != DESCENT_OK) {
        dsc_free(idx->bytes);
        *idx = (dsc_idx){0};
    }
    return status;
}

descent_status dsc_idx_is_mapped(bool *mapped, const char *path, double choice, descent_error *err)
{
    unsigned char head[2] = {0};
    size_t length = 0;
    FILE *stream = fopen(path, "rb");

    *mapped = false;
    if (!stream)
        return DESCENT_OK; /* whoever reads it says so */
    const bool plain = dsc_stream_length(stream, &length) && fread(head, 1, 2, stream) == 2;
    const bool compressed = head[0] == 0x1f && head[1] == 0x8b;
    (void)fclose(stream);
    *mapped = plain && !compressed && dsc_map_wanted(choice, length);
    if (compressed && dsc_map_wanted(choice, 0))
        return dsc_fail(err, DESCENT_INVALID,
                        "'%s' is compressed, so it cannot be mapped (map=yes); unpack it first",
                        path);
    return DESCENT_OK;
}

/* The header is read already. */
static descent_status map_pictures(dsc_idx *idx, const char *path, descent_error *err)
{
    size_t length = 0;
    FILE *stream = fopen(path, "rb");

    if (!stream || !dsc_stream_length(stream, &length)) {
        const int reason = errno;
        if (stream)
            (void)fclose(stream);
        return dsc_cannot(err, "read", path, reason);
    }
    descent_status status =
        check_length(path, promised_by(idx), length > HEADER ? length - HEADER : 0, err);
    if (status == DESCENT_OK && !dsc_map_open(&idx->map, stream, length))
        status = dsc_cannot(err, "map", path, errno);
    (void)fclose(stream);
    return status;
}

descent_status dsc_idx_map(dsc_idx *idx, const uint8_t **rows, const char *path, descent_error *err)
{
    dsc_inflate *file;

    *idx = (dsc_idx){0};
    DSC_TRY(dsc_inflate_open(&file, path, err));
    descent_status status = read_header(idx, file, path, 3, err);
    dsc_inflate_close(file);
    if (status == DESCENT_OK)
        status = map_pictures(idx, path, err);
    *rows = status == DESCENT_OK ? idx->map.bytes + HEADER : NULL;
    return status;
}

size_t dsc_idx_content(const char *path, int rank)
{
    dsc_inflate *file;
    dsc_idx idx = {0};

    if (dsc_inflate_open(&file, path, NULL) != DESCENT_OK)
        return 0;
    const bool read = read_header(&idx, file, path, rank, NULL) == DESCENT_OK;
    dsc_inflate_close(file);
    return read && can_hold(path, promised_by(&idx)) ? promised_by(&idx) : 0;
}
