/* forward.c - convolution straight from the picture: a tile of outputs stays in registers.
 *
 * A tile is TILE neighbours in a row of the output by two vectors of filters. Every element of the
 * kernel adds (one number of the picture) x (its vector of filters) to each place of the tile: one
 * fused multiply-add a vector, in the order channel, row, column. Each output is one sum, which
 * begins with the bias; how a row is cut into tiles does not change it. */
#include "kernel/direct/direct.h"

#ifdef DSC_VECTOR

enum { TILE = DSC_VECTOR == 16 ? 14 : 6 }; /* 28 and 12 sums of the 32 and 16 registers */

typedef struct taps {
    int channels, kernel_h, kernel_w;
    size_t plane, row; /* floats from one channel, and one row of the picture, to the next */
} taps;

/* z (width places, BLOCK filters) <- sums that begin with `bias` */
INLINE void tile(const taps *t, const float *x, const float *w, const float *bias, float *z,
                 const int width, const int vectors, const int stride)
{
    vec sum[TILE][2];

    EACH (i, width)
        EACH (v, vectors)
            sum[i][v] = vec_load(bias + v * DSC_VECTOR);
    for (int c = 0; c < t->channels; c++)
        for (int ky = 0; ky < t->kernel_h; ky++) {
            const float *at = x + (size_t)c * t->plane + (size_t)ky * t->row;
            for (int kx = 0; kx < t->kernel_w; kx++, at++, w += DSC_BLOCK) {
                vec filters[2];
                EACH (v, vectors)
                    filters[v] = vec_load(w + v * DSC_VECTOR);
                EACH (i, width) {
                    const vec place = vec_all(at[i * stride]);
                    EACH (v, vectors)
                        sum[i][v] = vec_fma(place, filters[v], sum[i][v]);
                }
            }
        }
    EACH (i, width)
        EACH (v, vectors)
            vec_store(z + (size_t)i * DSC_BLOCK + v * DSC_VECTOR, sum[i][v]);
}

/* The same for kernels of three columns and one vector of filters: a number of the picture is read
 * once for all three, so that reading does not hold up the sums. */
INLINE void tile_three(const taps *t, const float *x, const float *w, const float *bias, float *z,
                       const int width)
{
    const size_t column = DSC_BLOCK; /* floats from one column of the kernel to the next */
    vec sum[TILE];

    EACH (i, width)
        sum[i] = vec_load(bias);
    for (int c = 0; c < t->channels; c++)
        for (int ky = 0; ky < t->kernel_h; ky++, w += 3 * column) {
            const float *at = x + (size_t)c * t->plane + (size_t)ky * t->row;
            const vec left = vec_load(w), middle = vec_load(w + column);
            const vec right = vec_load(w + 2 * column);
            EACH (i, width + 2) {
                const vec place = vec_all(at[i]);
                if (i < width)
                    sum[i] = vec_fma(place, left, sum[i]);
                if (i >= 1 && i <= width)
                    sum[i - 1] = vec_fma(place, middle, sum[i - 1]);
                if (i >= 2)
                    sum[i - 2] = vec_fma(place, right, sum[i - 2]);
            }
        }
    EACH (i, width)
        vec_store(z + (size_t)i * DSC_BLOCK, sum[i]);
}

/* vectors: 1 or 2, or 0 for tile_three() */
#  define WIDTH(n)                                \
  case n:                                         \
    if (vectors == 0)                             \
      tile_three(t, x, w, bias, z, n);            \
    else                                          \
      tile(t, x, w, bias, z, n, vectors, stride); \
    break;

INLINE void tile_of(int width, const taps *t, const float *x, const float *w, const float *bias,
                    float *z, const int vectors, const int stride)
{
    switch (width) {
        WIDTH(1)
        WIDTH(2)
        WIDTH(3)
        WIDTH(4)
        WIDTH(5)
        WIDTH(6)
#  if DSC_VECTOR == 16
        WIDTH(7)
        WIDTH(8)
        WIDTH(9)
        WIDTH(10)
        WIDTH(11)
        WIDTH(12)
        WIDTH(13)
        WIDTH(14)
#  endif
    }
}

static void tile_one(int width, const taps *t, const float *x, const float *w, const float *bias,
                     float *z)
{
    tile_of(width, t, x, w, bias, z, 1, 1);
}

static void tile_one_by_three(int width, const taps *t, const float *x, const float *w,
                              const float *bias, float *z)
{
    tile_of(width, t, x, w, bias, z, 0, 1);
}

static void tile_two(int width, const taps *t, const float *x, const float *w, const float *bias,
                     float *z)
{
    tile_of(width, t, x, w, bias, z, 2, 1);
}

static void tile_two_strided(int width, const taps *t, const float *x, const float *w,
                             const float *bias, float *z)
{
    tile_of(width, t, x, w, bias, z, 2, 2);
}

void DSC_R(dsc_direct_row)(const dsc_direct *d, const float *x, const float *w, const float *bias,
                           int filters, int columns, float *z)
{
    const taps t = {d->channels, d->kernel_h, d->kernel_w, d->plane, d->row};
    const int tiles = (columns + TILE - 1) / TILE;

    for (int i = 0, begin = 0; i < tiles; i++) {
        const int width = (columns - begin) / (tiles - i); /* as even as possible */
        const float *from = x + (size_t)begin * (size_t)d->stride_w;
        float *to = z + (size_t)begin * DSC_BLOCK;
        for (int f = 0; f < filters; f += 2 * DSC_VECTOR) {
            if (d->stride_w == 2)
                tile_two_strided(width, &t, from, w + f, bias + f, to + f);
            else if (filters - f > DSC_VECTOR)
                tile_two(width, &t, from, w + f, bias + f, to + f);
            else if (d->kernel_w == 3)
                tile_one_by_three(width, &t, from, w + f, bias + f, to + f);
            else
                tile_one(width, &t, from, w + f, bias + f, to + f);
        }
        begin += width;
    }
}

#endif
