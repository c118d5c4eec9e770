/* matmul.c - matrix product in bfloat16 with sums in float: twice the multiplications of float in
 * one instruction (VDPBF16PS of AVX512_BF16).
 *
 * op(a) and op(b) are rounded and laid into panels, pairs of k side by side as the instruction
 * wants them: for every two k, the pairs of ROWS rows of a, and of COLUMNS columns of b. A tile of
 * c then stays in registers for a whole block of k. Blocks are small enough for the stack and the
 * second cache; where c is cut has no influence on its bits. */
#include "kernel/bf16/bf16.h"

#include "kernel/bf16/there.h"

#ifdef DSC_HAS_BF16

#  define LONG_REAL float
#  include "kernel/long_sums.h"

#  include <immintrin.h>
#  include <stdint.h>
#  include <string.h>

enum {
    ROWS = 14,
    COLUMNS = 32,
    DEPTH = 256, /* of a block, in k; even */
    PAIRS = DEPTH / 2,
    BLOCK_M = 8 * ROWS,
    BLOCK_N = 8 * COLUMNS,
    LANES = 16
};

#  define BF16 __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512bf16")))

/* Sixteen numbers or fewer, the others zero, rounded; in the low half of each lane. */
BF16 static inline __m512i rounded(const float *x, int n)
{
    const __mmask16 mask = (__mmask16)(n >= LANES ? 0xffff : (1u << n) - 1u);
    const __m256bh half = _mm512_cvtneps_pbh(_mm512_maskz_loadu_ps(mask, x));

    return _mm512_cvtepu16_epi32((__m256i)half);
}

/* Panels of `width` from x whose rows are along k: x (depth, n), element (k, j) at k * stride + j.
 */
BF16 static void pack_along(const float *x, size_t stride, int depth, int n, int width,
                            uint32_t *panel)
{
    for (int j = 0; j < n; j += width)
        for (int p = 0; p < depth; p += 2, panel += width)
            for (int lane = 0; lane < width; lane += LANES) {
                const int wide = width - lane < LANES ? width - lane : LANES;
                const int left = n - j - lane, there = left < wide ? left : wide;
                const float *from = x + (size_t)p * stride + (size_t)(j + lane);
                const __mmask16 all = (__mmask16)((1u << wide) - 1u);
                __m512i pair = _mm512_setzero_si512();
                if (there > 0)
                    pair = rounded(from, there);
                if (there > 0 && p + 1 < depth)
                    pair =
                        _mm512_or_si512(pair, _mm512_slli_epi32(rounded(from + stride, there), 16));
                _mm512_mask_storeu_epi32(panel + lane, all, pair);
            }
}

/* The same from x stored the other way: element (k, j) at j * stride + k. */
BF16 static void pack_across(const float *x, size_t stride, int depth, int n, int width,
                             uint32_t *panel)
{
    const int pairs = (depth + 1) / 2;

    for (int j = 0; j < n; j += width, panel += (size_t)pairs * (size_t)width) {
        if (n - j < width)
            memset(panel, 0, (size_t)pairs * (size_t)width * sizeof *panel);
        for (int c = 0; c < width && j + c < n; c++) {
            const float *from = x + (size_t)(j + c) * stride;
            uint16_t line[DEPTH + LANES] = {0};
            uint32_t *to = panel + c;
            for (int k = 0; k < depth; k += LANES)
                _mm256_storeu_si256((__m256i *)(void *)(line + k),
                                    _mm512_cvtepi32_epi16(rounded(from + k, depth - k)));
            for (ptrdiff_t p = 0; p < pairs; p++, to += width)
                *to = (uint32_t)line[2 * p] | (uint32_t)line[2 * p + 1] << 16;
        }
    }
}

typedef struct tile {
    float *c;
    size_t stride;
    int rows, columns; /* that are there */
    bool add;
} tile;

BF16 static void put(const tile *t, int row, int lane, __m512 sum)
{
    const int left = t->columns - lane;
    const __mmask16 mask = (__mmask16)(left >= LANES ? 0xffff : left <= 0 ? 0 : (1u << left) - 1u);
    float *c = t->c + (size_t)row * t->stride + lane;

    if (t->add)
        sum = _mm512_add_ps(_mm512_maskz_loadu_ps(mask, c), sum);
    _mm512_mask_storeu_ps(c, mask, sum);
}

