/* conv.c - convolution forward and backward by the direct loops, for any data behind it; what they
 * don't take, or take no faster, goes to `ref`, which uses the table's matrix product. */
#include "kernel/direct/direct.h"

#include "kernel/ref/ref.h"

#ifdef DSC_VECTOR

#  include <string.h>

static int in_block(const dsc_direct *d, int b)
{
    return d->filters - b * DSC_BLOCK < DSC_BLOCK ? d->filters - b * DSC_BLOCK : DSC_BLOCK;
}

/* y of all examples from packed weights and bias in scratch. */
static void convolve(const dsc_direct *d, int rows, const float *x, float *y, float *scratch)
{
    const size_t area = (size_t)d->places, block = (size_t)d->depth * DSC_BLOCK;
    float *picture = scratch + d->picture, *out = scratch + d->out;

    memset(picture, 0, (size_t)d->channels * d->plane * sizeof *picture);
    for (int i = 0; i < rows; i++, x += (size_t)(d->channels * d->height * d->width)) {
        const float *from = DSC_R(dsc_direct_pad)(d, x, picture);
        for (int b = 0; b < d->blocks; b++) {
            const int n = in_block(d, b);
            for (int oy = 0; oy < d->out_h; oy++)
                DSC_R(dsc_direct_row)
            (d, from + (size_t)(oy * d->stride_h) * d->row, scratch + d->packed + (size_t)b * block,
             scratch + d->bias + (size_t)b * DSC_BLOCK, n, d->out_w,
             out + (size_t)(oy * d->out_w) * DSC_BLOCK);
            DSC_R(dsc_direct_turn)(d->places, n, out, DSC_BLOCK, y, area);
            y += (size_t)n * area;
        }
    }
}

void DSC_R(dsc_direct_conv_forward)(const dsc_kernels *k, const dsc_conv_shape *s, int rows,
                                    const float *x, const float *w, const float *bias, float *y,
                                    float *scratch)
{
    if (!dsc_direct_takes(s)) {
        DSC_R(dsc_ref_conv_forward)(k, s, rows, x, w, bias, y, scratch);
        return;
    }
    const dsc_direct d = dsc_direct_of(s, NULL);

    DSC_R(dsc_direct_pack_filters)(d.filters, d.depth, w, scratch + d.packed);
    memset(scratch + d.bias, 0, d.wide * sizeof *scratch);
    if (bias)
        memcpy(scratch + d.bias, bias, (size_t)d.filters * sizeof *bias);
    convolve(&d, rows, x, y, scratch);
}

/* to <- the weights of the convolution that takes dy to dx: filters and channels change places,
 * and the kernel is turned around. */
static void pack_turned_around(const dsc_direct *d, int filters, const float *w, float *to)
{
    const int kernel = d->kernel_h * d->kernel_w;

    memset(to, 0, d->wide * (size_t)d->depth * sizeof *to);
    for (int f = 0; f < filters; f++)
        for (int c = 0; c < d->filters; c++)
            for (int i = 0; i < kernel; i++) {
                const int block = c / DSC_BLOCK, tap = f * kernel + kernel - 1 - i;
                to[(size_t)(block * d->depth + tap) * DSC_BLOCK + (size_t)(c % DSC_BLOCK)] = *w++;
            }
}

void DSC_R(dsc_direct_conv_backward_data)(const dsc_kernels *k, const dsc_conv_shape *s, int rows,
                                          const float *dy, const float *w, float *dx,
                                          float *scratch)
{
    if (!dsc_direct_takes_back(s)) {
        DSC_R(dsc_ref_conv_backward_data)(k, s, rows, dy, w, dx, scratch);
        return;
    }
    const dsc_conv_shape turned = dsc_direct_back(s);
    const dsc_direct d = dsc_direct_of(&turned, NULL);

    pack_turned_around(&d, s->filters, w, scratch + d.packed);
    memset(scratch + d.bias, 0, d.wide * sizeof *scratch);
    convolve(&d, rows, dy, dx, scratch);
}

static void add_dbias(const dsc_direct *d, int rows, const float *dy, float *dbias)
{
    memset(dbias, 0, (size_t)d->filters * sizeof *dbias);
    for (int i = 0; i < rows; i++)
        for (int f = 0; f < d->filters; f++, dy += d->places)
            dbias[f] += DSC_R(dsc_direct_sum)(dy, (size_t)d->places);
}

void DSC_R(dsc_direct_conv_backward_weights)(const dsc_kernels *k, const dsc_conv_shape *s,
                                             int rows, const float *x, const float *dy, float *dw,
                                             float *dbias, float *scratch)
{
    if (!dsc_direct_takes_weights(s)) {
        DSC_R(dsc_ref_conv_backward_weights)(k, s, rows, x, dy, dw, dbias, scratch);
        return;
    }
    const dsc_direct d = dsc_direct_of(s, NULL);
    const size_t block = (size_t)d.depth * DSC_BLOCK;
    float *picture = scratch + d.picture, *turned = scratch + d.out, *sum = scratch + d.dw;

    if (dbias)
        add_dbias(&d, rows, dy, dbias);
    if (!dw)
        return;
    memset(picture, 0, (size_t)d.channels * d.plane * sizeof *picture);
    memset(turned, 0, (size_t)d.places * d.wide * sizeof *turned);
    memset(sum, 0, d.wide * (size_t)d.depth * sizeof *sum);
    for (int i = 0; i < rows; i++, x += (size_t)(d.channels * d.height * d.width)) {
        const float *from = DSC_R(dsc_direct_pad)(&d, x, picture);
        DSC_R(dsc_direct_turn)(d.filters, d.places, dy, (size_t)d.places, turned, d.wide);
        dy += (size_t)(d.filters * d.places);
        for (int b = 0; b < d.blocks; b++)
            DSC_R(dsc_direct_taps)
        (&d, from, turned + (size_t)b * DSC_BLOCK, d.wide, in_block(&d, b), d.out_h, d.out_w,
         sum + (size_t)b * block);
    }
    for (int b = 0; b < d.blocks; b++)
        DSC_R(dsc_direct_turn)
    (d.depth, in_block(&d, b), sum + (size_t)b * block, DSC_BLOCK, dw + (size_t)b * block,
     (size_t)d.depth);
}

#endif
