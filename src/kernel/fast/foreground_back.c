/* foreground_back.c - dw = dy^T x for rows x that are mostly background; see kernel.h and
 * foreground.c. Column k of dw is a sum over the rows with foreground at input k; some columns make
 * a tile, which is turned into dw's rows. */
#include "kernel/fast/fast.h"

#if defined(DSC_VECTOR)

#  include "kernel/fast/terms.h"

#  include <string.h>

/* Bit i of word k <- bit k of word i: blocks of 32 x 32 bits change places, then of 16 x 16 ... */
static void turn_bits(uint64_t bits[WORD])
{
    uint64_t low = 0x00000000ffffffffu;

    for (int j = WORD / 2; j > 0; j /= 2, low ^= low << j)
        for (int begin = 0; begin < WORD; begin += 2 * j)
            for (int k = begin; k < begin + j; k++) {
                const uint64_t change = (bits[k] >> j ^ bits[k + j]) & low;
                bits[k] ^= change << j;
                bits[k + j] ^= change;
            }
}

/* rows_of (groups, WORD): which rows have foreground at each input of word `word` of the mask */
static void turn_mask(const dsc_foreground_shape *s, const uint64_t *mask, int word,
                      uint64_t *rows_of)
{
    for (int begin = 0; begin < s->rows; begin += WORD, rows_of += WORD) {
        for (int i = 0; i < WORD; i++)
            rows_of[i] = begin + i < s->rows
                             ? mask[(size_t)(begin + i) * dsc_mask_words(s->in) + (size_t)word]
                             : 0;
        turn_bits(rows_of);
    }
}

/* to (rows, wide) <- dy, with zeros behind each row's outputs */
static void pad(const dsc_foreground_shape *s, const real *dy, size_t wide, real *to)
{
    const size_t out = (size_t)s->out;

    for (size_t i = 0; i < (size_t)s->rows; i++) {
        memcpy(to + i * wide, dy + i * (size_t)s->pitch, out * sizeof *dy);
        memset(to + i * wide + out, 0, (wide - out) * sizeof *dy);
    }
}

/* What one product reads. */
typedef struct product {
    const dsc_foreground_shape *s;
    const real *x, *background;
    const uint64_t *rows_of;
    const real *dy, *sum; /* sum: of dy over the rows */
    size_t pitch;         /* numbers from one row of dy to the next */
} product;

/* tile (width, WIDE) <- columns k.. of dw for outputs j.., turned */
static void backward_tile(const product *p, int j, int wide, int k, int width, real *tile)
{
    const size_t in = (size_t)p->s->in;

    for (int q = 0; q < width; q++) {
        real *to = tile + (size_t)q * WIDE;
        for (int begin = 0; begin < p->s->rows; begin += WORD) {
            const size_t first = (size_t)begin;
            const terms t = {.bits = p->rows_of[first + (size_t)((k + q) % WORD)],
                             .x = p->x + first * in + (size_t)(k + q),
                             .background = p->background + k + q,
                             .b = p->dy + first * p->pitch + (size_t)j,
                             .scale = begin == 0 ? p->background[k + q] : 1,
                             .step = in,
                             .back_step = 0,
                             .stride = p->pitch};
            add_terms(&t, begin == 0 ? p->sum + j : to, to, wide / LANES);
        }
    }
}

/* The way back: columns k.. of rows j.. of dw <- tile */
static void turn_back(const dsc_foreground_shape *s, const real *tile, int j, int wide, int k,
                      int width, real *dw)
{
    vec r[LANES];
    real edge[LANES];

    for (int i = 0; i < wide; i += LANES) {
        const int n = s->out - j - i < LANES ? s->out - j - i : LANES;
        for (ptrdiff_t l = 0; l < LANES; l++)
            r[l] = vec_load(tile + l * WIDE + i);
        vec_transpose(r);
        for (int l = 0; l < n; l++) {
            real *to = dw + (size_t)(j + i + l) * (size_t)s->in + (size_t)k;
            vec_store(width < LANES ? edge : to, r[l]);
            if (width < LANES)
                memcpy(to, edge, (size_t)width * sizeof *to);
        }
    }
}

/* Scratch: the tile, the sum of dy, dy when its rows are not whole vectors, and the turned mask. */
void DSC_R(dsc_fast_foreground_backward)(const dsc_foreground_shape *s, const real *x,
                                         const real *background, const uint64_t *mask,
                                         const real *dy, real *dw, real *scratch)
{
    const size_t wide_out = padded(s->out), rows = (size_t)s->rows;
    const bool fits = wide_out == (size_t)s->out;
    const size_t pitch = fits ? (size_t)s->pitch : wide_out;
    real *tile = scratch, *sum = tile + (size_t)WORD * WIDE, *copy = sum + wide_out;
    uint64_t *rows_of = (uint64_t *)(void *)(copy + rows * wide_out);

    if (!fits)
        pad(s, dy, wide_out, copy);
    dy = fits ? dy : copy;
    memset(sum, 0, wide_out * sizeof *sum);
    for (size_t i = 0; i < rows; i++)
        for (size_t o = 0; o < wide_out; o++)
            sum[o] += dy[i * pitch + o];
    const product p = {s, x, background, rows_of, dy, sum, pitch};
    for (int k = 0; k < s->in; k += LANES) {
        const int width = s->in - k < LANES ? s->in - k : LANES;
        if (k % WORD == 0)
            turn_mask(s, mask, k / WORD, rows_of);
        for (int j = 0; j < s->out; j += WIDE) {
            const int wide = (int)wide_out - j < WIDE ? (int)wide_out - j : WIDE;
            backward_tile(&p, j, wide, k, width, tile);
            turn_back(s, tile, j, wide, k, width, dw);
        }
    }
}

#endif
