/* space.h - the sizes of a direct convolution, and where its parts lie in scratch; the same for
 * every instruction set. */
#ifndef DSC_KERNEL_DIRECT_SPACE_H
#define DSC_KERNEL_DIRECT_SPACE_H

#include "kernel/shapes.h"

/* Filters are taken in blocks of as many; channels that stand last are filled up to a multiple of
 * DSC_LINE (16 floats: a cache line, the longest vector). */
enum { DSC_BLOCK = 32, DSC_LINE = 16 };

/* Fewer channels than this would leave most of a vector of channels empty. */
enum { DSC_FEW_CHANNELS = 8 };

/* A byte tells which element of a pooling window is the largest; the last value: none is above 0.
 */
enum { DSC_WINNERS = 256, DSC_DEAD = DSC_WINNERS - 1 };

typedef struct dsc_direct {
    int channels, height, width, filters, kernel_h, kernel_w;
    int stride_h, stride_w, pad_h, pad_w, out_h, out_w;
    int padded_h, padded_w, depth, blocks;
    int lanes;          /* channels, filled up to whole vectors */
    int places;         /* outputs that leave: of the pool, or of the convolution */
    size_t row, plane;  /* floats of a padded picture's row and channel */
    size_t line, image; /* floats of a row, and of all, with channels last */
    size_t filter;      /* floats of one filter with channels last */
    size_t wide;        /* filters, filled up to whole blocks */
    size_t room;        /* entries of one list: places and one vector */
    /* where parts begin in scratch; floats (`at` and `start` hold int32_t) */
    size_t packed, bias, picture, z, out;                            /* forward */
    size_t weights, x_image, dx_image, dw, value, at, start, poison; /* backward */
    size_t total;
} dsc_direct;

static inline size_t dsc_direct_take(size_t *total, size_t n)
{
    const size_t at = *total;

    *total += (n + DSC_LINE - 1) / DSC_LINE * DSC_LINE;
    return at;
}

/* Does a block of filters stay in the second cache, and can positions be told by an int32_t? */
static inline bool dsc_direct_takes(const dsc_conv_shape *s)
{
    const double depth = (double)s->channels * s->kernel_h * s->kernel_w;
    const double image = ((double)s->height + 2.0 * s->pad_h) * ((double)s->width + 2.0 * s->pad_w);

    return s->groups == 1 && s->dilation_h == 1 && s->dilation_w == 1 && s->stride_w <= 2 &&
           depth <= 2400 && depth * s->filters < 1 << 28 &&
           image * (s->channels + s->filters + DSC_BLOCK) < 1 << 28;
}

/* dw of kernels of one element is a product of two matrices, and faster as such. */
static inline bool dsc_direct_takes_weights(const dsc_conv_shape *s)
{
    return dsc_direct_takes(s) && s->kernel_h * s->kernel_w > 1;
}

/* The convolution that takes dy to dx: full, so only what lies within the picture's own zeros. */
static inline dsc_conv_shape dsc_direct_back(const dsc_conv_shape *s)
{
    dsc_conv_shape back = *s;

    back.channels = s->filters;
    back.height = s->out_h;
    back.width = s->out_w;
    back.filters = s->channels;
    back.pad_h = s->kernel_h - 1 - s->pad_h;
    back.pad_w = s->kernel_w - 1 - s->pad_w;
    back.out_h = s->height;
    back.out_w = s->width;
    return back;
}

static inline bool dsc_direct_takes_back(const dsc_conv_shape *s)
{
    const dsc_conv_shape back = dsc_direct_back(s);

    return s->stride_h == 1 && s->stride_w == 1 && back.pad_h >= 0 && back.pad_w >= 0 &&
           dsc_direct_takes(s) && dsc_direct_takes(&back);
}

/* Windows of a pooling that tile the convolution's output. */
static inline bool dsc_direct_takes_pooled(const dsc_conv_shape *s, const dsc_pool_shape *p)
{
    return dsc_direct_takes_weights(s) && p->kernel_h == p->stride_h &&
           p->kernel_w == p->stride_w && p->pad_h == 0 && p->pad_w == 0 && p->dilation_h == 1 &&
           p->dilation_w == 1 && p->kernel_h < DSC_DEAD && p->kernel_w < DSC_DEAD &&
           p->kernel_h * p->kernel_w < DSC_DEAD && p->out_h * p->kernel_h <= s->out_h &&
           p->out_w * p->kernel_w <= s->out_w;
}

/* p: the max pooling behind it, or NULL. */
static inline dsc_direct dsc_direct_of(const dsc_conv_shape *s, const dsc_pool_shape *p)
{
    dsc_direct d = {.channels = s->channels,
                    .height = s->height,
                    .width = s->width,
                    .filters = s->filters,
                    .kernel_h = s->kernel_h,
                    .kernel_w = s->kernel_w,
                    .stride_h = s->stride_h,
                    .stride_w = s->stride_w,
                    .pad_h = s->pad_h,
                    .pad_w = s->pad_w,
                    .out_h = s->out_h,
                    .out_w = s->out_w,
                    .padded_h = s->height + 2 * s->pad_h,
                    .padded_w = s->width + 2 * s->pad_w,
                    .depth = s->channels * s->kernel_h * s->kernel_w,
                    .blocks = (s->filters + DSC_BLOCK - 1) / DSC_BLOCK,
                    .lanes = (s->channels + DSC_LINE - 1) / DSC_LINE * DSC_LINE,
                    .places = p ? p->out_h * p->out_w : s->out_h * s->out_w};
    const size_t pool_h = p ? (size_t)p->kernel_h : 1;

    d.row = (size_t)d.padded_w;
    d.plane = (size_t)d.padded_h * d.row;
    d.line = (size_t)d.padded_w * (size_t)d.lanes;
    d.image = (size_t)d.padded_h * d.line;
    d.filter = (size_t)(s->kernel_h * s->kernel_w) * (size_t)d.lanes;
    d.wide = (size_t)d.blocks * DSC_BLOCK;
    d.room = (size_t)d.places + DSC_LINE;
    const size_t lists = p ? d.room * d.wide : 0, images = p ? d.image : 0;
    d.packed = dsc_direct_take(&d.total, d.wide * (size_t)d.depth);
    d.bias = dsc_direct_take(&d.total, d.wide);
    d.picture = dsc_direct_take(&d.total, (size_t)d.channels * d.plane);
    d.z = dsc_direct_take(&d.total, pool_h * (size_t)d.out_w * DSC_BLOCK);
    d.out = dsc_direct_take(&d.total, (size_t)d.places * d.wide);
    d.weights = dsc_direct_take(&d.total, p ? (size_t)d.filters * d.filter : 0);
    d.x_image = dsc_direct_take(&d.total, images);
    d.dx_image = dsc_direct_take(&d.total, images);
    d.dw = dsc_direct_take(&d.total,
                           (p ? (size_t)d.filters * d.filter : 0) + d.wide * (size_t)d.depth);
    d.value = dsc_direct_take(&d.total, lists);
    d.at = dsc_direct_take(&d.total, lists);
    d.start = dsc_direct_take(&d.total, d.room + 2 * d.wide + DSC_WINNERS);
    d.poison = dsc_direct_take(&d.total, 2 * (size_t)d.lanes);
    return d;
}

#endif
