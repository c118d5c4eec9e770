/* compact.c - see compact.h.
 *
 * bfloat16: the upper half of a float; the lower half r is dropped, and with probability r / 65536
 * what is left grows by its last bit, so that the mean is kept.
 *
 * 8 bits: x = scale value(code), scale the largest |x| of 256 elements, value() from codes.c: a
 * line that bends upwards at the decades. Its inverse is the least of some straight lines,
 *
 *     code(a) = min over k of  2^k / (9 10^(k - K)) a + 2^k 8/9 - 1,      10^(K - 1) a for k = 0
 *
 * and rounding code(a) up with the probability of its fraction keeps the mean of x too, since two
 * neighbouring codes lie on one line. The nearest code would not do: at beta2=0.999 a step moves v
 * by a thousandth of its distance, which is less than half the way to the next code, and v would
 * never move again. Vectors that are never negative are kept as square roots, for which seven
 * decades are 14 of v. There any x > 0 keeps a code of 3 at least, 1e-6 of the scale: a first
 * moment has nothing smaller but zero, and divided by less, or by nothing, it would make far too
 * large a step. */
#include "optim/compact.h"

#include "optim/chance.h"
#include "optim/codes.h"

#include <float.h>
#include <string.h>

#if DSC_REAL == 32

/* --- bfloat16 --------------------------------------------------------------------------------- */

static void expand_bf16(const uint16_t *restrict from, float *restrict to, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const uint32_t bits = (uint32_t)from[i] << 16;
        memcpy(&to[i], &bits, sizeof bits);
    }
}

static void pack_bf16(const float *restrict from, const uint16_t *restrict chance,
                      uint16_t *restrict to, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t bits;
        memcpy(&bits, &from[i], sizeof bits);
        to[i] = (uint16_t)((bits + chance[i]) >> 16);
    }
}

/* --- 8 bits ----------------------------------------------------------------------------------- */

static void expand_signed(const uint8_t *restrict from, float scale, float *restrict to, size_t n)
{
    for (size_t i = 0; i < n; i++)
        to[i] = dsc_codes_signed[from[i]] * scale;
}

static void expand_positive(const uint8_t *restrict from, float scale, float *restrict to, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const float root = dsc_codes_positive[from[i]] * scale, square = root * root;
        const float least = from[i] > 0 ? FLT_MIN : 0.0f; /* where the square leaves the range */
        to[i] = square > least ? square : least;
    }
}

/* The largest |x[i]|: as whole numbers, whose order is that of floats without a sign. */
static float largest(const float *restrict x, size_t n)
{
    int32_t most = 0;
    float found;

    for (size_t i = 0; i < n; i++) {
        int32_t bits;
        memcpy(&bits, &x[i], sizeof bits);
        bits &= INT32_MAX;
        most = bits > most ? bits : most;
    }
    memcpy(&found, &most, sizeof most);
    return found;
}

static inline float lesser(float a, float b)
{
    return a < b ? a : b;
}

/* Line k, where code 2^k - 1 is the fraction `ten`. */
static inline float line(float a, int k, float ten)
{
    const float steps = (float)(1 << k);

    return a * (steps / (9.0f * ten)) + (steps * (8.0f / 9.0f) - 1.0f);
}

/* The code of fraction a before rounding: 0 to 127, or to 255 with one decade more below. */
static inline float code_signed(float a)
{
    const float low = lesser(a * 1e6f, lesser(line(a, 1, 1e-6f), line(a, 2, 1e-5f)));
    const float middle = lesser(line(a, 3, 1e-4f), line(a, 4, 1e-3f));

    return lesser(lesser(low, middle), lesser(line(a, 5, 1e-2f), line(a, 6, 1e-1f)));
}

static inline float code_positive(float a)
{
    const float low = lesser(a * 1e7f, line(a, 1, 1e-7f));
    const float middle = lesser(line(a, 2, 1e-6f), line(a, 3, 1e-5f));
    const float high = lesser(line(a, 4, 1e-4f), line(a, 5, 1e-3f));

    return lesser(lesser(low, middle), lesser(high, lesser(line(a, 6, 1e-2f), line(a, 7, 1e-1f))));
}

/* Whole part of code + u, u uniform in (0, 1): 12 bits of chance, and far enough from both ends
 * that a code which is only not quite whole stays what it is. */
static inline int rounded(float code, uint16_t chance, int most)
{
    const int whole = (int)(code + ((float)(chance >> 4) + 0.5f) * 0x1p-12f);

    return whole < most ? whole : most;
}

