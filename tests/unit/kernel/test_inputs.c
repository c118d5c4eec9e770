/* test_inputs.c - every kernel of every table in float against its definition, on random numbers,
 * zeros, numbers of 1e30 and NaN. Blocks have guards on both sides, so that a write beyond an array
 * shows, and hold NaN at first, so that a read of what nobody wrote does. */
#define DSC_REAL  32
#define DSC_LEVEL base
#include "base/parallel.h"
#include "conv_define.h"
#include "kernel/kernel.h"
#include "pool_define.h"

enum { MOST_TABLES = 2 * DSC_LEVEL_COUNT };

/* The plain kernels of every instruction set, and the fastest ones of each. */
static int tables(const dsc_kernels *k[MOST_TABLES])
{
    const int best = (int)dsc_level_choose();

    for (int level = 0; level <= best; level++) {
        k[2 * level] = dsc_kernels_choose(DESCENT_F32, DSC_BACKEND_REF, (dsc_level)level);
        k[2 * level + 1] = dsc_kernels_choose(DESCENT_F32, DSC_BACKEND_AUTO, (dsc_level)level);
    }
    return 2 * (best + 1);
}

/* --- convolution ------------------------------------------------------------------------------ */

/* One convolution; what the thread does for work. */
typedef struct convolution {
    const dsc_kernels *k;
    dsc_conv_shape s;
    int rows;
    bool bias;
    arrays a;
} convolution;

static void convolve(int index, void *user)
{
    const convolution *c = user;
    const arrays *a = &c->a;

    (void)index;
    c->k->conv_forward(c->k, &c->s, c->rows, a->x.x, a->w.x, c->bias ? a->bias.x : NULL, a->y.x,
                       a->scratch.x);
    c->k->conv_backward_data(c->k, &c->s, c->rows, a->dy.x, a->w.x, a->dx.x, a->scratch.x);
    c->k->conv_backward_weights(c->k, &c->s, c->rows, a->x.x, a->dy.x, a->dw.x,
                                c->bias ? a->dbias.x : NULL, a->scratch.x);
}

static bool any_nan(block b)
{
    for (size_t i = 0; i < b.n; i++)
        if (isnan(b.x[i]))
            return true;
    return false;
}

/* As block_agree(), but where the definition is a number the result may be NaN when it is NaN by
 * the definition that counts the padding's zeros. spreads: or when there is a NaN anywhere (a fast
 * backend may let one spread over a gradient, but must not lose it). */
static void agree(const char *what, int number, block got, block expected, block padded,
                  bool spreads, double allowed)
{
    const bool anywhere = spreads && any_nan(expected);

    for (size_t i = 0; i < got.n; i++)
        if (isnan(got.x[i]) && (anywhere || isnan(padded.x[i])))
            expected.x[i] = (real)NAN;
    block_agree(what, number, got, expected, allowed);
}

/* The contents of x and dy; their product must not be beyond float. */
static const content pair[][2] = {{RANDOM, RANDOM},  {ZEROS, RANDOM}, {RANDOM, ZEROS},
                                  {LARGE, RANDOM},   {RANDOM, LARGE}, {WITH_NAN, RANDOM},
                                  {RANDOM, WITH_NAN}};
enum { N_PAIRS = sizeof pair / sizeof *pair };

static void check_conv(int number, content in, content gradient, bool bias)
{
    const dsc_conv_shape s = sized(conv_cases[number].shape);
    const int rows = conv_cases[number].rows;
    const double x = in == LARGE ? 1e30 : 1, dy = gradient == LARGE ? 1e30 : 1;
    const dsc_kernels *k[MOST_TABLES];
    const int n = tables(k);
    arrays padded = make(&s, rows, in, gradient);

    define(&s, rows, bias, true, &padded);
    for (int i = 0; i < n; i++) {
        const bool fast = i == n - 1;
        arrays expected = make(&s, rows, in, gradient);
        define(&s, rows, bias, false, &expected);
        convolution c = {
            .k = k[i], .s = s, .rows = rows, .bias = bias, .a = make(&s, rows, in, gradient)};
        dsc_parallel_for(1, 1, convolve, &c);
        agree("y", number, c.a.y, expected.y, padded.y, false, 1e-4 * x);
        agree("dx", number, c.a.dx, expected.dx, padded.dx, fast, 1e-4 * dy);
        agree("dw", number, c.a.dw, expected.dw, padded.dw, fast,
              2e-3 * x * dy); /* of 8,000 products */
        if (bias)
            agree("dbias", number, c.a.dbias, expected.dbias, padded.dbias, false, 2e-3 * dy);
        release(c.a);
        release(expected);
    }
    release(padded);
}

