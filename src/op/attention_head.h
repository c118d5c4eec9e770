/* attention_head.h - softmax(q k^T scale) v of one head, forward and backward; included by files of
 * the `real` list.
 *
 * Queries are taken TILE at a time, so that scores stay in the first caches and the half that a
 * causal mask hides is mostly not computed. For backward only the largest score and the sum of each
 * query are kept; the scores are made again (Dao et al. 2022, arXiv:2205.14135). Keys and values
 * are transposed once for all queries, which leaves products that need no preparation. */
#ifndef DSC_OP_ATTENTION_HEAD_H
#define DSC_OP_ATTENTION_HEAD_H

#include "kernel/kernel.h"
#include "op/softmax.h"
#include "op/transpose.h"

#include <string.h>

enum { TILE = 32 };

/* The sizes that all heads share. Query i sees key j when j <= past + i, or all without a mask. */
typedef struct attention {
    const dsc_kernels *kernels;
    int queries, keys, depth, value_depth, past;
    bool causal;
    real scale;
    int ldq, ldk, ldv, ldy; /* elements from one place of a head to the next */
} attention;

/* One head; gradients like what they are of, with the same ld. */
typedef struct attention_head {
    const real *q, *k, *v;
    real *y;
    real *keep;    /* (queries, 2): largest scaled score, 1 / sum */
    real *scratch; /* attention_scratch() elements; holds what attention_transpose() put there */
    const real *dy;
    real *dq, *dk, *dv; /* all of them or none */
    bool add;           /* dk and dv have begun: another head reads the same keys */
} attention_head;

/* Elements of a row of scores: whole vectors. */
static inline size_t attention_row(int keys)
{
    return ((size_t)keys + DSC_LANES - 1) / DSC_LANES * DSC_LANES;
}

/* Two tiles of scores, then keys and values transposed. */
static inline size_t attention_scratch(int keys, int depth, int value_depth)
{
    return ((size_t)TILE * 2 + (size_t)depth + (size_t)value_depth) * attention_row(keys);
}

static inline real *attention_scores(const attention *a, const attention_head *h, int which)
{
    return h->scratch + (size_t)which * TILE * attention_row(a->keys);
}

static inline real *attention_transposed(const attention *a, const attention_head *h, bool values)
{
    return h->scratch +
           ((size_t)TILE * 2 + (size_t)(values ? a->depth : 0)) * attention_row(a->keys);
}

/* Transposes keys, which are scaled too, and for backward values. */
static inline void attention_transpose(const attention *a, const attention_head *h, bool values)
{
    const size_t row = attention_row(a->keys), n = (size_t)a->keys;

    transpose(h->k, (size_t)a->ldk, n, (size_t)a->depth, a->scale, row,
              attention_transposed(a, h, false));
    if (values)
        transpose(h->v, (size_t)a->ldv, n, (size_t)a->value_depth, 1, row,
                  attention_transposed(a, h, true));
}

/* What is kept of query i: its largest scaled score, 1 / sum. */
static inline real *attention_kept(const attention_head *h, int i)
{
    return h->keep + (size_t)i * 2;
}

/* Keys that query i sees. */
static inline int attention_seen(const attention *a, int i)
{
    const int seen = a->past + i + 1;

    return a->causal && seen < a->keys ? seen : a->keys;
}

/* s (m, row) <- x b for m queries; b (depth, row of all keys) is transposed keys or values. */
static inline void attention_product(const attention *a, const real *x, int ldx, int m, int depth,
                                     const real *b, size_t row, real *s)
{
    a->kernels->matmul_small(&(dsc_matmul_shape){.m = m,
                                                 .n = (int)row,
                                                 .k = depth,
                                                 .lda = ldx,
                                                 .ldb = (int)attention_row(a->keys),
                                                 .ldc = (int)row},
                             x, b, s);
}

/* What query i does not see is -infinity. */
static inline void attention_mask(const attention *a, int i, size_t row, real *s)
{
    for (size_t j = (size_t)attention_seen(a, i); j < row; j++)
        s[j] = -(real)INFINITY;
}

static inline void attention_softmax(const attention *a, const attention_head *h, int i, size_t row,
                                     real *s)
{
    real *kept = attention_kept(h, i);

    attention_mask(a, i, row, s);
    kept[0] = dsc_largest(s, row);
    kept[1] = 1 / row_exp(s, row, kept[0]);
}

