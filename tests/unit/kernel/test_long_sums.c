/* test_long_sums.c - products whose sums are longer than a float can count, by every backend: as
 * exact as short ones, whatever is transposed or added. */
#define DSC_REAL  32
#define DSC_LEVEL base
#include "base/parallel.h"
#include "kernel/kernel.h"
#include "kernel/long_sums.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { K = 3 * DSC_LONG_SUM + 17, M = 67, N = 66, FEW = 3 };

typedef struct work {
    const dsc_kernels *kernels;
    dsc_matmul_shape shape;
    float *a, *b, *c;
} work;

static void multiply(int index, void *user)
{
    const work *w = user;

    (void)index;
    w->kernels->matmul(&w->shape, w->a, w->b, w->c);
}

/* Numbers about 1, where a sum of floats drifts. */
static float number(size_t i)
{
    return 0.9f + 0.001f * (float)(i * 2654435761u % 199);
}

static double exact(const work *w, size_t i, size_t j)
{
    const dsc_matmul_shape *s = &w->shape;
    double sum = s->add ? 5.0 : 0.0;

    for (size_t p = 0; p < K; p++)
        sum += (double)w->a[s->transpose_a ? p * (size_t)s->lda + i : i * (size_t)s->lda + p] *
               (double)w->b[s->transpose_b ? j * (size_t)s->ldb + p : p * (size_t)s->ldb + j];
    return sum;
}

static void check(dsc_backend backend, int form, int m, int n)
{
    const bool turn_a = form & 1, turn_b = form & 2;
    work w = {.kernels = dsc_kernels_choose(DESCENT_F32, backend, dsc_level_choose()),
              .shape = {.m = m, .n = n, .k = K, .transpose_a = turn_a, .transpose_b = turn_b}};

    w.shape.add = form & 4;
    w.shape.lda = turn_a ? m : K;
    w.shape.ldb = turn_b ? K : n;
    w.shape.ldc = n + 1;
    w.a = malloc((size_t)m * K * sizeof *w.a);
    w.b = malloc((size_t)n * K * sizeof *w.b);
    w.c = malloc((size_t)m * (size_t)(n + 1) * sizeof *w.c);
    assert_true(w.a && w.b && w.c);
    for (size_t i = 0; i < (size_t)m * K; i++)
        w.a[i] = number(i);
    for (size_t i = 0; i < (size_t)n * K; i++)
        w.b[i] = number(i + 7);
    for (size_t i = 0; i < (size_t)m * (size_t)(n + 1); i++)
        w.c[i] = 5.0f;
    dsc_parallel_for(1, 1, multiply, &w);
    for (size_t i = 0; i < (size_t)m; i += FEW * 11)
        for (size_t j = 0; j < (size_t)n; j += FEW * 10 + 2) {
            const double wanted = exact(&w, i, j), got = (double)w.c[i * (size_t)(n + 1) + j];
            if (!(fabs(got / wanted - 1.0) < 1e-3))
                fail_msg("form %d, %dx%d: %g at %zu, %zu, expected %g", form, m, n, got, i, j,
                         wanted);
        }
    for (size_t i = 0; i < (size_t)m; i++) /* between the rows nothing is written */
        assert_true(w.c[i * (size_t)(n + 1) + (size_t)n] == 5.0f);
    free(w.a);
    free(w.b);
    free(w.c);
}

static void test_ref(void **unused)
{
    (void)unused;
    for (int form = 0; form < 8; form++)
        check(DSC_BACKEND_REF, form, form % 2 ? 1 : M, form % 2 ? 1 : 2);
}

static void test_auto(void **unused)
{
    (void)unused;
    for (int form = 0; form < 8; form++)
        check(DSC_BACKEND_AUTO, form, form == 3 ? 1 : M, form == 5 ? 1 : N);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_ref), cmocka_unit_test(test_auto)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
