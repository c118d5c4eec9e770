/* max_pool.c - the largest of each window, and where it stood.
 *
 * Of windows that lie inside the picture, which are most, a whole row is taken at a time, one
 * window element after the other: loops that vectorize, and have no branch that could only be
 * guessed. The elements of one window are compared in the same order either way. */
#include "kernel/ref/ref.h"

#include <string.h>

enum { LANES = 4 }; /* rows are cut into multiples of it */

/* Is v to replace the largest so far? The first of equal ones stays; a NaN is larger than anything.
 * Not with && and ||: those are branches. */
static inline bool beats(real v, real largest)
{
    return (!(v <= largest)) & (largest == largest);
}

/* The position y * width + x of the largest element of one window; -1 when it lies wholly in the
 * padding. */
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
            if (best < 0 || beats(x[here], x[best]))
                best = here;
        }
    }
    return best;
}

static void one_by_one(const dsc_pool_shape *s, const real *x, int oy, int begin, int end, real *y,
                       int32_t *argmax)
{
    for (int ox = begin; ox < end; ox++) {
        argmax[ox] = largest_in(s, x, oy, ox);
        y[ox] = argmax[ox] < 0 ? -(real)INFINITY : x[argmax[ox]];
    }
}

/* y and argmax [0..n) take in one element of each of n windows: x[0] of the first, x[stride] of the
 * second, and so on; x[0] stands at position `at`. */
static inline void take(const real *restrict x, int32_t at, int stride, int n, real *restrict y,
                        int32_t *restrict argmax)
{
    for (int i = 0; i < n; i++) {
        const real v = x[(ptrdiff_t)i * stride];
        const bool better = beats(v, y[i]);
        y[i] = better ? v : y[i];
        argmax[i] = better ? at + i * stride : argmax[i];
    }
}

/* The n windows of one output row from ox on, all inside. */
static void inside_row(const dsc_pool_shape *s, const real *x, int oy, int ox, int n, real *y,
                       int32_t *argmax)
{
    const int stride = s->stride_w, row = s->dilation_h * s->width;
    const int first = (oy * s->stride_h - s->pad_h) * s->width + ox * stride - s->pad_w;

    for (int i = 0; i < n; i++) {
        argmax[ox + i] = first + i * stride;
        y[ox + i] = x[first + i * stride];
    }
    for (int ky = 0; ky < s->kernel_h; ky++)
        for (int kx = ky == 0; kx < s->kernel_w; kx++) { /* all but the first */
            const int at = first + ky * row + kx * s->dilation_w;
            take(x + at, at, stride, n, y + ox, argmax + ox);
        }
}

/* The same in two parts that overlap, each a multiple of what fits into a vector: what would be
 * left over is slow. */
static void inside_rows(const dsc_pool_shape *s, const real *x, int oy, int begin, int end, real *y,
                        int32_t *argmax)
{
    const int left = (end - begin) % LANES;

    if (end - begin < LANES) {
        one_by_one(s, x, oy, begin, end, y, argmax);
        return;
    }
    inside_row(s, x, oy, begin, end - begin - left, y, argmax);
    if (left)
        inside_row(s, x, oy, end - LANES, LANES, y, argmax);
}

/* The windows *begin..*end of `count` along an axis that touch no padding. */
static void untouched(int size, int kernel, int stride, int pad, int dilation, int count,
                      int *begin, int *end)
{
    const int room = size + pad - dilation * (kernel - 1) - 1; /* the last one's begin at most */

    *begin = (pad + stride - 1) / stride;
    *end = room < 0 ? 0 : room / stride + 1;
    *end = *end < count ? *end : count;
    *begin = *begin < *end ? *begin : *end;
}

void DSC_R(dsc_ref_max_pool_forward)(const dsc_pool_shape *s, int rows, const real *x, real *y,
                                     int32_t *argmax)
{
    const size_t planes = (size_t)rows * (size_t)s->channels;
    int top, bottom, left, right;

    untouched(s->height, s->kernel_h, s->stride_h, s->pad_h, s->dilation_h, s->out_h, &top,
              &bottom);
    untouched(s->width, s->kernel_w, s->stride_w, s->pad_w, s->dilation_w, s->out_w, &left, &right);
    for (size_t i = 0; i < planes; i++, x += (size_t)s->height * (size_t)s->width)
        for (int oy = 0; oy < s->out_h; oy++, y += s->out_w, argmax += s->out_w) {
            if (oy < top || oy >= bottom) {
                one_by_one(s, x, oy, 0, s->out_w, y, argmax);
                continue;
            }
            one_by_one(s, x, oy, 0, left, y, argmax);
            inside_rows(s, x, oy, left, right, y, argmax);
            one_by_one(s, x, oy, right, s->out_w, y, argmax);
        }
}

void DSC_R(dsc_ref_max_pool_backward)(const dsc_pool_shape *s, int rows, const real *dy,
                                      const int32_t *argmax, real *dx)
{
    const size_t planes = (size_t)rows * (size_t)s->channels;
    const size_t plane = (size_t)s->height * (size_t)s->width;
    const int area = s->out_h * s->out_w;

    memset(dx, 0, planes * plane * sizeof *dx);
    for (size_t i = 0; i < planes; i++, dx += plane, dy += area, argmax += area)
        for (int j = 0; j < area; j++)
            if (argmax[j] >= 0)
                dx[argmax[j]] += dy[j];
}
