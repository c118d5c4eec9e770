/* pool_define.h - pooling by its definition, one window after the other; for test_pool.c and
 * test_inputs.c. */
#ifndef TEST_POOL_DEFINE_H
#define TEST_POOL_DEFINE_H

#include "block.h"
#include "kernel/kernel.h"

enum { ROWS = 2, CHANNELS = 3 };

#define POOL(h, w, kh, kw, sh, sw, ph, pw, dh, dw, oh, ow, pad)                                    \
  {                                                                                                \
    .channels = CHANNELS, .height = h, .width = w, .kernel_h = kh, .kernel_w = kw, .stride_h = sh, \
    .stride_w = sw, .pad_h = ph, .pad_w = pw, .dilation_h = dh, .dilation_w = dw, .out_h = oh,     \
    .out_w = ow, .count_pad = pad                                                                  \
  }
static const dsc_pool_shape cases[] = {
    POOL(1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 1, false),
    POOL(8, 8, 2, 2, 2, 2, 0, 0, 1, 1, 4, 4, true),
    POOL(6, 28, 2, 2, 2, 2, 0, 0, 1, 1, 3, 14, false), /* whole vectors, and some left over */
    POOL(5, 23, 3, 3, 1, 1, 1, 1, 1, 1, 5, 23, true),
    POOL(5, 23, 3, 3, 1, 1, 1, 1, 1, 1, 5, 23, false),
    POOL(9, 40, 3, 2, 2, 3, 1, 0, 1, 1, 5, 13, true),
    POOL(5, 7, 2, 2, 2, 2, 0, 0, 1, 1, 3, 4, false), /* the last windows overhang */
    POOL(5, 7, 2, 2, 2, 2, 1, 1, 1, 1, 4, 5, true),  /* ... beyond the padding */
};
/* Only max pooling has dilation. */
static const dsc_pool_shape dilated[] = {
    POOL(9, 30, 3, 2, 1, 2, 1, 1, 2, 3, 7, 15, false),
    POOL(7, 7, 2, 2, 1, 1, 0, 0, 3, 2, 4, 5, false),
};
enum { N_CASES = sizeof cases / sizeof *cases, N_DILATED = sizeof dilated / sizeof *dilated };

static inline size_t count_x(const dsc_pool_shape *s)
{
    return (size_t)(ROWS * s->channels * s->height * s->width);
}

static inline size_t count_y(const dsc_pool_shape *s)
{
    return (size_t)(ROWS * s->channels * s->out_h * s->out_w);
}

/* Where element k of window o lies in its plane; -1 outside the picture. *counts: it lies in the
 * picture or its padding. */
static inline int element_at(const dsc_pool_shape *s, int o, int k, bool *counts)
{
    const int y = o / s->out_w * s->stride_h - s->pad_h + k / s->kernel_w * s->dilation_h;
    const int x = o % s->out_w * s->stride_w - s->pad_w + k % s->kernel_w * s->dilation_w;

    *counts = y < s->height + s->pad_h && x < s->width + s->pad_w;
    return y >= 0 && y < s->height && x >= 0 && x < s->width ? y * s->width + x : -1;
}

/* Largest and its gradient, to the last bit. */
static inline void check_max(const dsc_kernels *k, const char *what, int number,
                             const dsc_pool_shape *s, block x)
{
    const block y = block_new(count_y(s)), dy = block_random(count_y(s), 2);
    const block dx = block_new(count_x(s)), expected = block_new(count_x(s));
    int32_t *argmax = malloc(y.n * sizeof *argmax);
    const int area = s->out_h * s->out_w;

    assert_non_null(argmax);
    memset(expected.x, 0, expected.n * sizeof *expected.x);
    k->max_pool_forward(s, ROWS, x.x, y.x, argmax);
    k->max_pool_backward(s, ROWS, dy.x, argmax, dx.x);
    for (int i = 0; i < (int)y.n; i++) {
        const real *plane = x.x + (size_t)(i / area * s->height * s->width);
        int best = -1;
        for (int e = 0; e < s->kernel_h * s->kernel_w; e++) {
            bool counts;
            const int at = element_at(s, i % area, e, &counts);
            if (at < 0)
                continue;
            if (best < 0 || plane[at] > plane[best] || (isnan(plane[at]) && !isnan(plane[best])))
                best = at;
        }
        if (argmax[i] != best)
            fail_msg("%s, case %d, window %d: found at %d, expected %d", what, number, i,
                     (int)argmax[i], best);
        const real largest = best < 0 ? -(real)INFINITY : plane[best];
        assert_memory_equal(&y.x[i], &largest, sizeof largest);
        if (best >= 0)
            expected.x[i / area * s->height * s->width + best] += dy.x[i];
    }
    block_near(what, number, dx, expected, 0);
    free(argmax);
    block_free(y);
    block_free(dy);
    block_free(dx);
    block_free(expected);
}

/* Mean and its gradient, of x and dy as `what` says. */
static inline void check_mean(const dsc_kernels *k, int number, const dsc_pool_shape *s,
                              content what)
{
    const block x = block_of(count_x(s), what, 1), y = block_new(count_y(s));
    const block dy = block_of(count_y(s), what, 2), dx = block_new(count_x(s));
    const block y_expected = block_new(count_y(s)), dx_expected = block_new(count_x(s));
    const int area = s->out_h * s->out_w;

    memset(dx_expected.x, 0, dx.n * sizeof *dx.x);
    k->avg_pool_forward(s, ROWS, x.x, y.x);
    k->avg_pool_backward(s, ROWS, dy.x, dx.x);
    for (int i = 0; i < (int)y.n; i++) {
        const size_t plane = (size_t)(i / area * s->height * s->width);
        int count = 0;
        real sum = 0;
        for (int pass = 0; pass < 2; pass++)
            for (int e = 0; e < s->kernel_h * s->kernel_w; e++) {
                bool counts;
                const int at = element_at(s, i % area, e, &counts);
                if (pass == 0) {
                    count += s->count_pad ? counts : at >= 0;
                    sum += at < 0 ? 0 : x.x[plane + (size_t)at];
                } else if (at >= 0) {
                    dx_expected.x[plane + (size_t)at] += dy.x[i] / (real)count;
                }
            }
        y_expected.x[i] = sum / (real)count;
    }
    const double scale = what == LARGE ? 1e30 : 1, eps = sizeof(real) == 4 ? 1e-6 : 1e-15;
    block_agree("y", number, y, y_expected, eps * scale);
    block_agree("dx", number, dx, dx_expected, 10 * eps * scale);
    const block all[] = {x, y, dy, dx, y_expected, dx_expected};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        block_free(all[i]);
}

#endif
