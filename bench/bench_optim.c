/* bench_optim.c - one step of every optimizer against the machine's own read-modify-write
 * bandwidth, as one JSON object a line.
 *
 *     bench_optim N THREADS [NAME, or the whole string of one]
 *
 * Every optimizer that steps with gradients alone is measured with its defaults, wrappers around
 * adam, and once more with everything that rides along in the same pass: clipping by the norm,
 * weight decay, a schedule that changes lr at every step, a moving average of w. Each in two forms:
 *
 *     step   descent_optimizer_step_f32: a look at g first (finite? how long?), then the move
 *     move   as in training, where that look came with the sum of the shards' gradients
 *
 * Bytes are what a step cannot do without: w and every vector of state read and written, g read;
 * with `step` g once more. What rules with two passes read twice is not counted. The limit is the
 * best of three streams of a[i] <- a[i] s + t over as many bytes: one vector; as many vectors as
 * the rule has, 256 bytes of each in turn; and a block of each in turn. Steps and streams take
 * turns, and of each the fastest counts: what slows some of them is other programs. */
#include "stream.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "optim/passes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ONE, FINE, BLOCKS, STEP, MOVE, N_CASES };
enum { MAX_VECTORS = 2 + DSC_MAX_STATE + DSC_MAX_WRAPS * DSC_MAX_STATE };
#define ARENA  ((size_t)1 << 28) /* floats of all streams together at most */
#define SAMPLE 0.004             /* seconds that one measurement takes at least */
#define WHOLE  0.3               /* seconds for all measurements of an optimizer, about */

typedef struct bench {
    descent_optimizer *opt;
    size_t n;
    int threads;
    float *w, *g;
    double squares; /* |g|^2 */
    dsc_stream stream;
    float *arena;
    size_t length;               /* floats of the arena in use */
    int vectors;                 /* that the optimizer works on */
    double best[N_CASES], bytes; /* seconds; bytes for each parameter */
} bench;

/* --- streams ---------------------------------------------------------------------------------- */

typedef struct stream_job {
    const bench *b;
    float *vector[MAX_VECTORS];
    int vectors;
    size_t step, n;
} stream_job;

static void stream_part(int part, void *user)
{
    const stream_job *j = user;
    const size_t parts = (size_t)dsc_team(j->b->opt), p = (size_t)part;
    const size_t lines = (j->n + 15) / 16; /* of 64 bytes */
    const size_t end = lines * (p + 1) / parts * 16;

    j->b->stream(j->vector, j->vectors, j->step, lines * p / parts * 16, end < j->n ? end : j->n,
                 0.999f, 1e-3f);
}

static void stream(const bench *b, int vectors, size_t step)
{
    stream_job job = {.b = b, .vectors = vectors, .step = step};

    job.n = b->length / (size_t)vectors / 16 * 16;
    for (int k = 0; k < vectors; k++)
        job.vector[k] = b->arena + (size_t)k * job.n;
    dsc_parallel_for(dsc_team(b->opt), dsc_team(b->opt), stream_part, &job);
}

/* --- measuring -------------------------------------------------------------------------------- */

static void once(bench *b, int which)
{
    const dsc_gradient_facts facts = {
        .known = true, .finite = true, .largest = 1.0, .squares = b->squares};

    if (which == ONE)
        stream(b, 1, b->length);
    else if (which == FINE)
        stream(b, b->vectors, 64);
    else if (which == BLOCKS)
        stream(b, b->vectors, DSC_BLOCK);
    else if (which == STEP)
        descent_optimizer_step_f32(b->opt, b->w, b->g);
    else
        dsc_optimizer_move(b->opt, b->w, b->g, facts);
}

static double seconds(bench *b, int which, int repetitions)
{
    const double begin = dsc_seconds();

    for (int i = 0; i < repetitions; i++)
        once(b, which);
    return (dsc_seconds() - begin) / repetitions;
}

static void measure(bench *b)
{
    const double begin = dsc_seconds();
    int repetitions[N_CASES];

    for (int i = 0; i < N_CASES; i++) {
        seconds(b, i, 1); /* touches everything, and starts the threads */
        const double first = seconds(b, i, 1);
        repetitions[i] = first < SAMPLE ? (int)(SAMPLE / first) + 1 : 1;
        b->best[i] = 1e30;
    }
    for (int round = 0; round < 3 || dsc_seconds() - begin < WHOLE; round++)
        for (int i = 0; i < N_CASES; i++) {
            const double s = seconds(b, i, repetitions[i]);
            b->best[i] = s < b->best[i] ? s : b->best[i];
        }
}

static void count_bytes(bench *b)
{
    size_t bytes = b->opt->state_bytes, vectors = 2;

    for (int k = 0; k < b->opt->rule->n_state; k++)
        vectors += b->opt->state_count[k] > 0;
    for (int i = 0; i < b->opt->n_wraps; i++) {
        bytes += b->n * sizeof(float) * (size_t)b->opt->wrap[i].kind->n_vectors;
        vectors += (size_t)b->opt->wrap[i].kind->n_vectors;
    }
    if (b->opt->delta) {
        bytes += b->n * sizeof(float);
        vectors++;
    }
    b->vectors = (int)vectors;
    b->bytes = 3.0 * sizeof(float) + 2.0 * (double)bytes / (double)b->n;
    b->length = (size_t)(b->bytes / 8.0 * (double)b->n); /* a stream moves 8 bytes an element */
    b->length = b->length < ARENA ? b->length : ARENA;
}

