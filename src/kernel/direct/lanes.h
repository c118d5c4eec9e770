/* lanes.h - vectors of floats with a fused multiply-add: 16 numbers with AVX-512, 8 with AVX2.
 *
 * Only for files of this folder, and only where DSC_LANES is defined: for other instruction sets
 * and for double this backend is empty. */
#ifndef DSC_KERNEL_DIRECT_LANES_H
#define DSC_KERNEL_DIRECT_LANES_H

#include "base/real.h"

#if DSC_REAL == 32 && defined(__AVX512F__) && defined(__AVX512VL__) && defined(__AVX512BW__)
#  define DSC_LANES 16
#elif DSC_REAL == 32 && defined(__AVX2__) && defined(__FMA__)
#  define DSC_LANES 8
#endif

/* for (i = 0; i < n; i++), unrolled whole: otherwise registers would become memory. i is as wide as
 * a pointer, so that it can be a factor of an offset. */
#if defined(__clang__)
#  define EACH(i, n) _Pragma("clang loop unroll(full)") for (ptrdiff_t i = 0; i < (n); i++)
#else
#  define EACH(i, n) _Pragma("GCC unroll 32") for (ptrdiff_t i = 0; i < (n); i++)
#endif
#define INLINE static inline __attribute__((always_inline))

#ifdef DSC_LANES
#  include <immintrin.h>
#  include <stddef.h>
#  include <stdint.h>
#endif

#if defined(DSC_LANES) && DSC_LANES == 16
typedef __m512 vec;

INLINE vec vec_load(const float *p)
{
    return _mm512_loadu_ps(p);
}

INLINE void vec_store(float *p, vec v)
{
    _mm512_storeu_ps(p, v);
}

INLINE vec vec_all(float x)
{
    return _mm512_set1_ps(x);
}

/* a b + c, rounded once */
INLINE vec vec_fma(vec a, vec b, vec c)
{
    return _mm512_fmadd_ps(a, b, c);
}

INLINE vec vec_add(vec a, vec b)
{
    return _mm512_add_ps(a, b);
}

/* Takes v over best, and its number over that of best, where v is larger; the first of equal ones
 * stays, and NaN is larger than anything. */
INLINE void vec_larger(vec v, int number, vec *best, __m512i *at)
{
    const __mmask16 better =
        _mm512_cmp_ps_mask(v, *best, _CMP_NLE_UQ) & _mm512_cmp_ps_mask(*best, *best, _CMP_ORD_Q);

    *best = _mm512_mask_mov_ps(*best, better, v);
    *at = _mm512_mask_mov_epi32(*at, better, _mm512_set1_epi32(number));
}

typedef __m512i vec_numbers;

INLINE vec_numbers vec_no_numbers(void)
{
    return _mm512_setzero_si512();
}

/* y <- max(best, 0), NaN stays; bytes <- the numbers, `dead` where best is not above 0 */
INLINE void vec_store_relu(vec best, vec_numbers at, uint8_t dead, float *y, uint8_t *bytes)
{
    const vec zero = _mm512_setzero_ps();
    const __mmask16 alive = _mm512_cmp_ps_mask(best, zero, _CMP_GT_OQ);
    const __mmask16 below = _mm512_cmp_ps_mask(best, zero, _CMP_LT_OQ);
    const __m512i numbers = _mm512_mask_mov_epi32(_mm512_set1_epi32(dead), alive, at);

    vec_store(y, _mm512_mask_mov_ps(best, below, zero));
    _mm_storeu_si128((__m128i *)(void *)bytes, _mm512_cvtepi32_epi8(numbers));
}

/* v where the bytes are `number`, 0 elsewhere */
INLINE vec vec_where(vec v, const uint8_t *bytes, int number)
{
    const __m128i all = _mm_loadu_si128((const __m128i *)(const void *)bytes);

    return _mm512_maskz_mov_ps(_mm_cmpeq_epi8_mask(all, _mm_set1_epi8((char)number)), v);
}

/* Appends the numbers of v that are not 0 to value, and what stands in `number` at their place to
 * at; returns how many. Up to DSC_LANES elements are written beyond them. */
INLINE int vec_compress(vec v, const int32_t *number, float *value, int32_t *at)
{
    const __mmask16 some = _mm512_cmp_ps_mask(v, _mm512_setzero_ps(), _CMP_NEQ_UQ);

    vec_store(value, _mm512_maskz_compress_ps(some, v));
    _mm512_storeu_si512(at, _mm512_maskz_compress_epi32(some, _mm512_loadu_si512(number)));
    return __builtin_popcount((unsigned)some);
}
#elif defined(DSC_LANES)
typedef __m256 vec;

INLINE vec vec_load(const float *p)
{
    return _mm256_loadu_ps(p);
}

INLINE void vec_store(float *p, vec v)
{
    _mm256_storeu_ps(p, v);
}

INLINE vec vec_all(float x)
{
    return _mm256_set1_ps(x);
}

INLINE vec vec_fma(vec a, vec b, vec c)
{
    return _mm256_fmadd_ps(a, b, c);
}

INLINE vec vec_add(vec a, vec b)
{
    return _mm256_add_ps(a, b);
}

typedef __m256 vec_numbers;

INLINE vec_numbers vec_no_numbers(void)
{
    return _mm256_setzero_ps();
}

INLINE void vec_larger(vec v, int number, vec *best, vec_numbers *at)
{
    const __m256 better = _mm256_and_ps(_mm256_cmp_ps(v, *best, _CMP_NLE_UQ),
                                        _mm256_cmp_ps(*best, *best, _CMP_ORD_Q));

    *best = _mm256_blendv_ps(*best, v, better);
    *at = _mm256_blendv_ps(*at, _mm256_set1_ps((float)number), better);
}

INLINE void vec_store_relu(vec best, vec_numbers at, uint8_t dead, float *y, uint8_t *bytes)
{
    const vec zero = _mm256_setzero_ps();
    float numbers[DSC_LANES];

    vec_store(numbers,
              _mm256_blendv_ps(vec_all((float)dead), at, _mm256_cmp_ps(best, zero, _CMP_GT_OQ)));
    vec_store(y, _mm256_blendv_ps(best, zero, _mm256_cmp_ps(best, zero, _CMP_LT_OQ)));
    for (int i = 0; i < DSC_LANES; i++)
        bytes[i] = (uint8_t)numbers[i];
}

INLINE vec vec_where(vec v, const uint8_t *bytes, int number)
{
    const __m256i all = _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)(const void *)bytes));

    return _mm256_and_ps(v,
                         _mm256_castsi256_ps(_mm256_cmpeq_epi32(all, _mm256_set1_epi32(number))));
}

INLINE int vec_compress(vec v, const int32_t *number, float *value, int32_t *at)
{
    float all[DSC_LANES];
    int n = 0;

    vec_store(all, v);
    for (int i = 0; i < DSC_LANES; i++) {
        value[n] = all[i];
        at[n] = number[i];
        n += all[i] != 0;
    }
    return n;
}
#endif

#endif
