/* png.c - PNG through libpng: grey stays grey, all else becomes red, green and blue of 8 bits each;
 * what is transparent becomes black. */
#include "base/memory.h"
#include "data/picture.h"

#include <png.h>
#include <string.h>

bool dsc_png_begins(const char *bytes, size_t length)
{
    return length >= 4 && memcmp(bytes, "\x89PNG", 4) == 0;
}

/* libpng tells lack of memory by its words alone: "insufficient memory", "out of memory". */
static descent_status damaged(const png_image *image, const char *path, descent_error *err)
{
    if (strstr(image->message, "memory"))
        return dsc_fail(err, DESCENT_NOMEM, "out of memory reading '%s'", path);
    return dsc_fail(err, DESCENT_SYNTAX, "'%s' is damaged: %s", path, image->message);
}

/* Whether so many pixels can be in the file: deflate makes at most 1032 bytes of one. What a row
 * takes is said behind width and height: bits a sample, and the colour type. */
static bool can_hold(const png_image *image, const char *bytes, size_t length)
{
    enum { DEPTH = 24, COLOUR, MOST_COLOUR = 6 };
    static const uint8_t samples[MOST_COLOUR + 1] = {1, 0, 3, 1, 2, 0, 4};
    const uint64_t bits = (uint64_t)(unsigned char)bytes[DEPTH] *
                          samples[(unsigned char)bytes[COLOUR] % (MOST_COLOUR + 1)];
    const uint64_t row = (image->width * bits + 7) / 8 + 1;

    return image->height * row / 1032 <= length;
}

static descent_status decode(dsc_picture *picture, png_image *image, const char *path,
                             descent_error *err)
{
    const bool grey = !(image->format & (PNG_FORMAT_FLAG_COLOR | PNG_FORMAT_FLAG_COLORMAP));

    DSC_TRY(dsc_picture_size(picture, path, grey ? 1 : 3, image->height, image->width, err));
    image->format = grey ? PNG_FORMAT_GRAY : PNG_FORMAT_RGB;
    uint8_t *pixels = dsc_alloc(dsc_shape_count(picture->shape), 1); /* black, to begin with */
    if (!pixels)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory reading '%s'", path);
    const descent_status status = png_image_finish_read(image, NULL, pixels, 0, NULL)
                                      ? dsc_picture_take(picture, path, pixels, err)
                                      : damaged(image, path, err);
    dsc_free(pixels);
    return status;
}

descent_status dsc_png_decode(dsc_picture *picture, const char *path, const char *bytes,
                              size_t length, descent_error *err)
{
    png_image image = {.version = PNG_IMAGE_VERSION};

    if (!png_image_begin_read_from_memory(&image, bytes, length))
        return damaged(&image, path, err);
    const descent_status status =
        can_hold(&image, bytes, length)
            ? decode(picture, &image, path, err)
            : dsc_fail(err, DESCENT_SYNTAX,
                       "'%s' claims to be %lu pixels high and %lu wide, which cannot be in its %zu "
                       "bytes",
                       path, (unsigned long)image.height, (unsigned long)image.width, length);
    png_image_free(&image);
    return status;
}