static void convolution_takes_any_numbers(void **state)
{
    (void)state;
    for (int i = 0; i < N_CONV_CASES; i++)
        for (int p = 0; p < N_PAIRS; p++)
            for (int bias = 0; bias < 2; bias++)
                check_conv(i, pair[p][0], pair[p][1], bias);
}

/* --- pooling ---------------------------------------------------------------------------------- */

static void pooling_takes_any_numbers(void **state)
{
    const dsc_kernels *k[MOST_TABLES];
    const int n = tables(k);

    (void)state;
    for (int t = 0; t < n; t++)
        for (int what = 0; what < N_CONTENTS; what++)
            for (int i = 0; i < N_CASES + N_DILATED; i++) {
                const dsc_pool_shape *s = i < N_CASES ? &cases[i] : &dilated[i - N_CASES];
                const block x = block_of(count_x(s), (content)what, 1);
                check_max(k[t], content_name[what], i, s, x);
                block_free(x);
                if (i < N_CASES)
                    check_mean(k[t], i, s, (content)what);
            }
}

/* --- matrix products -------------------------------------------------------------------------- */

/* A product with its operands in the forms that training uses; ldc leaves a column between rows. */
typedef struct multiplication {
    const dsc_kernels *k;
    dsc_matmul_shape s;
    block a, b, c;
} multiplication;

static void multiply(int index, void *user)
{
    const multiplication *m = user;

    (void)index;
    m->k->matmul(&m->s, m->a.x, m->b.x, m->c.x);
}

static multiplication product_of(const int size[3], int form, content a, content b)
{
    const int m = size[0], n = size[1], k = size[2];
    const bool ta = form & 1, tb = form & 2;

    return (multiplication){.s = {.m = m,
                                  .n = n,
                                  .k = k,
                                  .transpose_a = ta,
                                  .transpose_b = tb,
                                  .add = form & 4,
                                  .lda = ta ? m : k,
                                  .ldb = tb ? k : n,
                                  .ldc = n + 1},
                            .a = block_of((size_t)m * (size_t)k, a, 1),
                            .b = block_of((size_t)k * (size_t)n, b, 2),
                            .c = block_random((size_t)m * (size_t)(n + 1), 3)};
}

static void release_product(multiplication m)
{
    block_free(m.a);
    block_free(m.b);
    block_free(m.c);
}

/* c (m, n) by the definition, in double. */
static void define_product(multiplication *m)
{
    const dsc_matmul_shape *s = &m->s;

    for (int i = 0; i < s->m; i++)
        for (int j = 0; j < s->n; j++) {
            real *c = &m->c.x[i * s->ldc + j];
            double sum = s->add ? (double)*c : 0;
            for (int k = 0; k < s->k; k++)
                sum += (double)m->a.x[s->transpose_a ? k * s->lda + i : i * s->lda + k] *
                       (double)m->b.x[s->transpose_b ? j * s->ldb + k : k * s->ldb + j];
            *c = (real)sum;
        }
}

static void products_take_any_numbers(void **state)
{
    static const int size[][3] = {{1, 1, 1},    {3, 5, 7},    {32, 10, 128}, {17, 64, 33},
                                  {64, 100, 9}, {1, 50, 300}, {65, 1, 31},   {48, 48, 48}};
    const dsc_kernels *k[MOST_TABLES];
    const int n = tables(k);

    (void)state;
    for (int i = 0; i < (int)(sizeof size / sizeof *size) * N_PAIRS * 8; i++) {
        const int *sizes = size[i / 8 / N_PAIRS];
        const content *what = pair[i / 8 % N_PAIRS];
        multiplication expected = product_of(sizes, i % 8, what[0], what[1]);
        define_product(&expected);
        const double large = what[0] == LARGE || what[1] == LARGE ? 1e30 : 1;
        for (int t = 0; t < n; t++) {
            multiplication got = product_of(sizes, i % 8, what[0], what[1]);
            got.k = k[t];
            dsc_parallel_for(1, 1, multiply, &got);
            block_agree("c", i, got.c, expected.c, 1e-5 * sqrt(sizes[2]) * large);
            release_product(got);
        }
        release_product(expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(convolution_takes_any_numbers),
        cmocka_unit_test(pooling_takes_any_numbers),
        cmocka_unit_test(products_take_any_numbers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
