/* pipeline.c - see pipeline.h; compiled for every precision and instruction set.
 *
 * A block's way: gradient -> x = gain g + l2 w -> the rule's direction d -> w = keep w - d -> what
 * wrappers do with w. x and d are small arrays on the stack, so they never leave the first cache.
 */
#include "optim/pipeline.h"

#include "base/real.h"
#include "optim/compact.h"
#include "optim/fuse.h"
#include "optim/loops.h"
#include "optim/rings.h"

#include <string.h>

/* One block between two rule calls. */
typedef struct block {
    real made[DSC_BLOCK], x[DSC_BLOCK], d[DSC_BLOCK];
    void *state[DSC_MAX_STATE];
    dsc_slice slice;
} block;

/* Fills the slice of elements i..i+n; `expanded` has room for compact state vectors as reals. */
static void begin_block(const dsc_job *job, size_t i, size_t n, block *b, dsc_expanded *expanded)
{
    for (int k = 0; k < job->rule->n_state; k++)
        b->state[k] = job->odd[k] ? job->state[k] : dsc_real_at(job->state[k], i);
    if (DSC_IS_COMPACT(job))
        DSC_R(dsc_expand)(job, i, n, expanded, b->state);
    b->slice = (dsc_slice){.w = (real *)job->w + i,
                           .x = dsc_front(job, i, n, b->x, b->made),
                           .state = b->state,
                           .d = b->d,
                           .sum = job->sum,
                           .n = n};
}

/* w from the direction, and what follows from w. */
static void place(const dsc_job *job, size_t i, size_t n, const real *d)
{
    real *w = (real *)job->w + i;

    dsc_begin_rings(job, i, n);
    if (job->rule->flags & DSC_RULE_PLACES)
        memcpy(w, d, n * sizeof *w);
    else
        dsc_subtract(w, d, (real)job->keep, n);
    dsc_end_rings(job, i, n);
}

static void reset_moments(const dsc_job *job, size_t n, void *const *state)
{
    for (int k = 0; job->resets && k < job->rule->n_state; k++)
        if ((job->rule->first_moment >> k & 1) && state[k])
            memset(state[k], 0, n * sizeof(real));
}

static size_t block_size(size_t i, size_t end)
{
    return end - i < DSC_BLOCK ? end - i : DSC_BLOCK;
}

static void move(const dsc_job *job, size_t begin, size_t end)
{
    block b;
    dsc_expanded expanded;

    if (DSC_R(dsc_fuses)(job)) {
        DSC_R(dsc_move_fused)(job, begin, end);
        return;
    }
    for (size_t i = begin; i < end; i += job->block) {
        const size_t n = end - i < job->block ? end - i : job->block;
        begin_block(job, i, n, &b, &expanded);
        job->rule->direction(job->step, &b.slice);
        reset_moments(job, n, b.state);
        if (DSC_IS_COMPACT(job))
            DSC_R(dsc_pack)(job, i, n, &expanded);
        place(job, i, n, b.d);
    }
}

static void survey(const dsc_job *job, size_t begin, size_t end, double sum[DSC_MAX_SUMS])
{
    block b;
    dsc_expanded expanded;

    for (size_t i = begin; i < end; i += DSC_BLOCK) {
        const size_t n = block_size(i, end);
        begin_block(job, i, n, &b, &expanded);
        job->rule->survey(job->step, &b.slice, sum);
        if (DSC_IS_COMPACT(job))
            DSC_R(dsc_pack)(job, i, n, &expanded);
    }
}

/* --- directions that wait for a scale: cautious, stable --------------------------------------- */

static void weigh(const dsc_job *job, const real *x, const real *d, const real *second, size_t n,
                  double sum[DSC_MAX_SUMS])
{
    if (job->cautious)
        sum[0] += dsc_agreeing(d, x, n);
    if (second)
        sum[1] += dsc_growth(x, second, job->second_scale, job->eps, n);
}

