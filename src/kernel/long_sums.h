/* long_sums.h - matrix products whose sums are so long that floats, added one by one, would lose
 * them: from 2^24 terms of one size on a float doesn't grow any more, and long before that every
 * term is rounded. They are taken in pieces, which a kernel multiplies as ever, and the pieces are
 * added in double. So many examples in one shard are rare; shorter sums keep their bits.
 *
 * For files of the `real` list, or where LONG_REAL says what numbers are. */
#ifndef DSC_KERNEL_LONG_SUMS_H
#define DSC_KERNEL_LONG_SUMS_H

#include "kernel/shapes.h"

#ifndef LONG_REAL
#  include "base/real.h"
#  define LONG_REAL real
#endif

enum { LONG_TILE = 64 }; /* rows and columns of c at a time */

typedef void (*long_matmul)(const dsc_matmul_shape *s, const LONG_REAL *a, const LONG_REAL *b,
                            LONG_REAL *c);

/* Rows i.. and columns j.. of c. */
static inline void long_tile(const dsc_matmul_shape *s, long_matmul matmul, const LONG_REAL *a,
                             const LONG_REAL *b, LONG_REAL *c, size_t i, size_t j)
{
    const size_t m = (size_t)s->m - i, n = (size_t)s->n - j, k = (size_t)s->k;
    const size_t lda = (size_t)s->lda, ldb = (size_t)s->ldb, ldc = (size_t)s->ldc;
    const size_t rows = m < LONG_TILE ? m : LONG_TILE, columns = n < LONG_TILE ? n : LONG_TILE;
    double total[LONG_TILE * LONG_TILE];
    LONG_REAL piece[LONG_TILE * LONG_TILE];
    dsc_matmul_shape t = *s;

    t.m = (int)rows;
    t.n = t.ldc = (int)columns;
    t.add = false;
    c += i * ldc + j;
    for (size_t r = 0; r < rows; r++)
        for (size_t q = 0; q < columns; q++)
            total[r * columns + q] = s->add ? (double)c[r * ldc + q] : 0.0;
    for (size_t p = 0; p < k; p += DSC_LONG_SUM) {
        t.k = (int)(k - p < DSC_LONG_SUM ? k - p : DSC_LONG_SUM);
        matmul(&t, a + (s->transpose_a ? p * lda + i : i * lda + p),
               b + (s->transpose_b ? j * ldb + p : p * ldb + j), piece);
        for (size_t r = 0; r < rows * columns; r++)
            total[r] += (double)piece[r];
    }
    for (size_t r = 0; r < rows; r++)
        for (size_t q = 0; q < columns; q++)
            c[r * ldc + q] = (LONG_REAL)total[r * columns + q];
}

/* Does a product whose sums are long by means of `matmul`; false: they are not. */
static inline bool long_sums(const dsc_matmul_shape *s, long_matmul matmul, const LONG_REAL *a,
                             const LONG_REAL *b, LONG_REAL *c)
{
    if (s->k <= DSC_LONG_SUM)
        return false;
    for (size_t i = 0; i < (size_t)s->m; i += LONG_TILE)
        for (size_t j = 0; j < (size_t)s->n; j += LONG_TILE)
            long_tile(s, matmul, a, b, c, i, j);
    return true;
}

#endif
