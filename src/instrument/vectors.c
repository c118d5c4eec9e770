/* vectors.c - see vectors.h; compiled for every precision and instruction set. */
#include "instrument/vectors.h"

#include "base/real.h"
#include "base/rng.h"
#include "base/sums.h"

enum { PIECE = 2048 }; /* elements that stay in the first cache while all sums are made of them */

/* Sum of (a[i] - b[i])^2. */
static double sum_apart(const real *a, const real *b, size_t n)
{
    DSC_SUM_BODY(((double)a[i] - (double)b[i]) * ((double)a[i] - (double)b[i]));
}

static const real *part(const void *v, size_t begin)
{
    return v ? (const real *)v + begin : NULL;
}

static void sum(const dsc_step_vectors *v, size_t begin, size_t end, dsc_sums *out)
{
    *out = (dsc_sums){0};
    for (size_t i = begin; i < end; i += PIECE) {
        const size_t n = end - i < PIECE ? end - i : PIECE;
        const real *w = part(v->w, i), *before = part(v->before, i), *first = part(v->first, i);
        const real *g = part(v->g, i), *previous = part(v->previous, i);

        if (g)
            out->gradient += dsc_dot(g, g, n);
        if (previous) {
            out->previous += dsc_dot(previous, previous, n);
            out->product += dsc_dot(g, previous, n);
        }
        if (before) {
            out->weights += dsc_dot(before, before, n);
            out->move += sum_apart(w, before, n);
        }
        if (first)
            out->distance += sum_apart(w, first, n);
    }
}

/* How many of n numbers are below `low` or above `high`. */
static double count_ends(const real *y, size_t n, real low, real high)
{
    DSC_SUM_BODY(y[i] < low || y[i] > high ? 1.0 : 0.0);
}

static void join(void *a, const void *b, size_t n)
{
    real *restrict most = a;
    const real *restrict y = b;

    for (size_t i = 0; i < n; i++)
        most[i] = y[i] > most[i] ? y[i] : most[i];
}

static void look(const dsc_outputs *v, dsc_activity *a)
{
    const real *y = v->y;

    for (size_t row = 0; row < v->rows; row++, y += v->units) {
        a->sum += dsc_sum(y, v->units);
        a->squares += dsc_dot(y, y, v->units);
        if (a->squeezes)
            a->ends += count_ends(y, v->units, (real)v->low, (real)v->high);
        if (v->top)
            join(v->top, y, v->units);
    }
    a->count += (double)v->rows * (double)v->units;
}

static size_t dead(const void *top, size_t n)
{
    const real *y = top;
    size_t count = 0;

    for (size_t i = 0; i < n; i++)
        count += y[i] > 0 ? 0u : 1u;
    return count;
}

static void range(const void *x, size_t n, double *low, double *high)
{
    const real *v = x;
    real least[DSC_LANES], most[DSC_LANES];
    size_t i = 0;

    for (int j = 0; j < DSC_LANES; j++) {
        least[j] = (real)INFINITY;
        most[j] = -(real)INFINITY;
    }
    for (; i + DSC_LANES <= n; i += DSC_LANES)
        for (size_t j = 0; j < DSC_LANES; j++) {
            least[j] = v[i + j] < least[j] ? v[i + j] : least[j];
            most[j] = v[i + j] > most[j] ? v[i + j] : most[j];
        }
    for (; i < n; i++) {
        least[0] = v[i] < least[0] ? v[i] : least[0];
        most[0] = v[i] > most[0] ? v[i] : most[0];
    }
    for (int j = 1; j < DSC_LANES; j++) {
        least[0] = least[j] < least[0] ? least[j] : least[0];
        most[0] = most[j] > most[0] ? most[j] : most[0];
    }
    *low = (double)least[0];
    *high = (double)most[0];
}

/* Several tables, because a count that has just changed can't be read again at once. */
enum { TABLES = 4, MOST_BINS = 64, BLOCK = 256 };

static void bin(const void *x, size_t n, double low, double per_unit, int bins, double *count)
{
    const real *v = x, from = (real)low, k = (real)per_unit;
    uint32_t table[TABLES][MOST_BINS + 1] = {0};
    int32_t at[BLOCK];

    for (size_t i = 0; i < n; i += BLOCK) {
        const size_t m = n - i < BLOCK ? n - i : BLOCK;
        for (size_t j = 0; j < m; j++) {
            const real place = (v[i + j] - from) * k;
            const real inside = place < (real)(bins - 1) ? place : (real)(bins - 1);
            at[j] = (int32_t)(place >= 0 ? inside : (real)MOST_BINS); /* NaN */
        }
        for (size_t j = 0; j < m; j++)
            table[j % TABLES][at[j]]++;
    }
    for (int b = 0; b < bins; b++)
        for (int t = 0; t < TABLES; t++)
            count[b] += table[t][b];
}

static double dot(const void *a, const void *b, size_t n)
{
    return dsc_dot(a, b, n);
}

static void add(void *out, const void *a, double times, const void *b, size_t n)
{
    real *o = out;
    const real *x = a, *y = b, k = (real)times;

    DSC_INDEPENDENT
    for (size_t i = 0; i < n; i++)
        o[i] = x[i] + k * y[i];
}

static void scale(void *out, const void *a, double times, size_t n)
{
    real *o = out;
    const real *x = a, k = (real)times;

    DSC_INDEPENDENT
    for (size_t i = 0; i < n; i++)
        o[i] = k == 0 ? 0 : k * x[i];
}

static void signs(void *out, size_t n, unsigned long long seed)
{
    real *o = out;
    uint32_t word = 0;

    for (size_t i = 0; i < n; i++) {
        if (i % 32 == 0)
            word = dsc_random_bits(seed, DSC_RNG_SIGNS, UINT64_MAX, i / 32);
        o[i] = word >> (i % 32) & 1 ? 1 : -1;
    }
}

extern const dsc_vectors DSC_R(dsc_instrument_vectors);
const dsc_vectors DSC_R(dsc_instrument_vectors) = {
    .sum = sum,
    .look = look,
    .dead = dead,
    .join = join,
    .range = range,
    .bin = bin,
    .dot = dot,
    .add = add,
    .scale = scale,
    .signs = signs,
};
