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

/* lane <- the bits of the largest |g[i]| or what was there: a whole-number maximum vectorizes, a
 * test of each element does not. NaN lies above infinity. Several maxima at a time, because each
 * waits for the one before. */
static void look(const real *g, size_t n, bits *restrict lane)
{
    size_t i = 0;

    for (; i + LANES <= n; i += LANES)
        for (size_t j = 0; j < LANES; j++)
            lane[j] = larger(magnitude(g[i + j]), lane[j]);
    for (size_t j = 0; i + j < n; j++)
        lane[j] = larger(magnitude(g[i + j]), lane[j]);
}

static bits largest_of(const bits *lane)
{
    bits largest = 0;

    for (size_t j = 0; j < LANES; j++)
        largest = larger(lane[j], largest);
    return largest;
}

static dsc_gradient_facts facts_of(bits largest, double squares)
{
    real value;

    memcpy(&value, &largest, sizeof value);
    return (dsc_gradient_facts){
        .known = true, .finite = largest < INFINITE, .largest = (double)value, .squares = squares};
}

/* g[0] <- the shards' sum, elements begin..end */
static void sum_of_shards(const dsc_reduction *r, size_t begin, size_t end)
{
    for (int distance = 1; begin < end && distance < r->shards; distance *= 2)
        for (int s = 0; s + distance < r->shards; s += 2 * distance)
            add((real *)r->g[s] + begin, (const real *)r->g[s + distance] + begin, end - begin);
}

/* The shards' sum of one piece, in g[0], and from there to the total. */
static void sum_piece(const dsc_reduction *r, size_t i, size_t n)
{
    const real *sum = (real *)r->g[0] + i;
    const size_t end = i + n;

    sum_of_shards(r, i, end < r->done_begin ? end : r->done_begin);
    sum_of_shards(r, i > r->done_end ? i : r->done_end, end);
    if (r->add)
        add((real *)r->total + i, sum, n);
    else if (r->total != r->g[0])
        memcpy((real *)r->total + i, sum, n * sizeof(real));
}

void DSC_R(dsc_reduce)(const dsc_reduction *r, size_t begin, size_t end, dsc_gradient_facts *facts);
void DSC_R(dsc_look_columns)(const void *g, const dsc_stripes *columns, int part,
                             dsc_gradient_facts *facts);

void DSC_R(dsc_reduce)(const dsc_reduction *r, size_t begin, size_t end, dsc_gradient_facts *facts)
{
    bits lane[LANES] = {0};
    double squares = 0.0;

    for (size_t i = begin; i < end; i += PIECE) {
        const size_t n = end - i < PIECE ? end - i : PIECE;
        const real *total = (real *)r->total + i;
        sum_piece(r, i, n);
        look(total, n, lane);
        if (r->squares)
            squares += dsc_dot(total, total, n);
    }
    *facts = facts_of(largest_of(lane), r->squares ? squares : (double)NAN);
}

void DSC_R(dsc_look_columns)(const void *g, const dsc_stripes *columns, int part,
                             dsc_gradient_facts *facts)
{
    const size_t begin = dsc_stripes_cut(columns, part), end = dsc_stripes_cut(columns, part + 1);
    const real *row = (const real *)g + columns->begin + begin;
    bits lane[LANES] = {0};

    for (size_t i = 0; i < columns->rows; i++, row += columns->cols)
        look(row, end - begin, lane);
    *facts = facts_of(largest_of(lane), (double)NAN);
}
