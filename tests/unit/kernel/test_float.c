/* test_float.c - convolution and pooling in float: all instruction sets give the same bits, and
 * the fastest kernels nearly the results of the plain ones. */
#define DSC_REAL  32
#define DSC_LEVEL base
#include "base/parallel.h"
#include "block.h"
#include "conv_cases.h"
#include "kernel/kernel.h"

/* One convolution with all its results; what the thread does for work. */
typedef struct run {
    const dsc_kernels *k;
    dsc_conv_shape s;
    int rows;
    block x, w, dy, y, dx, dw, dbias, scratch;
} run;

static void all_three(int index, void *user)
{
    const run *r = user;

    (void)index;
    r->k->conv_forward(r->k, &r->s, r->rows, r->x.x, r->w.x, NULL, r->y.x, r->scratch.x);
    r->k->conv_backward_data(r->k, &r->s, r->rows, r->dy.x, r->w.x, r->dx.x, r->scratch.x);
    r->k->conv_backward_weights(r->k, &r->s, r->rows, r->x.x, r->dy.x, r->dw.x, r->dbias.x,
                                r->scratch.x);
}

static run convolve(int number, dsc_backend backend, dsc_level level)
{
    const dsc_conv_shape s = sized(conv_cases[number].shape);
    const int rows = conv_cases[number].rows;
    run r = {.k = dsc_kernels_choose(DESCENT_F32, backend, level),
             .s = s,
             .rows = rows,
             .x = block_random(conv_x(&s, rows), 1),
             .w = block_random(conv_w(&s), 2),
             .dy = block_random(conv_y(&s, rows), 3),
             .y = block_new(conv_y(&s, rows)),
             .dx = block_new(conv_x(&s, rows)),
             .dw = block_new(conv_w(&s)),
             .dbias = block_new((size_t)s.filters),
             .scratch = block_new(dsc_conv_scratch(&s, rows))};

    dsc_parallel_for(1, 1, all_three, &r);
    return r;
}

static void release(run r)
{
    const block all[] = {r.x, r.w, r.dy, r.y, r.dx, r.dw, r.dbias, r.scratch};

    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        block_free(all[i]);
}

static void convolution_has_the_same_bits_at_every_level(void **state)
{
    (void)state;
    for (int i = 0; i < N_CONV_CASES; i++) {
        const run base = convolve(i, DSC_BACKEND_REF, DSC_LEVEL_base);
        for (int level = 1; level <= (int)dsc_level_choose(); level++) {
            const run other = convolve(i, DSC_BACKEND_REF, (dsc_level)level);
            block_same(base.y, other.y);
            block_same(base.dx, other.dx);
            block_same(base.dw, other.dw);
            block_same(base.dbias, other.dbias);
            release(other);
        }
        release(base);
    }
}

static void convolution_by_the_fastest_is_near(void **state)
{
    (void)state;
    for (int i = 0; i < N_CONV_CASES; i++) {
        const run plain = convolve(i, DSC_BACKEND_REF, dsc_level_choose());
        const run fast = convolve(i, DSC_BACKEND_AUTO, dsc_level_choose());
        block_near("y", i, fast.y, plain.y, 1e-4);
        block_near("dx", i, fast.dx, plain.dx, 1e-4);
        block_near("dw", i, fast.dw, plain.dw, 1e-3); /* sums of up to 8,000 products */
        block_near("dbias", i, fast.dbias, plain.dbias, 1e-3);
        release(plain);
        release(fast);
    }
}

static const dsc_pool_shape pool = {.channels = 5,
                                    .height = 11,
                                    .width = 37,
                                    .kernel_h = 3,
                                    .kernel_w = 3,
                                    .stride_h = 2,
                                    .stride_w = 1,
                                    .pad_h = 1,
                                    .pad_w = 1,
                                    .dilation_h = 1,
                                    .dilation_w = 1,
                                    .out_h = 6,
                                    .out_w = 37,
                                    .count_pad = true};
enum { ROWS = 2, POOL_X = ROWS * 5 * 11 * 37, POOL_Y = ROWS * 5 * 6 * 37 };

/* out[0]: largest, out[1]: mean; out[2], out[3]: their gradients. */
static void pool_all(dsc_level level, block x, block dy, block out[4])
{
    static int32_t argmax[POOL_Y];
    const dsc_kernels *k = dsc_kernels_choose(DESCENT_F32, DSC_BACKEND_AUTO, level);

    for (int i = 0; i < 4; i++)
        out[i] = block_new(i < 2 ? POOL_Y : POOL_X);
    k->max_pool_forward(&pool, ROWS, x.x, out[0].x, argmax);
    k->avg_pool_forward(&pool, ROWS, x.x, out[1].x);
    k->max_pool_backward(&pool, ROWS, dy.x, argmax, out[2].x);
    k->avg_pool_backward(&pool, ROWS, dy.x, out[3].x);
}

static void pooling_has_the_same_bits_at_every_level(void **state)
{
    const block x = block_random(POOL_X, 1), dy = block_random(POOL_Y, 2);
    block base[4], other[4];

    (void)state;
    x.x[100] = x.x[777] = (real)NAN;
    pool_all(DSC_LEVEL_base, x, dy, base);
    for (int level = 1; level <= (int)dsc_level_choose(); level++) {
        pool_all((dsc_level)level, x, dy, other);
        for (int i = 0; i < 4; i++) {
            block_same(base[i], other[i]);
            block_free(other[i]);
        }
    }
    for (int i = 0; i < 4; i++)
        block_free(base[i]);
    block_free(x);
    block_free(dy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(convolution_has_the_same_bits_at_every_level),
        cmocka_unit_test(convolution_by_the_fastest_is_near),
        cmocka_unit_test(pooling_has_the_same_bits_at_every_level),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
