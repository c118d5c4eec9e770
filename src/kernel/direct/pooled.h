/* pooled.h - what the two files of convolution, relu and max pooling share.
 *
 * Of the convolution's outputs only the largest of each window ever reaches memory, with a byte
 * that tells which one it was (and whether relu let it live). max and relu may change places, so
 * the values are those of the three steps one by one. In backward a window has one nonzero at most:
 * the sums go over these alone (patches.c). */
#ifndef DSC_KERNEL_DIRECT_POOLED_H
#define DSC_KERNEL_DIRECT_POOLED_H

#include "kernel/direct/direct.h"

/* Everything of one call. */
typedef struct pooled {
    dsc_direct d;
    const dsc_pool_shape *p;
    float *space;
    int columns;        /* of the convolution's rows that windows cover */
    size_t x, y;        /* floats of one example's x and y */
    int32_t *corner;    /* of each window's patch, in an image with channels last */
    int32_t *winner_at; /* from there to the patch of each element of the window */
    int32_t *filter_at; /* of each filter, in the weights with channels last */
    int32_t *count;     /* entries in each filter's list */
} pooled;

static inline pooled of_shapes(const dsc_conv_shape *s, const dsc_pool_shape *p, float *scratch)
{
    pooled o = {.d = dsc_direct_of(s, p), .p = p, .space = scratch};

    o.columns = p->out_w * p->kernel_w;
    o.x = (size_t)s->channels * (size_t)s->height * (size_t)s->width;
    o.y = (size_t)s->filters * (size_t)o.d.places;
    o.corner = (int32_t *)(void *)(scratch + o.d.start);
    o.winner_at = o.corner + o.d.room;
    o.filter_at = o.winner_at + DSC_WINNERS;
    o.count = o.filter_at + o.d.wide;
    return o;
}

/* The filters of block b. */
static inline int in_block(const dsc_direct *d, int b)
{
    return d->filters - b * DSC_BLOCK < DSC_BLOCK ? d->filters - b * DSC_BLOCK : DSC_BLOCK;
}

#endif
