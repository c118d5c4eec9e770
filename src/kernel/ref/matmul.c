/* matmul.c - matrix product in plain C: the judge of faster ones, and the only one in double.
 *
 * c (m,n) = op(a) (m,k) op(b) (k,n). Every element is one sum over k in ascending order, so that
 * all instruction sets give the same bits: vectors run along n, never along k. */
#include "kernel/ref/ref.h"

#include <string.h>

enum { TILE = 64 }; /* columns of op(b) turned around at a time when b is stored transposed */

/* c[0..n) += x b[0..n) */
static void add_scaled(real *restrict c, real x, const real *restrict b, int n)
{
    for (int j = 0; j < n; j++)
        c[j] += x * b[j];
}

static inline real a_at(const dsc_matmul_shape *s, const real *a, int i, int p)
{
    return s->transpose_a ? a[(size_t)p * (size_t)s->lda + (size_t)i]
                          : a[(size_t)i * (size_t)s->lda + (size_t)p];
}

/* tile (k,width) <- columns begin.. of op(b), for b stored (n,k) */
static void turn(const dsc_matmul_shape *s, const real *b, int begin, int width, int p, int depth,
                 real *restrict tile)
{
    for (int q = 0; q < depth; q++)
        for (int j = 0; j < width; j++)
            tile[q * TILE + j] = b[(size_t)(begin + j) * (size_t)s->ldb + (size_t)(p + q)];
}

static void transposed_b(const dsc_matmul_shape *s, const real *a, const real *b, real *c)
{
    real tile[TILE * TILE];

    for (int j = 0; j < s->n; j += TILE) {
        const int width = s->n - j < TILE ? s->n - j : TILE;
        for (int p = 0; p < s->k; p += TILE) {
            const int depth = s->k - p < TILE ? s->k - p : TILE;
            turn(s, b, j, width, p, depth, tile);
            for (int i = 0; i < s->m; i++)
                for (int q = 0; q < depth; q++)
                    add_scaled(c + (size_t)i * (size_t)s->ldc + j, a_at(s, a, i, p + q),
                               tile + (size_t)q * TILE, width);
        }
    }
}

void DSC_R(dsc_ref_matmul)(const dsc_matmul_shape *s, const real *a, const real *b, real *c)
{
    for (int i = 0; i < s->m && !s->add; i++)
        memset(c + (size_t)i * (size_t)s->ldc, 0, (size_t)s->n * sizeof *c);
    if (s->transpose_b) {
        transposed_b(s, a, b, c);
        return;
    }
    for (int i = 0; i < s->m; i++)
        for (int p = 0; p < s->k; p++)
            add_scaled(c + (size_t)i * (size_t)s->ldc, a_at(s, a, i, p),
                       b + (size_t)p * (size_t)s->ldb, s->n);
}
