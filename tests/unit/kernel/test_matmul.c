/* test_matmul.c - oneDNN's matrix product against the plain one: values, bounds, NaN, threads. */
#define DSC_REAL  32
#define DSC_LEVEL base
#include "base/parallel.h"
#include "base/rng.h"
#include "kernel/kernel.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { GUARD = 64 };
static const unsigned char guard_byte = 0xA5;

typedef struct work {
    const dsc_kernels *kernels;
    dsc_matmul_shape shape;
    float *a, *b, *c; /* c has guards before and after */
    size_t n_c;
} work;

static float draw(uint64_t i, int content)
{
    if (content == 1)
        return 0.0f;
    if (content == 2)
        return 1e30f * (float)(dsc_random_uniform(1, DSC_RNG_TEST, 1, i) - 0.5);
    return (float)dsc_random_normal(1, DSC_RNG_TEST, 0, i);
}

static void fill(float *x, size_t n, uint64_t stream, int content)
{
    for (size_t i = 0; i < n; i++)
        x[i] = draw(stream * 1000003 + i, content);
}

static void multiply(int index, void *user)
{
    const work *w = user;

    (void)index;
    w->kernels->matmul(&w->shape, w->a, w->b, w->c + GUARD);
}

/* Runs the product with fresh guards and first values, and checks that the guards survived. */
static void guarded(work *w)
{
    memset(w->c, guard_byte, (w->n_c + 2 * GUARD) * sizeof *w->c);
    fill(w->c + GUARD, w->n_c, 3, 0);
    dsc_parallel_for(1, 1, multiply, w);
    for (size_t i = 0; i < GUARD * sizeof *w->c; i++) {
        assert_int_equal(((unsigned char *)w->c)[i], guard_byte);
        assert_int_equal(((unsigned char *)(w->c + GUARD + w->n_c))[i], guard_byte);
    }
}

static work make(int m, int n, int k, bool ta, bool tb, bool add, int content)
{
    work w = {.shape = {.m = m,
                        .n = n,
                        .k = k,
                        .transpose_a = ta,
                        .transpose_b = tb,
                        .add = add,
                        .lda = ta ? m : k,
                        .ldb = tb ? k : n,
                        .ldc = n},
              .n_c = (size_t)m * (size_t)n};

    w.a = calloc((size_t)m * (size_t)k, sizeof(float));
    w.b = calloc((size_t)k * (size_t)n, sizeof(float));
    w.c = calloc(w.n_c + 2 * GUARD, sizeof(float));
    fill(w.a, (size_t)m * (size_t)k, 1, content);
    fill(w.b, (size_t)k * (size_t)n, 2, content == 2 ? 0 : content);
    return w;
}

static void release(work *w)
{
    free(w->a);
    free(w->b);
    free(w->c);
}

static void compare(int m, int n, int k, bool ta, bool tb, bool add, int content)
{
    const dsc_level level = dsc_level_choose();
    work fast = make(m, n, k, ta, tb, add, content), plain = make(m, n, k, ta, tb, add, content);

    fast.kernels = dsc_kernels_choose(DESCENT_F32, DSC_BACKEND_AUTO, level);
    plain.kernels = dsc_kernels_choose(DESCENT_F32, DSC_BACKEND_REF, level);
    guarded(&fast);
    guarded(&plain);
    /* rounding grows with the root of k; huge values scale it */
    const float scale = content == 2 ? 1e30f : 1.0f;
    const float allowed = 1e-5f * sqrtf((float)k) * scale + 1e-6f;
    for (size_t i = 0; i < fast.n_c; i++)
        if (!(fabsf(fast.c[GUARD + i] - plain.c[GUARD + i]) <= allowed))
            fail_msg("%dx%dx%d, element %zu: %g and %g", m, n, k, i, (double)fast.c[GUARD + i],
                     (double)plain.c[GUARD + i]);
    release(&fast);
    release(&plain);
}

static void onednn_gives_what_the_plain_loop_gives(void **state)
{
    static const int size[][3] = {{1, 1, 1},      {3, 5, 7},     {32, 10, 128},   {64, 128, 784},
                                  {128, 784, 32}, {33, 65, 129}, {200, 200, 200}, {1, 300, 400}};

    (void)state;
    for (size_t i = 0; i < sizeof size / sizeof *size; i++)
        for (int form = 0; form < 8; form++)
            for (int content = 0; content < 3; content++)
                compare(size[i][0], size[i][1], size[i][2], form & 1, form & 2, form & 4, content);
}

static void nan_reaches_its_row_and_no_other(void **state)
{
    (void)state;
    for (int backend = 0; backend < 2; backend++) {
        work w = make(64, 50, 100, false, false, false, 0);
        w.kernels = dsc_kernels_choose(DESCENT_F32, (dsc_backend)backend, dsc_level_choose());
        w.a[7 * 100 + 3] = NAN;
        guarded(&w);
        for (size_t i = 0; i < w.n_c; i++)
            assert_int_equal(isnan(w.c[GUARD + i]) != 0, i / 50 == 7);
        release(&w);
    }
}

