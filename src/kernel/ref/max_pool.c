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

void DSC_R(dsc_ref_max_pool_forward)(const dsc_pool_shape *s, int rows, const real *x, real *y,
                                     int32_t *argmax)
{
    const size_t plane = (size_t)s->height * (size_t)s->width;

    for (int i = 0; i < rows * s->channels; i++, x += plane)
        for (int oy = 0; oy < s->out_h; oy++)
            for (int ox = 0; ox < s->out_w; ox++) {
                const int32_t at = largest_in(s, x, oy, ox);
                *argmax++ = at;
                *y++ = x[at];
            }
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
