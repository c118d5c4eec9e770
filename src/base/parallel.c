/* parallel.c - threads, through OpenMP; denormals are flushed to zero while they work. */
#include "base/parallel.h"

#include <omp.h>

#if defined(__SSE2__)
#  include <xmmintrin.h>

/* MXCSR: flush results to zero (bit 15), take denormal inputs as zero (bit 6) */
enum { FLUSH = 0x8040 };

typedef unsigned flush_state;

static unsigned flush_begin(void)
{
    const unsigned before = _mm_getcsr();

    _mm_setcsr(before | FLUSH);
    return before;
}

static void flush_end(unsigned before)
{
    _mm_setcsr(before);
}
#elif defined(__aarch64__)
/* FPCR: flush to zero (bit 24) */
typedef unsigned long flush_state;

static unsigned long flush_begin(void)
{
    unsigned long before;

    __asm__ volatile("mrs %0, fpcr" : "=r"(before));
    __asm__ volatile("msr fpcr, %0" : : "r"(before | (1ul << 24)));
    return before;
}

static void flush_end(unsigned long before)
{
    __asm__ volatile("msr fpcr, %0" : : "r"(before));
}
#else
typedef int flush_state;

static int flush_begin(void)
{
    return 0;
}

static void flush_end(int before)
{
    (void)before;
}
#endif

int dsc_threads(int threads)
{
    if (threads > 0)
        return threads;

    const int wanted = omp_get_max_threads(), cores = omp_get_num_procs();
    return wanted < cores ? wanted : cores;
}

/* The kernel library sees how many threads OpenMP would use and starts as many: with one it starts
 * none of its own. The caller's setting comes back at the end. */
static void run_alone(int count, void (*work)(int index, void *user), void *user)
{
    const int threads_before = omp_get_max_threads();
    const flush_state before = flush_begin();

    omp_set_num_threads(1);
    for (int i = 0; i < count; i++)
        work(i, user);
    omp_set_num_threads(threads_before);
    flush_end(before);
}

void dsc_parallel_for(int threads, int count, void (*work)(int index, void *user), void *user)
{
    const int team = threads < count ? threads : count;

    if (team <= 1) {
        run_alone(count, work, user);
        return;
    }
#pragma omp parallel num_threads(team)
    {
        const flush_state before = flush_begin();
#pragma omp for schedule(static, 1) nowait
        for (int i = 0; i < count; i++)
            work(i, user);
        flush_end(before);
    }
}
