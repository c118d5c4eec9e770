/* test_pool.c - pooling against its definition: ties, NaN, padding, windows that overhang. */
#define DSC_REAL  64
#define DSC_LEVEL base
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

static const dsc_kernels *kernels(void)
{
    return dsc_kernels_choose(DESCENT_F64, DSC_BACKEND_AUTO, dsc_level_choose());
}

static size_t count_x(const dsc_pool_shape *s)
{
    return (size_t)(ROWS * s->channels * s->height * s->width);
}

static size_t count_y(const dsc_pool_shape *s)
{
    return (size_t)(ROWS * s->channels * s->out_h * s->out_w);
}

/* Where element k of window o lies in its plane; -1 outside the picture. *counts: it lies in the
 * picture or its padding. */
static int element_at(const dsc_pool_shape *s, int o, int k, bool *counts)
{
    const int y = o / s->out_w * s->stride_h - s->pad_h + k / s->kernel_w * s->dilation_h;
    const int x = o % s->out_w * s->stride_w - s->pad_w + k % s->kernel_w * s->dilation_w;

    *counts = y < s->height + s->pad_h && x < s->width + s->pad_w;
    return y >= 0 && y < s->height && x >= 0 && x < s->width ? y * s->width + x : -1;
}

static void check_max(const char *what, int number, const dsc_pool_shape *s, block x)
{
    const block y = block_new(count_y(s)), dy = block_random(count_y(s), 2);
    const block dx = block_new(count_x(s)), expected = block_new(count_x(s));
    int32_t *argmax = malloc(y.n * sizeof *argmax);
    const int area = s->out_h * s->out_w;

    assert_non_null(argmax);
    memset(expected.x, 0, expected.n * sizeof *expected.x);
    kernels()->max_pool_forward(s, ROWS, x.x, y.x, argmax);
    kernels()->max_pool_backward(s, ROWS, dy.x, argmax, dx.x);
    for (int i = 0; i < (int)y.n; i++) {
        const real *plane = x.x + (size_t)(i / area * s->height * s->width);
        int best = -1;
        for (int k = 0; k < s->kernel_h * s->kernel_w; k++) {
            bool counts;
            const int at = element_at(s, i % area, k, &counts);
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

/* Random numbers, then such with many equal ones, then with a NaN or two in many windows. */
static void the_largest_is_found(void **state)
{
    (void)state;
    for (int i = 0; i < N_CASES + N_DILATED; i++) {
        const dsc_pool_shape *s = i < N_CASES ? &cases[i] : &dilated[i - N_CASES];
        const block x = block_random(count_x(s), 1);
        check_max("random", i, s, x);
        for (size_t j = 0; j < x.n; j++)
            x.x[j] = floor(x.x[j]);
        check_max("ties", i, s, x);
        for (size_t j = 0; j < x.n; j += 5)
            x.x[j] = (real)NAN;
        check_max("NaN", i, s, x);
        for (size_t j = 0; j < x.n; j++)
            x.x[j] = -(real)INFINITY;
        check_max("-inf", i, s, x);
        block_free(x);
    }
}

/* A window of 2 with dilation 3 on a picture of 2x2, padded by 1: nothing lies under it. */
static void a_window_in_the_padding_has_no_largest(void **state)
{
    static const dsc_pool_shape s = POOL(2, 2, 2, 2, 1, 1, 1, 1, 3, 3, 1, 1, false);
    const block x = block_random(count_x(&s), 1);

    (void)state;
    check_max("padding", 0, &s, x);
    block_free(x);
}

static void check_mean(int number, const dsc_pool_shape *s)
{
    const block x = block_random(count_x(s), 1), y = block_new(count_y(s));
    const block dy = block_random(count_y(s), 2), dx = block_new(count_x(s));
    const block y_expected = block_new(count_y(s)), dx_expected = block_new(count_x(s));
    const int area = s->out_h * s->out_w;

    memset(dx_expected.x, 0, dx.n * sizeof *dx.x);
    kernels()->avg_pool_forward(s, ROWS, x.x, y.x);
    kernels()->avg_pool_backward(s, ROWS, dy.x, dx.x);
    for (int i = 0; i < (int)y.n; i++) {
        const size_t plane = (size_t)(i / area * s->height * s->width);
        int count = 0;
        real sum = 0;
        for (int pass = 0; pass < 2; pass++)
            for (int k = 0; k < s->kernel_h * s->kernel_w; k++) {
                bool counts;
                const int at = element_at(s, i % area, k, &counts);
                if (pass == 0) {
                    count += s->count_pad ? counts : at >= 0;
                    sum += at < 0 ? 0 : x.x[plane + (size_t)at];
                } else if (at >= 0) {
                    dx_expected.x[plane + (size_t)at] += dy.x[i] / count;
                }
            }
        y_expected.x[i] = sum / count;
    }
    block_near("y", number, y, y_expected, 1e-15);
    block_near("dx", number, dx, dx_expected, 1e-14);
    const block all[] = {x, y, dy, dx, y_expected, dx_expected};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        block_free(all[i]);
}

static void the_mean_divides_by_what_counts(void **state)
{
    (void)state;
    for (int i = 0; i < N_CASES; i++)
        check_mean(i, &cases[i]);
}

/* 2^32 elements of a window are more than an int holds. */
static void a_huge_window_is_counted_right(void **state)
{
    enum { SIDE = 1 << 16 };
    static const dsc_pool_shape s =
        POOL(2, 2, SIDE, SIDE, SIDE, SIDE, SIDE / 2, SIDE / 2, 1, 1, 1, 1, true);
    const block x = block_random(count_x(&s), 1), y = block_new(count_y(&s));

    (void)state;
    kernels()->avg_pool_forward(&s, ROWS, x.x, y.x);
    for (size_t i = 0; i < y.n; i++) {
        const real sum = ((x.x[4 * i] + x.x[4 * i + 1]) + x.x[4 * i + 2]) + x.x[4 * i + 3];
        assert_true(fabs(y.x[i] - sum / 4294967296.0) <= 1e-20);
    }
    block_free(x);
    block_free(y);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_largest_is_found),
        cmocka_unit_test(a_window_in_the_padding_has_no_largest),
        cmocka_unit_test(the_mean_divides_by_what_counts),
        cmocka_unit_test(a_huge_window_is_counted_right),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
