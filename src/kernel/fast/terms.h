/* terms.h - what both products of a foreground are made of: sums over the set bits of a mask, of
 * one number times a vector, kept in registers. Included where DSC_VECTOR is defined. */
#ifndef DSC_KERNEL_FAST_TERMS_H
#define DSC_KERNEL_FAST_TERMS_H

#include "kernel/fast/fast.h"

enum {
    LANES = DSC_VECTOR,
    MOST = 8,            /* vectors of outputs at a time: their sums fill half the registers */
    WIDE = MOST * LANES, /* outputs at a time */
    WORD = 64            /* inputs of a tile, rows of a group: bits in a word of a mask */
};

/* Outputs rounded up to whole vectors. */
static inline size_t padded(int out)
{
    return ((size_t)out + LANES - 1) / LANES * LANES;
}

/* sum[v] += f b, for n vectors */
INLINE void add(vec *sum, real f, const real *b, int n)
{
    const vec all = vec_all(f);

    for (ptrdiff_t v = 0; v < n; v++)
        sum[v] = vec_fma(all, vec_load(b + v * LANES), sum[v]);
}

INLINE void load(vec *sum, const real *from, real scale, int n)
{
    const vec zero = vec_all(0), all = vec_all(scale);

    for (ptrdiff_t v = 0; v < n; v++)
        sum[v] = from ? vec_fma(all, vec_load(from + v * LANES), zero) : zero;
}

INLINE void store(real *to, const vec *sum, int n)
{
    for (ptrdiff_t v = 0; v < n; v++)
        vec_store(to + v * LANES, sum[v]);
}

/* y[0..n vectors) <- scale from (NULL: zero) + sum over the set bits of
 * (x[bit * step] - background[bit * back_step]) b[bit * stride ...], all of that added to `onto`
 * (NULL: to nothing). */
typedef struct terms {
    uint64_t bits;
    const real *x, *background, *b, *onto;
    real scale;
    size_t step, back_step, stride;
} terms;

INLINE void add_terms_of(const terms *t, const real *from, real *y, int n)
{
    vec sum[MOST];

    load(sum, from, t->scale, n);
    for (uint64_t bits = t->bits; bits; bits &= bits - 1) {
        const size_t i = (size_t)__builtin_ctzll(bits);
        add(sum, t->x[i * t->step] - t->background[i * t->back_step], t->b + i * t->stride, n);
    }
    for (ptrdiff_t v = 0; t->onto && v < n; v++)
        sum[v] = vec_add(vec_load(t->onto + v * LANES), sum[v]);
    store(y, sum, n);
}

/* The number of vectors as a constant, so that their sums stay in registers. */
INLINE void add_terms(const terms *t, const real *from, real *y, int n)
{
    switch (n) {
    case 1:
        add_terms_of(t, from, y, 1);
        break;
    case 2:
        add_terms_of(t, from, y, 2);
        break;
    case 3:
        add_terms_of(t, from, y, 3);
        break;
    case 4:
        add_terms_of(t, from, y, 4);
        break;
    case 5:
        add_terms_of(t, from, y, 5);
        break;
    case 6:
        add_terms_of(t, from, y, 6);
        break;
    case 7:
        add_terms_of(t, from, y, 7);
        break;
    default:
        add_terms_of(t, from, y, MOST);
    }
}

#endif
