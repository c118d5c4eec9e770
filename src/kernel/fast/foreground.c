/* foreground.c - y = x w^T + bias for rows that are mostly background; see kernel.h.
 *
 * The product runs over the foreground only: each of its numbers is multiplied with WIDE
 * neighbouring outputs, whose sums stay in registers. For that w has to lie (in, out), so it is
 * turned 64 inputs at a time into a tile that stays in the first cache. */
#include "kernel/fast/fast.h"

#if defined(DSC_VECTOR)

#  include "kernel/fast/terms.h"

#  include <string.h>

size_t DSC_R(dsc_fast_foreground)(const dsc_foreground_shape *s, const real *x,
                                  const real *background, uint64_t *mask)
{
    size_t count = 0;

    for (int i = 0; i < s->rows; i++, x += s->in)
        for (int begin = 0; begin < s->in; begin += WORD) {
            const int end = s->in - begin < WORD ? s->in : begin + WORD;
            uint64_t bits = 0;
            int k = begin;
            for (; k + LANES <= end; k += LANES)
                bits |= (uint64_t)vec_differ(vec_load(x + k), vec_load(background + k))
                        << (k - begin);
            for (; k < end; k++)
                bits |= (uint64_t) !(x[k] >= background[k] && x[k] <= background[k]) << (k - begin);
            *mask++ = bits;
            count += (size_t)__builtin_popcountll(bits);
        }
    return count;
}

/* LANES columns of tile (n, wide) <- rows j.. and columns k.. of w (out, in), both cut off at their
 * ends. Where a vector reaches past the last row it holds that one again: those outputs are not
 * used. */
static void turn_edge(const dsc_foreground_shape *s, const real *w, int j, int wide, int k, int n,
                      real *tile)
{
    vec r[LANES];
    real edge[LANES] = {0};

    for (int l = 0; l < LANES; l++) {
        const int row = j + l < s->out ? j + l : s->out - 1;
        memcpy(edge, w + (size_t)row * (size_t)s->in + (size_t)k, (size_t)n * sizeof *w);
        r[l] = vec_load(edge);
    }
    vec_transpose(r);
    for (ptrdiff_t l = 0; l < n; l++)
        vec_store(tile + l * wide, r[l]);
}

/* tile (width, wide) <- the same for whole tiles. Its rows lie close together: with room between
 * them they would share places of the first cache with the rows of y. */
static void turn(const dsc_foreground_shape *s, const real *w, int j, int wide, int k, int width,
                 real *tile)
{
    vec r[LANES];

    for (int q = 0; q < width; q += LANES)
        for (int i = 0; i < wide; i += LANES) {
            const real *from = w + (size_t)(j + i) * (size_t)s->in + (size_t)(k + q);
            if (width - q < LANES || s->out - j - i < LANES) {
                const int n = width - q < LANES ? width - q : LANES;
                turn_edge(s, w, j + i, wide, k + q, n, tile + (ptrdiff_t)q * wide + i);
                continue;
            }
            for (int l = 0; l < LANES; l++)
                r[l] = vec_load(from + (size_t)l * (size_t)s->in);
            vec_transpose(r);
            for (int l = 0; l < LANES; l++)
                vec_store(tile + (ptrdiff_t)(q + l) * wide + i, r[l]);
        }
}

/* What one product reads, writes and works in. */
typedef struct product {
    const dsc_foreground_shape *s;
    const real *x, *background, *w;
    const uint64_t *mask;
    real *y;
    size_t pitch; /* numbers from one row of y to the next */
    real *tile;
} product;

/* Rows `begin`.. of a group, outputs j..: y (rows, pitch) <- f w^T; shared <- w background */
static void forward_group(const product *p, int j, int wide, int begin, int end, real *shared)
{
    const dsc_foreground_shape *s = p->s;
    const size_t words = dsc_mask_words(s->in);
    const real zero = 0;

    memset(shared, 0, (size_t)wide * sizeof *shared);
    for (int k = 0; k < s->in; k += WORD) {
        const int width = s->in - k < WORD ? s->in - k : WORD;
        turn(s, p->w, j, wide, k, width, p->tile);
        const terms all = {.bits = UINT64_MAX >> (WORD - width),
                           .x = p->background + k,
                           .background = &zero,
                           .b = p->tile,
                           .scale = 1,
                           .step = 1,
                           .stride = (size_t)wide};
        add_terms(&all, shared, shared, wide / LANES);
        for (int i = begin; i < end; i++) {
            const terms t = {.bits = p->mask[(size_t)i * words + (size_t)(k / WORD)],
                             .x = p->x + (size_t)i * (size_t)s->in + k,
                             .background = p->background + k,
                             .b = p->tile,
                             .scale = 1,
                             .step = 1,
                             .back_step = 1,
                             .stride = (size_t)wide};
            real *to = p->y + (size_t)i * p->pitch + j;
            if (k == 0 || t.bits)
                add_terms(&t, k == 0 ? NULL : to, to, wide / LANES);
        }
    }
}

/* Scratch: the tile, one row for what all rows share, and y when its rows are not whole vectors. */
void DSC_R(dsc_fast_foreground_forward)(const dsc_foreground_shape *s, const real *x,
                                        const real *background, const uint64_t *mask, const real *w,
                                        const real *bias, real *y, real *scratch)
{
    const size_t wide_out = padded(s->out), out = (size_t)s->out;
    const bool fits = wide_out == out; /* else y is made in rows of whole vectors */
    const size_t pitch = fits ? (size_t)s->pitch : wide_out;
    real *tile = scratch, *shared = tile + (size_t)WORD * WIDE;
    real *to = fits ? y : shared + wide_out;
    const product p = {s, x, background, w, mask, to, pitch, tile};

    for (int begin = 0; begin < s->rows; begin += WORD) {
        const int end = s->rows - begin < WORD ? s->rows : begin + WORD;
        for (int j = 0; j < s->out; j += WIDE) {
            const int wide = (int)wide_out - j < WIDE ? (int)wide_out - j : WIDE;
            forward_group(&p, j, wide, begin, end, shared + j);
        }
        for (size_t o = 0; bias && o < out; o++)
            shared[o] += bias[o];
        for (int i = begin; i < end; i++)
            for (size_t o = 0; o < out; o++)
                y[(size_t)i * (size_t)s->pitch + o] = to[(size_t)i * pitch + o] + shared[o];
    }
}

#endif
