/* cholesky.h - systems of equations whose matrix is symmetric and positive, such as those of least
 * squares: few unknowns, always in double. Matrices are dense and row-major. */
#ifndef DSC_DATA_CHOLESKY_H
#define DSC_DATA_CHOLESKY_H

#include <stdbool.h>
#include <stddef.h>

/* The lower triangle of a (n,n) <- L, where L L' = a; nothing else of a is read. False: it is not
 * positive, and spoilt. */
bool dsc_cholesky(double *a, size_t n);
/* v <- (L L')^-1 v; its n numbers are `stride` apart. */
void dsc_cholesky_solve(const double *l, size_t n, double *v, size_t stride);

#endif
