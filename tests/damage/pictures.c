/* pictures.c - damaged PNG, PPM and PGM files; and pictures that claim to be large. */
#include "damage.h"

#include "base/memory.h"
#include "data/picture.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/* One bit of the file may be a pixel of three bytes, which deflate makes 1032 times as many of;
 * and a picture lies in memory twice while its channels are taken apart. */
enum { EXPANSION = 2 * 24 * 1032, FIXED = 1 << 20 };

static descent_status read_picture(const char *path, descent_error *err)
{
    dsc_picture picture;
    const descent_status status = dsc_picture_read(&picture, path, err);

    if (status == DESCENT_OK)
        assert_true(dsc_shape_valid(picture.shape));
    else
        assert_null(picture.bytes);
    dsc_free(picture.bytes);
    return status;
}

static void netpbm(void **state)
{
    static const char grey[] = "P5\n# one\n3 2 255\nabcdef", colour[] = "P6 2 1 15 \1\2\3\4\5\6";
    damage g = {.path = "grey", .bytes = grey, .size = sizeof grey - 1, .header = 17};
    damage c = {.path = "colour", .bytes = colour, .size = sizeof colour - 1, .header = 10};

    (void)state;
    g.read = c.read = read_picture;
    g.factor = c.factor = 8;
    g.fixed = c.fixed = FIXED;
    assert_true(damage_all(&g) > sizeof grey - 1 + 60);
    assert_true(damage_all(&c) > sizeof colour - 1 + 40);
}

static uint8_t *put_number(uint8_t *to, uint32_t number)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        *to++ = (uint8_t)(number >> shift);
    return to;
}

static uint8_t *put_chunk(uint8_t *to, const char *kind, const void *bytes, size_t size)
{
    uint8_t *begin = put_number(to, (uint32_t)size);

    memcpy(begin, kind, 4);
    if (size > 0)
        memcpy(begin + 4, bytes, size);
    return put_number(begin + 4 + size, (uint32_t)crc32(0, begin, (unsigned)size + 4));
}

/* A PNG of these sizes whose rows hold `rows` zero bytes in all. Returns its length. */
static size_t make_png(uint8_t *to, uint32_t width, uint32_t height, const uint8_t kind[2],
                       const void *palette, size_t rows)
{
    static const uint8_t signature[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    uint8_t head[13] = {0}, *zeros = calloc(rows, 1), *packed = malloc(rows / 900 + 1000);
    uLongf length = rows / 900 + 1000;

    assert_true(zeros && packed);
    put_number(put_number(head, width), height);
    memcpy(head + 8, kind, 2);
    assert_int_equal(compress2(packed, &length, zeros, rows, 9), Z_OK);
    memcpy(to, signature, sizeof signature);
    uint8_t *at = put_chunk(to + sizeof signature, "IHDR", head, sizeof head);
    if (palette)
        at = put_chunk(at, "PLTE", palette, 6);
    at = put_chunk(at, "IDAT", packed, length);
    at = put_chunk(at, "IEND", NULL, 0);
    free(zeros);
    free(packed);
    return (size_t)(at - to);
}

static const uint8_t deep_colour[2] = {16, 2}, one_bit_palette[2] = {1, 3}, byte_grey[2] = {8, 0};
static const uint8_t black_white[6] = {0, 0, 0, 255, 255, 255};

static void png(void **state)
{
    static uint8_t bytes[4096];
    damage d = {.path = "png", .bytes = bytes, .read = read_picture};

    (void)state;
    d.factor = EXPANSION;
    d.fixed = FIXED;
    d.size = make_png(bytes, 3, 2, deep_colour, NULL, 2 * (1 + 3 * 6));
    d.header = d.size;
    assert_true(damage_all(&d) > d.size / 2);
    d.size = make_png(bytes, 9, 2, one_bit_palette, black_white, 2 * (1 + 2));
    d.header = d.size;
    assert_true(damage_all(&d) > d.size / 2);
}

/* What a file claims gets no memory unless its bytes can be as much; and no more if they are. */
static void claims(void **state)
{
    static uint8_t bytes[1 << 16];
    damage d = {.path = "png", .read = read_picture, .factor = EXPANSION, .fixed = FIXED};
    descent_error err;

    (void)state;
    size_t n = make_png(bytes, 16384, 16384, deep_colour, NULL, 40);
    assert_int_equal(damage_one(&d, bytes, n, &err), DESCENT_SYNTAX);
    assert_string_equal(err.message, "'png' claims to be 16384 pixels high and 16384 wide, which "
                                     "cannot be in its 69 bytes");
    n = make_png(bytes, 16385, 1, byte_grey, NULL, 16386);
    assert_int_equal(damage_one(&d, bytes, n, &err), DESCENT_SYNTAX);
    n = make_png(bytes, 2048, 1024, one_bit_palette, black_white, 1024 * (1 + 2048 / 8));
    assert_int_equal(damage_one(&d, bytes, n, &err), DESCENT_OK);
    n = make_png(bytes, 2048, 1024, one_bit_palette, black_white, 1024 * (1 + 2048 / 8) / 2);
    assert_int_equal(damage_one(&d, bytes, n, &err), DESCENT_SYNTAX);
    assert_int_equal(damage_one(&d, "P6 16384 16384 255 ", 19, &err), DESCENT_SYNTAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(netpbm), cmocka_unit_test(png),
                                       cmocka_unit_test(claims)};

    return cmocka_run_group_tests_name("damaged pictures", tests, damage_enter, damage_leave);
}
