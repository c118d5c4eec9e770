/* basis.h - eigenbases of the second moments of a matrix's rows and columns, for soap. For files of
 * the `real` list.
 *
 *     L <- keep L + (1 - keep) G G^T,  R <- keep R + (1 - keep) G^T G;  the columns of A and B are
 *     eigenvectors of L and R. A and B are kept transposed, eigenvectors as rows. */
#ifndef DSC_OPTIM_BASIS_H
#define DSC_OPTIM_BASIS_H

#include "optim/matrices.h"
#include "optim/optim.h"

/* The bases of one matrix (rows,cols) and room to work in. Where l and a, or r and b, are NULL, I
 * stands for that basis. */
typedef struct dsc_bases {
    const dsc_kernels *kernels;
    int rows, cols;
    real *l, *a;  /* (rows,rows) */
    real *r, *b;  /* (cols,cols) */
    real *half;   /* (rows,cols): half-way between two bases */
    real *square; /* the longer of the sides that have a basis, squared */
    double *e, *factors;
    int *order;
} dsc_bases;

/* Elements of work for dsc_bases_room(), which divides it; side: the longer that has a basis. */
size_t DSC_R(dsc_bases_work)(int rows, int cols, int side);
void DSC_R(dsc_bases_room)(dsc_bases *q, int side, void *work);

/* Takes g into L and R. */
void DSC_R(dsc_bases_gather)(const dsc_bases *q, const real *g, double keep);
/* The first bases; I where eigenvectors could not be found. */
void DSC_R(dsc_bases_start)(const dsc_bases *q);
/* to <- A^T x B when `into` the bases, A x B^T when out of them; x may be to. */
void DSC_R(dsc_bases_rotate)(const dsc_bases *q, bool into, const real *x, real *to);
/* One power iteration, then by falling eigenvalues: A <- orthonormal columns of L A, B likewise; m,
 * which is in the bases, is carried over, and v is sorted as they are. A basis whose factorization
 * failed stays. */
void DSC_R(dsc_bases_refresh)(const dsc_bases *q, real *m, real *v);

#endif
