/* parallel.h - the one place that starts threads: OpenMP's, or, as the build's option `threads`
 * says, POSIX threads of our own, which a thread checker can follow. */
#ifndef DSC_BASE_PARALLEL_H
#define DSC_BASE_PARALLEL_H

#include <stddef.h>

/* How many threads `threads` asks for: itself, or for 0 one per core this process may use. */
int dsc_threads(int threads);

/* Vectors of fewer elements go through by one thread: waking others costs more. */
enum { DSC_FEW_ELEMENTS = 1 << 16 };

/* Elements of a vector of n that are one piece of work in passes over it: not much more than the
 * first cache holds, and at least 8 pieces, so that threads get equal shares. A function of n
 * alone, so that sums over pieces don't depend on threads; a multiple of 256. */
static inline size_t dsc_vector_piece(size_t n)
{
    const size_t most = 1 << 14, equal = (n / 8 + 256) / 256 * 256;

    return n < DSC_FEW_ELEMENTS || equal > most ? most : equal;
}

/* Calls work(0..count-1, user), spread over `threads` threads, which take turns; returns when all
 * are done. Work must not depend on which thread does it. Denormal numbers are flushed to zero
 * inside, and the caller's setting is restored after: averages that decay towards zero would
 * otherwise become a hundred times slower. Also with one thread. */
void dsc_parallel_for(int threads, int count, void (*work)(int index, void *user), void *user);

#endif