static float pack_signed(const float *restrict from, const uint16_t *restrict chance,
                         uint8_t *restrict to, size_t n)
{
    const float scale = largest(from, n), per = scale >= FLT_MIN ? 1.0f / scale : 0.0f;

    for (size_t i = 0; i < n; i++) {
        const int code = rounded(code_signed(fabsf(from[i]) * per), chance[i], DSC_CODE_SIGN - 1);
        uint32_t bits;
        memcpy(&bits, &from[i], sizeof bits);
        to[i] = (uint8_t)((uint32_t)code | (bits >> 31) * DSC_CODE_SIGN);
    }
    return scale;
}

static float pack_positive(const float *restrict from, const uint16_t *restrict chance,
                           uint8_t *restrict to, size_t n)
{
    const float scale = sqrtf(largest(from, n)), per = scale >= FLT_MIN ? 1.0f / scale : 0.0f;

    for (size_t i = 0; i < n; i++) {
        const int code = rounded(code_positive(sqrtf(from[i]) * per), chance[i], DSC_CODES - 1);
        const int least = from[i] > 0.0f ? 3 : 0;
        to[i] = (uint8_t)(code > least ? code : least);
    }
    return scale;
}

/* --- vectors of a block ----------------------------------------------------------------------- */

static void expand_codes(const dsc_job *job, int k, size_t i, size_t n, float *to)
{
    const uint8_t *from = (const uint8_t *)job->state[k] + i;
    const float *scale = (const float *)job->scales[k] + i / DSC_COMPACT_BLOCK;

    for (size_t j = 0; j < n; j += DSC_COMPACT_BLOCK) {
        const size_t m = n - j < DSC_COMPACT_BLOCK ? n - j : DSC_COMPACT_BLOCK;
        if (job->storage[k] == DSC_8BIT_POSITIVE)
            expand_positive(from + j, *scale++, to + j, m);
        else
            expand_signed(from + j, *scale++, to + j, m);
    }
}

static void pack_codes(const dsc_job *job, int k, size_t i, size_t n, const float *from,
                       const uint16_t *chance)
{
    uint8_t *to = (uint8_t *)job->state[k] + i;
    float *scale = (float *)job->scales[k] + i / DSC_COMPACT_BLOCK;

    for (size_t j = 0; j < n; j += DSC_COMPACT_BLOCK) {
        const size_t m = n - j < DSC_COMPACT_BLOCK ? n - j : DSC_COMPACT_BLOCK;
        if (job->storage[k] == DSC_8BIT_POSITIVE)
            *scale++ = pack_positive(from + j, chance + j, to + j, m);
        else
            *scale++ = pack_signed(from + j, chance + j, to + j, m);
    }
}

void DSC_R(dsc_expand)(const dsc_job *job, size_t i, size_t n, dsc_expanded *expanded, void **state)
{
    for (int k = 0; k < job->rule->n_state; k++) {
        if (!job->state[k] || job->storage[k] == DSC_FULL)
            continue;
        if (job->storage[k] == DSC_BF16)
            expand_bf16((const uint16_t *)job->state[k] + i, expanded->vector[k], n);
        else
            expand_codes(job, k, i, n, expanded->vector[k]);
        state[k] = expanded->vector[k];
    }
}

void DSC_R(dsc_pack)(const dsc_job *job, size_t i, size_t n, const dsc_expanded *expanded)
{
    uint16_t tiles[DSC_BLOCK + DSC_CHANCE_TILE];
    const size_t first = job->first + i, begin = first / DSC_CHANCE_TILE;
    const size_t end = (first + n + DSC_CHANCE_TILE - 1) / DSC_CHANCE_TILE;
    const uint16_t *chance = tiles + first % DSC_CHANCE_TILE;

    for (int k = 0; k < job->rule->n_state; k++) {
        if (!job->state[k] || job->storage[k] == DSC_FULL)
            continue;
        for (size_t t = begin; t < end; t++)
            dsc_chance_tile((uint32_t)k, (uint64_t)job->step->count, t,
                            tiles + (t - begin) * DSC_CHANCE_TILE);
        if (job->storage[k] == DSC_BF16)
            pack_bf16(expanded->vector[k], chance, (uint16_t *)job->state[k] + i, n);
        else
            pack_codes(job, k, i, n, expanded->vector[k], chance);
    }
}

#endif
