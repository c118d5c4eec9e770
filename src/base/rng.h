/* rng.h - counter-based random numbers: every one a pure function of where it is used.
 *
 * Philox 4x32-10 (Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3").
 * No generator state exists, so none is saved, and any part may be drawn on any thread. */
#ifndef DSC_BASE_RNG_H
#define DSC_BASE_RNG_H

#include <stddef.h>
#include <stdint.h>

/* What a number is for, so that no two uses share a stream. Never renumber: runs are replayed. */
typedef enum dsc_purpose {
    DSC_RNG_INIT = 1, /* step = segment number, index = element */
    DSC_RNG_SHUFFLE,  /* step = epoch */
    DSC_RNG_SPLIT,    /* step = class */
    DSC_RNG_DROPOUT,  /* step = (training step << 16) + node, index = row * width + column */
    DSC_RNG_DATA,     /* generated data sets */
    DSC_RNG_TEST,
    DSC_RNG_ROUND,        /* seed = state vector, step = optimizer step: see optim/chance.h */
    DSC_RNG_LABELS,       /* drawn from a network's output; step = training step, index = row */
    DSC_RNG_SIGNS,        /* of curvature; step = training step, 32 elements an index */
    DSC_RNG_STATISTICS,   /* which examples batch_norm is measured on again */
    DSC_RNG_AUGMENT,      /* of a training picture; step = epoch, index = 12 * example + option */
    DSC_RNG_NOISE,        /* its noise; seed = drawn under DSC_RNG_AUGMENT, index = pixel */
    DSC_RNG_WINDOWS = 32, /* where the windows of a text begin; step = epoch */
    DSC_RNG_SAMPLE,       /* the next token of a generated text; step = its number */
    DSC_RNG_TUNE = 40,    /* where a grid of learning rates begins */
    DSC_RNG_LANCZOS = 48, /* where a search for eigenvalues starts; step = vectors so far */
    DSC_RNG_DIRECTION,    /* of a loss landscape; step = number of the direction */
    DSC_RNG_EXAMPLES,     /* which examples a landscape is measured on */
    DSC_RNG_AUDIT = 56,   /* a random order to compare that of the data with */
    DSC_RNG_NEAR          /* a point near the first weights, where the gradient is checked */
} dsc_purpose;

/* The raw block function: four 32-bit words from a 128-bit counter and a 64-bit key. */
void dsc_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);

/* Four words at once: elements 4 * block .. 4 * block + 3 of what dsc_random_bits() gives. */
void dsc_random_block(uint64_t seed, dsc_purpose purpose, uint64_t step, uint64_t block,
                      uint32_t out[4]);
/* 32 random bits for (seed, purpose, step, index). Neighbouring indexes share a block. */
uint32_t dsc_random_bits(uint64_t seed, dsc_purpose purpose, uint64_t step, uint64_t index);
/* Uniform in [0, 1), 53 bits. */
double dsc_random_uniform(uint64_t seed, dsc_purpose purpose, uint64_t step, uint64_t index);
/* Normal with mean 0 and deviation 1 (Box-Muller). */
double dsc_random_normal(uint64_t seed, dsc_purpose purpose, uint64_t step, uint64_t index);

/* order <- a random permutation of its n elements (Fisher-Yates, unbiased). */
void dsc_random_shuffle(uint64_t seed, dsc_purpose purpose, uint64_t step, uint32_t *order,
                        size_t n);

#endif
