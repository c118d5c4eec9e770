/* fuse.c - see fuse.h. */
#include "optim/fuse.h"

#include "optim/loops.h"
#include "optim/rings.h"

#include <math.h>

/* A slice for rules that fuse, and room for what it points to. */
typedef struct fused {
    dsc_slice slice;
    void *state[DSC_MAX_STATE];
} fused;

/* Elements i..i+n, n and x being set. */
static void fuse(const dsc_job *job, size_t i, fused *f)
{
    for (int k = 0; k < job->rule->n_state; k++)
        f->state[k] = job->odd[k] ? job->state[k] : dsc_real_at(job->state[k], i);
    f->slice.w = f->slice.place = (real *)job->w + i;
    dsc_begin_rings(job, i, f->slice.n);
    job->rule->direction(job->step, &f->slice);
    dsc_end_rings(job, i, f->slice.n);
}

/* Of an outer product every piece goes as part of its row, with the factor in the gain: that rounds
 * as the product would as long as the gain itself does not. */
static void fuse_pieces(const dsc_job *job, size_t begin, size_t end, fused *f)
{
    dsc_pieces pieces = DSC_R(dsc_pieces_from)(job, begin);

    for (size_t i = begin; i < end; i += f->slice.n) {
        const dsc_piece p = DSC_R(dsc_next_piece)(&pieces, end - i);
        f->slice.n = p.n;
        f->slice.x = p.x;
        f->slice.gain = job->gain * (double)p.factor;
        fuse(job, i, f);
    }
}

/* What a rule that fuses does itself, for elements begin..end. */
void DSC_R(dsc_move_fused)(const dsc_job *job, size_t begin, size_t end)
{
    const size_t stride = job->n_rings > 0 ? job->block : end - begin;
    fused f;

    f.slice = (dsc_slice){
        .state = f.state, .sum = job->sum, .gain = job->gain, .l2 = job->l2, .keep = job->keep};
    if (job->n_outer > 0) {
        fuse_pieces(job, begin, end, &f);
        return;
    }
    for (size_t i = begin; i < end; i += stride) {
        f.slice.n = end - i < stride ? end - i : stride;
        f.slice.x = (const real *)job->g + i;
        fuse(job, i, &f);
    }
}

bool DSC_R(dsc_fuses)(const dsc_job *job)
{
    return (job->rule->flags & DSC_RULE_FUSES) && !job->compact && !job->resets &&
           job->clip_value == 0.0 && (job->n_outer == 0 || fabs(job->gain) == 1.0);
}
