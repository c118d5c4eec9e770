/* max_pool.c - the largest of each window, and where it stood. */
#include "kernel/ref/ref.h"

#include <string.h>

/* The position y * width + x of the largest element of one window; the first of equal ones; a NaN
 * is larger than anything. */
static int32_t largest_in(const dsc_pool_shape *s, const real *x, int oy, int ox)
{
    int32_t best = -1;

    for (int ky = 0; ky < s->kernel_h; ky++) {
        const int y = oy * s->stride_h - s->pad_h + ky * s->dilation_h;
        for (int kx = 0; kx < s->kernel_w && y >= 0 && y < s->height; kx++) {
            const int at = ox * s->stride_w - s->pad_w + kx * s->dilation_w;
            if (at < 0 || at >= s->width)
                continue;
            const int32_t here = y * s->width + at;
            if (best < 0 || x[here] > x[best] || (isnan(x[here]) && !isnan(x[best])))
                best = here;
        }
    }
    return best;
}

/* Windows begin..end of one row, which lie inside the picture: all windows together, one element of
 * the window at a time, so that the loop has no branches. */
static void inside_row(const dsc_pool_shape *s, const real *x, int oy, int begin, int end,
                       real *restrict y, int32_t *restrict argmax)
{
    const int top = oy * s->stride_h - s->pad_h;

    for (int k = 0; k < s->kernel_h * s->kernel_w; k++) {
        const int32_t first = (top + k / s->kernel_w * s->dilation_h) * s->width +
                              k % s->kernel_w * s->dilation_w - s->pad_w;
        for (int ox = begin; ox < end; ox++) {
            const int32_t here = first + ox * s->stride_w;
            const real v = x[here];
            const bool take = k == 0 || v > y[ox] || v != v; /* NaN stays: nothing is above it */
            y[ox] = take ? v : y[ox];
            argmax[ox] = take ? here : argmax[ox];
        }
    }
}

/* The windows of a row that lie inside from left to right. */
static void inside_columns(const dsc_pool_shape *s, int *begin, int *end)
{
    const int reach = (s->kernel_w - 1) * s->dilation_w;
    const int last = s->width - 1 - reach + s->pad_w; /* largest left edge, in padded columns */

    *end = last < 0 ? 0 : last / s->stride_w + 1;
    *end = *end < s->out_w ? *end : s->out_w;
    *begin = (s->pad_w + s->stride_w - 1) / s->stride_w;
    *begin = *begin < *end ? *begin : *end;
}

static void pool_row(const dsc_pool_shape *s, const real *x, int oy, real *y, int32_t *argmax)
{
    const int top = oy * s->stride_h - s->pad_h;
    int begin, end;

    inside_columns(s, &begin, &end);
    if (top < 0 || top + (s->kernel_h - 1) * s->dilation_h >= s->height)
        begin = end = 0; /* the whole row touches the border */
    inside_row(s, x, oy, begin, end, y, argmax);
    for (int ox = 0; ox < s->out_w; ox++)
        if (ox < begin || ox >= end) {
            argmax[ox] = largest_in(s, x, oy, ox);
            y[ox] = x[argmax[ox]];
        }
}

void DSC_R(dsc_ref_max_pool_forward)(const dsc_pool_shape *s, int rows, const real *x, real *y,
                                     int32_t *argmax)
{
    const size_t plane = (size_t)s->height * (size_t)s->width;

    for (int i = 0; i < rows * s->channels; i++, x += plane)
        for (int oy = 0; oy < s->out_h; oy++, y += s->out_w, argmax += s->out_w)
            pool_row(s, x, oy, y, argmax);
}

void DSC_R(dsc_ref_max_pool_backward)(const dsc_pool_shape *s, int rows, const real *dy,
                                      const int32_t *argmax, real *dx)
{
    const size_t plane = (size_t)s->height * (size_t)s->width;
    const int area = s->out_h * s->out_w;

    memset(dx, 0, (size_t)rows * (size_t)s->channels * plane * sizeof *dx);
    for (int i = 0; i < rows * s->channels; i++, dx += plane)
        for (int j = 0; j < area; j++)
            dx[*argmax++] += *dy++;
}
