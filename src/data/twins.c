/* twins.c - examples with equal features: a hash table over their numbers; what meets there is
 * compared whole. */
#include "data/twins.h"

#include "base/memory.h"
#include "data/numbers.h"

#include <string.h>

bool dsc_twins_make(dsc_twins *twins, const descent_dataset *data, size_t most)
{
    size_t slots = 16;

    while (slots < 2 * most)
        slots *= 2;
    *twins = (dsc_twins){.data = data, .width = dsc_shape_count(data->shape), .slots = slots};
    twins->slot = dsc_alloc(slots, sizeof *twins->slot);
    return twins->slot != NULL;
}

void dsc_twins_free(dsc_twins *twins)
{
    dsc_free(twins->slot);
    *twins = (dsc_twins){0};
}

/* What training sees of a number. */
static uint32_t number_at(dsc_dtype dtype, const void *row, size_t at)
{
    uint32_t bits = 0;

    if (dtype == DSC_U8)
        return ((const uint8_t *)row)[at];
    const float value = (float)dsc_number_at(dtype, row, at) + 0.0f; /* -0 is 0 */
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

/* Of what stands at a place. Each is mixed before it is added to the others: else rows of a few
 * equal numbers and zeros meet where the sums of their places do. */
static uint64_t mix(uint64_t word, size_t place)
{
    uint64_t h = (word ^ (place + 1) * 0x9e3779b97f4a7c15u) * 0xff51afd7ed558ccdu;

    h = (h ^ h >> 32) * 0xc4ceb9fe1a85ec53u;
    return h ^ h >> 32;
}

/* Eight bytes at a time, in chains that a processor follows side by side. */
static uint64_t hash_bytes(const uint8_t *row, size_t words)
{
    enum { CHAINS = 8, TURN = 29, WORD = 64 };
    uint64_t chain[CHAINS] = {0}, h = 0;

    for (size_t i = 0; i < words; i += CHAINS)
        for (size_t k = 0; k < CHAINS && i + k < words; k++) {
            uint64_t word;
            memcpy(&word, row + (i + k) * sizeof word, sizeof word);
            const uint64_t turned = chain[k] << TURN | chain[k] >> (WORD - TURN);
            chain[k] = (turned ^ word) * 0x9e3779b97f4a7c15u + 1;
        }
    for (size_t k = 0; k < CHAINS; k++)
        h += mix(chain[k], k);
    return h;
}

/* Of all numbers: rows of mostly zeros, such as counts of words, agree in most of them. */
static uint64_t hash(const dsc_twins *t, size_t example)
{
    const void *row = dsc_row(t->data, example);
    const size_t words = t->data->dtype == DSC_U8 ? t->width / sizeof(uint64_t) : 0;
    uint64_t h = hash_bytes(row, words);

    for (size_t j = words * sizeof(uint64_t); j < t->width; j++)
        h += mix(number_at(t->data->dtype, row, j), j);
    return h;
}

static bool equal(const dsc_twins *t, size_t a, size_t b)
{
    const dsc_dtype dtype = t->data->dtype;
    const void *x = dsc_row(t->data, a), *y = dsc_row(t->data, b);

    if (dtype == DSC_U8)
        return memcmp(x, y, t->width) == 0;
    for (size_t j = 0; j < t->width; j++)
        if (number_at(dtype, x, j) != number_at(dtype, y, j))
            return false;
    return true;
}

size_t dsc_twins_find(dsc_twins *t, size_t example, bool keep)
{
    const uint64_t h = hash(t, example);
    const uint32_t tag = (uint32_t)(h >> 32);
    size_t at = (size_t)h & (t->slots - 1);

    for (; t->slot[at].example > 0; at = (at + 1) & (t->slots - 1))
        if (t->slot[at].tag == tag && equal(t, t->slot[at].example - 1, example))
            return t->slot[at].example - 1;
    if (keep)
        t->slot[at] = (dsc_twin_slot){(uint32_t)example + 1, tag};
    return SIZE_MAX;
}
