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
    const dsc_foreground_rows *block;
    const real *background, *w;
    int begin, end; /* inputs */
    size_t wide_out;
    real *tile, *padded; /* y of a group when its rows are not whole vectors; else NULL */
} product;

/* Rows that w is turned for: WORD of them at most, so that y stays in the cache while all of w goes
 * by. They are some of one block, or several whole blocks. */
typedef struct group {
    int first, last; /* blocks */
    int begin, end;  /* rows of the first one */
} group;

static group next_group(const dsc_foreground_rows *block, int blocks, group g)
{
    g = g.end < block[g.first].rows && g.last == g.first + 1
            ? (group){g.first, g.first + 1, g.end, block[g.first].rows}
            : (group){g.last, g.last + 1, 0, block[g.last].rows};
    if (g.end - g.begin > WORD)
        g.end = g.begin + WORD;
    int rows = g.end - g.begin;
    while (g.begin == 0 && g.end == block[g.first].rows && g.last < blocks &&
           rows + block[g.last].rows <= WORD)
        rows += block[g.last++].rows;
    return g;
}

/* Row i of a block, outputs 0..; n: rows of the group that come before the block's first. */
static real *outputs_of(const product *p, int b, int i, int n, size_t *pitch)
{
    *pitch = p->padded ? p->wide_out : (size_t)p->s->pitch;
    return p->padded ? p->padded + (size_t)n * p->wide_out : p->block[b].y + (size_t)i * *pitch;
}

/* y of rows begin..end of a block, outputs j.. <- (for the first inputs) or += f w^T over the
 * tile's inputs */
static void add_inputs(const product *p, int b, int begin, int end, int n, int j, int wide, int k)
{
    const dsc_foreground_rows *rows = &p->block[b];
    const size_t in = (size_t)p->s->in, words = dsc_mask_words(p->s->in);
    size_t pitch;
    real *y = outputs_of(p, b, begin, n, &pitch) + j;

    for (int i = begin; i < end; i++, y += pitch) {
        const terms t = {.bits = rows->mask[(size_t)i * words + (size_t)(k / WORD)],
                         .x = rows->x + (size_t)i * in + k,
                         .background = p->background + k,
                         .b = p->tile,
                         .scale = 1,
                         .step = 1,
                         .back_step = 1,
                         .stride = (size_t)wide};
        if (k == p->begin || t.bits)
            add_terms(&t, k == p->begin ? NULL : y, y, wide / LANES);
    }
}

/* A group, outputs j..: y (rows, pitch) <- f w^T; shared <- w background */
static void forward_group(const product *p, const group *g, int j, int wide, real *shared)
{
    const dsc_foreground_shape *s = p->s;
    const real zero = 0;

    memset(shared, 0, (size_t)wide * sizeof *shared);
    for (int k = p->begin; k < p->end; k += WORD) {
        const int width = p->end - k < WORD ? p->end - k : WORD;
        turn(s, p->w, j, wide, k, width, p->tile);
        const terms all = {.bits = UINT64_MAX >> (WORD - width),
                           .x = p->background + k,
                           .background = &zero,
                           .b = p->tile,
                           .scale = 1,
                           .step = 1,
                           .stride = (size_t)wide};
        add_terms(&all, shared, shared, wide / LANES);
        for (int b = g->first, n = 0; b < g->last; n += p->block[b++].rows)
            add_inputs(p, b, g->begin, b == g->first ? g->end : p->block[b].rows, n, j, wide, k);
    }
}

/* y of a group gets what all rows share. */
static void finish_group(const product *p, const group *g, const real *shared)
{
    const size_t out = (size_t)p->s->out;

    for (int b = g->first, n = 0; b < g->last; n += p->block[b++].rows) {
        const int end = b == g->first ? g->end : p->block[b].rows;
        real *y = p->block[b].y + (size_t)g->begin * (size_t)p->s->pitch;
        size_t pitch;
        const real *from = outputs_of(p, b, g->begin, n, &pitch);
        for (int i = g->begin; i < end; i++, y += p->s->pitch, from += pitch)
            for (size_t o = 0; o < out; o++)
                y[o] = from[o] + shared[o];
    }
}

/* Scratch: the tile, one row for what all rows share, and y when its rows are not whole vectors. */
void DSC_R(dsc_fast_foreground_forward)(const dsc_foreground_shape *s,
                                        const dsc_foreground_rows *block, int blocks,
                                        const real *background, int begin, int end, const real *w,
                                        const real *bias, real *scratch)
{
    const size_t wide_out = padded(s->out), out = (size_t)s->out;
    real *shared = scratch + (size_t)WORD * WIDE;
    const product p = {.s = s,
                       .block = block,
                       .background = background,
                       .w = w,
                       .begin = begin,
                       .end = end,
                       .wide_out = wide_out,
                       .tile = scratch,
                       .padded = wide_out == out ? NULL : shared + wide_out};
    group g = {0};

    while (g.last < blocks || g.end < block[g.first].rows) {
        g = next_group(block, blocks, g);
        for (int j = 0; j < s->out; j += WIDE) {
            const int wide = (int)wide_out - j < WIDE ? (int)wide_out - j : WIDE;
            forward_group(&p, &g, j, wide, shared + j);
        }
        for (size_t o = 0; bias && o < out; o++)
            shared[o] += bias[o];
        finish_group(&p, &g, shared);
    }
}

#endif