BF16 static void multiply_tile(const uint32_t *a, const uint32_t *b, int pairs, const tile *t)
{
    __m512 left[ROWS], right[ROWS];

#  pragma GCC unroll 14
    for (int r = 0; r < ROWS; r++)
        left[r] = right[r] = _mm512_setzero_ps();
    for (int p = 0; p < pairs; p++, a += ROWS, b += COLUMNS) {
        const __m512bh b0 = (__m512bh)_mm512_loadu_si512(b);
        const __m512bh b1 = (__m512bh)_mm512_loadu_si512(b + LANES);
#  pragma GCC unroll 14
        for (int r = 0; r < ROWS; r++) {
            const __m512bh x = (__m512bh)_mm512_set1_epi32((int)a[r]);
            left[r] = _mm512_dpbf16_ps(left[r], x, b0);
            right[r] = _mm512_dpbf16_ps(right[r], x, b1);
        }
    }
#  pragma GCC unroll 14
    for (int r = 0; r < ROWS; r++)
        if (r < t->rows) {
            put(t, r, 0, left[r]);
            put(t, r, LANES, right[r]);
        }
}

/* One block of c from packed panels. */
BF16 static void multiply_block(const uint32_t *a, const uint32_t *b, int m, int n, int pairs,
                                const tile *all)
{
    for (int j = 0; j < n; j += COLUMNS)
        for (int i = 0; i < m; i += ROWS) {
            const tile t = {.c = all->c + (size_t)i * all->stride + j,
                            .stride = all->stride,
                            .rows = m - i < ROWS ? m - i : ROWS,
                            .columns = n - j < COLUMNS ? n - j : COLUMNS,
                            .add = all->add};
            multiply_tile(a + (size_t)(i / ROWS) * (size_t)pairs * ROWS,
                          b + (size_t)(j / COLUMNS) * (size_t)pairs * COLUMNS, pairs, &t);
        }
}

static int at_most(int a, int b)
{
    return a < b ? a : b;
}

/* All blocks that share columns j.. of c and k from p on. */
BF16 static void multiply_stripe(const dsc_matmul_shape *s, const float *a, const float *b,
                                 float *c, int j, int p)
{
    uint32_t panel_a[PAIRS * BLOCK_M], panel_b[PAIRS * BLOCK_N];
    const int n = at_most(BLOCK_N, s->n - j), depth = at_most(DEPTH, s->k - p);
    const size_t lda = (size_t)s->lda, ldb = (size_t)s->ldb;

    if (s->transpose_b)
        pack_across(b + (size_t)j * ldb + p, ldb, depth, n, COLUMNS, panel_b);
    else
        pack_along(b + (size_t)p * ldb + j, ldb, depth, n, COLUMNS, panel_b);
    for (int i = 0; i < s->m; i += BLOCK_M) {
        const int m = at_most(BLOCK_M, s->m - i);
        const tile block = {.c = c + (size_t)i * (size_t)s->ldc + j,
                            .stride = (size_t)s->ldc,
                            .add = s->add || p > 0};
        if (s->transpose_a)
            pack_along(a + (size_t)p * lda + i, lda, depth, m, ROWS, panel_a);
        else
            pack_across(a + (size_t)i * lda + p, lda, depth, m, ROWS, panel_a);
        multiply_block(panel_a, panel_b, m, n, (depth + 1) / 2, &block);
    }
}

void dsc_bf16_matmul(const dsc_matmul_shape *s, const float *a, const float *b, float *c)
{
    if (long_sums(s, dsc_bf16_matmul, a, b, c))
        return;
    for (int i = 0; s->k == 0 && !s->add && i < s->m; i++)
        memset(c + (size_t)i * (size_t)s->ldc, 0, (size_t)s->n * sizeof *c);
    for (int j = 0; j < s->n; j += BLOCK_N)
        for (int p = 0; p < s->k; p += DEPTH)
            multiply_stripe(s, a, b, c, j, p);
}

bool dsc_bf16_there(void)
{
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx512bf16") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
}

#else

bool dsc_bf16_there(void)
{
    return false;
}

/* Never called: see dsc_bf16_there(). */
void dsc_bf16_matmul(const dsc_matmul_shape *s, const float *a, const float *b, float *c)
{
    (void)s, (void)a, (void)b, (void)c;
}

#endif
