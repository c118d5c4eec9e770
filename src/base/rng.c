/* rng.c - Philox 4x32-10 (Salmon, Moraes, Dror, Shaw 2011).
 *
 * Key: the seed. Counter: the number of the block, its upper 16 bits mixed with the purpose, and
 * the step; so no two (purpose, step, block) with block < 2^48 meet. Bits take a quarter of a
 * block, uniform numbers a half and normal ones a whole: index < 2^48 is safe for all. Under one
 * purpose and step draw only one of the three kinds, since they would share blocks. */
#include "base/rng.h"

#include <math.h>

enum { ROUNDS = 10 };

void dsc_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4])
{
    uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3];
    uint32_t k0 = key[0], k1 = key[1];

    for (int round = 0; round < ROUNDS; round++) {
        const uint64_t a = (uint64_t)0xD2511F53u * c0, b = (uint64_t)0xCD9E8D57u * c2;
        const uint32_t n0 = (uint32_t)(b >> 32) ^ c1 ^ k0, n2 = (uint32_t)(a >> 32) ^ c3 ^ k1;
        c1 = (uint32_t)b;
        c3 = (uint32_t)a;
        c0 = n0;
        c2 = n2;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    out[0] = c0;
    out[1] = c1;
    out[2] = c2;
    out[3] = c3;
}

void dsc_random_block(uint64_t seed, dsc_purpose purpose, uint64_t step, uint64_t block,
                      uint32_t out[4])
{
    const uint64_t low = block ^ ((uint64_t)purpose << 48);
    const uint32_t counter[4] = {(uint32_t)low, (uint32_t)(low >> 32), (uint32_t)step,
                                 (uint32_t)(step >> 32)};
    const uint32_t key[2] = {(uint32_t)seed, (uint32_t)(seed >> 32)};

    dsc_philox(counter, key, out);
}

uint32_t dsc_random_bits(uint64_t seed, dsc_purpose purpose, uint64_t step, uint64_t index)
{
    uint32_t word[4];

    dsc_random_block(seed, purpose, step, index / 4, word);
    return word[index % 4];
}

/* Half a block each: two words give 53 bits. */
double dsc_random_uniform(uint64_t seed, dsc_purpose purpose, uint64_t step, uint64_t index)
{
    uint32_t word[4];

    dsc_random_block(seed, purpose, step, index / 2, word);
    const uint64_t bits = (uint64_t)word[2 * (index % 2)] << 32 | word[2 * (index % 2) + 1];
    return (double)(bits >> 11) * 0x1p-53;
}

double dsc_random_normal(uint64_t seed, dsc_purpose purpose, uint64_t step, uint64_t index)
{
    static const double two_pi = 6.283185307179586476925286766559;
    uint32_t word[4];

    dsc_random_block(seed, purpose, step, index, word);
    const uint64_t a = (uint64_t)word[0] << 32 | word[1], b = (uint64_t)word[2] << 32 | word[3];
    const double u = ((double)(a >> 11) + 0.5) * 0x1p-53; /* never 0: its logarithm is taken */
    return sqrt(-2.0 * log(u)) * cos(two_pi * (double)(b >> 11) * 0x1p-53);
}

/* The words of one stream, one after another. */
typedef struct stream {
    uint64_t seed, step, block;
    dsc_purpose purpose;
    uint32_t word[4];
    int used;
} stream;

static uint32_t next_word(stream *s)
{
    if (s->used == 4) {
        dsc_random_block(s->seed, s->purpose, s->step, s->block++, s->word);
        s->used = 0;
    }
    return s->word[s->used++];
}

/* Uniform in 0..bound-1: the high half of a product, rejecting the few low halves that would make
 * some results likelier (Lemire 2019, arXiv:1805.10941). */
static uint32_t next_below(stream *s, uint32_t bound)
{
    const uint32_t reject = (uint32_t)-bound % bound;
    uint64_t product;

    do
        product = (uint64_t)next_word(s) * bound;
    while ((uint32_t)product < reject);
    return (uint32_t)(product >> 32);
}

void dsc_random_shuffle(uint64_t seed, dsc_purpose purpose, uint64_t step, uint32_t *order,
                        size_t n)
{
    stream s = {.seed = seed, .step = step, .purpose = purpose, .used = 4};

    for (size_t i = n; i > 1; i--) {
        const uint32_t j = next_below(&s, (uint32_t)i);
        const uint32_t swapped = order[i - 1];
        order[i - 1] = order[j];
        order[j] = swapped;
    }
}
