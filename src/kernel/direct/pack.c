/* pack.c - pictures and weights in the orders that the loops want. */
#include "kernel/direct/direct.h"

#ifdef DSC_VECTOR

#  include <string.h>

/* to (8,8) <- from (8,8), turned */
INLINE void turn_8x8(const float *from, size_t from_row, float *to, size_t to_row)
{
    __m256 a[8], b[8];

    EACH (i, 8)
        a[i] = _mm256_loadu_ps(from + (size_t)i * from_row);
    EACH (i, 4) { /* pairs of rows */
        b[2 * i] = _mm256_unpacklo_ps(a[2 * i], a[2 * i + 1]);
        b[2 * i + 1] = _mm256_unpackhi_ps(a[2 * i], a[2 * i + 1]);
    }
    EACH (i, 2) { /* fours of rows: columns 0 to 3, and 4 to 7 in the upper halves */
        a[4 * i] = _mm256_shuffle_ps(b[4 * i], b[4 * i + 2], 0x44);
        a[4 * i + 1] = _mm256_shuffle_ps(b[4 * i], b[4 * i + 2], 0xEE);
        a[4 * i + 2] = _mm256_shuffle_ps(b[4 * i + 1], b[4 * i + 3], 0x44);
        a[4 * i + 3] = _mm256_shuffle_ps(b[4 * i + 1], b[4 * i + 3], 0xEE);
    }
    EACH (i, 4) {
        _mm256_storeu_ps(to + (size_t)i * to_row, _mm256_permute2f128_ps(a[i], a[i + 4], 0x20));
        _mm256_storeu_ps(to + (size_t)(i + 4) * to_row,
                         _mm256_permute2f128_ps(a[i], a[i + 4], 0x31));
    }
}

void DSC_R(dsc_direct_turn)(int rows, int columns, const float *from, size_t from_row, float *to,
                            size_t to_row)
{
    if (rows < 8 || columns < 8) {
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++)
                to[(size_t)j * to_row + (size_t)i] = from[(size_t)i * from_row + (size_t)j];
        return;
    }
    /* the last block overlaps the one before it, and writes the same again */
    for (int i = 0; i < rows; i += 8)
        for (int j = 0; j < columns; j += 8) {
            const size_t r = (size_t)(i + 8 <= rows ? i : rows - 8);
            const size_t c = (size_t)(j + 8 <= columns ? j : columns - 8);
            turn_8x8(from + r * from_row + c, from_row, to + c * to_row + r, to_row);
        }
}

void DSC_R(dsc_direct_pack_filters)(int filters, int depth, const float *w, float *to)
{
    for (int f = 0; f < filters; f += DSC_BLOCK, to += (size_t)depth * DSC_BLOCK) {
        const int n = filters - f < DSC_BLOCK ? filters - f : DSC_BLOCK;
        if (n < DSC_BLOCK)
            memset(to, 0, (size_t)depth * DSC_BLOCK * sizeof *to);
        DSC_R(dsc_direct_turn)
        (n, depth, w + (size_t)f * (size_t)depth, (size_t)depth, to, DSC_BLOCK);
    }
}

const float *DSC_R(dsc_direct_pad)(const dsc_direct *d, const float *x, float *to)
{
    if (d->pad_h == 0 && d->pad_w == 0)
        return x;
    for (int c = 0; c < d->channels; c++)
        for (int y = 0; y < d->height; y++, x += d->width)
            memcpy(to + (size_t)c * d->plane + (size_t)(y + d->pad_h) * d->row + d->pad_w, x,
                   (size_t)d->width * sizeof *x);
    return to;
}

/* Where the picture begins inside its zeros, with channels last. */
static size_t corner(const dsc_direct *d)
{
    return (size_t)d->pad_h * d->line + (size_t)d->pad_w * (size_t)d->lanes;
}

void DSC_R(dsc_direct_pad_lanes)(const dsc_direct *d, const float *x, float *to)
{
    const size_t area = (size_t)d->height * (size_t)d->width;

    for (int y = 0; y < d->height; y++)
        DSC_R(dsc_direct_turn)
    (d->channels, d->width, x + (size_t)y * (size_t)d->width, area,
     to + corner(d) + (size_t)y * d->line, (size_t)d->lanes);
}

void DSC_R(dsc_direct_unpad_lanes)(const dsc_direct *d, const float *from, float *dx)
{
    const size_t area = (size_t)d->height * (size_t)d->width;

    for (int y = 0; y < d->height; y++)
        DSC_R(dsc_direct_turn)
    (d->width, d->channels, from + corner(d) + (size_t)y * d->line, (size_t)d->lanes,
     dx + (size_t)y * (size_t)d->width, area);
}

/* The sum of n numbers times `scale`: one sum a lane, then these in order, then the rest. */
static inline float scaled_sum(const float *x, size_t n, float scale)
{
    float lane[DSC_VECTOR], all = 0;
    vec sum = vec_all(0);
    size_t i = 0;

    for (; i + DSC_VECTOR <= n; i += DSC_VECTOR)
        sum = vec_fma(vec_load(x + i), vec_all(scale), sum);
    vec_store(lane, sum);
    for (int j = 0; j < DSC_VECTOR; j++)
        all += lane[j];
    for (; i < n; i++)
        all += scale * x[i];
    return all;
}

float DSC_R(dsc_direct_poison)(const float *x, size_t n)
{
    return scaled_sum(x, n, 0);
}

float DSC_R(dsc_direct_sum)(const float *x, size_t n)
{
    return scaled_sum(x, n, 1);
}

#endif
