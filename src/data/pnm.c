/* pnm.c - PGM (grey) and PPM (colour) in binary, one picture a file:
 *
 *     P5 or P6, width, height, largest value, one blank, then a byte for each number
 *
 * with any blanks between, and comments from '#' to the end of a line. */
#include "data/picture.h"

#include <string.h>

typedef struct reader {
    const char *path, *bytes;
    size_t length, at;
} reader;

bool dsc_pnm_begins(const char *bytes, size_t length)
{
    return length >= 3 && bytes[0] == 'P' && (bytes[1] == '5' || bytes[1] == '6') &&
           strchr(" \t\r\n#", bytes[2]);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\v' || c == '\f';
}

static void skip_blanks(reader *r)
{
    while (r->at < r->length && (is_blank(r->bytes[r->at]) || r->bytes[r->at] == '#'))
        if (r->bytes[r->at] == '#')
            while (r->at < r->length && r->bytes[r->at] != '\n')
                r->at++;
        else
            r->at++;
}

static descent_status read_number(reader *r, const char *what, uint64_t *number, descent_error *err)
{
    enum { MOST = 1 << 30 };

    *number = 0;
    skip_blanks(r);
    const size_t begin = r->at;
    for (; r->at < r->length && r->bytes[r->at] >= '0' && r->bytes[r->at] <= '9'; r->at++)
        if (*number < MOST)
            *number = 10 * *number + (uint64_t)(r->bytes[r->at] - '0');
    if (r->at == begin)
        return dsc_fail(err, DESCENT_SYNTAX, "'%s' is damaged: its header has no %s", r->path,
                        what);
    return DESCENT_OK;
}

/* Values up to `largest` become values up to 255. */
static void stretch(dsc_picture *picture, unsigned largest)
{
    const size_t n = dsc_shape_count(picture->shape);

    for (size_t i = 0; largest != 255 && i < n; i++) {
        const unsigned value = picture->bytes[i] < largest ? picture->bytes[i] : largest;
        picture->bytes[i] = (uint8_t)((value * 255 + largest / 2) / largest);
    }
}

descent_status dsc_pnm_decode(dsc_picture *picture, const char *path, const char *bytes,
                              size_t length, descent_error *err)
{
    reader r = {.path = path, .bytes = bytes, .length = length, .at = 2};
    uint64_t width, height, largest;

    DSC_TRY(read_number(&r, "width", &width, err));
    DSC_TRY(read_number(&r, "height", &height, err));
    DSC_TRY(read_number(&r, "largest value", &largest, err));
    if (largest < 1 || largest > 255)
        return dsc_fail(err, DESCENT_SYNTAX,
                        "'%s': its largest value is %llu, expected 1 to 255 (one byte a number)",
                        path, (unsigned long long)largest);
    r.at += r.at < length; /* the one blank */
    DSC_TRY(dsc_picture_size(picture, path, bytes[1] == '5' ? 1 : 3, height, width, err));
    const size_t promised = dsc_shape_count(picture->shape);
    if (length - r.at != promised)
        return dsc_fail(err, DESCENT_SYNTAX,
                        "'%s': its header claims %zu bytes of pixels, found %zu", path, promised,
                        length - r.at);
    DSC_TRY(dsc_picture_take(picture, path, (const uint8_t *)bytes + r.at, err));
    stretch(picture, (unsigned)largest);
    return DESCENT_OK;
}
