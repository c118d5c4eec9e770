/* parallel.h - the one place that starts threads (OpenMP). */
#ifndef DSC_BASE_PARALLEL_H
#define DSC_BASE_PARALLEL_H

/* How many threads `threads` asks for: itself, or for 0 one per core this process may use. */
int dsc_threads(int threads);

/* Calls work(0..count-1, user), spread over `threads` threads; returns when all are done. Which
 * thread does which index is not fixed, so work must not depend on it. Denormal numbers are
 * flushed to zero inside, and the caller's setting is restored after: averages that decay towards
 * zero would otherwise become a hundred times slower. Also with one thread. */
void dsc_parallel_for(int threads, int count, void (*work)(int index, void *user), void *user);

#endif
