/* test_vector.c - products in which one matrix is a vector: near those of the plain loop, wherever
 * a sum stands, and nothing that is not finite is lost. */
#define DSC_REAL  32
#define DSC_LEVEL base
#include "block.h"
#include "kernel/kernel.h"

/* c (m,n) <- a (k,m)^T or a (m,k) times b; rows of b and c have room behind them. */
typedef struct product {
    dsc_matmul_shape s;
    block a, b, c;
} product;

enum { ROOM = 3 };

static product make(bool outer, int m, int n, int k, bool add)
{
    const dsc_matmul_shape s = {.m = m,
                                .n = n,
                                .k = k,
                                .transpose_a = outer,
                                .transpose_b = !outer,
                                .add = add,
                                .lda = outer ? m : k,
                                .ldb = (outer ? n : k) + ROOM,
                                .ldc = n + ROOM};
    const size_t rows_b = (size_t)(outer ? k : n);

    return (product){.s = s,
                     .a = block_random((size_t)m * (size_t)k, 1),
                     .b = block_random(rows_b * (size_t)s.ldb, 2),
                     .c = block_random((size_t)m * (size_t)s.ldc, 3)};
}

static void release(product p)
{
    block_free(p.a);
    block_free(p.b);
    block_free(p.c);
}

static void run(product *p, dsc_backend backend, int level)
{
    dsc_kernels_choose(DESCENT_F32, backend, (dsc_level)level)
        ->matmul(&p->s, p->a.x, p->b.x, p->c.x);
}

static void are_near_the_plain_loop(void **state)
{
    static const int sizes[] = {1, 2, 7, 8, 15, 16, 17, 33, 100, 784};
    enum { N = sizeof sizes / sizeof *sizes };

    (void)state;
    for (int i = 0; i < N * N * 4; i++)
        for (int level = 0; level <= (int)dsc_level_choose(); level++) {
            const bool outer = i % 2, add = i / 2 % 2;
            const int one = sizes[i / 4 % N], other = sizes[i / 4 / N];
            product fast = make(outer, outer ? one : 1, other, outer ? 1 : one, add);
            product plain = make(outer, outer ? one : 1, other, outer ? 1 : one, add);
            run(&fast, DSC_BACKEND_AUTO, level);
            run(&plain, DSC_BACKEND_REF, level);
            block_near(outer ? "outer" : "dot", i, fast.c, plain.c, 1e-4);
            release(fast);
            release(plain);
        }
}

/* A product may be cut into parts for threads. */
static void a_sum_is_the_same_wherever_it_stands(void **state)
{
    (void)state;
    for (int level = 0; level <= (int)dsc_level_choose(); level++) {
        product whole = make(false, 1, 50, 70, false);
        run(&whole, DSC_BACKEND_AUTO, level);
        for (int j = 0; j < 50; j++) {
            product part = make(false, 1, 50, 70, false);
            part.s.n = 1;
            dsc_kernels_choose(DESCENT_F32, DSC_BACKEND_AUTO, (dsc_level)level)
                ->matmul(&part.s, part.a.x, part.b.x + j * part.s.ldb, part.c.x);
            if (level > 0) /* oneDNN's own sums depend on the shape */
                assert_memory_equal(&part.c.x[0], &whole.c.x[j], sizeof(real));
            release(part);
        }
        release(whole);
    }
}

static void keep_what_is_not_finite(void **state)
{
    (void)state;
    for (int level = 0; level <= (int)dsc_level_choose(); level++) {
        product dot = make(false, 1, 20, 37, false), outer = make(true, 20, 37, 1, false);
        memset(dot.a.x, 0, dot.a.n * sizeof *dot.a.x);
        dot.b.x[4 * dot.s.ldb + 36] = (real)INFINITY; /* times zero */
        run(&dot, DSC_BACKEND_AUTO, level);
        for (int j = 0; j < 20; j++)
            assert_int_equal(isnan(dot.c.x[j]) != 0, j == 4);
        outer.a.x[2] = (real)NAN;
        outer.b.x[36] = 0;
        run(&outer, DSC_BACKEND_AUTO, level);
        for (int i = 0; i < 20; i++)
            assert_int_equal(isnan(outer.c.x[i * outer.s.ldc + 36]) != 0, i == 2);
        release(dot);
        release(outer);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(are_near_the_plain_loop),
        cmocka_unit_test(a_sum_is_the_same_wherever_it_stands),
        cmocka_unit_test(keep_what_is_not_finite),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
