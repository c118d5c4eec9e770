/* picture.c - a picture file of any format that is known. */
#include "data/picture.h"

#include "base/file.h"
#include "base/memory.h"

#include <string.h>
#include <strings.h>

bool dsc_picture_named(const char *name)
{
    static const char *const endings[] = {".png", ".ppm", ".pgm", ".pnm"};
    const char *dot = strrchr(name, '.');

    for (size_t i = 0; dot && i < sizeof endings / sizeof *endings; i++)
        if (strcasecmp(dot, endings[i]) == 0)
            return true;
    return false;
}

descent_status dsc_picture_read(dsc_picture *picture, const char *path, descent_error *err)
{
    enum { LIMIT = 1 << 30 };
    descent_status status;
    char *bytes;
    size_t length;

    *picture = (dsc_picture){0};
    DSC_TRY(dsc_file_read(path, LIMIT, &bytes, &length, err));
    if (dsc_png_begins(bytes, length))
        status = dsc_png_decode(picture, path, bytes, length, err);
    else if (dsc_pnm_begins(bytes, length))
        status = dsc_pnm_decode(picture, path, bytes, length, err);
    else
        status = dsc_fail(err, DESCENT_SYNTAX,
                          "'%s' is no picture that descent reads; expected PNG, or PPM or PGM in "
                          "binary (P6, P5)",
                          path);
    dsc_free(bytes);
    if (status != DESCENT_OK) {
        dsc_free(picture->bytes);
        *picture = (dsc_picture){0};
    }
    return status;
}

descent_status dsc_picture_size(dsc_picture *picture, const char *path, int channels,
                                uint64_t height, uint64_t width, descent_error *err)
{
    enum { MOST = DSC_PICTURE_SIDE };

    if (height < 1 || height > MOST || width < 1 || width > MOST)
        return dsc_fail(err, DESCENT_SYNTAX,
                        "'%s' claims to be %llu pixels high and %llu wide, expected 1 to %d", path,
                        (unsigned long long)height, (unsigned long long)width, MOST);
    picture->shape = (dsc_shape){3, {channels, (int)height, (int)width}};
    return DESCENT_OK;
}

descent_status dsc_picture_take(dsc_picture *picture, const char *path, const uint8_t *pixels,
                                descent_error *err)
{
    const size_t channels = (size_t)picture->shape.size[0];
    const size_t plane = (size_t)picture->shape.size[1] * (size_t)picture->shape.size[2];

    picture->bytes = dsc_alloc(channels * plane, 1);
    if (!picture->bytes)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory reading '%s'", path);
    for (size_t c = 0; c < channels; c++)
        for (size_t p = 0; p < plane; p++)
            picture->bytes[c * plane + p] = pixels[p * channels + c];
    return DESCENT_OK;
}
