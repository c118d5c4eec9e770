/* rings.h - what wrappers such as lookahead do to a block of w before and after its move. For files
 * of the `real` list. */
#ifndef DSC_OPTIM_RINGS_H
#define DSC_OPTIM_RINGS_H

#include "base/real.h"
#include "optim/pipeline.h"

#include <string.h>

static inline void *dsc_real_at(void *vector, size_t i)
{
    return vector ? (real *)vector + i : NULL;
}

static inline void dsc_begin_rings(const dsc_job *job, size_t i, size_t n)
{
    for (int r = 0; r < job->n_rings; r++)
        if (job->ring[r].step->count == 1)
            for (int k = 0; k < job->ring[r].kind->n_vectors; k++)
                memcpy((real *)job->ring[r].vector[k] + i, (real *)job->w + i, n * sizeof(real));
}

/* What follows from w after its move. */
static inline void dsc_end_rings(const dsc_job *job, size_t i, size_t n)
{
    for (int r = 0; r < job->n_rings; r++) {
        const dsc_ring *ring = &job->ring[r];
        void *vector[DSC_MAX_STATE];
        for (int k = 0; k < ring->kind->n_vectors; k++)
            vector[k] = (real *)ring->vector[k] + i;
        if (ring->kind->after)
            ring->kind->after(ring->step,
                              &(dsc_slice){.d = (real *)job->w + i, .state = vector, .n = n});
    }
}

#endif
