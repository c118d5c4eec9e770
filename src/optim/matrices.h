/* matrices.h - what rules do with small square matrices, in the precision of the weights. For files
 * of the `real` list. All matrices are row-major. */
#ifndef DSC_OPTIM_MATRICES_H
#define DSC_OPTIM_MATRICES_H

#include "base/real.h"
#include "kernel/kernel.h"

/* A matrix inside a larger one: `stride` elements from one row to the next. */
typedef struct dsc_matrix_part {
    const real *at;
    int rows, cols, stride;
} dsc_matrix_part;

/* Which side of a matrix a preconditioner stands on. */
typedef enum dsc_side { DSC_LEFT, DSC_RIGHT } dsc_side;

enum { DSC_PLAIN = 0, DSC_TURN_A = 1, DSC_TURN_B = 2 }; /* which factor is transposed */

/* c (m,n) = op(a) (m,k) op(b) (k,n), all dense. */
static inline void dsc_product(const dsc_kernels *kernels, int m, int n, int k, int turned,
                               const real *a, const real *b, real *c)
{
    const bool turn_a = (turned & DSC_TURN_A) != 0, turn_b = (turned & DSC_TURN_B) != 0;

    kernels->matmul(&(dsc_matmul_shape){.m = m,
                                        .n = n,
                                        .k = k,
                                        .transpose_a = turn_a,
                                        .transpose_b = turn_b,
                                        .lda = turn_a ? m : k,
                                        .ldb = turn_b ? k : n,
                                        .ldc = n},
                    a, b, c);
}

/* x, or the largest number whose square can still be added up many times. */
static inline real dsc_within_reach(real x)
{
    const real most = (real)(sizeof(real) == sizeof(float) ? 1e18 : 1e150);
    const real low = x < -most ? -most : x;

    return low > most ? most : low;
}

/* n, up to whole cache lines: how far parts of work lie from each other. */
static inline size_t dsc_rounded(size_t n)
{
    return (n + 15) / 16 * 16;
}

/* Elements that `count` doubles take up in work of reals. */
static inline size_t dsc_as_reals(size_t count)
{
    return dsc_rounded(count * (sizeof(double) / sizeof(real)));
}

/* a (n,n) <- x I */
void DSC_R(dsc_diagonal)(real *a, int n, real x);
/* s <- keep s + add g g^T, or g^T g on the right; scratch is as large as s. A g so large that s
 * would leave the range of its type is left out: infinity would stay in s for ever. */
void DSC_R(dsc_gather_outer)(const dsc_kernels *kernels, const dsc_matrix_part *g, dsc_side side,
                             double keep, double add, real *s, real *scratch);

/* Doubles of work for the two functions below. */
size_t DSC_R(dsc_factor_work)(int n);
/* Row i of rows (n,n) <- the eigenvector of value[i], for s symmetric; values ascend and stand at
 * the head of work. NULL when LAPACK gave up: rows are as they were then. */
const double *DSC_R(dsc_eigen_rows)(int n, const real *s, real *rows, double *work);
/* Row i of basis <- row order[i] of a, made orthonormal; false: basis is as it was. */
bool DSC_R(dsc_orthonormal_rows)(int n, const real *a, const int *order, real *basis, double *work);

#endif
