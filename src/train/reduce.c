/* reduce.c - see reduce.h; compiled for every precision and instruction set. */
#include "train/reduce.h"

#include "base/real.h"
#include "base/sums.h"

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

enum { LANES = 64 };
enum { PIECE = 2048 }; /* elements that stay in the first cache from the sums to the test */

static void add(real *restrict sum, const real *restrict term, size_t n)
{
    for (size_t i = 0; i < n; i++)
        sum[i] += term[i];
}

static inline bits larger(bits a, bits b)
{
    return a > b ? a : b;
}

static inline bits magnitude(real x)
{
    bits b;

    memcpy(&b, &x, sizeof b);
    return b & MAGNITUDE;
}

/* The bits of the largest |g[i]|: a whole-number maximum vectorizes, a test of each element does
 * not. NaN lies above infinity. Several maxima at a time, because each waits for the one before. */
static bits largest_bits(const real *g, size_t n)
{
    bits lane[LANES] = {0}, largest = 0;
    size_t i = 0;

    for (; i + LANES <= n; i += LANES)
        for (size_t j = 0; j < LANES; j++)
            lane[j] = larger(magnitude(g[i + j]), lane[j]);
    for (; i < n; i++)
        largest = larger(magnitude(g[i]), largest);
    for (size_t j = 0; j < LANES; j++)
        largest = larger(lane[j], largest);
    return largest;
}

/* The shards' sum of one piece, in g[0], and from there to the total. */
static void sum_piece(const dsc_reduction *r, size_t i, size_t n)
{
    const real *sum = (real *)r->g[0] + i;

    for (int distance = 1; distance < r->shards; distance *= 2)
        for (int s = 0; s + distance < r->shards; s += 2 * distance)
            add((real *)r->g[s] + i, (const real *)r->g[s + distance] + i, n);
    if (r->add)
        add((real *)r->total + i, sum, n);
    else if (r->total != r->g[0])
        memcpy((real *)r->total + i, sum, n * sizeof(real));
}

void DSC_R(dsc_reduce)(const dsc_reduction *r, size_t begin, size_t end, dsc_gradient_facts *facts);

void DSC_R(dsc_reduce)(const dsc_reduction *r, size_t begin, size_t end, dsc_gradient_facts *facts)
{
    double squares = 0.0;
    bits largest = 0;
    real value;

    for (size_t i = begin; i < end; i += PIECE) {
        const size_t n = end - i < PIECE ? end - i : PIECE;
        const real *total = (real *)r->total + i;
        sum_piece(r, i, n);
        const bits b = largest_bits(total, n);
        largest = b > largest ? b : largest;
        if (r->squares)
            squares += dsc_dot(total, total, n);
    }
    memcpy(&value, &largest, sizeof value);
    *facts = (dsc_gradient_facts){.known = true,
                                  .finite = largest < INFINITE,
                                  .largest = (double)value,
                                  .squares = r->squares ? squares : (double)NAN};
}