/* No products to add up: c is zero, or stays. */
static void an_empty_sum_is_zero(void **state)
{
    (void)state;
    for (int backend = 0; backend < 2; backend++)
        for (int add = 0; add < 2; add++) {
            float c[6] = {7, 7, 7, 7, 7, 7}, none = 0;
            const dsc_kernels *k =
                dsc_kernels_choose(DESCENT_F32, (dsc_backend)backend, dsc_level_choose());
            k->matmul(&(dsc_matmul_shape){.m = 2, .n = 2, .add = add, .lda = 1, .ldb = 2, .ldc = 3},
                      &none, &none, c);
            for (int i = 0; i < 6; i++) /* the third column is not the product's */
                assert_true(c[i] == (add || i % 3 == 2 ? 7.0f : 0.0f));
        }
}

/* Eight products at once, and one alone, give the same bits. */
typedef struct many {
    work w[8];
} many;

static void multiply_one(int index, void *user)
{
    work *w = &((many *)user)->w[index];

    w->kernels->matmul(&w->shape, w->a, w->b, w->c + GUARD);
}

static void threads_do_not_change_a_bit(void **state)
{
    many eight;

    (void)state;
    for (int threads = 1; threads <= 4; threads++) {
        for (int i = 0; i < 8; i++) {
            eight.w[i] = make(64, 128, 784, false, true, false, 0);
            eight.w[i].kernels =
                dsc_kernels_choose(DESCENT_F32, DSC_BACKEND_AUTO, dsc_level_choose());
        }
        work alone = make(64, 128, 784, false, true, false, 0);
        alone.kernels = eight.w[0].kernels;
        dsc_parallel_for(1, 1, multiply, &alone);
        dsc_parallel_for(threads, 8, multiply_one, &eight);
        for (int i = 0; i < 8; i++) {
            assert_memory_equal(eight.w[i].c, alone.c, (alone.n_c + GUARD) * sizeof(float));
            release(&eight.w[i]);
        }
        release(&alone);
    }
}

static void levels_give_the_same_bits(void **state)
{
    const dsc_level best = dsc_level_choose();

    (void)state;
    for (int form = 0; form < 4; form++) {
        work base = make(37, 53, 91, form & 1, form & 2, false, 0);
        base.kernels = dsc_kernels_choose(DESCENT_F32, DSC_BACKEND_REF, DSC_LEVEL_base);
        guarded(&base);
        for (int level = 1; level <= (int)best; level++) {
            work other = make(37, 53, 91, form & 1, form & 2, false, 0);
            other.kernels = dsc_kernels_choose(DESCENT_F32, DSC_BACKEND_REF, (dsc_level)level);
            guarded(&other);
            assert_memory_equal(base.c, other.c, (base.n_c + 2 * GUARD) * sizeof(float));
            release(&other);
        }
        release(&base);
    }
}

/* Small products are the plain loop's to the bit, at every instruction set, and stay in their
 * place.
 */
static void small_products_give_the_same_bits(void **state)
{
    static const int size[][3] = {{1, 1, 1},    {9, 17, 5},   {32, 64, 32}, {33, 65, 31},
                                  {64, 32, 64}, {3, 160, 40}, {5, 15, 200}};
    const dsc_level best = dsc_level_choose();

    (void)state;
    for (size_t i = 0; i < sizeof size / sizeof *size; i++)
        for (int form = 0; form < 4; form++) {
            const int *s = size[i];
            work plain = make(s[0], s[1], s[2], form & 1, false, form & 2, 0);
            plain.kernels = dsc_kernels_choose(DESCENT_F32, DSC_BACKEND_REF, DSC_LEVEL_base);
            guarded(&plain);
            for (int level = 0; level <= (int)best; level++) {
                work small = make(s[0], s[1], s[2], form & 1, false, form & 2, 0);
                dsc_kernels own =
                    *dsc_kernels_choose(DESCENT_F32, DSC_BACKEND_AUTO, (dsc_level)level);
                own.matmul = own.matmul_small;
                small.kernels = &own;
                guarded(&small);
                assert_memory_equal(plain.c, small.c, (plain.n_c + 2 * GUARD) * sizeof(float));
                release(&small);
            }
            release(&plain);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(onednn_gives_what_the_plain_loop_gives),
        cmocka_unit_test(small_products_give_the_same_bits),
        cmocka_unit_test(nan_reaches_its_row_and_no_other),
        cmocka_unit_test(an_empty_sum_is_zero),
        cmocka_unit_test(threads_do_not_change_a_bit),
        cmocka_unit_test(levels_give_the_same_bits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
