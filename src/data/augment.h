/* augment.h - training pictures changed at random, anew in every epoch.
 *
 * What becomes of a picture is a pure function of (seed, epoch, number of the example): no
 * generator has a state, so threads, batches, shards and a resumed run all see the same pixels. */
#ifndef DSC_DATA_AUGMENT_H
#define DSC_DATA_AUGMENT_H

#include "base/level.h"
#include "base/shape.h"
#include "base/spec.h"

/* The options, in the order of their table. */
enum {
    DSC_AUGMENT_SHIFT,
    DSC_AUGMENT_FLIP,
    DSC_AUGMENT_ROTATE,
    DSC_AUGMENT_ZOOM,
    DSC_AUGMENT_BRIGHTNESS,
    DSC_AUGMENT_CONTRAST,
    DSC_AUGMENT_NOISE,
    DSC_AUGMENT_CUTOUT,
    DSC_AUGMENT_BORDER, /* 0: the background, 1: the nearest pixel */
    DSC_AUGMENT_COUNT
};

typedef struct dsc_augment {
    bool on; /* any option is: else nothing is changed */
    double value[DSC_AUGMENT_COUNT];
    float low, high; /* of all the data: the background, and what brightness and noise count in */
} dsc_augment;

/* What every set of pictures takes: names, bounds, help. */
extern const descent_info dsc_augment_info;

/* Binds a data set's arguments: its own options and, for pictures, those of dsc_augment_info that
 * it has no option of the same name for. Fills values of its own and *augment. For other data
 * these options are an error that says so. */
descent_status dsc_augment_bind(dsc_augment *augment, const dsc_spec *spec,
                                const descent_info *source, bool pictures,
                                dsc_value values[DSC_MAX_PARAMS], descent_error *err);
/* The same options alone: "shift=2 rotate=10", or "none". */
descent_status dsc_augment_parse(dsc_augment *augment, const char *text, dsc_place origin,
                                 descent_error *err);

/* --- one picture ------------------------------------------------------------------------------ */

/* Coordinates are whole numbers of 1/65536 of a pixel, so that all processors agree on them. */
enum { DSC_AUGMENT_PIXEL = 1 << 16 };

/* What is done to one picture. */
typedef struct dsc_view {
    int64_t ux, uy, u0;           /* pixel (x, y) shows the column ux x + uy y + u0 */
    int64_t vx, vy, v0;           /* ... of the row vx x + vy y + v0 */
    double gain, lift;            /* value <- mean + gain (value - mean) + lift */
    int top, left, bottom, right; /* rows top..bottom-1 and columns left..right-1 are cut out */
    double noise;                 /* deviation */
    uint64_t noise_seed;
} dsc_view;

/* Of example `index` in this epoch; shape is channels, height, width. */
dsc_view dsc_augment_draw(const dsc_augment *augment, dsc_shape shape, uint64_t seed,
                          uint64_t epoch, uint32_t index);

#endif
