/* test_conv.c - convolution in double against its definition, one product after the other. */
#define DSC_REAL  64
#define DSC_LEVEL base
#include "block.h"
#include "conv_cases.h"
#include "kernel/kernel.h"

/* One product of the definition: y[y] has a summand x[x] w[w]. */
typedef struct product {
    size_t x, w, y;
} product;

/* The product of filter f, output (oy, ox), channel c of its group and kernel element (ky, kx);
 * false in the padding. */
static bool product_at(const dsc_conv_shape *s, int row, int f, int o, int k, product *p)
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

/* Random x, w, bias and dy; the rest is to be computed. */
static arrays make(const dsc_conv_shape *s, int rows)
{
    const size_t x = conv_x(s, rows), w = conv_w(s), y = conv_y(s, rows), f = (size_t)s->filters;

    return (arrays){.x = block_random(x, 1),
                    .w = block_random(w, 2),
                    .bias = block_random(f, 3),
                    .dy = block_random(y, 4),
                    .y = block_new(y),
                    .dx = block_new(x),
                    .dw = block_new(w),
                    .dbias = block_new(f),
                    .scratch = block_new(dsc_conv_scratch(s, rows))};
}

static void release(arrays a)
{
    const block all[] = {a.x, a.w, a.bias, a.y, a.dy, a.dx, a.dw, a.dbias, a.scratch};

    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        block_free(all[i]);
}

/* The definition of all five results. */
static void define(const dsc_conv_shape *s, int rows, bool bias, arrays *a)
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
                if (!product_at(s, row, f, fo % area, k, &p))
                    continue;
                a->y.x[p.y] += a->x.x[p.x] * a->w.x[p.w];
                a->dx.x[p.x] += a->dy.x[p.y] * a->w.x[p.w];
                a->dw.x[p.w] += a->dy.x[p.y] * a->x.x[p.x];
            }
        }
}

static const dsc_kernels *kernels(void)
{
    return dsc_kernels_choose(DESCENT_F64, DSC_BACKEND_AUTO, dsc_level_choose());
}

static void convolution_is_its_definition(void **state)
{
    const dsc_kernels *k = kernels();

    (void)state;
    for (int i = 0; i < N_CONV_CASES; i++) {
        const dsc_conv_shape s = sized(conv_cases[i].shape);
        const int rows = conv_cases[i].rows;
        arrays got = make(&s, rows), expected = make(&s, rows);
        define(&s, rows, true, &expected);
        k->conv_forward(k, &s, rows, got.x.x, got.w.x, got.bias.x, got.y.x, got.scratch.x);
        k->conv_backward_data(k, &s, rows, got.dy.x, got.w.x, got.dx.x, got.scratch.x);
        k->conv_backward_weights(k, &s, rows, got.x.x, got.dy.x, got.dw.x, got.dbias.x,
                                 got.scratch.x);
        block_near("y", i, got.y, expected.y, 1e-12);
        block_near("dx", i, got.dx, expected.dx, 1e-12);
        block_near("dw", i, got.dw, expected.dw, 1e-11);
        block_near("dbias", i, got.dbias, expected.dbias, 1e-11);
        release(got);
        release(expected);
    }
}

static void what_is_not_wanted_may_be_left_out(void **state)
{
    const dsc_kernels *k = kernels();
    const dsc_conv_shape s = sized(conv_cases[3].shape);
    const int rows = conv_cases[3].rows;
    arrays got = make(&s, rows), expected = make(&s, rows);

    (void)state;
    define(&s, rows, false, &expected);
    k->conv_forward(k, &s, rows, got.x.x, got.w.x, NULL, got.y.x, got.scratch.x);
    block_near("y", 3, got.y, expected.y, 1e-12);
    k->conv_backward_weights(k, &s, rows, got.x.x, got.dy.x, got.dw.x, NULL, got.scratch.x);
    block_near("dw", 3, got.dw, expected.dw, 1e-12);
    k->conv_backward_weights(k, &s, rows, got.x.x, got.dy.x, NULL, got.dbias.x, got.scratch.x);
    block_near("dbias", 3, got.dbias, expected.dbias, 1e-12);
    release(got);
    release(expected);
}

static void no_rows_give_no_gradient(void **state)
{
    const dsc_kernels *k = kernels();
    const dsc_conv_shape s = sized(conv_cases[1].shape);
    arrays a = make(&s, 1);

    (void)state;
    k->conv_backward_weights(k, &s, 0, a.x.x, a.dy.x, a.dw.x, a.dbias.x, a.scratch.x);
    for (size_t i = 0; i < a.dw.n; i++)
        assert_true(a.dw.x[i] == 0);
    for (size_t i = 0; i < a.dbias.n; i++)
        assert_true(a.dbias.x[i] == 0);
    release(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(convolution_is_its_definition),
        cmocka_unit_test(what_is_not_wanted_may_be_left_out),
        cmocka_unit_test(no_rows_give_no_gradient),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
