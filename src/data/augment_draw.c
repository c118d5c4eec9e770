/* augment_draw.c - what is done to one picture, drawn for (seed, epoch, example).
 *
 * Every option has random words of its own, so that turning one on moves no other. */
#include "data/augment.h"

#include "base/rng.h"

#include <math.h>

/* 32 bits each. */
enum {
    SHIFT_X,
    SHIFT_Y,
    ANGLE,
    ZOOM,
    FLIP,
    BRIGHTNESS,
    CONTRAST,
    CUT_X,
    CUT_Y,
    NOISE_HIGH,
    NOISE_LOW,
    N_WORDS = 12 /* three blocks of four */
};

/* Uniform in (-1, 1). */
static double between(uint32_t word)
{
    return ((double)word + 0.5) * 0x1p-31 - 1.0;
}

/* Uniform in 0..n-1; with n far below 2^32 no result is noticeably likelier. */
static int below(uint32_t word, int n)
{
    return (int)((uint64_t)word * (uint64_t)n >> 32);
}

static int64_t fixed(double x)
{
    return (int64_t)llround(x * DSC_AUGMENT_PIXEL);
}

/* From a pixel of the view back to the place in the picture that it shows: shifted, turned and
 * zoomed around the centre, then mirrored. */
static void place(dsc_view *view, const double *option, dsc_shape shape, const uint32_t *word)
{
    static const double degree = 3.14159265358979323846 / 180.0;
    const int shift = (int)option[DSC_AUGMENT_SHIFT];
    const double cx = (shape.size[2] - 1) / 2.0, cy = (shape.size[1] - 1) / 2.0;
    const double x = cx + below(word[SHIFT_X], 2 * shift + 1) - shift;
    const double y = cy + below(word[SHIFT_Y], 2 * shift + 1) - shift;
    const double angle = option[DSC_AUGMENT_ROTATE] * between(word[ANGLE]) * degree;
    const double zoom = 1.0 + option[DSC_AUGMENT_ZOOM] * between(word[ZOOM]);
    const double c = cos(angle) / zoom, s = sin(angle) / zoom;

    view->ux = fixed(c);
    view->uy = fixed(s);
    view->u0 = fixed(cx - c * x - s * y);
    view->vx = fixed(-s);
    view->vy = fixed(c);
    view->v0 = fixed(cy + s * x - c * y);
    if (option[DSC_AUGMENT_FLIP] > 0.0 && word[FLIP] >> 31) {
        view->ux = -view->ux;
        view->uy = -view->uy;
        view->u0 = fixed(2.0 * cx) - view->u0;
    }
}

/* A square around any pixel; what lies outside the picture is lost. */
static void cut(dsc_view *view, int side, dsc_shape shape, const uint32_t *word)
{
    const int height = shape.size[1], width = shape.size[2];
    const int top = below(word[CUT_Y], height) - side / 2;
    const int left = below(word[CUT_X], width) - side / 2;

    view->top = top > 0 ? top : 0;
    view->left = left > 0 ? left : 0;
    view->bottom = top + side < height ? top + side : height;
    view->right = left + side < width ? left + side : width;
}

dsc_view dsc_augment_draw(const dsc_augment *augment, dsc_shape shape, uint64_t seed,
                          uint64_t epoch, uint32_t index)
{
    const double *option = augment->value;
    const double range = (double)augment->high - (double)augment->low;
    dsc_view view = {0};
    uint32_t word[N_WORDS];

    for (uint64_t block = 0; block < N_WORDS / 4; block++)
        dsc_random_block(seed, DSC_RNG_AUGMENT, epoch, (uint64_t)index * (N_WORDS / 4) + block,
                         word + 4 * block);
    place(&view, option, shape, word);
    view.gain = 1.0 + option[DSC_AUGMENT_CONTRAST] * between(word[CONTRAST]);
    view.lift = range * option[DSC_AUGMENT_BRIGHTNESS] * between(word[BRIGHTNESS]);
    view.noise = range * option[DSC_AUGMENT_NOISE];
    view.noise_seed = (uint64_t)word[NOISE_HIGH] << 32 | word[NOISE_LOW];
    if (option[DSC_AUGMENT_CUTOUT] > 0.0)
        cut(&view, (int)option[DSC_AUGMENT_CUTOUT], shape, word);
    return view;
}
