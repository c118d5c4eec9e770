/* pipeline.h - the loops of a step over a stretch of w, in the precision and instruction set chosen
 * at start. Everything that happens to a block happens while it is in the first cache. */
#ifndef DSC_OPTIM_PIPELINE_H
#define DSC_OPTIM_PIPELINE_H

#include "base/outer.h"
#include "optim/optim.h"

enum { DSC_COMPACT_BLOCK = 256 }; /* elements that share a scale in 8-bit vectors */

/* How a state vector is kept. */
typedef enum dsc_storage { DSC_FULL, DSC_BF16, DSC_8BIT_SIGNED, DSC_8BIT_POSITIVE } dsc_storage;

/* What a scan says of a piece of the gradient. */
typedef struct dsc_facts {
    bool finite;
    double largest; /* |g[i]| */
    double squares; /* sum of (scale g[i])^2 */
} dsc_facts;

/* A wrapper as the loops see it: its vectors start at the span. */
typedef struct dsc_ring {
    const dsc_wrapper *kind;
    const dsc_step *step;
    void *vector[DSC_MAX_STATE];
} dsc_ring;

enum { DSC_MAX_RINGS = 4 };

/* One span of w; all pointers are to its first element. */
typedef struct dsc_job {
    const dsc_optim *rule;
    const dsc_step *step;
    void *w;
    const void *g;
    void *state[DSC_MAX_STATE];
    bool odd[DSC_MAX_STATE];     /* not one element for each of w's: blocks share it */
    void *scales[DSC_MAX_STATE]; /* 8 bits: a float for every DSC_COMPACT_BLOCK elements */
    dsc_storage storage[DSC_MAX_STATE];
    bool compact; /* some storage is not full */
    double gain, l2, keep, clip_value;
    const double *sum;
    size_t block;           /* elements that `move` takes all the way together */
    size_t first;           /* where the span begins in w */
    const dsc_outer *outer; /* matrices that g does not hold, by their places in w */
    int n_outer;
    dsc_ring ring[DSC_MAX_RINGS];
    int n_rings;
    bool resets;              /* this step ends with first moments at zero */
    void *delta;              /* deferred: where directions wait for their scale */
    double scale;             /* of the deferred direction */
    bool cautious;            /* and where it disagrees with g it is zero */
    bool stable;              /* its scale wants the mean of g^2 */
    double second_scale, eps; /* deferred, stable: mean of g^2 = state * second_scale */
} dsc_job;

/* `matrix` segments: a job, and memory of its thread. */
typedef struct dsc_whole {
    size_t n;
    int rows, cols;
    const dsc_kernels *kernels;
    void *x, *d, *work;
} dsc_whole;

/* What happens to the gradient of a segment before anything else. */
typedef struct dsc_prepare {
    double gain, clip_value, clip_segment, agc;
    bool centralize;
    size_t rows, cols;
} dsc_prepare;

typedef struct dsc_pipeline {
    void (*scan)(const void *g, size_t n, double clip_value, double scale, bool squares,
                 dsc_facts *out);
    /* out <- the prepared gradient of a whole segment */
    void (*prepare)(const dsc_prepare *p, const void *w, const void *g, void *out);
    void (*survey)(const dsc_job *job, size_t begin, size_t end, double sum[DSC_MAX_SUMS]);
    void (*move)(const dsc_job *job, size_t begin, size_t end);
    /* the direction waits in delta; sum[0]: elements where it agrees with g; sum[1]: sum of
     * g^2 / its mean */
    void (*defer)(const dsc_job *job, size_t begin, size_t end, double sum[DSC_MAX_SUMS]);
    void (*resume)(const dsc_job *job, size_t begin, size_t end);
    /* a whole segment; with delta its direction is deferred, with the sums of `defer` */
    void (*whole)(const dsc_job *job, const dsc_whole *whole, double sum[DSC_MAX_SUMS]);
    void (*average)(const dsc_job *job, size_t begin, size_t end, void *out);
    void (*curvature)(const dsc_job *job, size_t begin, size_t end);
    void (*perturb)(const dsc_job *job, const dsc_ring *ring, size_t begin, size_t end,
                    const double *sum);
    void (*perturb_survey)(const dsc_job *job, const dsc_ring *ring, size_t begin, size_t end,
                           double *sum);
} dsc_pipeline;

const dsc_pipeline *dsc_pipeline_choose(descent_type type, dsc_level level);

#endif
