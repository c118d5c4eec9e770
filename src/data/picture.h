/* picture.h - one picture from a file. */
#ifndef DSC_DATA_PICTURE_H
#define DSC_DATA_PICTURE_H

#include "base/error.h"
#include "base/shape.h"

#include <stdint.h>

typedef struct dsc_picture {
    dsc_shape shape; /* channels (1 grey, 3 red, green, blue), height, width */
    uint8_t *bytes;  /* in that order; the caller frees */
} dsc_picture;

enum { DSC_PICTURE_SIDE = 16384 }; /* the most pixels in height or width */

/* Whether a file of this name is read, by its ending: .png, .ppm, .pgm or .pnm. */
bool dsc_picture_named(const char *name);
/* Reads a PNG, PPM or PGM file, whichever it is by how it begins. */
descent_status dsc_picture_read(dsc_picture *picture, const char *path, descent_error *err);

/* --- png.c, pnm.c: whole files in memory ------------------------------------------------------ */

bool dsc_png_begins(const char *bytes, size_t length);
descent_status dsc_png_decode(dsc_picture *picture, const char *path, const char *bytes,
                              size_t length, descent_error *err);
bool dsc_pnm_begins(const char *bytes, size_t length);
descent_status dsc_pnm_decode(dsc_picture *picture, const char *path, const char *bytes,
                              size_t length, descent_error *err);

/* picture->shape, of sizes that are checked. */
descent_status dsc_picture_size(dsc_picture *picture, const char *path, int channels,
                                uint64_t height, uint64_t width, descent_error *err);
/* picture->bytes <- pixels of interleaved channels, row by row. */
descent_status dsc_picture_take(dsc_picture *picture, const char *path, const uint8_t *pixels,
                                descent_error *err);

#endif
