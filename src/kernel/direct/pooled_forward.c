/* pooled_forward.c - convolution, relu and max pooling over windows that don't overlap: a row of
 * windows at a time, while it is in the first cache. */
#include "kernel/direct/pooled.h"

#ifdef DSC_VECTOR

#  include <string.h>

/* One row of windows: y and winner (out_w; wide apart) <- z (kernel_h, columns, DSC_BLOCK). */
static void pool_row(const pooled *o, int filters, const float *z, float *y, uint8_t *winner)
{
    const dsc_pool_shape *p = o->p;

    for (int ox = 0; ox < p->out_w; ox++, z += (size_t)p->kernel_w * DSC_BLOCK)
        for (int f = 0; f < filters; f += DSC_VECTOR) {
            vec best = vec_load(z + f);
            vec_numbers at = vec_no_numbers();
            for (int i = 1; i < p->kernel_h * p->kernel_w; i++) {
                const int place = i / p->kernel_w * o->columns + i % p->kernel_w;
                vec_larger(vec_load(z + (size_t)place * DSC_BLOCK + f), i, &best, &at);
            }
            const size_t to = (size_t)ox * o->d.wide + (size_t)f;
            vec_store_relu(best, at, DSC_DEAD, y + to, winner + to);
        }
}

static void forward_one(const pooled *o, const float *x, float *out, uint8_t *winner)
{
    const dsc_direct *d = &o->d;
    const dsc_pool_shape *p = o->p;
    float *z = o->space + d->z;

    for (int b = 0; b < d->blocks; b++) {
        const float *w = o->space + d->packed + (size_t)b * (size_t)d->depth * DSC_BLOCK;
        const float *bias = o->space + d->bias + (size_t)b * DSC_BLOCK;
        for (int oy = 0; oy < p->out_h; oy++) {
            for (int r = 0; r < p->kernel_h; r++) {
                const size_t row =
                    ((size_t)oy * (size_t)p->kernel_h + (size_t)r) * (size_t)d->stride_h;
                DSC_R(dsc_direct_row)
                (d, x + row * d->row, w, bias, in_block(d, b), o->columns,
                 z + (size_t)(r * o->columns) * DSC_BLOCK);
            }
            const size_t at = (size_t)(oy * p->out_w) * d->wide + (size_t)b * DSC_BLOCK;
            pool_row(o, in_block(d, b), z, out + at, winner + at);
        }
    }
}

void DSC_R(dsc_direct_pooled_forward)(const dsc_kernels *k, const dsc_conv_shape *s,
                                      const dsc_pool_shape *p, int rows, const dsc_pooled *a,
                                      float *scratch)
{
    const pooled o = of_shapes(s, p, scratch);
    const dsc_direct *d = &o.d;
    float *out = scratch + d->out, *picture = scratch + d->picture, *y = a->y;
    const float *x = a->x;
    uint8_t *winner = a->winner;

    (void)k;
    DSC_R(dsc_direct_pack_filters)(d->filters, d->depth, a->w, scratch + d->packed);
    memset(scratch + d->bias, 0, d->wide * sizeof *scratch);
    if (a->bias)
        memcpy(scratch + d->bias, a->bias, (size_t)d->filters * sizeof *a->bias);
    memset(picture, 0, (size_t)d->channels * d->plane * sizeof *picture);
    for (int i = 0; i < rows; i++, x += o.x, y += o.y, winner += (size_t)d->places * d->wide) {
        forward_one(&o, DSC_R(dsc_direct_pad)(d, x, picture), out, winner);
        DSC_R(dsc_direct_turn)(d->places, d->filters, out, d->wide, y, (size_t)d->places);
    }
}

#endif
