/* limits.c - what this machine can do at most: matrix-product peak and memory stream, as JSON. */
#include "base/clock.h"
#include "base/memory.h"
#include "base/parallel.h"

#include <dnnl.h>
#include <stdio.h>
#include <stdlib.h>

enum { SIDE = 2048, STREAM = 1 << 25 /* floats a vector: well past every cache */ };

typedef struct work {
    float *a, *b, *c;
    int parts;
} work;

/* Each thread multiplies its own rows, as shards do. */
static void multiply(int part, void *user)
{
    const work *w = user;
    const int rows = SIDE / w->parts;

    dnnl_sgemm('N', 'N', rows, SIDE, SIDE, 1.0f, w->a + (size_t)part * (size_t)rows * SIDE, SIDE,
               w->b, SIDE, 0.0f, w->c + (size_t)part * (size_t)rows * SIDE, SIDE);
}

/* w <- w - 0.001 g: two reads and a write an element, as plain gradient descent. */
static void stream(int part, void *user)
{
    const work *w = user;
    const size_t begin = (size_t)part * (STREAM / (size_t)w->parts);

    for (size_t i = begin; i < begin + STREAM / (size_t)w->parts; i++)
        w->a[i] -= 0.001f * w->b[i];
}

/* The fastest of some repetitions. */
static double best_seconds(int repetitions, int threads, void (*f)(int, void *), work *w)
{
    double best = 1e30;

    for (int i = 0; i < repetitions; i++) {
        const double begin = dsc_seconds();
        dsc_parallel_for(threads, threads, f, w);
        const double seconds = dsc_seconds() - begin;
        best = seconds < best ? seconds : best;
    }
    return best;
}

int main(int argc, char **argv)
{
    const int threads = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 1;
    work w = {.parts = threads};

    w.a = dsc_alloc(STREAM, sizeof *w.a);
    w.b = dsc_alloc(STREAM, sizeof *w.b);
    w.c = dsc_alloc((size_t)SIDE * SIDE, sizeof *w.c);
    if (threads < 1 || !w.a || !w.b || !w.c) {
        fprintf(stderr, "usage: limits THREADS (and %d MB of memory)\n", 3 * STREAM / 250000);
        return 2;
    }
    for (size_t i = 0; i < STREAM; i++) {
        w.a[i] = (float)(i % 7);
        w.b[i] = (float)(i % 5);
    }
    const double multiplying = best_seconds(5, threads, multiply, &w);
    const double streaming = best_seconds(5, threads, stream, &w);
    printf("{\"threads\": %d, \"matmul_gflops\": %.1f, \"stream_gb_per_second\": %.1f}\n", threads,
           2e-9 * SIDE * SIDE * SIDE / multiplying, 12e-9 * STREAM / streaming);
    dsc_free(w.a);
    dsc_free(w.b);
    dsc_free(w.c);
    return 0;
}
