/* test_bf16.c - products in bfloat16 against the same product of rounded numbers in double. */
#include "kernel/bf16/bf16.h"

#include "base/rng.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { MOST = 320 * 330, GAP = 3, CASES = 160 };
static const float guard = 12345.0f;

/* To the nearest bfloat16, ties to even. */
static double rounded(float x)
{
    uint32_t bits;

    memcpy(&bits, &x, sizeof bits);
    bits += 0x7fff + ((bits >> 16) & 1);
    bits &= 0xffff0000u;
    memcpy(&x, &bits, sizeof bits);
    return (double)x;
}

static void fill(float *x, size_t n, uint64_t stream)
{
    for (size_t i = 0; i < n; i++)
        x[i] = (float)dsc_random_normal(1, DSC_RNG_TEST, stream, i);
}

static double expected(const dsc_matmul_shape *s, const float *a, const float *b, int i, int j)
{
    double sum = 0;

    for (int p = 0; p < s->k; p++)
        sum += rounded(s->transpose_a ? a[p * s->lda + i] : a[i * s->lda + p]) *
               rounded(s->transpose_b ? b[j * s->ldb + p] : b[p * s->ldb + j]);
    return sum;
}

static dsc_matmul_shape shape_of_case(int number)
{
    const uint64_t at = (uint64_t)number;
    dsc_matmul_shape s = {.transpose_a = number & 1, .transpose_b = number & 2, .add = number & 4};

    s.m = 1 + (int)(60 * dsc_random_uniform(2, DSC_RNG_TEST, 0, at));
    s.n = 1 + (int)(300 * dsc_random_uniform(2, DSC_RNG_TEST, 1, at));
    s.k = (int)(300 * dsc_random_uniform(2, DSC_RNG_TEST, 2, at));
    s.lda = (s.transpose_a ? s.m : s.k) + GAP;
    s.ldb = (s.transpose_b ? s.k : s.n) + GAP;
    s.ldc = s.n + GAP;
    return s;
}

static float a[MOST], b[MOST], c[MOST];

static void products_are_those_of_rounded_numbers(void **state)
{
    (void)state;
    if (!dsc_bf16_there())
        skip();
    for (int number = 0; number < CASES; number++) {
        const dsc_matmul_shape s = shape_of_case(number);
        fill(a, MOST, 10);
        fill(b, MOST, 11);
        for (size_t i = 0; i < MOST; i++)
            c[i] = guard;
        dsc_bf16_matmul(&s, a, b, c);
        for (int i = 0; i < s.m; i++) {
            for (int j = 0; j < s.n; j++) {
                const double want = expected(&s, a, b, i, j) + (s.add ? (double)guard : 0);
                assert_true(fabs((double)c[i * s.ldc + j] - want) < 1e-5 * (1 + fabs(want)) + 1e-4);
            }
            for (int j = s.n; j < s.ldc; j++)
                assert_true(c[i * s.ldc + j] == guard);
        }
        assert_true(c[s.m * s.ldc] == guard);
    }
}

static void where_c_is_cut_changes_no_bit(void **state)
{
    const dsc_matmul_shape whole = {50, 70, 290, false, true, false, 290, 290, 70};
    static float parts[50 * 70];

    (void)state;
    if (!dsc_bf16_there())
        skip();
    fill(a, MOST, 12);
    fill(b, MOST, 13);
    dsc_bf16_matmul(&whole, a, b, c);
    for (int i = 0; i < 50; i += 17) {
        dsc_matmul_shape s = whole;
        s.m = i + 17 < 50 ? 17 : 50 - i;
        dsc_bf16_matmul(&s, a + i * 290, b, parts + i * 70);
    }
    assert_memory_equal(parts, c, sizeof parts);
}

static void what_is_not_finite_stays_so(void **state)
{
    const dsc_matmul_shape s = {2, 2, 2, false, false, false, 2, 2, 2};
    const float x[] = {NAN, 1, 1, INFINITY}, y[] = {1, 0, 0, 1};
    float z[4];

    (void)state;
    if (!dsc_bf16_there())
        skip();
    dsc_bf16_matmul(&s, x, y, z);
    assert_true(isnan(z[0]) && isnan(z[1]) && isnan(z[2]) && isinf(z[3]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(products_are_those_of_rounded_numbers),
        cmocka_unit_test(where_c_is_cut_changes_no_bit),
        cmocka_unit_test(what_is_not_finite_stays_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
