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

/* y += f times the tile, inputs k.. */
static void add_foreground(const dsc_foreground_shape *s, const dsc_foreground_rows *block,
                           const real *background, int k, int j, int width, const real *tile)
{
    const size_t in = (size_t)s->in, words = dsc_mask_words(s->in);

    for (int i = 0; i < block->rows; i++)
        for (uint64_t bits = block->mask[(size_t)i * words + (size_t)(k / TILE)]; bits;
             bits &= bits - 1) {
            const int q = __builtin_ctzll(bits);
            const real f = block->x[(size_t)i * in + (size_t)(k + q)] - background[k + q];
            add(block->y + (size_t)i * (size_t)s->pitch + j, f, tile + (size_t)q * TILE, width);
        }
}

/* y of a block, outputs j and those that follow, up to a tile's width */
static void forward_outputs(const dsc_foreground_shape *s, const dsc_foreground_rows *block,
                            const real *background, int begin, int end, const real *w,
                            const real *bias, int j, real *tile)
{
    const int width = s->out - j < TILE ? s->out - j : TILE;
    real shared[TILE] = {0}; /* w background + bias */

    if (bias)
        memcpy(shared, bias + j, (size_t)width * sizeof *bias);
    for (int i = 0; i < block->rows; i++)
        memset(block->y + (size_t)i * (size_t)s->pitch + j, 0, (size_t)width * sizeof *w);
    for (int k = begin; k < end; k += TILE) {
        const int depth = end - k < TILE ? end - k : TILE;
        turn(s, w, j, width, k, depth, tile);
        for (int q = 0; q < depth; q++)
            add(shared, background[k + q], tile + (size_t)q * TILE, width);
        add_foreground(s, block, background, k, j, width, tile);
    }
    for (int i = 0; i < block->rows; i++)
        add(block->y + (size_t)i * (size_t)s->pitch + j, 1, shared, width);
}

void DSC_R(dsc_ref_foreground_forward)(const dsc_foreground_shape *s,
                                       const dsc_foreground_rows *block, int blocks,
                                       const real *background, int begin, int end, const real *w,
                                       const real *bias, real *scratch)
{
    for (int b = 0; b < blocks; b++)
        for (int j = 0; j < s->out; j += TILE)
            forward_outputs(s, &block[b], background, begin, end, w, bias, j, scratch);
}

/* Column k of a block's dw, outputs j..j+width; sum (width): of dy over the rows */
static void column_of(const dsc_foreground_shape *s, const dsc_foreground_rows *block,
                      real background, const real *sum, int j, int width, int k, real *column)
{
    const size_t in = (size_t)s->in, words = dsc_mask_words(s->in);

    memset(column, 0, (size_t)width * sizeof *column);
    add(column, background, sum, width);
    for (int i = 0; i < block->rows; i++)
        if (block->mask[(size_t)i * words + (size_t)(k / TILE)] >> k % TILE & 1)
            add(column, block->x[(size_t)i * in + (size_t)k] - background,
                block->dy + (size_t)i * (size_t)s->pitch + j, width);
}

/* dw[j..j+width][.] <- ... */
static void backward_outputs(const dsc_foreground_shape *s, const dsc_foreground_rows *block,
                             int blocks, const real *background, int begin, int end, int j,
                             int width, real *dw)
{
    real sum[DSC_MOST_BLOCKS][TILE] = {{0}}; /* of dy over the rows of each block */
    real column[DSC_MOST_BLOCKS][TILE] = {{0}};

    for (int b = 0; b < blocks; b++)
        for (int i = 0; i < block[b].rows; i++)
            add(sum[b], 1, block[b].dy + (size_t)i * (size_t)s->pitch + j, width);
    for (int k = begin; k < end; k++) {
        for (int b = 0; b < blocks; b++)
            column_of(s, &block[b], background[k], sum[b], j, width, k, column[b]);
        for (int distance = 1; distance < blocks; distance *= 2)
            for (int b = 0; b + distance < blocks; b += 2 * distance)
                add(column[b], 1, column[b + distance], width);
        for (int i = 0; i < width; i++)
            dw[(size_t)(j + i) * (size_t)s->in + (size_t)k] = column[0][i];
    }
}

void DSC_R(dsc_ref_foreground_backward)(const dsc_foreground_shape *s,
                                        const dsc_foreground_rows *block, int blocks,
                                        const real *background, int begin, int end, real *dw,
                                        real *scratch)
{
    (void)scratch;
    for (int j = 0; j < s->out; j += TILE)
        backward_outputs(s, block, blocks, background, begin, end, j,
                         s->out - j < TILE ? s->out - j : TILE, dw);
}
