/* loops.h - the small loops of the pipeline. For files of the `real` list. */
#ifndef DSC_OPTIM_LOOPS_H
#define DSC_OPTIM_LOOPS_H

#include "base/real.h"
#include "base/sums.h"
#include "optim/pipeline.h"

void DSC_R(dsc_scan)(const void *g, size_t n, double clip_value, double scale, bool squares,
                     dsc_facts *out);
void DSC_R(dsc_prepare)(const dsc_prepare *p, const void *w, const void *g, void *out);

/* n elements of a gradient: factor x */
typedef struct dsc_piece {
    const real *x;
    real factor;
    size_t n;
} dsc_piece;

/* A walk over a job's gradient: the next piece of at most so many elements is part of a row of an
 * outer product, or lies in g. */
typedef struct dsc_pieces {
    const dsc_job *job;
    const dsc_outer *outer; /* the next, or the one the walk is in */
    size_t at;              /* element of w */
    size_t row, col;        /* in the outer product */
} dsc_pieces;

dsc_pieces DSC_R(dsc_pieces_from)(const dsc_job *job, size_t i);
dsc_piece DSC_R(dsc_next_piece)(dsc_pieces *pieces, size_t most);
/* out <- n elements from i */
void DSC_R(dsc_make_gradient)(const dsc_job *job, size_t i, size_t n, real *out);

/* The job's gradient: where it lies, or, of outer products, in `made`. */
static inline const real *dsc_gradient_at(const dsc_job *job, size_t i, size_t n, real *made)
{
    if (job->n_outer == 0)
        return (const real *)job->g + i;
    DSC_R(dsc_make_gradient)(job, i, n, made);
    return made;
}

/* x <- gain clamp(g) + l2 w for n elements from i; g itself, or `made`, where that changes nothing.
 */
static inline const real *dsc_front(const dsc_job *job, size_t i, size_t n, real *restrict x,
                                    real *restrict made)
{
    const real *restrict g = dsc_gradient_at(job, i, n, made);
    const real *restrict w = (const real *)job->w + i;
    const real gain = (real)job->gain, l2 = (real)job->l2, limit = (real)job->clip_value;

    if (job->clip_value > 0.0)
        for (size_t j = 0; j < n; j++) {
            const real low = g[j] < -limit ? -limit : g[j];
            x[j] = gain * (low > limit ? limit : low) + l2 * w[j];
        }
    else if (job->l2 != 0.0)
        for (size_t j = 0; j < n; j++)
            x[j] = gain * g[j] + l2 * w[j];
    else if (job->gain != 1.0)
        for (size_t j = 0; j < n; j++)
            x[j] = gain * g[j];
    else
        return g;
    return x;
}

/* w <- keep w - d */
static inline void dsc_subtract(real *restrict w, const real *restrict d, real keep, size_t n)
{
    for (size_t i = 0; i < n; i++)
        w[i] = keep * w[i] - d[i];
}

static inline void dsc_scale(real *d, real scale, size_t n)
{
    for (size_t i = 0; i < n; i++)
        d[i] *= scale;
}

/* 1 where d and x have the same sign, 0 elsewhere. Their product may be too small to tell. */
static inline int dsc_agrees(real d, real x)
{
    return ((d > 0) & (x > 0)) | ((d < 0) & (x < 0));
}

/* How many elements of d and x have the same sign. */
static inline double dsc_agreeing(const real *d, const real *x, size_t n)
{
    size_t count = 0;

    for (size_t i = 0; i < n; i++)
        count += (size_t)dsc_agrees(d[i], x[i]);
    return (double)count;
}

/* d <- 0 where it does not point along x. */
static inline void dsc_mask(real *restrict d, const real *restrict x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        d[i] = dsc_agrees(d[i], x[i]) ? d[i] : 0;
}

/* Sum of x^2 / max(v scale, eps^2). */
static inline double dsc_growth(const real *x, const real *v, double scale, double eps, size_t n)
{
    double lane[DSC_LANES] = {0};

    for (size_t i = 0; i < n; i++) {
        const double mean = (double)v[i] * scale, least = eps * eps;
        const double square = (double)x[i] * (double)x[i];
        lane[i % DSC_LANES] += square > 0.0 ? square / (mean > least ? mean : least) : 0.0;
    }
    return dsc_sum_lanes(lane);
}

#endif
