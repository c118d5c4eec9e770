/* passes.h - the parts of a step: looking, numbers, passes over w in chunks. */
#ifndef DSC_OPTIM_PASSES_H
#define DSC_OPTIM_PASSES_H

#include "optim/object.h"

/* One pass as the threads see it. */
typedef struct dsc_pass {
    descent_optimizer *opt;
    void *w;
    const void *g;
    const dsc_outer *outer; /* matrices that g does not hold */
    int n_outer;
    bool prepared; /* g is in opt->prepared, with sign and clipping done */
    double scale;  /* of a scan */
    bool squares;
} dsc_pass;

/* Threads that this many elements are worth. */
int dsc_team(const descent_optimizer *opt);

static inline const void *dsc_element(const descent_optimizer *opt, const void *vector, size_t i)
{
    return (const char *)vector + i * opt->element;
}

/* The largest gradient elements that are worked with: their squares still add up. */
#define DSC_REACH_F32 2e18
#define DSC_REACH_F64 1e153

/* look.c: false when the gradient is not finite, which is then counted. Sets opt->norm if a rule or
 * clipping wants it. */
bool dsc_look(dsc_pass *p, dsc_gradient_facts facts);
/* True when all elements are finite and so are their squares. */
bool dsc_fits(descent_optimizer *opt, const void *vector);
/* Reads all of g that moves; with p->squares adds up its squares. */
dsc_gradient_facts dsc_scan_all(dsc_pass *p);
/* What g is multiplied by; moves ZClip's means on. */
double dsc_clip_factor(descent_optimizer *opt);

/* numbers.c: counts the step and settles its numbers. */
void dsc_step_begin(descent_optimizer *opt);

/* passes.c: the loops' view of a span. */
void dsc_fill_job(const dsc_pass *p, const dsc_span *span, dsc_job *job);
/* Calls work for every chunk of spans that are not `whole`; sum is the chunk's own, zeroed. */
typedef void (*dsc_chunk_work)(const dsc_pass *p, const dsc_job *job, const dsc_chunk *chunk,
                               double *sum);
void dsc_over_chunks(const dsc_pass *p, dsc_chunk_work work);
/* The same for spans that are `whole`, each by one thread with working memory of its own. */
typedef void (*dsc_whole_work)(const dsc_pass *p, const dsc_job *job, dsc_span *span,
                               const dsc_whole *memory);
void dsc_over_whole(const dsc_pass *p, dsc_whole_work work);
/* span->sum <- the sums of its chunks, in order. */
void dsc_add_chunk_sums(descent_optimizer *opt);

#endif
