/* passes.c - passes over w. Chunks have borders that are fixed when the optimizer is made; threads
 * only decide who does which, and totals are added in chunk order, so the bits don't depend on
 * them. */
#include "optim/passes.h"

#include "base/parallel.h"

#include <math.h>
#include <string.h>

enum {
    NEAR = 1 << 21, /* elements below which all vectors stay in the processor's caches */
    SMALL_BLOCK = 128
};

/* Calls for each block cost least when blocks are large. Past the caches small ones are faster by
 * a tenth to a third: the next block's loads, of all vectors, then begin while this one is still
 * being worked on. */
static size_t block_of(const descent_optimizer *opt, bool compact)
{
    return opt->n < NEAR || compact ? DSC_BLOCK : SMALL_BLOCK;
}

int dsc_team(const descent_optimizer *opt)
{
    return opt->n >= DSC_FEW_ELEMENTS ? opt->threads : 1;
}

static void *state_of(const descent_optimizer *opt, const dsc_span *span, int k, void **scales)
{
    char *vector = (char *)opt->state + opt->state_begin[k];
    const size_t at = span->state_at[k];

    *scales = NULL;
    if (opt->state_count[k] == 0)
        return NULL;
    switch (opt->storage[k]) {
    case DSC_BF16:
        return vector + at * 2;
    case DSC_8BIT_SIGNED:
    case DSC_8BIT_POSITIVE:
        *scales = vector + opt->state_count[k] + at / DSC_COMPACT_BLOCK * sizeof(float);
        return vector + at;
    case DSC_FULL:
        break;
    }
    return vector + at * opt->element;
}

static void fill_rings(const descent_optimizer *opt, dsc_job *job)
{
    job->n_rings = opt->n_wraps;
    for (int i = 0; i < opt->n_wraps; i++) {
        const dsc_wrap *wrap = &opt->wrap[i];
        job->ring[i] = (dsc_ring){.kind = wrap->kind, .step = &wrap->step};
        for (int k = 0; k < wrap->kind->n_vectors; k++)
            job->ring[i].vector[k] =
                (char *)wrap->vector + ((size_t)k * opt->n + job->first) * opt->element;
        job->resets = job->resets || (wrap->kind->resets && wrap->kind->resets(&wrap->step));
    }
}

static void fill_deferred(const descent_optimizer *opt, const dsc_span *span, dsc_job *job)
{
    const double *param = job->step->param;
    const int n_own = opt->rule->info.n_params;

    if (!opt->delta)
        return;
    job->delta = (char *)opt->delta + span->begin * opt->element;
    job->scale = span->scale;
    job->cautious = param[n_own + DSC_CAUTIOUS] != 0.0;
    if (param[n_own + DSC_STABLE] == 0.0)
        return;
    job->stable = true;
    job->second_scale = 1.0;
    if (opt->beta2 >= 0)
        job->second_scale = 1.0 / (1.0 - pow(param[opt->beta2], (double)job->step->count));
    if (opt->eps >= 0)
        job->eps = param[opt->eps];
}

void dsc_fill_job(const dsc_pass *p, const dsc_span *span, dsc_job *job)
{
    const descent_optimizer *opt = p->opt;
    const dsc_setting *s = &opt->setting[span->setting];

    *job = (dsc_job){.rule = opt->rule,
                     .step = &s->step,
                     .w = (char *)p->w + span->begin * opt->element,
                     .g = dsc_element(opt, p->g, span->begin),
                     .gain = s->step.gain,
                     .l2 = s->l2,
                     .keep = s->step.keep,
                     .clip_value = s->clip_value,
                     .sum = span->sum,
                     .first = span->begin,
                     .outer = p->outer,
                     .n_outer = p->n_outer};
    if (p->prepared) {
        job->g = dsc_element(opt, opt->prepared, span->begin);
        job->gain = 1.0;
        job->clip_value = 0.0;
    }
    for (int k = 0; k < opt->rule->n_state; k++) {
        job->state[k] = state_of(opt, span, k, &job->scales[k]);
        job->odd[k] = span->odd[k];
        job->storage[k] = opt->storage[k];
        job->compact = job->compact || opt->storage[k] != DSC_FULL;
    }
    job->block = block_of(opt, job->compact);
    fill_rings(opt, job);
    fill_deferred(opt, span, job);
}

typedef struct chunk_pass {
    const dsc_pass *pass;
    dsc_chunk_work work;
} chunk_pass;

static void work_chunk(int index, void *user)
{
    const chunk_pass *c = user;
    const descent_optimizer *opt = c->pass->opt;
    const dsc_chunk *chunk = &opt->chunk[index];
    dsc_job job;

    if (opt->span[chunk->span].whole)
        return;
    dsc_fill_job(c->pass, &opt->span[chunk->span], &job);
    memset(opt->chunk_sum[index], 0, sizeof opt->chunk_sum[index]);
    c->work(c->pass, &job, chunk, opt->chunk_sum[index]);
}

void dsc_over_chunks(const dsc_pass *p, dsc_chunk_work work)
{
    dsc_parallel_for(dsc_team(p->opt), (int)p->opt->n_chunks, work_chunk, &(chunk_pass){p, work});
}

typedef struct whole_pass {
    const dsc_pass *pass;
    dsc_whole_work work;
    int lanes;
} whole_pass;

/* Lane `index` does every lanes-th of the whole spans. */
static void work_lane(int index, void *user)
{
    const whole_pass *p = user;
    const descent_optimizer *opt = p->pass->opt;
    char *memory = (char *)opt->work + (size_t)index * opt->work_stride;
    dsc_job job;

    for (size_t i = (size_t)index; i < opt->n_whole; i += (size_t)p->lanes) {
        dsc_span *span = &opt->span[opt->whole[i]];
        const dsc_whole whole = {.n = span->count,
                                 .rows = (int)span->rows,
                                 .cols = (int)span->cols,
                                 .kernels = opt->kernels,
                                 .x = memory,
                                 .d = memory + opt->largest_whole * opt->element,
                                 .work = memory + 2 * opt->largest_whole * opt->element};
        dsc_fill_job(p->pass, span, &job);
        p->work(p->pass, &job, span, &whole);
    }
}

void dsc_over_whole(const dsc_pass *p, dsc_whole_work work)
{
    const int lanes = dsc_team(p->opt);

    if (p->opt->n_whole > 0)
        dsc_parallel_for(lanes, lanes, work_lane, &(whole_pass){p, work, lanes});
}

void dsc_add_chunk_sums(descent_optimizer *opt)
{
    for (size_t s = 0; s < opt->n_spans; s++) {
        dsc_span *span = &opt->span[s];
        if (span->whole)
            continue;
        memset(span->sum, 0, sizeof span->sum);
        for (size_t c = span->first_chunk; c < span->first_chunk + span->n_chunks; c++)
            for (int k = 0; k < DSC_MAX_SUMS; k++)
                span->sum[k] += opt->chunk_sum[c][k];
    }
}
