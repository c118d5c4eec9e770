/* augment_apply.c - one picture as a view shows it: moved, brightened, with noise, and cut.
 *
 * A place between pixels shows their bilinear mix; a place on a pixel that pixel itself, to the
 * last bit. Noise is a sum of four uniform numbers, a bell that ends 3.5 deviations out: a normal
 * number would cost a logarithm for each pixel, and others on other C libraries. */
#include "base/real.h"
#include "base/rng.h"
#include "data/batch.h"
#include "data/numbers.h"

void DSC_R(dsc_view_show)(const descent_dataset *data, const dsc_augment *augment,
                          const dsc_view *view, const dsc_scaling *scaling, uint32_t index,
                          void *out);

typedef struct picture {
    int height, width;
    size_t plane; /* height * width */
    bool edge;    /* outside is the nearest pixel, not the background */
    real low;
} picture;

static int64_t clamp(int64_t at, int size)
{
    return at < 0 ? 0 : at < size ? at : size - 1;
}

/* The pixel in a row and column that may lie outside, and the mix at (u, v) of all channels. */
#define SAMPLE(name, element, read)                                                             \
  static real pixel_##name(const element *x, const picture *p, int64_t column, int64_t row)     \
  {                                                                                             \
    const int64_t c = clamp(column, p->width), r = clamp(row, p->height);                       \
    if (!p->edge && (c != column || r != row))                                                  \
      return p->low;                                                                            \
    return (real)read(x[r * p->width + c]);                                                     \
  }                                                                                             \
                                                                                                \
  static real border_##name(const element *x, const picture *p, int64_t c, int64_t r, real fx,  \
                            real fy)                                                            \
  {                                                                                             \
    const real above = pixel_##name(x, p, c, r) * (1 - fx) + pixel_##name(x, p, c + 1, r) * fx; \
    const real below =                                                                          \
        pixel_##name(x, p, c, r + 1) * (1 - fx) + pixel_##name(x, p, c + 1, r + 1) * fx;        \
    return above * (1 - fy) + below * fy;                                                       \
  }                                                                                             \
                                                                                                \
  static void move_##name(const element *x, const picture *p, const dsc_view *view, real *out)  \
  {                                                                                             \
    const int width = p->width;                                                                 \
    for (int row = 0; row < p->height; row++) {                                                 \
      int64_t u = view->uy * row + view->u0, v = view->vy * row + view->v0;                     \
      for (int column = 0; column < width; column++, u += view->ux, v += view->vx, out++) {     \
        const int64_t c = u >> 16, r = v >> 16;                                                 \
        const real fx = (real)(u & 65535) * (real)0x1p-16;                                      \
        const real fy = (real)(v & 65535) * (real)0x1p-16;                                      \
        if (c < 0 || r < 0 || c + 1 >= width || r + 1 >= p->height) {                           \
          *out = border_##name(x, p, c, r, fx, fy);                                             \
          continue;                                                                             \
        }                                                                                       \
        const element *at = x + r * width + c;                                                  \
        const real above = (real)read(at[0]) * (1 - fx) + (real)read(at[1]) * fx;               \
        const real below = (real)read(at[width]) * (1 - fx) + (real)read(at[width + 1]) * fx;   \
        *out = above * (1 - fy) + below * fy;                                                   \
      }                                                                                         \
    }                                                                                           \
  }
DSC_DTYPES(SAMPLE)
#undef SAMPLE

/* One channel, which begins with number `begin` of the row. */
static void move(dsc_dtype dtype, const void *row, size_t begin, const picture *p,
                 const dsc_view *view, real *out)
{
    switch (dtype) {
#define X(name, element, read)                               \
  case DSC_##name:                                           \
    move_##name((const element *)row + begin, p, view, out); \
    break;
        DSC_DTYPES(X)
#undef X
    }
}

static void tone(const dsc_view *view, size_t n, real *out)
{
    const real gain = (real)view->gain, lift = (real)view->lift;
    double sum = 0.0;

    for (size_t i = 0; i < n; i++)
        sum += (double)out[i];
    const real mean = (real)(sum / (double)n);
    for (size_t i = 0; i < n; i++)
        out[i] = mean + (out[i] - mean) * gain + lift;
}

/* The sum of the four bytes of a word is between 0 and 1020, with deviation 147.8. */
static real bell(uint32_t word)
{
    const int sum = (int)((word & 255) + (word >> 8 & 255) + (word >> 16 & 255) + (word >> 24));

    return (real)(sum - 510);
}

static void add_noise(const dsc_view *view, size_t n, real *out)
{
    const real unit = (real)(view->noise / 147.79828145600295); /* sqrt(4 (256^2 - 1) / 12) */

    for (size_t i = 0; i < n; i += 4) {
        uint32_t word[4];
        dsc_random_block(view->noise_seed, DSC_RNG_NOISE, 0, i / 4, word);
        for (size_t j = i; j < n && j < i + 4; j++)
            out[j] += unit * bell(word[j - i]);
    }
}

static void cut_out(const dsc_view *view, const picture *p, real *plane)
{
    for (int row = view->top; row < view->bottom; row++)
        for (int column = view->left; column < view->right; column++)
            plane[(size_t)row * (size_t)p->width + (size_t)column] = p->low;
}

static void scale(const dsc_scaling *s, size_t n, real *out)
{
    const size_t step = s->n > 1; /* one shift and scale for all numbers, or one for each */

    for (size_t i = 0; s->n > 0 && i < n; i++)
        out[i] = (out[i] - (real)s->shift[i * step]) * (real)s->scale[i * step];
}

void DSC_R(dsc_view_show)(const descent_dataset *data, const dsc_augment *augment,
                          const dsc_view *view, const dsc_scaling *scaling, uint32_t index,
                          void *out)
{
    const dsc_shape s = data->shape;
    const picture p = {.height = s.size[1],
                       .width = s.size[2],
                       .plane = (size_t)s.size[1] * (size_t)s.size[2],
                       .edge = augment->value[DSC_AUGMENT_BORDER] > 0.0,
                       .low = (real)augment->low};
    const size_t n = dsc_shape_count(s);
    const void *row = dsc_row(data, index);
    real *to = out;

    for (size_t plane = 0; plane < n; plane += p.plane)
        move(data->dtype, row, plane, &p, view, to + plane);
    if (augment->value[DSC_AUGMENT_CONTRAST] > 0.0 || augment->value[DSC_AUGMENT_BRIGHTNESS] > 0.0)
        tone(view, n, to);
    if (view->noise > 0.0)
        add_noise(view, n, to);
    for (size_t plane = 0; plane < n; plane += p.plane)
        cut_out(view, &p, to + plane);
    scale(scaling, n, to);
}
