/* lapack.h - the factorizations that preconditioners and curvature need, always in double:
 * eigenvectors of a symmetric matrix, also of a tridiagonal one, and an orthonormal basis. No
 * allocation; one thread; the same bits however many threads of ours call them. Matrices are dense
 * and row-major. */
#ifndef DSC_OPTIM_LAPACK_H
#define DSC_OPTIM_LAPACK_H

#include <stdbool.h>
#include <stddef.h>

/* Doubles of work that dsc_eigen() and dsc_orthonormal() need for a side of up to n. */
size_t dsc_eigen_work(int n);
size_t dsc_orthonormal_work(int n);

/* Row i of a (n,n), symmetric before, becomes the eigenvector of value[i]; values ascend. False: it
 * did not converge, and a is spoilt. */
bool dsc_eigen(int n, double *a, double *value, double *work);
/* The rows of a (n,n) become orthonormal, in order: row i spans with those before it what it did.
 * Where they depend on each other, any directions fill up. False: a is spoilt. */
bool dsc_orthonormal(int n, double *a, double *work);
/* The same of the tridiagonal matrix with `value` on its diagonal and side[i] beside it, between
 * rows i and i + 1, n - 1 of them, which are spoilt: row i of vectors (n,n) belongs to value[i].
 * work: 2 n doubles. */
bool dsc_tridiagonal(int n, double *value, double *side, double *vectors, double *work);

#endif
