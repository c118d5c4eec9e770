/* lanes.h - vectors of floats as this instruction set has them, with fused multiply-add.
 *
 * The one place beside `real` code that knows instruction sets. A fused a * b + c is rounded once,
 * so kernels written with it differ from `ref` in the last digits, and between instruction sets
 * that have it and those that haven't: they are compared within a tolerance. DSC_FMA_LANES, numbers
 * in a vector, is undefined where there is no such set; files of this folder are empty then. */
#ifndef DSC_KERNEL_FAST_LANES_H
#define DSC_KERNEL_FAST_LANES_H

#include "base/real.h"

#include <stddef.h>

#if DSC_REAL == 32 && defined(__AVX512F__)
#  include <immintrin.h>
#  define DSC_FMA_LANES 16
typedef __m512 lanes;

static inline lanes lanes_load(const float *x)
{
    return _mm512_loadu_ps(x);
}

static inline void lanes_store(float *x, lanes a)
{
    _mm512_storeu_ps(x, a);
}

static inline lanes lanes_all(float x)
{
    return _mm512_set1_ps(x);
}

static inline lanes lanes_fma(lanes a, lanes b, lanes c)
{
    return _mm512_fmadd_ps(a, b, c);
}

/* Bit i: a[i] and b[i] are not equal; NaN equals nothing. */
static inline unsigned lanes_differ(lanes a, lanes b)
{
    return _mm512_cmp_ps_mask(a, b, _CMP_NEQ_UQ);
}

/* The 2x2 blocks of pairs of rows (i, i + 1) and columns, turned; the next step of a transposition
 * of pairs of pairs, and so on. */
static inline void lanes_transpose(lanes r[16])
{
    lanes t[16];

    for (int i = 0; i < 16; i += 2) {
        t[i] = _mm512_unpacklo_ps(r[i], r[i + 1]);
        t[i + 1] = _mm512_unpackhi_ps(r[i], r[i + 1]);
    }
    for (int i = 0; i < 16; i += 4)
        for (int j = 0; j < 2; j++) {
            const __m512d a = _mm512_castps_pd(t[i + j]), b = _mm512_castps_pd(t[i + j + 2]);
            r[i + 2 * j] = _mm512_castpd_ps(_mm512_unpacklo_pd(a, b));
            r[i + 2 * j + 1] = _mm512_castpd_ps(_mm512_unpackhi_pd(a, b));
        }
    for (int i = 0; i < 4; i++) {
        t[i] = _mm512_shuffle_f32x4(r[i], r[i + 4], 0x88);
        t[i + 4] = _mm512_shuffle_f32x4(r[i], r[i + 4], 0xdd);
        t[i + 8] = _mm512_shuffle_f32x4(r[i + 8], r[i + 12], 0x88);
        t[i + 12] = _mm512_shuffle_f32x4(r[i + 8], r[i + 12], 0xdd);
    }
    for (int i = 0; i < 8; i++) {
        r[i] = _mm512_shuffle_f32x4(t[i], t[i + 8], 0x88);
        r[i + 8] = _mm512_shuffle_f32x4(t[i], t[i + 8], 0xdd);
    }
}

#elif DSC_REAL == 32 && defined(__AVX2__) && defined(__FMA__)
#  include <immintrin.h>
#  define DSC_FMA_LANES 8
typedef __m256 lanes;

static inline lanes lanes_load(const float *x)
{
    return _mm256_loadu_ps(x);
}

static inline void lanes_store(float *x, lanes a)
{
    _mm256_storeu_ps(x, a);
}

static inline lanes lanes_all(float x)
{
    return _mm256_set1_ps(x);
}

static inline lanes lanes_fma(lanes a, lanes b, lanes c)
{
    return _mm256_fmadd_ps(a, b, c);
}

/* Bit i: a[i] and b[i] are not equal; NaN equals nothing. */
static inline unsigned lanes_differ(lanes a, lanes b)
{
    return (unsigned)_mm256_movemask_ps(_mm256_cmp_ps(a, b, _CMP_NEQ_UQ));
}

static inline void lanes_transpose(lanes r[8])
{
    lanes t[8];

    for (int i = 0; i < 8; i += 2) {
        t[i] = _mm256_unpacklo_ps(r[i], r[i + 1]);
        t[i + 1] = _mm256_unpackhi_ps(r[i], r[i + 1]);
    }
    for (int i = 0; i < 8; i += 4)
        for (int j = 0; j < 2; j++) {
            const __m256d a = _mm256_castps_pd(t[i + j]), b = _mm256_castps_pd(t[i + j + 2]);
            r[i + 2 * j] = _mm256_castpd_ps(_mm256_unpacklo_pd(a, b));
            r[i + 2 * j + 1] = _mm256_castpd_ps(_mm256_unpackhi_pd(a, b));
        }
    for (int i = 0; i < 4; i++) {
        t[i] = _mm256_permute2f128_ps(r[i], r[i + 4], 0x20);
        t[i + 4] = _mm256_permute2f128_ps(r[i], r[i + 4], 0x31);
    }
    for (int i = 0; i < 8; i++)
        r[i] = t[i];
}
#endif

#endif
