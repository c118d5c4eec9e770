/* prepare.c - a look at the gradient before the step, and what is done to whole segments of it:
 * centralisation, adaptive clipping, clipping by the segment's norm. */
#include "optim/loops.h"

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

/* Of finite numbers the bits of |g| order as the numbers do, and those of NaN lie above infinity:
 * a whole-number maximum vectorizes, a test of each element does not. */
static bits largest_bits(const real *g, size_t n)
{
    bits largest = 0;

    for (size_t i = 0; i < n; i++) {
        bits b;
        memcpy(&b, &g[i], sizeof b);
        b &= MAGNITUDE;
        largest = b > largest ? b : largest;
    }
    return largest;
}

static real clamp(real x, real limit)
{
    const real low = x < -limit ? -limit : x;

    return low > limit ? limit : low;
}

/* lane <- lane + (scale clamp(g))^2; without `alters` scale is 1 and nothing is clamped. */
DSC_SPECIALIZED void add_squares(double lane[DSC_LANES], const real *g, size_t n, double scale,
                                 real limit, bool alters)
{
    double sum[DSC_LANES];
    size_t i = 0;

    memcpy(sum, lane, sizeof sum);
    for (; i + DSC_LANES <= n; i += DSC_LANES)
        for (int j = 0; j < DSC_LANES; j++) {
            const real value = g[i + (size_t)j];
            const double x = alters ? scale * (double)clamp(value, limit) : (double)value;
            sum[j] += x * x;
        }
    for (int j = 0; i < n; i++, j++) {
        const double x = alters ? scale * (double)clamp(g[i], limit) : (double)g[i];
        sum[j] += x * x;
    }
    memcpy(lane, sum, sizeof sum);
}

/* Piece by piece, so that the squares find g in the first cache. */
void DSC_R(dsc_scan)(const void *g, size_t n, double clip_value, double scale, bool squares,
                     dsc_facts *out)
{
    const real limit = clip_value > 0.0 ? (real)clip_value : (real)INFINITY;
    double lane[DSC_LANES] = {0};
    bits largest = 0;
    real value;

    for (size_t i = 0; i < n; i += DSC_BLOCK) {
        const real *piece = (const real *)g + i;
        const size_t count = n - i < DSC_BLOCK ? n - i : DSC_BLOCK;
        const bits here = largest_bits(piece, count);
        largest = here > largest ? here : largest;
        if (squares && (clip_value > 0.0 || scale != 1.0))
            add_squares(lane, piece, count, scale, limit, true);
        else if (squares)
            add_squares(lane, piece, count, 1.0, limit, false);
    }
    memcpy(&value, &largest, sizeof value);
    out->finite = largest < INFINITE;
    out->largest = (double)value;
    out->squares = squares && out->finite ? dsc_sum_lanes(lane) : 0.0;
}

/* |x|, also where squares leave the range. */
static double row_norm(const real *x, size_t n)
{
    const double squares = dsc_dot(x, x, n);
    double lane[DSC_LANES] = {0};
    real largest = 0;

    if (isfinite(squares) && squares >= 1e-290)
        return sqrt(squares);
    for (size_t i = 0; i < n; i++)
        largest = real_abs(x[i]) > largest ? real_abs(x[i]) : largest;
    if (!((double)largest > 1e-300)) /* sqrt(squares) would be no better */
        return (double)largest;
    add_squares(lane, x, n, 1.0 / (double)largest, largest, true);
    return (double)largest * sqrt(dsc_sum_lanes(lane));
}

/* x <- x - its mean */
static void centralize(real *x, size_t n)
{
    double sum = 0.0;

    for (size_t i = 0; i < n; i++)
        sum += (double)x[i];
    const real mean = (real)(sum / (double)n);
    for (size_t i = 0; i < n; i++)
        x[i] -= mean;
}

/* Brock et al. 2021, algorithm 2: |x| <= limit max(|w|, 1e-3). */
static void clip_to_weights(real *x, const real *w, size_t n, double limit)
{
    const double norm = row_norm(x, n), weights = row_norm(w, n);
    const double most = limit * (weights > 1e-3 ? weights : 1e-3);

    if (norm > most)
        dsc_scale(x, (real)(most / norm), n);
}

void DSC_R(dsc_prepare)(const dsc_prepare *p, const void *w, const void *g, void *out)
{
    const size_t rows = p->rows, cols = p->cols, n = rows * cols;
    const real limit = p->clip_value > 0.0 ? (real)p->clip_value : (real)INFINITY;
    const real *from = g;
    real *x = out;

    for (size_t i = 0; i < n; i++)
        x[i] = (real)p->gain * clamp(from[i], limit);
    if (p->centralize)
        for (size_t r = 0; r < rows; r++)
            centralize(x + r * cols, cols);
    if (p->agc > 0.0)
        for (size_t r = 0; r < rows; r++)
            clip_to_weights(x + r * cols, (const real *)w + r * cols, cols, p->agc);
    if (p->clip_segment > 0.0) {
        const double norm = row_norm(x, n), factor = p->clip_segment / (norm + 1e-6);
        if (factor < 1.0)
            dsc_scale(x, (real)factor, n);
    }
}
