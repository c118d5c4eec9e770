/* conv_define.h - convolution by its definition, one product after the other; for test_conv.c and
 * test_inputs.c. */
#ifndef TEST_CONV_DEFINE_H
#define TEST_CONV_DEFINE_H

#include "block.h"
#include "conv_cases.h"

/* One product of the definition: y[y] has a summand x[x] w[w]. */
typedef struct product {
    size_t x, w, y;
} product;

/* The product of filter f, output (oy, ox), channel c of its group and kernel element (ky, kx);
 * false in the padding. */
static inline bool product_at(const dsc_conv_shape *s, int row, int f, int o, int k, product *p)
{
    const int channels = s->channels / s->groups, filters = s->filters / s->groups;
    const int kx = k % s->kernel_w, ky = k / s->kernel_w % s->kernel_h;
    const int c = k / (s->kernel_w * s->kernel_h);
    const int y = o / s->out_w * s->stride_h - s->pad_h + ky * s->dilation_h;
    const int x = o % s->out_w * s->stride_w - s->pad_w + kx * s->dilation_w;
    const int channel = f / filters * channels + c;

    p->w = (size_t)(f * channels * s->kernel_h * s->kernel_w + k);
    p->y = (size_t)((row * s->filters + f) * s->out_h * s->out_w + o);
    if (y < 0 || y >= s->height || x < 0 || x >= s->width)
        return false;
    p->x = (size_t)(((row * s->channels + channel) * s->height + y) * s->width + x);
    return true;
}

typedef struct arrays {
    block x, w, bias, y, dy, dx, dw, dbias, scratch;
} arrays;

/* x and dy of some content, random w and bias; the rest is to be computed. */
static inline arrays make(const dsc_conv_shape *s, int rows, content in, content gradient)
{
    const size_t x = conv_x(s, rows), w = conv_w(s), y = conv_y(s, rows), f = (size_t)s->filters;

    return (arrays){.x = block_of(x, in, 1),
                    .w = block_random(w, 2),
                    .bias = block_random(f, 3),
                    .dy = block_of(y, gradient, 4),
                    .y = block_new(y),
                    .dx = block_new(x),
                    .dw = block_new(w),
                    .dbias = block_new(f),
                    .scratch = block_new(dsc_conv_scratch(s, rows))};
}

static inline void release(arrays a)
{
    const block all[] = {a.x, a.w, a.bias, a.y, a.dy, a.dx, a.dw, a.dbias, a.scratch};

    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        block_free(all[i]);
}

/* The definition of all five results. padding: its zeros are multiplied too, which makes NaN of NaN
 * weights and gradients. */
static inline void define(const dsc_conv_shape *s, int rows, bool bias, bool padding, arrays *a)
{
    const int depth = s->channels / s->groups * s->kernel_h * s->kernel_w;
    const int area = s->out_h * s->out_w;

    memset(a->dx.x, 0, a->dx.n * sizeof *a->dx.x);
    memset(a->dw.x, 0, a->dw.n * sizeof *a->dw.x);
    memset(a->dbias.x, 0, a->dbias.n * sizeof *a->dbias.x);
    for (int row = 0; row < rows; row++)
        for (int fo = 0; fo < s->filters * area; fo++) {
            const int f = fo / area;
            const size_t y = (size_t)(row * s->filters * area + fo);
            a->y.x[y] = bias ? a->bias.x[f] : 0;
            a->dbias.x[f] += a->dy.x[y];
            for (int k = 0; k < depth; k++) {
                product p;
                if (!product_at(s, row, f, fo % area, k, &p)) {
                    a->y.x[p.y] += padding ? 0 * a->w.x[p.w] : 0;
                    a->dw.x[p.w] += padding ? a->dy.x[p.y] * 0 : 0;
                    continue;
                }
                a->y.x[p.y] += a->x.x[p.x] * a->w.x[p.w];
                a->dx.x[p.x] += a->dy.x[p.y] * a->w.x[p.w];
                a->dw.x[p.w] += a->dy.x[p.y] * a->x.x[p.x];
            }
        }
}

#endif
