/* parallel.c - threads, through OpenMP; denormals are flushed to zero while they work. */
#include "base/parallel.h"

#include "base/flush.h"

#include <omp.h>

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
