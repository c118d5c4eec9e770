/* flush.h - denormal numbers flushed to zero on this thread, and the setting before brought back.
 */
#ifndef DSC_BASE_FLUSH_H
#define DSC_BASE_FLUSH_H

#if defined(__SSE2__)
#  include <xmmintrin.h>

/* MXCSR: flush results to zero (bit 15), take denormal inputs as zero (bit 6) */
enum { FLUSH = 0x8040 };

typedef unsigned flush_state;

static inline unsigned flush_begin(void)
{
    const unsigned before = _mm_getcsr();

    _mm_setcsr(before | FLUSH);
    return before;
}

static inline void flush_end(unsigned before)
{
    _mm_setcsr(before);
}
#elif defined(__aarch64__)
/* FPCR: flush to zero (bit 24) */
typedef unsigned long flush_state;

static inline unsigned long flush_begin(void)
{
    unsigned long before;

    __asm__ volatile("mrs %0, fpcr" : "=r"(before));
    __asm__ volatile("msr fpcr, %0" : : "r"(before | (1ul << 24)));
    return before;
}

static inline void flush_end(unsigned long before)
{
    __asm__ volatile("msr fpcr, %0" : : "r"(before));
}
#else
typedef int flush_state;

static inline int flush_begin(void)
{
    return 0;
}

static inline void flush_end(int before)
{
    (void)before;
}
#endif

#endif
