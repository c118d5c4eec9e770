/* matmul_small.c - products so small that a library's preparations would take longer than the sums:
 * those of attention, a few dozen rows and columns.
 *
 * A block of c stays in registers while the sums run over k, in their order: every element gets the
 * same bits whatever the length of a vector. Multiplication and addition are not fused; processors
 * with units for both at once lose nothing by that. */
#include "kernel/ref/ref.h"

#include <stddef.h>

#if defined(__AVX512F__)
enum { BYTES = 64 };
#elif defined(__AVX2__)
enum { BYTES = 32 };
#else
enum { BYTES = 16 };
#endif
enum { LANES = BYTES / sizeof(real) };

/* A vector that may lie anywhere in an array of numbers. */
typedef real vector __attribute__((vector_size(BYTES), aligned(sizeof(real)), may_alias));

/* Strides of op(a): from one row to the next, and from one k to the next. */
typedef struct strides {
    size_t row, k;
} strides;

#define ALWAYS static inline __attribute__((always_inline))

/* `rows` x `vectors` vectors of c; both are constants where it is called. */
ALWAYS void block(const dsc_matmul_shape *s, strides t, const real *a, const real *b, real *c,
                  const int rows, const int vectors)
{
    vector sum[8][4];

#pragma GCC unroll 8
    for (int i = 0; i < rows; i++)
#pragma GCC unroll 4
        for (ptrdiff_t j = 0; j < vectors; j++)
            sum[i][j] = s->add ? *(const vector *)(c + (size_t)i * (size_t)s->ldc + j * LANES)
                               : (vector){0};
    for (int k = 0; k < s->k; k++, a += t.k, b += s->ldb) {
#pragma GCC unroll 8
        for (int i = 0; i < rows; i++)
#pragma GCC unroll 4
            for (ptrdiff_t j = 0; j < vectors; j++)
                sum[i][j] += a[(size_t)i * t.row] * *(const vector *)(b + j * LANES);
    }
#pragma GCC unroll 8
    for (int i = 0; i < rows; i++)
#pragma GCC unroll 4
        for (ptrdiff_t j = 0; j < vectors; j++)
            *(vector *)(c + (size_t)i * (size_t)s->ldc + j * LANES) = sum[i][j];
}

/* All rows of `vectors` vectors of columns, `rows` at a time. */
ALWAYS void columns(const dsc_matmul_shape *s, strides t, const real *a, const real *b, real *c,
                    const int rows, const int vectors)
{
    int i = 0;

    for (; i + rows <= s->m; i += rows)
        block(s, t, a + (size_t)i * t.row, b, c + (size_t)i * (size_t)s->ldc, rows, vectors);
    for (; i < s->m; i++)
        block(s, t, a + (size_t)i * t.row, b, c + (size_t)i * (size_t)s->ldc, 1, vectors);
}

/* One column, which no vector holds. */
static void column(const dsc_matmul_shape *s, strides t, const real *a, const real *b, real *c)
{
    for (int i = 0; i < s->m; i++) {
        real sum = s->add ? c[(size_t)i * (size_t)s->ldc] : 0;
        for (int k = 0; k < s->k; k++)
            sum += a[(size_t)i * t.row + (size_t)k * t.k] * b[(size_t)k * (size_t)s->ldb];
        c[(size_t)i * (size_t)s->ldc] = sum;
    }
}

void DSC_R(dsc_ref_matmul_small)(const dsc_matmul_shape *s, const real *a, const real *b, real *c)
{
    const size_t lda = (size_t)s->lda;
    const strides t = s->transpose_a ? (strides){1, lda} : (strides){lda, 1};
    int j = 0;

    for (; j + 4 * LANES <= s->n; j += 4 * LANES)
        columns(s, t, a, b + j, c + j, 4, 4);
    for (; j + 2 * LANES <= s->n; j += 2 * LANES)
        columns(s, t, a, b + j, c + j, 8, 2);
    for (; j + LANES <= s->n; j += LANES)
        columns(s, t, a, b + j, c + j, 8, 1);
    for (; j < s->n; j++)
        column(s, t, a, b + j, c + j);
}
