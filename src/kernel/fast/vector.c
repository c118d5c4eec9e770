/* vector.c - products in which one matrix is a vector, as every layer has them when a step takes
 * one example: bound by memory, so what counts is to read w once and to write dw once. Small
 * products are done before oneDNN has prepared its own, which takes about a microsecond; all others
 * go there. Which are small does not depend on the instruction set, and neither do their bits. */
#include "kernel/fast/fast.h"

#if DSC_REAL == 32

#  include "kernel/long_sums.h"
#  include "kernel/onednn/onednn.h"
#  include "kernel/ref/ref.h"

#  if defined(DSC_VECTOR)

#    include <string.h>

enum { LANES = DSC_VECTOR, STREAMS = LANES < 8 ? LANES : 8, COLUMNS = 8 };

/* sum[l] <- the dot product of a and row l of b, lane by lane; the last k numbers, too few for a
 * vector, are the first lanes of one more. STREAMS rows at a time: enough sums that don't wait for
 * each other, and no more places than the processor reads ahead from. */
static void dot_lanes(const real *a, const real *const *row, int k, vec sum[LANES])
{
    real edge_a[LANES] = {0}, edge_b[LANES] = {0};
    const int whole = k / LANES * LANES;

    for (int l = 0; l < LANES; l++)
        sum[l] = vec_all(0);
    for (int first = 0; first < LANES; first += STREAMS)
        for (int p = 0; p < whole; p += LANES) {
            const vec x = vec_load(a + p);
            for (int l = first; l < first + STREAMS; l++)
                sum[l] = vec_fma(x, vec_load(row[l] + p), sum[l]);
        }
    if (whole == k)
        return;
    memcpy(edge_a, a + whole, (size_t)(k - whole) * sizeof *a);
    const vec x = vec_load(edge_a);
    for (int l = 0; l < LANES; l++) {
        memcpy(edge_b, row[l] + whole, (size_t)(k - whole) * sizeof *a);
        sum[l] = vec_fma(x, vec_load(edge_b), sum[l]);
    }
}

/* c (n) <- a (k) times the rows of b (n, k) [+ c]. The lanes of LANES sums are turned, so that they
 * are added as whole vectors. Every sum has one order, wherever its row stands. */
static void rows_times_vector(const dsc_matmul_shape *s, const real *a, const real *b, real *c)
{
    const vec one = vec_all(1);

    for (int j = 0; j < s->n; j += LANES) {
        const int n = s->n - j < LANES ? s->n - j : LANES;
        const real *row[LANES];
        vec sum[LANES];
        real out[LANES];
        for (int l = 0; l < LANES; l++)
            row[l] = b + (size_t)(j + (l < n ? l : n - 1)) * (size_t)s->ldb;
        dot_lanes(a, row, s->k, sum);
        vec_transpose(sum);
        for (int width = LANES / 2; width > 0; width /= 2)
            for (int l = 0; l < width; l++)
                sum[l] = vec_fma(one, sum[l], sum[l + width]);
        vec_store(out, sum[0]);
        for (int l = 0; l < n; l++)
            c[j + l] = s->add ? c[j + l] + out[l] : out[l];
    }
}

/* sum[0..width) <- the vectors of a (k) times b (k, n), whose first column is *b */
static inline void add_columns(const dsc_matmul_shape *s, const real *a, const real *b, vec *sum,
                               int width)
{
    for (ptrdiff_t l = 0; l < width; l++)
        sum[l] = vec_all(0);
    for (int p = 0; p < s->k; p++) {
        const vec x = vec_all(a[p]);
        for (ptrdiff_t l = 0; l < width; l++)
            sum[l] = vec_fma(x, vec_load(b + (size_t)p * (size_t)s->ldb + l * LANES), sum[l]);
    }
}

static void put(const dsc_matmul_shape *s, const vec *sum, int n, real *c)
{
    real out[COLUMNS * LANES];

    for (ptrdiff_t l = 0; l * LANES < n; l++)
        vec_store(out + l * LANES, sum[l]);
    for (int j = 0; j < n; j++)
        c[j] = s->add ? c[j] + out[j] : out[j];
}

/* c (n) <- a (k) times b (k, n) [+ c], in the order of k; columns that fill no vector one by one.
 */
static void vector_times_rows(const dsc_matmul_shape *s, const real *a, const real *b, real *c)
{
    vec sum[COLUMNS];
    int j = 0;

    for (; j + COLUMNS * LANES <= s->n; j += COLUMNS * LANES) {
        add_columns(s, a, b + j, sum, COLUMNS);
        put(s, sum, COLUMNS * LANES, c + j);
    }
    for (; j + LANES <= s->n; j += LANES) {
        add_columns(s, a, b + j, sum, 1);
        put(s, sum, LANES, c + j);
    }
    for (; j < s->n; j++) {
        real one = 0;
        for (int p = 0; p < s->k; p++)
            one += a[p] * b[(size_t)p * (size_t)s->ldb + (size_t)j];
        c[j] = s->add ? c[j] + one : one;
    }
}

/* c (m, n) <- a (m) times b (n) [+ c] */
static void outer_product(const dsc_matmul_shape *s, const real *a, const real *b, real *c)
{
    for (int i = 0; i < s->m; i++) {
        real *row = c + (size_t)i * (size_t)s->ldc;
        if (s->add)
            for (int j = 0; j < s->n; j++)
                row[j] += a[i] * b[j];
        else
            for (int j = 0; j < s->n; j++)
                row[j] = a[i] * b[j];
    }
}

/* True when it was done here. */
static bool with_vector(const dsc_matmul_shape *s, const real *a, const real *b, real *c)
{
    if (s->m == 1 && s->transpose_b && !s->transpose_a)
        rows_times_vector(s, a, b, c);
    else if (s->m == 1 && !s->transpose_a && !s->transpose_b)
        vector_times_rows(s, a, b, c);
    else if (s->k == 1 && s->transpose_a && !s->transpose_b)
        outer_product(s, a, b, c);
    else
        return false;
    return true;
}

#  else

static bool with_vector(const dsc_matmul_shape *s, const real *a, const real *b, real *c)
{
    (void)s, (void)a, (void)b, (void)c;
    return false;
}

#  endif

static bool is_small(const dsc_matmul_shape *s)
{
    enum { MOST = 1 << 17, LONGEST_VECTOR = 16 };

    return !s->transpose_b && s->n % LONGEST_VECTOR == 0 && (double)s->m * s->n * s->k <= MOST;
}

void DSC_R(dsc_fast_matmul)(const dsc_matmul_shape *s, const real *a, const real *b, real *c)
{
    if (long_sums(s, DSC_R(dsc_fast_matmul), a, b, c) || with_vector(s, a, b, c))
        return;
    if (is_small(s))
        DSC_R(dsc_ref_matmul_small)(s, a, b, c);
    else if (!dsc_onednn_matmul(s, a, b, c))
        DSC_R(dsc_ref_matmul)(s, a, b, c); /* right as well, though rounded in another order */
}

#endif
