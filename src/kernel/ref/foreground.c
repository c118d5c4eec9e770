/* foreground.c - linear layers on rows that are mostly background, in plain C; see kernel.h.
 *
 * Vectors run along the outputs, so w is turned tile by tile and every sum has a fixed order. */
#include "kernel/ref/ref.h"

#include <string.h>

enum { TILE = 64 }; /* inputs and outputs taken at a time; inputs: one word of the mask */

size_t DSC_R(dsc_ref_foreground)(const dsc_foreground_shape *s, const real *x,
                                 const real *background, uint64_t *mask)
{
    size_t count = 0;

    memset(mask, 0, (size_t)s->rows * dsc_mask_words(s->in) * sizeof *mask);
    for (int i = 0; i < s->rows; i++, mask += dsc_mask_words(s->in), x += s->in)
        for (int k = 0; k < s->in; k++) {
            const bool differs = x[k] < background[k] || x[k] > background[k] || x[k] != x[k];
            mask[k / TILE] |= (uint64_t)differs << k % TILE;
            count += differs;
        }
    return count;
}

/* tile (depth, width) <- columns k.. of rows j.. of w */
static void turn(const dsc_foreground_shape *s, const real *w, int j, int width, int k, int depth,
                 real *restrict tile)
{
    for (int q = 0; q < depth; q++)
        for (int i = 0; i < width; i++)
            tile[q * TILE + i] = w[(size_t)(j + i) * (size_t)s->in + (size_t)(k + q)];
}

/* a += f b */
static void add(real *restrict a, real f, const real *restrict b, int n)
{
    for (int i = 0; i < n; i++)
        a[i] += f * b[i];
}

void DSC_R(dsc_ref_foreground_forward)(const dsc_foreground_shape *s, const real *x,
                                       const real *background, const uint64_t *mask, const real *w,
                                       const real *bias, real *y, real *scratch)
{
    real *tile = scratch;

    for (int j = 0; j < s->out; j += TILE) {
        const int width = s->out - j < TILE ? s->out - j : TILE;
        real shared[TILE] = {0}; /* w background + bias */
        if (bias)
            memcpy(shared, bias + j, (size_t)width * sizeof *bias);
        for (int i = 0; i < s->rows; i++)
            memset(y + (size_t)i * (size_t)s->pitch + j, 0, (size_t)width * sizeof *y);
        for (int k = 0; k < s->in; k += TILE) {
            const int depth = s->in - k < TILE ? s->in - k : TILE;
            turn(s, w, j, width, k, depth, tile);
            for (int q = 0; q < depth; q++)
                add(shared, background[k + q], tile + (size_t)q * TILE, width);
            for (int i = 0; i < s->rows; i++)
                for (uint64_t bits = mask[(size_t)i * dsc_mask_words(s->in) + (size_t)(k / TILE)];
                     bits; bits &= bits - 1) {
                    const int q = __builtin_ctzll(bits);
                    const real f =
                        x[(size_t)i * (size_t)s->in + (size_t)(k + q)] - background[k + q];
                    add(y + (size_t)i * (size_t)s->pitch + j, f, tile + (size_t)q * TILE, width);
                }
        }
        for (int i = 0; i < s->rows; i++)
            add(y + (size_t)i * (size_t)s->pitch + j, 1, shared, width);
    }
}

/* dw[j..j+width][.] <- ...; sum (width): of dy over the rows */
static void some_outputs(const dsc_foreground_shape *s, const real *x, const real *background,
                         const uint64_t *mask, const real *dy, const real *sum, int j, int width,
                         real *dw)
{
    for (int k = 0; k < s->in; k++) {
        real total[TILE] = {0};
        add(total, background[k], sum, width);
        for (int i = 0; i < s->rows; i++)
            if (mask[(size_t)i * dsc_mask_words(s->in) + (size_t)(k / TILE)] >> k % TILE & 1)
                add(total, x[(size_t)i * (size_t)s->in + (size_t)k] - background[k],
                    dy + (size_t)i * (size_t)s->pitch + j, width);
        for (int i = 0; i < width; i++)
            dw[(size_t)(j + i) * (size_t)s->in + (size_t)k] = total[i];
    }
}

void DSC_R(dsc_ref_foreground_backward)(const dsc_foreground_shape *s, const real *x,
                                        const real *background, const uint64_t *mask,
                                        const real *dy, real *dw, real *scratch)
{
    (void)scratch;
    for (int j = 0; j < s->out; j += TILE) {
        const int width = s->out - j < TILE ? s->out - j : TILE;
        real sum[TILE] = {0}; /* of dy over the rows */
        for (int i = 0; i < s->rows; i++)
            add(sum, 1, dy + (size_t)i * (size_t)s->pitch + j, width);
        some_outputs(s, x, background, mask, dy, sum, j, width, dw);
    }
}
