/* vectors.h - vectors of floats as this instruction set has them, with a fused multiply-add: 16
 * numbers with AVX-512, 8 with AVX2.
 *
 * Beside bf16/ the one place that knows instruction sets. A fused a b + c is rounded once, so
 * kernels written with it differ from `ref` in the last digits, and between instruction sets that
 * have it and those that haven't: they are compared within a tolerance. DSC_VECTOR, numbers in a
 * vector, is undefined where there is no such set, and for double: files that need it are empty
 * then. */
#ifndef DSC_KERNEL_VECTORS_H
#define DSC_KERNEL_VECTORS_H

#include "base/real.h"

#if DSC_REAL == 32 && defined(__AVX512F__) && defined(__AVX512VL__) && defined(__AVX512BW__)
#  define DSC_VECTOR 16
#elif DSC_REAL == 32 && defined(__AVX2__) && defined(__FMA__)
#  define DSC_VECTOR 8
#endif

/* for (i = 0; i < n; i++), unrolled whole: otherwise registers would become memory. i is as wide as
 * a pointer, so that it can be a factor of an offset. */
#if defined(__clang__)
#  define EACH(i, n) _Pragma("clang loop unroll(full)") for (ptrdiff_t i = 0; i < (n); i++)
#else
#  define EACH(i, n) _Pragma("GCC unroll 32") for (ptrdiff_t i = 0; i < (n); i++)
#endif
#define INLINE static inline __attribute__((always_inline))

#ifdef DSC_VECTOR
#  include <immintrin.h>
#  include <stddef.h>
#  include <stdint.h>
#endif

#if defined(DSC_VECTOR) && DSC_VECTOR == 16
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

#elif defined(DSC_VECTOR)
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
#endif

#endif
