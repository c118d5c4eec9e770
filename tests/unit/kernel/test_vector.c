/* test_vector.c - products in which one matrix is a vector: near those of the plain loop, wherever
 * a sum stands, and nothing that is not finite is lost. */
#define DSC_REAL  32
#define DSC_LEVEL base
#include "block.h"
#include "kernel/kernel.h"

/* c (m,n) <- a (k,m)^T or a (m,k) times b or b^T; rows of b and c have room behind them. */
typedef struct product {
    dsc_matmul_shape s;
    block a, b, c;
} product;

/* A vector times the columns of b^T, a vector times the rows of b, a column times a row. */
typedef enum which { DOT, ROWS, OUTER, N_KINDS } which;

enum { ROOM = 3 };

static product make(which kind, int m, int n, int k, bool add)
{
    const dsc_matmul_shape s = {.m = m,
                                .n = n,
                                .k = k,
                                .transpose_a = kind == OUTER,
                                .transpose_b = kind == DOT,
                                .add = add,
                                .lda = kind == OUTER ? m : k,
                                .ldb = (kind == DOT ? k : n) + ROOM,
                                .ldc = n + ROOM};
    const size_t rows_b = (size_t)(kind == DOT ? n : k);

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

    static const char *const name[] = {"dot", "rows", "outer"};

    (void)state;
    for (int i = 0; i < N * N * 2 * N_KINDS; i++)
        for (int level = 0; level <= (int)dsc_level_choose(); level++) {
            const which kind = (which)(i % N_KINDS);
            const bool add = i / N_KINDS % 2;
            const int one = sizes[i / N_KINDS / 2 % N], other = sizes[i / N_KINDS / 2 / N];
            const int m = kind == OUTER ? one : 1, k = kind == OUTER ? 1 : one;
            product fast = make(kind, m, other, k, add), plain = make(kind, m, other, k, add);
            run(&fast, DSC_BACKEND_AUTO, level);
            run(&plain, DSC_BACKEND_REF, level);
            block_near(name[kind], i, fast.c, plain.c, 1e-4);
            release(fast);
            release(plain);
        }
}

/* A product may be cut into parts for threads. */
static void check_parts(which kind, int size, int level)
{
    product whole = make(kind, 1, 150, 70, false);

    run(&whole, DSC_BACKEND_AUTO, level);
    for (int j = 0; j < 150; j += size) {
        product part = make(kind, 1, 150, 70, false);
        part.s.n = 150 - j < size ? 150 - j : size;
        dsc_kernels_choose(DESCENT_F32, DSC_BACKEND_AUTO, (dsc_level)level)
            ->matmul(&part.s, part.a.x, part.b.x + j * (kind == DOT ? part.s.ldb : 1), part.c.x);
        assert_memory_equal(part.c.x, &whole.c.x[j], (size_t)part.s.n * sizeof(real));
        release(part);
    }
    release(whole);
}

static void a_sum_is_the_same_wherever_it_stands(void **state)
{
    enum { UNIT = 16 }; /* where parts are cut: PRODUCT_UNIT of op/parts.h */

    (void)state;
    for (int level = 1; level <= (int)dsc_level_choose(); level++) { /* oneDNN's own sums depend on
                                                                      * the shape */
        check_parts(DOT, 1, level);
        check_parts(ROWS, UNIT, level);
        check_parts(ROWS, 3 * UNIT, level);
    }
}

static void keep_what_is_not_finite(void **state)
{
    (void)state;
    for (int level = 0; level <= (int)dsc_level_choose(); level++) {
        product dot = make(DOT, 1, 20, 37, false), rows = make(ROWS, 1, 37, 20, false);
        product outer = make(OUTER, 20, 37, 1, false);
        memset(dot.a.x, 0, dot.a.n * sizeof *dot.a.x);
        dot.b.x[4 * dot.s.ldb + 36] = (real)INFINITY; /* times zero */
        run(&dot, DSC_BACKEND_AUTO, level);
        for (int j = 0; j < 20; j++)
            assert_int_equal(isnan(dot.c.x[j]) != 0, j == 4);
        memset(rows.a.x, 0, rows.a.n * sizeof *rows.a.x);
        rows.b.x[4 * rows.s.ldb + 36] = (real)INFINITY;
        run(&rows, DSC_BACKEND_AUTO, level);
        for (int j = 0; j < 37; j++)
            assert_int_equal(isnan(rows.c.x[j]) != 0, j == 36);
        outer.a.x[2] = (real)NAN;
        outer.b.x[36] = 0;
        run(&outer, DSC_BACKEND_AUTO, level);
        for (int i = 0; i < 20; i++)
            assert_int_equal(isnan(outer.c.x[i * outer.s.ldc + 36]) != 0, i == 2);
        release(dot);
        release(rows);
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