static void defer(const dsc_job *job, size_t begin, size_t end, double sum[DSC_MAX_SUMS])
{
    block b;
    dsc_expanded expanded;

    for (size_t i = begin; i < end; i += DSC_BLOCK) {
        const size_t n = block_size(i, end);
        begin_block(job, i, n, &b, &expanded);
        job->rule->direction(job->step, &b.slice);
        const void *second = NULL;
        for (int k = 0; job->stable && k < job->rule->n_state; k++)
            if (job->rule->second_moment >> k & 1)
                second = b.state[k];
        weigh(job, b.slice.x, b.d, second, n, sum);
        if (job->cautious)
            dsc_mask(b.d, b.slice.x, n);
        reset_moments(job, n, b.state);
        if (DSC_IS_COMPACT(job))
            DSC_R(dsc_pack)(job, i, n, &expanded);
        memcpy((real *)job->delta + i, b.d, n * sizeof(real));
    }
}

static void resume(const dsc_job *job, size_t begin, size_t end)
{
    for (size_t i = begin; i < end; i += DSC_BLOCK) {
        const size_t n = block_size(i, end);
        dsc_scale((real *)job->delta + i, (real)job->scale, n);
        place(job, i, n, (real *)job->delta + i);
    }
}

/* --- whole segments --------------------------------------------------------------------------- */

static void whole(const dsc_job *job, const dsc_whole *w, double sum[DSC_MAX_SUMS])
{
    real *d = job->delta ? job->delta : w->d;

    for (size_t i = 0; i < w->n; i += DSC_BLOCK) {
        real *x = (real *)w->x + i;
        const size_t n = block_size(i, w->n);
        const real *front = dsc_front(job, i, n, x, NULL);
        if (front != x)
            memcpy(x, front, n * sizeof *x);
    }
    job->rule->matrix(job->step, &(dsc_slice){.w = job->w,
                                              .x = w->x,
                                              .state = job->state,
                                              .d = d,
                                              .n = w->n,
                                              .rows = w->rows,
                                              .cols = w->cols,
                                              .kernels = w->kernels,
                                              .work = w->work});
    reset_moments(job, w->n, job->state);
    if (job->delta) {
        weigh(job, w->x, d, NULL, w->n, sum);
        if (job->cautious)
            dsc_mask(d, w->x, w->n);
        return;
    }
    for (size_t i = 0; i < w->n; i += DSC_BLOCK)
        place(job, i, block_size(i, w->n), d + i);
}

/* --- averages, curvature, SAM ----------------------------------------------------------------- */

static void average(const dsc_job *job, size_t begin, size_t end, void *out)
{
    block b;
    dsc_expanded expanded;

    for (size_t i = begin; i < end; i += DSC_BLOCK) {
        begin_block(job, i, block_size(i, end), &b, &expanded);
        b.slice.d = (real *)out + i;
        job->rule->average(job->step, &b.slice);
    }
}

static void curvature(const dsc_job *job, size_t begin, size_t end)
{
    block b;
    dsc_expanded expanded;

    for (size_t i = begin; i < end; i += DSC_BLOCK) {
        const size_t n = block_size(i, end);
        begin_block(job, i, n, &b, &expanded);
        job->rule->curvature(job->step, &b.slice);
        if (DSC_IS_COMPACT(job))
            DSC_R(dsc_pack)(job, i, n, &expanded);
    }
}

static void perturb(const dsc_job *job, const dsc_ring *ring, size_t begin, size_t end,
                    const double *sum)
{
    real x[DSC_BLOCK];

    for (size_t i = begin; i < end; i += DSC_BLOCK) {
        void *vector[1] = {dsc_real_at(ring->vector[0], i)};
        ring->kind->perturb(ring->step,
                            &(dsc_slice){.x = dsc_front(job, i, block_size(i, end), x, NULL),
                                         .d = (real *)job->w + i,
                                         .state = vector,
                                         .sum = sum,
                                         .n = block_size(i, end)});
    }
}

static void perturb_survey(const dsc_job *job, const dsc_ring *ring, size_t begin, size_t end,
                           double *sum)
{
    for (size_t i = begin; i < end; i += DSC_BLOCK)
        ring->kind->survey(ring->step,
                           &(dsc_slice){.w = (real *)job->w + i,
                                        .x = (const real *)job->g + i,
                                        .n = block_size(i, end)},
                           sum);
}

extern const dsc_pipeline DSC_R(dsc_pipeline);
const dsc_pipeline DSC_R(dsc_pipeline) = {
    .scan = DSC_R(dsc_scan),
    .prepare = DSC_R(dsc_prepare),
    .survey = survey,
    .move = move,
    .defer = defer,
    .resume = resume,
    .whole = whole,
    .average = average,
    .curvature = curvature,
    .perturb = perturb,
    .perturb_survey = perturb_survey,
};
