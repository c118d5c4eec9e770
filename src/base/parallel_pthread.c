/* parallel_pthread.c - threads through POSIX threads, in the place of parallel.c where the build is
 * for a thread checker: those know what pthread_create() and pthread_join() order, and nothing of
 * what an OpenMP runtime, which is not built for them, does.
 *
 * Every call starts its threads anew and waits for their end. A pool would have to belong to
 * somebody, and nobody hands one over: it would be global mutable state. What starting costs, some
 * ten microseconds a thread, is nothing beside what such a checker does to the work. */
#include "base/parallel.h"

#include "base/flush.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

enum { MOST_THREADS = 256 };

typedef struct region {
    int team, count;
    void (*work)(int index, void *user);
    void *user;
} region;

typedef struct member {
    const region *region;
    int first; /* its turns: first, first + team, ... as with OpenMP */
    pthread_t thread;
    bool started;
} member;

int dsc_threads(int threads)
{
    if (threads > 0)
        return threads;

    const char *asked = getenv("OMP_NUM_THREADS"); /* the same variable as in the usual build */
    const long wanted = asked ? strtol(asked, NULL, 10) : 0;
    const long cores = sysconf(_SC_NPROCESSORS_ONLN);
    const long most = cores < 1 ? 1 : cores < MOST_THREADS ? cores : MOST_THREADS;
    return (int)(wanted > 0 && wanted < most ? wanted : most);
}

static void *take_turns(void *user)
{
    const member *m = user;
    const flush_state before = flush_begin();

    for (int i = m->first; i < m->region->count; i += m->region->team)
        m->region->work(i, m->region->user);
    flush_end(before);
    return NULL;
}

void dsc_parallel_for(int threads, int count, void (*work)(int index, void *user), void *user)
{
    const int wanted = threads < count ? threads : count;
    const int team = wanted < 1 ? 1 : wanted < MOST_THREADS ? wanted : MOST_THREADS;
    const region r = {.team = team, .count = count, .work = work, .user = user};
    member members[MOST_THREADS];

    for (int i = 1; i < team; i++) {
        members[i] = (member){.region = &r, .first = i};
        members[i].started = pthread_create(&members[i].thread, NULL, take_turns, &members[i]) == 0;
    }
    take_turns(&(member){.region = &r});
    for (int i = 1; i < team; i++)
        if (members[i].started)
            pthread_join(members[i].thread, NULL);
        else
            take_turns(&members[i]); /* no thread was to be had: the caller does its turns too */
}