static inline void attention_forward(const attention *a, const attention_head *h)
{
    real *s = attention_scores(a, h, 0);

    for (int first = 0; first < a->queries; first += TILE) {
        const int m = a->queries - first < TILE ? a->queries - first : TILE;
        const int n = attention_seen(a, first + m - 1);
        const size_t row = attention_row(n);
        real *y = h->y + (size_t)first * (size_t)a->ldy;

        attention_product(a, h->q + (size_t)first * (size_t)a->ldq, a->ldq, m, a->depth,
                          attention_transposed(a, h, false), row, s);
        for (int i = 0; i < m; i++)
            attention_softmax(a, h, first + i, row, s + (size_t)i * row);
        a->kernels->matmul_small(
            &(dsc_matmul_shape){
                .m = m, .n = a->value_depth, .k = n, .lda = (int)row, .ldb = a->ldv, .ldc = a->ldy},
            s, h->v, y);
        for (int i = 0; i < m; i++)
            for (int j = 0; j < a->value_depth; j++)
                y[(size_t)i * (size_t)a->ldy + (size_t)j] *= attention_kept(h, first + i)[1];
    }
}

/* p <- softmax(p), as forward had it; d <- dL/d(q k^T) from d = dL/dp. */
static inline void attention_softmax_back(const attention *a, const attention_head *h, int i,
                                          size_t row, real *restrict p, real *restrict d)
{
    const real largest = attention_kept(h, i)[0], share = attention_kept(h, i)[1];

    attention_mask(a, i, row, p);
    for (size_t j = 0; j < row; j++)
        p[j] = real_exp(p[j] - largest) * share;
    const real mean = row_dot(p, d, row);
    for (size_t j = 0; j < row; j++)
        d[j] = p[j] * (d[j] - mean) * a->scale;
}

/* dk += d^T q, dv += p^T dy, dq = d k for the queries of a tile. */
static inline void attention_products_back(const attention *a, const attention_head *h, int first,
                                           int m, int n, bool add, const real *p, const real *d)
{
    const size_t ldq = (size_t)a->ldq, ldy = (size_t)a->ldy;
    const int row = (int)attention_row(n);
    const dsc_matmul_shape values = {.m = n,
                                     .n = a->value_depth,
                                     .k = m,
                                     .transpose_a = true,
                                     .add = add,
                                     .lda = row,
                                     .ldb = a->ldy,
                                     .ldc = a->ldv};
    const dsc_matmul_shape keys = {.m = n,
                                   .n = a->depth,
                                   .k = m,
                                   .transpose_a = true,
                                   .add = add,
                                   .lda = row,
                                   .ldb = a->ldq,
                                   .ldc = a->ldk};
    const dsc_matmul_shape queries = {
        .m = m, .n = a->depth, .k = n, .lda = row, .ldb = a->ldk, .ldc = a->ldq};

    a->kernels->matmul_small(&values, p, h->dy + (size_t)first * ldy, h->dv);
    a->kernels->matmul_small(&keys, d, h->q + (size_t)first * ldq, h->dk);
    a->kernels->matmul_small(&queries, d, h->k, h->dq + (size_t)first * ldq);
}

/* dk and dv of the keys from `first` on, which no query sees, are zero. */
static inline void attention_unseen(const attention *a, const attention_head *h, int first)
{
    for (int j = first; j < a->keys && !h->add; j++) {
        memset(h->dk + (size_t)j * (size_t)a->ldk, 0, (size_t)a->depth * sizeof(real));
        memset(h->dv + (size_t)j * (size_t)a->ldv, 0, (size_t)a->value_depth * sizeof(real));
    }
}

/* The last tile first: it sees the most keys, so that all others only add to dk and dv. */
static inline void attention_backward(const attention *a, const attention_head *h)
{
    const int last = (a->queries - 1) / TILE * TILE;
    real *p = attention_scores(a, h, 0), *d = attention_scores(a, h, 1);

    attention_unseen(a, h, attention_seen(a, a->queries - 1));
    for (int first = last; first >= 0; first -= TILE) {
        const int m = a->queries - first < TILE ? a->queries - first : TILE;
        const int n = attention_seen(a, first + m - 1);
        const size_t row = attention_row(n);

        attention_product(a, h->q + (size_t)first * (size_t)a->ldq, a->ldq, m, a->depth,
                          attention_transposed(a, h, false), row, p);
        attention_product(a, h->dy + (size_t)first * (size_t)a->ldy, a->ldy, m, a->value_depth,
                          attention_transposed(a, h, true), row, d);
        for (int i = 0; i < m; i++)
            attention_softmax_back(a, h, first + i, row, p + (size_t)i * row, d + (size_t)i * row);
        attention_products_back(a, h, first, m, n, h->add || first < last, p, d);
    }
}

#endif
