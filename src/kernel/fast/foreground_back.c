/* foreground_back.c - dw = dy^T x for rows x that are mostly background; see kernel.h and
 * foreground.c. Column k of dw is a sum over the rows with foreground at input k; some columns make
 * a tile, and the sum of all blocks' tiles is turned into dw's rows. */
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

/* One block as the product reads it. */
typedef struct part {
    const dsc_foreground_rows *rows;
    const real *dy; /* in rows of whole vectors */
    size_t pitch;   /* numbers from one row of dy to the next */
    real *sum;      /* of dy over the rows */
    uint64_t *rows_of;
} part;

typedef struct product {
    const dsc_foreground_shape *s;
    const real *background;
    part part[DSC_MOST_BLOCKS];
    int parts;
    real *tile; /* as many as there are sums open */
} product;

/* rows_of (groups, WORD): which rows have foreground at each input of word `word` of the mask */
static void turn_mask(const dsc_foreground_shape *s, const part *p, int word)
{
    const uint64_t *mask = p->rows->mask + word;
    uint64_t *rows_of = p->rows_of;

    for (int begin = 0; begin < p->rows->rows; begin += WORD, rows_of += WORD) {
        for (int i = 0; i < WORD; i++)
            rows_of[i] =
                begin + i < p->rows->rows ? mask[(size_t)(begin + i) * dsc_mask_words(s->in)] : 0;
        turn_bits(rows_of);
    }
}

/* to (rows, wide) <- dy, with zeros behind each row's outputs */
static void pad(const dsc_foreground_shape *s, const dsc_foreground_rows *rows, size_t wide,
                real *to)
{
    const size_t out = (size_t)s->out;

    for (size_t i = 0; i < (size_t)rows->rows; i++) {
        memcpy(to + i * wide, rows->dy + i * (size_t)s->pitch, out * sizeof *to);
        memset(to + i * wide + out, 0, (wide - out) * sizeof *to);
    }
}

/* Columns k.. of a block's dw for outputs j.., turned, go to tile (width, WIDE), or are added to
 * what is there. */
static void backward_tile(const product *p, const part *b, bool onto, int j, int wide, int k,
                          int width, real *tile)
{
    const size_t in = (size_t)p->s->in;
    const int rows = b->rows->rows;

    for (int q = 0; q < width; q++) {
        real *to = tile + (size_t)q * WIDE, sum[WIDE];
        for (int begin = 0; begin < rows; begin += WORD) {
            const size_t first = (size_t)begin;
            const bool last = rows - begin <= WORD;
            const terms t = {.bits = b->rows_of[first + (size_t)((k + q) % WORD)],
                             .x = b->rows->x + first * in + (size_t)(k + q),
                             .background = p->background + k + q,
                             .b = b->dy + first * b->pitch + (size_t)j,
                             .onto = onto && last ? to : NULL,
                             .scale = begin == 0 ? p->background[k + q] : 1,
                             .step = in,
                             .back_step = 0,
                             .stride = b->pitch};
            add_terms(&t, begin == 0 ? b->sum + j : sum, last ? to : sum, wide / LANES);
        }
    }
}

enum { TILE = LANES * WIDE };

static void add_tile(real *restrict to, const real *restrict from)
{
    for (int i = 0; i < TILE; i++)
        to[i] += from[i];
}

/* tile <- the sum of all blocks, as ((0+1)+(2+3))+...: a tile is open for every part of the tree
 * that waits for its neighbour. */
static void sum_of_blocks(const product *p, int j, int wide, int k, int width)
{
    real *top = p->tile - TILE;

    for (int b = 0; b < p->parts; b++) {
        const bool odd = b % 2 == 1;
        top += odd ? 0 : TILE;
        backward_tile(p, &p->part[b], odd, j, wide, k, width, top);
        for (int pairs = (b + 1) / 2; odd && pairs % 2 == 0; pairs /= 2, top -= TILE)
            add_tile(top - TILE, top);
    }
    for (; top > p->tile; top -= TILE)
        add_tile(top - TILE, top);
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

static void add_rows(const part *b, size_t wide)
{
    real *restrict sum = b->sum;

    memset(sum, 0, wide * sizeof *sum);
    for (size_t i = 0; i < (size_t)b->rows->rows; i++) {
        const real *restrict dy = b->dy + i * b->pitch;
        for (size_t o = 0; o < wide; o++)
            sum[o] += dy[o];
    }
}

/* Blocks with their sums of dy, dy in whole vectors, and room for their turned masks. */
static void begin_parts(product *p, const dsc_foreground_rows *block, int blocks, real *scratch)
{
    const size_t wide = padded(p->s->out);
    const bool fits = wide == (size_t)p->s->out;

    p->parts = blocks;
    for (int b = 0; b < blocks; b++) {
        part *to = &p->part[b];
        const size_t rows = (size_t)block[b].rows, copies = fits ? 0 : rows;
        *to = (part){.rows = &block[b],
                     .dy = fits ? block[b].dy : scratch + wide,
                     .pitch = fits ? (size_t)p->s->pitch : wide,
                     .sum = scratch,
                     .rows_of = (uint64_t *)(void *)(scratch + wide * (copies + 1))};
        if (!fits)
            pad(p->s, &block[b], wide, scratch + wide);
        add_rows(to, wide);
        scratch += wide * (copies + 1) + (rows + WORD - 1) / WORD * WORD * 2;
    }
}

/* Scratch: tiles; for every block the sum of dy, dy when its rows are not whole vectors, and the
 * turned mask. */
void DSC_R(dsc_fast_foreground_backward)(const dsc_foreground_shape *s,
                                         const dsc_foreground_rows *block, int blocks,
                                         const real *background, int begin, int end, real *dw,
                                         real *scratch)
{
    const int wide_out = (int)padded(s->out);
    product p = {.s = s, .background = background, .tile = scratch};
    int open = 1;

    for (int n = blocks; n > 1; n = (n + 1) / 2)
        open++;
    begin_parts(&p, block, blocks, scratch + (ptrdiff_t)open * TILE);
    for (int k = begin; k < end; k += LANES) {
        const int width = end - k < LANES ? end - k : LANES;
        for (int b = 0; k % WORD == 0 && b < blocks; b++)
            turn_mask(s, &p.part[b], k / WORD);
        for (int j = 0; j < s->out; j += WIDE) {
            const int wide = wide_out - j < WIDE ? wide_out - j : WIDE;
            sum_of_blocks(&p, j, wide, k, width);
            turn_back(s, p.tile, j, wide, k, width, dw);
        }
    }
}

#endif
