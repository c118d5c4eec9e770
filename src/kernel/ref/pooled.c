/* pooled.c - convolution, relu and max pooling, one example and one step after the other. */
#include "kernel/ref/ref.h"

#include <string.h>

enum { DEAD = 255 }; /* the winner of windows that have nothing above 0 */

/* Where element i of window o stands in one channel of the convolution's output. */
static size_t place(const dsc_pool_shape *p, int o, int i)
{
    const int y = o / p->out_w * p->kernel_h + i / p->kernel_w;
    const int x = o % p->out_w * p->kernel_w + i % p->kernel_w;

    return (size_t)y * (size_t)p->width + (size_t)x;
}

/* The first of equal ones; a NaN is larger than anything. */
static int largest(const dsc_pool_shape *p, const real *z, int o)
{
    int best = 0;

    for (int i = 1; i < p->kernel_h * p->kernel_w; i++) {
        const real v = z[place(p, o, i)], most = z[place(p, o, best)];
        if (!(v <= most) && most == most)
            best = i;
    }
    return best;
}

static size_t area(const dsc_conv_shape *s)
{
    return (size_t)s->out_h * (size_t)s->out_w;
}

void DSC_R(dsc_ref_pooled_forward)(const dsc_kernels *k, const dsc_conv_shape *s,
                                   const dsc_pool_shape *p, int rows, const dsc_pooled *a,
                                   real *scratch)
{
    const size_t x_size = (size_t)s->channels * (size_t)s->height * (size_t)s->width;
    real *z = scratch, *rest = z + (size_t)s->filters * area(s);
    const real *x = a->x;
    real *y = a->y;
    uint8_t *winner = a->winner;

    for (int row = 0; row < rows; row++, x += x_size) {
        k->conv_forward(k, s, 1, x, a->w, a->bias, z, rest);
        for (int f = 0; f < s->filters; f++)
            for (int o = 0; o < p->out_h * p->out_w; o++, y++, winner++) {
                const real *plane = z + (size_t)f * area(s);
                const int i = largest(p, plane, o);
                const real best = plane[place(p, o, i)];
                *y = best < 0 ? 0 : best;
                *winner = best > 0 ? (uint8_t)i : DEAD;
            }
    }
}

void DSC_R(dsc_ref_pooled_backward)(const dsc_kernels *k, const dsc_conv_shape *s,
                                    const dsc_pool_shape *p, int rows, const dsc_pooled *a,
                                    real *scratch)
{
    const size_t x_size = (size_t)s->channels * (size_t)s->height * (size_t)s->width;
    const size_t filters = (size_t)s->filters;
    const size_t w_size = filters * (size_t)(s->channels * s->kernel_h * s->kernel_w);
    real *dz = scratch, *dw_one = dz + filters * area(s), *dbias_one = dw_one + w_size;
    real *rest = dbias_one + filters;
    const real *dy = a->dy;
    const uint8_t *winner = a->winner;

    if (a->dw)
        memset(a->dw, 0, w_size * sizeof *a->dw);
    if (a->dbias)
        memset(a->dbias, 0, filters * sizeof *a->dbias);
    for (int row = 0; row < rows; row++) {
        memset(dz, 0, filters * area(s) * sizeof *dz);
        for (int f = 0; f < s->filters; f++)
            for (int o = 0; o < p->out_h * p->out_w; o++, dy++, winner++)
                if (*winner != DEAD)
                    dz[(size_t)f * area(s) + place(p, o, *winner)] = *dy;
        if (a->dw || a->dbias)
            k->conv_backward_weights(k, s, 1, a->x + (size_t)row * x_size, dz, dw_one, dbias_one,
                                     rest);
        for (size_t i = 0; a->dw && i < w_size; i++)
            a->dw[i] += dw_one[i];
        for (size_t i = 0; a->dbias && i < filters; i++)
            a->dbias[i] += dbias_one[i];
        if (a->dx)
            k->conv_backward_data(k, s, 1, dz, a->w, a->dx + (size_t)row * x_size, rest);
    }
}