static void report(const bench *b, const char *rule, const char *kind)
{
    static const char *const form[] = {[STEP] = "step", [MOVE] = "move"};
    const double n = (double)b->n, moved = 8e-9 * (double)b->length;
    double limit = 0.0;

    for (int i = ONE; i <= BLOCKS; i++)
        limit = moved / b->best[i] > limit ? moved / b->best[i] : limit;
    for (int i = STEP; i <= MOVE; i++) {
        const double bytes = b->bytes + (i == STEP ? sizeof(float) : 0);
        const double rate = 1e-9 * bytes * n / b->best[i];
        printf(
            "{\"rule\": \"%s\", \"kind\": \"%s\", \"form\": \"%s\", \"n\": %zu, \"threads\": %d, "
            "\"ns\": %.4f, \"bytes\": %.3f, \"gbs\": %.2f, \"limit_gbs\": %.2f, "
            "\"fraction\": %.4f, \"streams_gbs\": [%.2f, %.2f, %.2f], \"passes\": %d}\n",
            rule, kind, form[i], b->n, b->threads, 1e9 * b->best[i] / n, bytes, rate, limit,
            rate / limit, moved / b->best[ONE], moved / b->best[FINE], moved / b->best[BLOCKS],
            1 + (b->opt->rule->survey != NULL) + (b->opt->delta != NULL));
    }
    fflush(stdout);
}

/* False when there is no such optimizer, or none that steps with gradients alone. */
static bool run(bench *b, const char *spec, const char *rule, const char *kind)
{
    descent_optimizer_options options = descent_optimizer_defaults();
    descent_error err;

    options.threads = b->threads;
    options.steps = 1000000;
    if (descent_optimizer_create_with(&b->opt, spec, b->n, DESCENT_F32, &options, &err) !=
        DESCENT_OK)
        return false;
    count_bytes(b);
    b->arena = dsc_alloc(b->length, sizeof *b->arena);
    if (b->arena) {
        measure(b);
        report(b, rule, kind);
    }
    dsc_free(b->arena);
    descent_optimizer_free(b->opt);
    return true;
}

/* --- what to measure -------------------------------------------------------------------------- */

static const descent_param *find(const descent_info *info, const char *name)
{
    for (int i = 0; i < info->n_params; i++)
        if (strcmp(info->params[i].name, name) == 0)
            return &info->params[i];
    return NULL;
}

/* With all that rides along in the same pass. */
static void all_in(bench *b, const descent_info *info, const char *rule, const char *more)
{
    const descent_param *lr = find(info, "lr");
    char spec[300], rate[80] = "";

    if (lr)
        snprintf(rate, sizeof rate, "lr=(cosine from=%g steps=1000000)", lr->initial);
    snprintf(spec, sizeof spec, "ema (%s %s clip_norm=1%s%s)", info->name, rate,
             find(info, "weight_decay") ? " weight_decay=0.01" : "", more);
    run(b, spec, rule, "all in");
}

static void each(bench *b, const char *only)
{
    const descent_info *info;
    char spec[160];

    if (only && strchr(only, ' ')) {
        run(b, only, only, "plain");
        return;
    }
    for (size_t i = 0; (info = descent_optimizer_info(i)) != NULL; i++) {
        if (only && strcmp(only, info->name) != 0)
            continue;
        if (run(b, info->name, info->name, "plain")) {
            all_in(b, info, info->name, "");
            continue;
        }
        /* wrappers that work only now and then are asked to work at every step */
        snprintf(spec, sizeof spec, "%s (adam)%s", info->name,
                 find(info, "every") ? " every=1" : "");
        run(b, spec, spec, "plain");
    }
    if (!only)
        run(b, "sgd momentum=0.9", "sgd momentum=0.9", "plain");
}

static void fill(bench *b)
{
    unsigned state = 1;

    for (size_t i = 0; i < b->n; i++) {
        state = state * 1664525u + 1013904223u;
        b->w[i] = (float)(state >> 8) * 0x1p-24f - 0.5f;
        b->g[i] = 0.02f * ((float)(state * 2654435769u >> 8) * 0x1p-24f - 0.5f);
        b->squares += (double)b->g[i] * (double)b->g[i];
    }
}

int main(int argc, char **argv)
{
    bench b = {.n = argc > 1 ? (size_t)strtod(argv[1], NULL) : 0,
               .threads = argc > 2 ? (int)strtol(argv[2], NULL, 10) : 1,
               .stream = dsc_stream_choose(dsc_level_choose())};

    b.w = dsc_alloc(b.n, sizeof *b.w);
    b.g = dsc_alloc(b.n, sizeof *b.g);
    if (b.n < 1 || b.threads < 1 || !b.w || !b.g) {
        fprintf(stderr, "usage: bench_optim N THREADS [OPTIMIZER]\n");
        return 2;
    }
    fill(&b);
    each(&b, argc > 3 ? argv[3] : NULL);
    dsc_free(b.w);
    dsc_free(b.g);
    return 0;
}
