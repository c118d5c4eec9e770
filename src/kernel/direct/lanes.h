/* lanes.h - what pooling and lists of nonzeros do with vectors; only for files of this folder, and
 * only where DSC_VECTOR is defined. */
#ifndef DSC_KERNEL_DIRECT_LANES_H
#define DSC_KERNEL_DIRECT_LANES_H

#include "kernel/vectors.h"

#if defined(DSC_VECTOR) && DSC_VECTOR == 16
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
 * at; returns how many. Up to DSC_VECTOR elements are written beyond them. */
INLINE int vec_compress(vec v, const int32_t *number, float *value, int32_t *at)
{
    const __mmask16 some = _mm512_cmp_ps_mask(v, _mm512_setzero_ps(), _CMP_NEQ_UQ);

    vec_store(value, _mm512_maskz_compress_ps(some, v));
    _mm512_storeu_si512(at, _mm512_maskz_compress_epi32(some, _mm512_loadu_si512(number)));
    return __builtin_popcount((unsigned)some);
}
#elif defined(DSC_VECTOR)
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
    float numbers[DSC_VECTOR];

    vec_store(numbers,
              _mm256_blendv_ps(vec_all((float)dead), at, _mm256_cmp_ps(best, zero, _CMP_GT_OQ)));
    vec_store(y, _mm256_blendv_ps(best, zero, _mm256_cmp_ps(best, zero, _CMP_LT_OQ)));
    for (int i = 0; i < DSC_VECTOR; i++)
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
    float all[DSC_VECTOR];
    int n = 0;

    vec_store(all, v);
    for (int i = 0; i < DSC_VECTOR; i++) {
        value[n] = all[i];
        at[n] = number[i];
        n += all[i] != 0;
    }
    return n;
}
#endif

#endif
