/* idx.c - damaged files of MNIST's and CIFAR's formats, plain and compressed; and bombs. */
#include "damage.h"

#include "base/memory.h"
#include "data/dataset.h"
#include "data/idx.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

static const uint8_t pictures[] = {0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0,
                                   0, 2, 1, 2, 3, 4, 5, 6, 7, 8, 9, 8, 7, 6};
static const uint8_t labels[] = {0, 0, 8, 1, 0, 0, 0, 3, 0, 2, 1};

/* What deflate can make of a byte, and three times that while a file is read whose size is wrong;
 * large blocks are rounded up to huge pages. */
enum { EXPANSION = 1032, FIXED = 4 << 20 };

static descent_status read_idx(const char *path, int rank, descent_error *err)
{
    dsc_idx idx;
    const descent_status status = dsc_idx_read(&idx, path, rank, 0, err);

    if (status == DESCENT_OK) /* nothing but its own bytes */
        for (size_t i = 0; i < idx.count * dsc_shape_count(idx.shape); i++)
            assert_true(idx.bytes[i] <= 9);
    dsc_free(idx.bytes);
    return status;
}

static descent_status read_pictures(const char *path, descent_error *err)
{
    return read_idx(path, 3, err);
}

static descent_status read_labels(const char *path, descent_error *err)
{
    return read_idx(path, 1, err);
}

/* *out is to be freed. */
static size_t compress_bytes(const void *bytes, size_t size, uint8_t **out)
{
    z_stream z = {.next_in = (Bytef *)(uintptr_t)bytes, .avail_in = (unsigned)size};
    const size_t room = size / 1000 + 100000;

    *out = malloc(room);
    assert_non_null(*out);
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_out = *out;
    z.avail_out = (unsigned)room;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    const size_t length = z.total_out;
    deflateEnd(&z);
    return length;
}

static damage file(const void *bytes, size_t size, bool are_labels, size_t factor)
{
    return (damage){.path = "idx",
                    .bytes = bytes,
                    .size = size,
                    .header = size,
                    .read = are_labels ? read_labels : read_pictures,
                    .factor = factor,
                    .fixed = FIXED};
}

/* Only values can change without a word: pixels and labels up to 9 that stay up to 9. */
static void plain(void **state)
{
    damage p = file(pictures, sizeof pictures, false, 3), l = file(labels, sizeof labels, true, 3);

    (void)state;
    p.header = 16;
    l.header = 8;
    assert_int_equal(damage_all(&p), sizeof pictures + 16 * 8);
    assert_int_equal(damage_all(&l), sizeof labels + 8 * 8);
}

/* gzip's own header has fields that mean nothing here; its checksum guards the rest. */
static void compressed(void **state)
{
    uint8_t *bytes;
    const size_t size = compress_bytes(pictures, sizeof pictures, &bytes);
    const damage d = file(bytes, size, false, 3 * EXPANSION);

    (void)state;
    assert_true(damage_all(&d) >= size + (size - 10) * 8);
    free(bytes);
}

/* A file that swells to a thousand times its size, with a header that is right, says too little, or
 * far too much. */
static void bombs(void **state)
{
    enum { CONTENT = 16 << 20 };
    static const uint32_t claims[] = {CONTENT, CONTENT / 2, 1, UINT32_MAX, CONTENT + 1};
    uint8_t *content = calloc(CONTENT + 8, 1), *bytes;
    descent_error err;

    (void)state;
    assert_non_null(content);
    for (size_t i = 0; i < sizeof claims / sizeof *claims; i++) {
        content[2] = 8;
        content[3] = 1;
        for (int b = 0; b < 4; b++)
            content[4 + b] = (uint8_t)(claims[i] >> (24 - 8 * b));
        const size_t size = compress_bytes(content, CONTENT + 8, &bytes);
        assert_true(size < CONTENT / 900);
        const damage d = file(bytes, size, true, 3 * EXPANSION);
        assert_int_equal(damage_one(&d, bytes, size, &err),
                         claims[i] == CONTENT ? DESCENT_OK : DESCENT_SYNTAX);
        free(bytes);
    }
    free(content);
}

static descent_status read_cifar(const char *path, descent_error *err)
{
    descent_dataset *data;
    const descent_status status = descent_dataset_open_features(&data, "cifar", NULL, err);

    (void)path;
    descent_dataset_free(data);
    return status;
}

/* The first of the five files is damaged. */
static void cifar(void **state)
{
    enum { RECORD = 3073, SIZE = 2 * RECORD };
    static uint8_t records[SIZE];
    damage d = {.path = "cifar/data_batch_1.bin", .bytes = records, .size = SIZE, .header = 1};
    uint8_t *bytes;
    char name[] = "cifar/data_batch_2.bin";
    descent_error err;

    (void)state;
    d.read = read_cifar;
    d.fixed = FIXED;
    d.factor = 30; /* of one file in five, all of which are read */
    records[0] = 9;
    assert_int_equal(mkdir("cifar", 0777), 0);
    for (; name[17] <= '5'; name[17]++)
        damage_write(name, records, SIZE);
    assert_int_equal(damage_all(&d), SIZE - 1 + 6); /* a whole record is fine; labels up to 9 */
    remove(d.path);
    d.path = "cifar/data_batch_1.bin.gz";
    d.factor = 6 * EXPANSION;
    const size_t size = compress_bytes(records, SIZE, &bytes);
    assert_int_equal(damage_one(&d, bytes, size, &err), DESCENT_OK);
    for (size_t n = 0; n < size; n++)
        assert_int_not_equal(damage_one(&d, bytes, n, &err), DESCENT_OK);
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(plain), cmocka_unit_test(compressed),
                                       cmocka_unit_test(bombs), cmocka_unit_test(cifar)};

    return cmocka_run_group_tests_name("damaged IDX and CIFAR files", tests, damage_enter,
                                       damage_leave);
}
