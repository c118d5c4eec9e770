/* avg_pool.c - the mean of each window. */
#include "kernel/ref/ref.h"

#include <string.h>

/* A window's part inside the picture, and what its sum is divided by. */
typedef struct window {
    int top, bottom, left, right;
    size_t count;
} window;

static int larger(int a, int b)
{
    return a > b ? a : b;
}

static int smaller(int a, int b)
{
    return a < b ? a : b;
}

/* Padding counts when count_pad, but never what lies beyond it (the last window may overhang). */
static window window_at(const dsc_pool_shape *s, int oy, int ox)
{
    const int y = oy * s->stride_h - s->pad_h, x = ox * s->stride_w - s->pad_w;
    const int y_end = smaller(y + s->kernel_h, s->height + s->pad_h);
    const int x_end = smaller(x + s->kernel_w, s->width + s->pad_w);
    window v = {.top = larger(y, 0),
                .bottom = smaller(y_end, s->height),
                .left = larger(x, 0),
                .right = smaller(x_end, s->width)};

    v.count = s->count_pad ? (size_t)(y_end - y) * (size_t)(x_end - x)
                           : (size_t)(v.bottom - v.top) * (size_t)(v.right - v.left);
    return v;
}

void DSC_R(dsc_ref_avg_pool_forward)(const dsc_pool_shape *s, int rows, const real *x, real *y)
{
    const size_t planes = (size_t)rows * (size_t)s->channels;
    const size_t plane = (size_t)s->height * (size_t)s->width;

    for (size_t i = 0; i < planes; i++, x += plane)
        for (int o = 0; o < s->out_h * s->out_w; o++) {
            const window v = window_at(s, o / s->out_w, o % s->out_w);
            real sum = 0;
            for (int r = v.top; r < v.bottom; r++)
                for (int c = v.left; c < v.right; c++)
                    sum += x[(size_t)r * (size_t)s->width + (size_t)c];
            *y++ = sum / (real)v.count;
        }
}

void DSC_R(dsc_ref_avg_pool_backward)(const dsc_pool_shape *s, int rows, const real *dy, real *dx)
{
    const size_t planes = (size_t)rows * (size_t)s->channels;
    const size_t plane = (size_t)s->height * (size_t)s->width;

    memset(dx, 0, planes * plane * sizeof *dx);
    for (size_t i = 0; i < planes; i++, dx += plane)
        for (int o = 0; o < s->out_h * s->out_w; o++) {
            const window v = window_at(s, o / s->out_w, o % s->out_w);
            const real part = *dy++ / (real)v.count;
            for (int r = v.top; r < v.bottom; r++)
                for (int c = v.left; c < v.right; c++)
                    dx[(size_t)r * (size_t)s->width + (size_t)c] += part;
        }
}
