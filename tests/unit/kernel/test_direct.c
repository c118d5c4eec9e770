/* test_direct.c - the fastest kernels for convolution, and for convolution, relu and max pooling in
 * one go, against the plain ones; at every instruction set, between guards. Sums are in another
 * order and fused, so they are near, not the same. */
#define DSC_REAL  32
#define DSC_LEVEL base
#include "base/parallel.h"
#include "block.h"
#include "conv_cases.h"
#include "kernel/kernel.h"

typedef struct pooled_case {
    conv_case conv;
    int pool_h, pool_w;
} pooled_case;

#define CASE(n, c, h, w, f, kh, kw, sh, sw, ph, pw, pool_h, pool_w) \
  {                                                                 \
    {n,                                                             \
     {.channels = c,                                                \
      .height = h,                                                  \
      .width = w,                                                   \
      .filters = f,                                                 \
      .kernel_h = kh,                                               \
      .kernel_w = kw,                                               \
      .stride_h = sh,                                               \
      .stride_w = sw,                                               \
      .pad_h = ph,                                                  \
      .pad_w = pw,                                                  \
      .dilation_h = 1,                                              \
      .dilation_w = 1,                                              \
      .groups = 1}},                                                \
        pool_h, pool_w                                              \
  }
static const pooled_case cases[] = {
    CASE(2, 1, 28, 28, 32, 3, 3, 1, 1, 1, 1, 2, 2),  /* few channels */
    CASE(3, 32, 14, 14, 64, 3, 3, 1, 1, 1, 1, 2, 2), /* many: lists of nonzeros */
    CASE(2, 3, 11, 9, 5, 5, 5, 1, 1, 0, 0, 2, 3),    /* rows and columns left over */
    CASE(2, 17, 9, 13, 35, 3, 2, 1, 1, 1, 2, 1, 1),  /* no multiples of a vector or block */
    CASE(2, 8, 12, 12, 33, 5, 5, 1, 1, 2, 2, 3, 2),  /* four and one rows of the kernel */
    CASE(2, 40, 8, 9, 9, 2, 4, 2, 2, 0, 1, 2, 2),    /* strides */
    CASE(2, 7, 19, 31, 16, 7, 7, 2, 1, 3, 3, 2, 2),  /* a wide kernel */
    CASE(1, 2, 6, 100, 70, 1, 7, 1, 2, 0, 9, 3, 4),  /* windows wholly in the padding */
    CASE(0, 9, 6, 6, 3, 3, 3, 1, 1, 1, 1, 2, 2),     /* no rows */
};
#undef CASE
enum { N_CASES = sizeof cases / sizeof *cases };

/* All arrays of one call; z: of the pooling's output. */
typedef struct job {
    const dsc_kernels *k;
    dsc_conv_shape s;
    dsc_pool_shape p;
    int rows;
    bool pooled;
    block x, w, bias, dy, y, dx, dw, dbias, scratch;
    uint8_t *winner;
} job;

static job make(const pooled_case *c, const dsc_kernels *k, bool pooled)
{
    const dsc_conv_shape s = sized(c->conv.shape);
    const int rows = c->conv.rows;
    job j = {.k = k,
             .s = s,
             .p = {.channels = s.filters,
                   .height = s.out_h,
                   .width = s.out_w,
                   .kernel_h = c->pool_h,
                   .kernel_w = c->pool_w,
                   .stride_h = c->pool_h,
                   .stride_w = c->pool_w,
                   .dilation_h = 1,
                   .dilation_w = 1,
                   .out_h = s.out_h / c->pool_h,
                   .out_w = s.out_w / c->pool_w},
             .rows = rows,
             .pooled = pooled};
    const dsc_pooled_size size = dsc_conv_pooled_size(&s, &j.p);
    const size_t y = pooled ? (size_t)(rows * s.filters * j.p.out_h * j.p.out_w) : conv_y(&s, rows);

    assert_true(size.takes);
    j.x = block_random(conv_x(&s, rows), 1);
    j.w = block_random(conv_w(&s), 2);
    j.bias = block_random((size_t)s.filters, 3);
    j.dy = block_random(y, 4);
    j.y = block_new(y);
    j.dx = block_new(conv_x(&s, rows));
    j.dw = block_new(conv_w(&s));
    j.dbias = block_new((size_t)s.filters);
    j.scratch = block_new(pooled ? size.scratch : dsc_conv_scratch(&s, rows));
    j.winner = malloc(size.winners * (size_t)rows + 1);
    assert_non_null(j.winner);
    return j;
}

