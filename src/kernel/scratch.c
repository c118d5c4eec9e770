/* scratch.c - how much scratch kernels need; the same for every precision. */
#include "kernel/direct/space.h"

/* Numbers of scratch that a convolution aims at: they stay in the second cache. */
enum { CONV_SCRATCH = 1 << 18 };

/* Scratch for one example: its columns and its outputs, of one group. */
static size_t one_example(const dsc_conv_shape *s)
{
    const size_t depth =
        (size_t)(s->channels / s->groups) * (size_t)s->kernel_h * (size_t)s->kernel_w;

    return (depth + (size_t)(s->filters / s->groups)) * (size_t)s->out_h * (size_t)s->out_w;
}

int dsc_conv_chunk(const dsc_conv_shape *s)
{
    const size_t one = one_example(s);

    return one < CONV_SCRATCH ? (int)(CONV_SCRATCH / one) : 1;
}

size_t dsc_conv_scratch(const dsc_conv_shape *s, int rows)
{
    const int chunk = dsc_conv_chunk(s);
    size_t most = one_example(s) * (size_t)(rows < chunk ? rows : chunk);

    if (dsc_direct_takes(s)) {
        const size_t direct = dsc_direct_of(s, NULL).total;
        most = direct > most ? direct : most;
    }
    if (dsc_direct_takes_back(s)) {
        const dsc_conv_shape turned = dsc_direct_back(s);
        const size_t back = dsc_direct_of(&turned, NULL).total;
        most = back > most ? back : most;
    }
    return most;
}

dsc_pooled_size dsc_conv_pooled_size(const dsc_conv_shape *s, const dsc_pool_shape *p)
{
    if (!dsc_direct_takes_pooled(s, p))
        return (dsc_pooled_size){.takes = false};

    const dsc_direct d = dsc_direct_of(s, p);
    /* `ref`: the convolution's outputs or their gradient, and one example's dw and dbias */
    const size_t plain =
        dsc_conv_scratch(s, 1) +
        (size_t)s->filters * ((size_t)s->out_h * (size_t)s->out_w + (size_t)d.depth + 1);

    return (dsc_pooled_size){.takes = true,
                             .winners = (size_t)d.places * d.wide,
                             .scratch = d.total > plain ? d.total : plain};
}

/* Tiles, and for every block a row of padded outputs, all rows of dy if they are not whole vectors
 * as they are, and a mask of 64 words for every 64 rows, two numbers a word. A tile is 64 x 128
 * numbers in forward; in backward there are some of 16 x 128, as many as a tree of that many blocks
 * has sums open at a time. */
size_t dsc_foreground_scratch(size_t rows, int out, int blocks)
{
    const size_t padded = ((size_t)out + 15) / 16 * 16, groups = (rows + 63) / 64;
    size_t open = 1;

    for (int n = blocks; n > 1; n = (n + 1) / 2)
        open++;
    const size_t tiles = (size_t)128 * (open > 4 ? 16 * open : 64);
    const size_t copies = padded == (size_t)out ? 0 : rows;
    return tiles + (padded * (copies + 1) + groups * 64 * 2) * (size_t)blocks;
}
