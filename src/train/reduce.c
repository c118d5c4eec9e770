/* reduce.c - see reduce.h; compiled for every precision and instruction set. */
#include "base/real.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if DSC_REAL == 32
typedef uint32_t bits;
#  define MAGNITUDE 0x7fffffffu
#  define INFINITE  0x7f800000u
#else
typedef uint64_t bits;
#  define MAGNITUDE 0x7fffffffffffffffu
#  define INFINITE  0x7ff0000000000000u
#endif

enum { PIECE = 2048 }; /* elements that stay in the first cache from the sums to the test */

static void add(real *restrict sum, const real *restrict term, size_t n)
{
    for (size_t i = 0; i < n; i++)
        sum[i] += term[i];
}

/* By the bit pattern: a whole-number maximum vectorizes, a test of each element does not. */
static bool all_finite(const real *g, size_t n)
{
    bits largest = 0;

    for (size_t i = 0; i < n; i++) {
        bits b;
        memcpy(&b, &g[i], sizeof b);
        b &= MAGNITUDE;
        largest = b > largest ? b : largest;
    }
    return largest < INFINITE;
}

bool DSC_R(dsc_reduce)(void *const *g, int shards, size_t begin, size_t end);

bool DSC_R(dsc_reduce)(void *const *g, int shards, size_t begin, size_t end)
{
    bool finite = true;

    for (size_t i = begin; i < end; i += PIECE) {
        const size_t n = end - i < PIECE ? end - i : PIECE;
        for (int distance = 1; distance < shards; distance *= 2)
            for (int s = 0; s + distance < shards; s += 2 * distance)
                add((real *)g[s] + i, (const real *)g[s + distance] + i, n);
        finite = all_finite((const real *)g[0] + i, n) && finite;
    }
    return finite;
}