static void work(int index, void *user)
{
    const job *j = user;
    const dsc_kernels *k = j->k;

    (void)index;
    if (j->pooled) {
        const dsc_pooled a = {.x = j->x.x,
                              .w = j->w.x,
                              .bias = j->bias.x,
                              .dy = j->dy.x,
                              .y = j->y.x,
                              .dx = j->dx.x,
                              .dw = j->dw.x,
                              .dbias = j->dbias.x,
                              .winner = j->winner};
        k->pooled_forward(k, &j->s, &j->p, j->rows, &a, j->scratch.x);
        k->pooled_backward(k, &j->s, &j->p, j->rows, &a, j->scratch.x);
        return;
    }
    k->conv_forward(k, &j->s, j->rows, j->x.x, j->w.x, j->bias.x, j->y.x, j->scratch.x);
    k->conv_backward_data(k, &j->s, j->rows, j->dy.x, j->w.x, j->dx.x, j->scratch.x);
    k->conv_backward_weights(k, &j->s, j->rows, j->x.x, j->dy.x, j->dw.x, j->dbias.x, j->scratch.x);
}

static void release(job j)
{
    const block all[] = {j.x, j.w, j.bias, j.dy, j.y, j.dx, j.dw, j.dbias, j.scratch};

    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        block_free(all[i]);
    free(j.winner);
}

static void run(job *j)
{
    dsc_parallel_for(1, 1, work, j);
}

static void compare(int number, bool pooled)
{
    job plain = make(&cases[number],
                     dsc_kernels_choose(DESCENT_F32, DSC_BACKEND_REF, dsc_level_choose()), pooled);

    run(&plain);
    for (int level = 0; level <= (int)dsc_level_choose(); level++) {
        job fast =
            make(&cases[number],
                 dsc_kernels_choose(DESCENT_F32, DSC_BACKEND_AUTO, (dsc_level)level), pooled);
        run(&fast);
        block_near("y", number, fast.y, plain.y, 1e-4);
        block_near("dx", number, fast.dx, plain.dx, 1e-4);
        block_near("dw", number, fast.dw, plain.dw, 1e-3);
        block_near("dbias", number, fast.dbias, plain.dbias, 1e-3);
        release(fast);
    }
    release(plain);
}

static void convolution_is_near_the_plain_one(void **state)
{
    (void)state;
    for (int i = 0; i < N_CASES; i++)
        compare(i, false);
}

static void one_go_is_near_step_by_step(void **state)
{
    (void)state;
    for (int i = 0; i < N_CASES; i++)
        compare(i, true);
}

/* Where nothing is above zero no gradient flows, and of equal outputs the first one gets it. */
static void dead_windows_get_nothing(void **state)
{
    (void)state;
    for (int level = 0; level <= (int)dsc_level_choose(); level++) {
        job j = make(&cases[1], dsc_kernels_choose(DESCENT_F32, DSC_BACKEND_AUTO, (dsc_level)level),
                     true);
        const size_t places = (size_t)(j.p.out_h * j.p.out_w), depth = j.dw.n / j.dbias.n;
        memset(j.x.x, 0, j.x.n * sizeof *j.x.x); /* y is the bias */
        run(&j);
        for (size_t f = 0; f < j.dbias.n; f++) {
            const bool alive = j.bias.x[f] > 0;
            assert_true(j.y.x[f * places] == (alive ? j.bias.x[f] : 0));
            assert_true((j.dbias.x[f] != 0) == alive);
            for (size_t i = 0; i < depth; i++)
                assert_true(j.dw.x[f * depth + i] == 0);
        }
        release(j);
    }
}

/* Zeros are skipped, but not what would make NaN of them: a number that is none in one channel of
 * x reaches dw of that channel, and one of w reaches dx. */
static void what_is_no_number_is_not_skipped(void **state)
{
    static const real none[] = {(real)NAN, (real)INFINITY, -(real)INFINITY};
    static const int number[] = {0, 1};

    (void)state;
    for (int level = 0; level <= (int)dsc_level_choose(); level++)
        for (int i = 0; i < 6; i++) {
            job j = make(&cases[number[i / 3]],
                         dsc_kernels_choose(DESCENT_F32, DSC_BACKEND_AUTO, (dsc_level)level), true);
            const size_t kernel = (size_t)(j.s.kernel_h * j.s.kernel_w);
            const size_t area = (size_t)(j.s.height * j.s.width), channels = (size_t)j.s.channels;
            j.x.x[area / 2 + 5] = none[i % 3]; /* inside channel 0 */
            run(&j);
            for (size_t at = 0; at < j.dw.n; at++)
                assert_true(isfinite(j.dw.x[at]) == (at / kernel % channels != 0));
            j.x.x[area / 2 + 5] = 1;
            j.w.x[kernel / 2] = none[i % 3]; /* filter 0, channel 0 */
            run(&j);
            for (size_t at = 0; at < area; at++)
                assert_true(!isfinite(j.dx.x[at]));
            assert_true(channels == 1 || isfinite(j.dx.x[area]));
            release(j);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(convolution_is_near_the_plain_one),
        cmocka_unit_test(one_go_is_near_step_by_step),
        cmocka_unit_test(dead_windows_get_nothing),
        cmocka_unit_test(what_is_no_number_is_not_skipped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
