/* matmul.c - matrix product in plain C: the judge of faster ones, and the only one in double.
 *
 * c (m,n) = op(a) (m,k) op(b) (k,n). Every element is one sum over k in ascending order (a long
 * one in pieces: long_sums.h), so that
 * all instruction sets give the same bits: vectors run along n, never along k. */
#include "kernel/long_sums.h"
#include "kernel/ref/ref.h"

#include <string.h>

enum { TILE = 64 }; /* rows and columns of op(b) taken at a time */

/* c[0..n) += x b[0..n), for `depth` rows of b and their x, in order. Four rows at a time: c is read
 * and written a quarter as often, and every sum keeps its order. */
static inline void add_rows(real *restrict c, const real *x, const real *restrict b, int depth,
                            size_t stride, int n)
{
    int p = 0;

    for (; p + 4 <= depth; p += 4) {
        const real *restrict b0 = b + (size_t)p * stride, *restrict b1 = b0 + stride;
        const real *restrict b2 = b1 + stride, *restrict b3 = b2 + stride;
        const real x0 = x[p], x1 = x[p + 1], x2 = x[p + 2], x3 = x[p + 3];
        for (int j = 0; j < n; j++)
            c[j] = (((c[j] + x0 * b0[j]) + x1 * b1[j]) + x2 * b2[j]) + x3 * b3[j];
    }
    for (; p < depth; p++)
        for (int j = 0; j < n; j++)
            c[j] += x[p] * b[(size_t)p * stride + (size_t)j];
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

/* x[q] = op(a)[i][p + q] */
static void take_row(const dsc_matmul_shape *s, const real *a, int i, int p, int depth, real *x)
{
    for (int q = 0; q < depth; q++)
        x[q] = a_at(s, a, i, p + q);
}

static void transposed_b(const dsc_matmul_shape *s, const real *a, const real *b, real *c)
{
    real tile[TILE * TILE], x[TILE];

    for (int j = 0; j < s->n; j += TILE) {
        const int width = s->n - j < TILE ? s->n - j : TILE;
        for (int p = 0; p < s->k; p += TILE) {
            const int depth = s->k - p < TILE ? s->k - p : TILE;
            turn(s, b, j, width, p, depth, tile);
            for (int i = 0; i < s->m; i++) {
                take_row(s, a, i, p, depth, x);
                add_rows(c + (size_t)i * (size_t)s->ldc + j, x, tile, depth, TILE, width);
            }
        }
    }
}

static void plain_b(const dsc_matmul_shape *s, const real *a, const real *b, real *c)
{
    real x[TILE];

    for (int p = 0; p < s->k; p += TILE) {
        const int depth = s->k - p < TILE ? s->k - p : TILE;
        for (int i = 0; i < s->m; i++) {
            take_row(s, a, i, p, depth, x);
            add_rows(c + (size_t)i * (size_t)s->ldc, x, b + (size_t)p * (size_t)s->ldb, depth,
                     (size_t)s->ldb, s->n);
        }
    }
}

void DSC_R(dsc_ref_matmul)(const dsc_matmul_shape *s, const real *a, const real *b, real *c)
{
    if (long_sums(s, DSC_R(dsc_ref_matmul), a, b, c))
        return;
    for (int i = 0; i < s->m && !s->add; i++)
        memset(c + (size_t)i * (size_t)s->ldc, 0, (size_t)s->n * sizeof *c);
    if (s->transpose_b)
        transposed_b(s, a, b, c);
    else
        plain_b(s, a, b, c);
}
