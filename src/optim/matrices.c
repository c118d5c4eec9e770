/* matrices.c - see matrices.h. */
#include "optim/matrices.h"

#include "base/sums.h"
#include "optim/lapack.h"

#include <string.h>

/* The largest trace that sums of outer products may reach. */
#if DSC_REAL == 32
static const double reach = 1e37;
#else
static const double reach = 1e300;
#endif

void DSC_R(dsc_diagonal)(real *a, int n, real x)
{
    memset(a, 0, (size_t)n * (size_t)n * sizeof *a);
    for (int i = 0; i < n; i++)
        a[(size_t)i * (size_t)n + (size_t)i] = x;
}

static double trace(const real *s, int n)
{
    double sum = 0.0;

    for (int i = 0; i < n; i++)
        sum += (double)s[(size_t)i * (size_t)n + (size_t)i];
    return sum;
}

/* The sum of the squares of g, which is the trace of g g^T. */
static double squares(const dsc_matrix_part *g)
{
    double sum = 0.0;

    for (int i = 0; i < g->rows; i++) {
        const real *row = g->at + (size_t)i * (size_t)g->stride;
        sum += dsc_dot(row, row, (size_t)g->cols);
    }
    return sum;
}

/* s <- keep s + add x */
static void add_to(real *restrict s, const real *restrict x, real keep, real add, size_t n)
{
    for (size_t i = 0; i < n; i++)
        s[i] = keep * s[i] + add * x[i];
}

void DSC_R(dsc_gather_outer)(const dsc_kernels *kernels, const dsc_matrix_part *g, dsc_side side,
                             double keep, double add, real *s, real *scratch)
{
    const bool left = side == DSC_LEFT;
    const int n = left ? g->rows : g->cols;
    const double more = squares(g);

    if (!(more <= reach) || !(keep * trace(s, n) + add * more <= reach))
        return;
    kernels->matmul(&(dsc_matmul_shape){.m = n,
                                        .n = n,
                                        .k = left ? g->cols : g->rows,
                                        .transpose_a = !left,
                                        .transpose_b = left,
                                        .lda = g->stride,
                                        .ldb = g->stride,
                                        .ldc = n},
                    g->at, g->at, scratch);
    add_to(s, scratch, (real)keep, (real)add, (size_t)n * (size_t)n);
}

/* --- factorizations --------------------------------------------------------------------------- */

size_t DSC_R(dsc_factor_work)(int n)
{
    const size_t side = (size_t)n, eigen = dsc_eigen_work(n), qr = dsc_orthonormal_work(n);

    return side + side * side + (eigen > qr ? eigen : qr);
}

const double *DSC_R(dsc_eigen_rows)(int n, const real *s, real *rows, double *work)
{
    const size_t count = (size_t)n * (size_t)n;
    double *value = work, *a = value + n;

    for (size_t i = 0; i < count; i++)
        a[i] = (double)s[i];
    if (!dsc_eigen(n, a, value, a + count))
        return NULL;
    for (size_t i = 0; i < count; i++)
        rows[i] = (real)a[i];
    return value;
}

bool DSC_R(dsc_orthonormal_rows)(int n, const real *a, const int *order, real *basis, double *work)
{
    const size_t side = (size_t)n, count = side * side;

    for (size_t i = 0; i < side; i++)
        for (size_t j = 0; j < side; j++)
            work[i * side + j] = (double)a[(size_t)order[i] * side + j];
    if (!dsc_orthonormal(n, work, work + count))
        return false;
    for (size_t i = 0; i < count; i++)
        basis[i] = (real)work[i];
    return true;
}
