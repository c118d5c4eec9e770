/* chance.h - 16 random bits for each element of w, many at once: what rounding is decided by.
 *
 * A tile of 128 elements takes 16 blocks of Philox (base/rng.h), one in each lane, of eight halves
 * of words each. Element e has half (e / 16) % 8 of block 16 (e / 128) + e % 16, where seed is the
 * state vector and step the optimizer's, so lanes lie side by side as elements do and nothing is
 * shuffled. The rounds are written out here, where the compiler can turn the lanes into vectors. */
#ifndef DSC_OPTIM_CHANCE_H
#define DSC_OPTIM_CHANCE_H

#include "base/rng.h"

enum { DSC_CHANCE_LANES = 16, DSC_CHANCE_TILE = 8 * DSC_CHANCE_LANES };

/* Four words of a block on their way through the rounds. */
typedef struct dsc_words {
    uint32_t a, b, c, d;
} dsc_words;

static inline dsc_words dsc_philox_round(dsc_words w, uint32_t key0, uint32_t key1)
{
    const uint64_t p = (uint64_t)0xD2511F53u * w.a, q = (uint64_t)0xCD9E8D57u * w.c;

    return (dsc_words){(uint32_t)(q >> 32) ^ w.b ^ key0, (uint32_t)q,
                       (uint32_t)(p >> 32) ^ w.d ^ key1, (uint32_t)p};
}

/* The keys of round r follow from those of the first. */
static inline dsc_words dsc_philox_rounds(dsc_words w, uint32_t key)
{
    const uint32_t s = 0x9E3779B9u, t = 0xBB67AE85u;

    w = dsc_philox_round(w, key, 0);
    w = dsc_philox_round(w, key + s, t);
    w = dsc_philox_round(w, key + 2u * s, 2u * t);
    w = dsc_philox_round(w, key + 3u * s, 3u * t);
    w = dsc_philox_round(w, key + 4u * s, 4u * t);
    w = dsc_philox_round(w, key + 5u * s, 5u * t);
    w = dsc_philox_round(w, key + 6u * s, 6u * t);
    w = dsc_philox_round(w, key + 7u * s, 7u * t);
    w = dsc_philox_round(w, key + 8u * s, 8u * t);
    return dsc_philox_round(w, key + 9u * s, 9u * t);
}

/* The bits of elements 128 tile to 128 tile + 127 of a state vector. */
static inline void dsc_chance_tile(uint32_t vector, uint64_t step, uint64_t tile,
                                   uint16_t *restrict out)
{
    const uint64_t block = (tile * DSC_CHANCE_LANES) ^ ((uint64_t)DSC_RNG_ROUND << 48);
    const uint32_t low = (uint32_t)block, high = (uint32_t)(block >> 32);

    for (uint32_t lane = 0; lane < DSC_CHANCE_LANES; lane++) {
        const dsc_words w = dsc_philox_rounds(
            (dsc_words){low + lane, high, (uint32_t)step, (uint32_t)(step >> 32)}, vector);
        out[lane] = (uint16_t)w.a;
        out[lane + 16] = (uint16_t)(w.a >> 16);
        out[lane + 32] = (uint16_t)w.b;
        out[lane + 48] = (uint16_t)(w.b >> 16);
        out[lane + 64] = (uint16_t)w.c;
        out[lane + 80] = (uint16_t)(w.c >> 16);
        out[lane + 96] = (uint16_t)w.d;
        out[lane + 112] = (uint16_t)(w.d >> 16);
    }
}

#endif
