/* test_one_thread.c - a LAPACK with threads of its own is told to leave them alone, before each of
 * its factorizations: they would fight with ours and change the order of sums. This program stands
 * in for OpenBLAS, which need not be installed. */
#include "optim/lapack.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static int told, last;

/* What OpenBLAS calls it. */
void openblas_set_num_threads(int threads);
void openblas_set_num_threads(int threads)
{
    told++;
    last = threads;
}

static void test_each_stays_on_this_thread(void **unused)
{
    enum { N = 2 };
    double a[N * N] = {2, 1, 1, 2}, value[N] = {0}, side[N] = {1, 0}, diagonal[N] = {2, 2};
    const size_t eigen = dsc_eigen_work(N), basis = dsc_orthonormal_work(N);
    double *work = calloc(eigen > basis ? eigen : basis, sizeof *work);

    (void)unused;
    assert_non_null(work);
    assert_true(dsc_eigen(N, a, value, work));
    assert_true(fabs(value[0] - 1) < 1e-12);
    assert_true(fabs(value[1] - 3) < 1e-12);
    assert_int_equal(told, 1);
    assert_true(dsc_orthonormal(N, a, work));
    assert_int_equal(told, 2);
    assert_true(dsc_tridiagonal(N, diagonal, side, a, work));
    assert_true(fabs(diagonal[1] - 3) < 1e-12);
    assert_int_equal(told, 3);
    assert_int_equal(last, 1);
    free(work);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_each_stays_on_this_thread)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
