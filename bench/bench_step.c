/* bench_step.c - whole training steps (forward, backward, AdamW) of a model on random tokens.
 *
 *     bench_step small|medium|gpt2|"MODEL STRING" [THREADS [STEPS [SHARDS]]]
 *
 * small, medium and gpt2 are the transformers of the speed page; a model string of your own takes
 * small's batch (12 texts of 64 tokens, 65 different ones). Prints milliseconds a step (the median,
 * the best, and processor time of all threads: that is steady on a busy machine, too), and one JSON
 * object. */
#include "base/clock.h"
#include "base/memory.h"
#include "base/rng.h"
#include "train/trainer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#define BLOCK(heads, width, inner)                                                            \
  "(residual (layer_norm, attention " #heads " causal), residual (layer_norm, linear " #inner \
  ", gelu tanh, linear " #width ")), layer_norm, linear"

typedef struct bench {
    const char *name, *layers;
    int vocabulary, batch, length;
} bench;

static const bench benches[] = {
    {"small", "embedding 128, position, repeat 4 " BLOCK(4, 128, 512), 65, 12, 64},
    {"medium", "embedding 384, position, repeat 6 " BLOCK(6, 384, 1536), 65, 8, 256},
    {"gpt2", "embedding 768, position, repeat 12 " BLOCK(12, 768, 3072), 50257, 4, 64},
};
enum { N_BENCHES = sizeof benches / sizeof *benches, MOST_STEPS = 10000 };

/* Random tokens; every next one is drawn from few, so that there is something to learn. */
static void fill(const void *user, int64_t step, const uint32_t *index, size_t n, void *x, void *y)
{
    const bench *b = user;
    int32_t *to[] = {x, y};

    (void)step;

    for (int shift = 0; shift < 2; shift++)
        for (size_t i = 0; to[shift] && i < n; i++)
            for (int t = 0; t < b->length; t++) {
                const uint64_t at = (uint64_t)(t + shift);
                const double u = dsc_random_uniform(1, DSC_RNG_TEST, index[i], at);
                to[shift][i * (size_t)b->length + (size_t)t] =
                    (int32_t)(u * u * (double)b->vocabulary);
            }
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return x < y ? -1 : x > y;
}

static double user_seconds(const struct rusage *u)
{
    return (double)u->ru_utime.tv_sec + 1e-6 * (double)u->ru_utime.tv_usec;
}

/* Of this thread alone: with OMP_WAIT_POLICY=passive, what several threads could take at best. */
static double own_seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void measure(const bench *b, dsc_trainer *trainer, int steps, int threads, int shards,
                    size_t parameters)
{
    static double seconds[MOST_STEPS];
    double first = 0, last = 0, own = 0;
    uint32_t index[64];
    struct rusage before, usage;

    for (int step = 0; step < steps + 2; step++) {
        for (int i = 0; i < b->batch; i++)
            index[i] = (uint32_t)(step % 8 * b->batch + i);
        if (step == 2) {
            getrusage(RUSAGE_SELF, &before);
            own = own_seconds();
        }
        const double begin = dsc_seconds();
        const dsc_step_result result = dsc_trainer_step(trainer, index, (size_t)b->batch, step);
        if (step >= 2)
            seconds[step - 2] = dsc_seconds() - begin;
        first = step == 0 ? result.loss : first;
        last = result.loss;
    }
    own = (own_seconds() - own) / steps;
    qsort(seconds, (size_t)steps, sizeof *seconds, compare);
    getrusage(RUSAGE_SELF, &usage);
    const double median = seconds[steps / 2];
    const double cpu = (user_seconds(&usage) - user_seconds(&before)) / steps;
    printf(
        "%s, %d threads, %d shards: %.2f ms a step, %.2f at best, %.2f of processor, %.2f of the "
        "first thread; loss %.6f to "
        "%.6f\n",
        b->name, threads, shards, median * 1e3, seconds[0] * 1e3, cpu * 1e3, own * 1e3, first,
        last);
    printf("{\"model\":\"%s\",\"threads\":%d,\"shards\":%d,\"parameters\":%zu,\"ms_per_step\":%.3f,"
           "\"best_ms\":%.3f,\"cpu_ms\":%.3f,\"tokens_per_second\":%.0f,\"first_loss\":%.17g,"
           "\"last_loss\":%.17g,"
           "\"peak_mib\":%ld}\n",
           b->name, threads, shards, parameters, median * 1e3, seconds[0] * 1e3, cpu * 1e3,
           b->batch * b->length / median, first, last, usage.ru_maxrss / 1024);
}

static descent_status run(const bench *b, int threads, int steps, int shards, descent_error *err)
{
    const descent_model_options o = {.layers = b->layers,
                                     .loss = "cross_entropy",
                                     .rank = 1,
                                     .shape = {b->length},
                                     .outputs = b->vocabulary,
                                     .vocabulary = b->vocabulary,
                                     .seed = 1};
    const int rows = (b->batch + shards - 1) / shards;
    dsc_network net;
    descent_optimizer *optimizer = NULL;
    dsc_trainer *trainer = NULL;

    DSC_TRY(dsc_network_build(&net, &o, DESCENT_F32, rows, DSC_BACKEND_AUTO, (dsc_place){0}, NULL,
                              err));
    const size_t n = dsc_graph_parameters(net.graph);
    float *w = dsc_alloc(n, sizeof *w);
    descent_optimizer_options options = descent_optimizer_defaults();
    options.threads = threads;
    descent_status status =
        w ? descent_optimizer_create_with(&optimizer, "adamw lr=0.001 weight_decay=0.1", n,
                                          DESCENT_F32, &options, err)
          : dsc_fail(err, DESCENT_NOMEM, "out of memory");
    if (status == DESCENT_OK) {
        dsc_graph_initialize(net.graph, 1, w, NULL);
        status = dsc_trainer_create(&trainer,
                                    &(dsc_trainer_options){.network = &net,
                                                           .optimizer = optimizer,
                                                           .w = w,
                                                           .shards = shards,
                                                           .threads = threads,
                                                           .batch = (size_t)b->batch,
                                                           .seed = 1,
                                                           .fill = fill,
                                                           .fill_user = b},
                                    err);
    }
    if (status == DESCENT_OK)
        measure(b, trainer, steps, threads, shards, n);
    dsc_trainer_free(trainer);
    descent_optimizer_free(optimizer);
    dsc_free(w);
    dsc_network_free(&net);
    return status;
}

int main(int argc, char **argv)
{
    const int threads = argc > 2 ? atoi(argv[2]) : 1, steps = argc > 3 ? atoi(argv[3]) : 20;
    const int shards = argc > 4 ? atoi(argv[4]) : 1;
    descent_error err = {0};
    bench own = {"own", argc > 1 ? argv[1] : "", 65, 12, 64};
    const bench *b = &own;

    for (int i = 0; i < N_BENCHES; i++)
        b = argc > 1 && strcmp(argv[1], benches[i].name) == 0 ? &benches[i] : b;
    if (argc < 2 || threads < 1 || steps < 1 || steps > MOST_STEPS || shards < 1) {
        fprintf(stderr, "bench_step small|medium|gpt2|MODEL [THREADS [STEPS [SHARDS]]]\n");
        return 2;
    }
    if (run(b, threads, steps, shards, &err) != DESCENT_OK) {
        fprintf(stderr, "bench_step: %s\n", err.message);
        return 1;
    }
    return 0;
}
