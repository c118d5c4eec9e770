/* lapack.c - see lapack.h; the only file that knows LAPACK.
 *
 * LAPACK's columns are our rows, so nothing is transposed. The interfaces that take work from the
 * caller are used: the others allocate. */
#include "optim/lapack.h"

#include <lapacke.h>

enum { QR_BLOCK = 32 }; /* columns that a blocked QR takes at a time */

/* OpenBLAS may stand behind LAPACK, where it is installed. It starts threads of its own, which
 * would fight with ours and change the order of sums; elsewhere the symbol is not there. */
#if defined(__GNUC__)
void openblas_set_num_threads(int threads) __attribute__((weak));

static void stay_on_this_thread(void)
{
    if (openblas_set_num_threads)
        openblas_set_num_threads(1);
}
#else
static void stay_on_this_thread(void)
{
}
#endif

/* Of dsyevd with vectors: doubles, then whole numbers, as its manual has them. */
static size_t eigen_reals(size_t n)
{
    return 1 + 6 * n + 2 * n * n;
}

static size_t eigen_integers(size_t n)
{
    return 3 + 5 * n;
}

size_t dsc_eigen_work(int n)
{
    const size_t side = (size_t)n, each = sizeof(double) / sizeof(lapack_int);

    return eigen_reals(side) + (eigen_integers(side) + each - 1) / each;
}

size_t dsc_orthonormal_work(int n)
{
    return (1 + QR_BLOCK) * (size_t)n;
}

/* Divide and conquer: several times faster than QR iteration, which makes up for plain BLAS. */
bool dsc_eigen(int n, double *a, double *value, double *work)
{
    const size_t reals = eigen_reals((size_t)n), integers = eigen_integers((size_t)n);

    stay_on_this_thread();
    return LAPACKE_dsyevd_work(LAPACK_COL_MAJOR, 'V', 'L', n, a, n, value, work, (lapack_int)reals,
                               (lapack_int *)(void *)(work + reals), (lapack_int)integers) == 0;
}

bool dsc_orthonormal(int n, double *a, double *work)
{
    double *tau = work, *rest = work + n;
    const lapack_int size = QR_BLOCK * n;

    stay_on_this_thread();
    return LAPACKE_dgeqrf_work(LAPACK_COL_MAJOR, n, n, a, n, tau, rest, size) == 0 &&
           LAPACKE_dorgqr_work(LAPACK_COL_MAJOR, n, n, n, a, n, tau, rest, size) == 0;
}

bool dsc_tridiagonal(int n, double *value, double *side, double *vectors, double *work)
{
    stay_on_this_thread();
    return LAPACKE_dsteqr_work(LAPACK_COL_MAJOR, 'I', n, value, side, vectors, n, work) == 0;
}
