/* compact.h - state vectors in fewer bits: bfloat16 with stochastic rounding, and 8 bits with one
 * scale for every 256 elements. For files of the `real` list.
 *
 * Which way a number is rounded is a pure function of the step, the vector, and its place in w, so
 * that runs can be repeated, on any number of threads. What is stored comes back as the same bits
 * when it is stored again unchanged: a rule whose survey and direction both end with a pack rounds
 * a vector once if only one of them changes it.
 *
 * Instructions for an element of a vector, there and back, with gcc 12 (base, avx2, avx512):
 *
 *     random bits   10    6.5   3.3
 *     bfloat16       3    0.9   0.4   more than that
 *     8 bits        20    9     7     more than that; looking up codes is most of it
 */
#ifndef DSC_OPTIM_COMPACT_H
#define DSC_OPTIM_COMPACT_H

#include "base/real.h"
#include "optim/pipeline.h"

/* Compact vectors as reals, while a block is worked on. */
typedef struct dsc_expanded {
    real vector[DSC_MAX_STATE][DSC_BLOCK];
} dsc_expanded;

/* layout.c refuses compact vectors for double: what deals with them is compiled for float only. */
#define DSC_IS_COMPACT(job) (DSC_REAL == 32 && (job)->compact)

/* Points state[k] at the expanded elements i..i+n of every vector that is not kept in full. */
void DSC_R(dsc_expand)(const dsc_job *job, size_t i, size_t n, dsc_expanded *expanded,
                       void **state);
/* Puts them back. */
void DSC_R(dsc_pack)(const dsc_job *job, size_t i, size_t n, const dsc_expanded *expanded);

#endif
