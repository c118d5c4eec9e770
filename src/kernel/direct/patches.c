/* patches.c - sums of scaled patches: the work of backward when most of dy is zero.
 *
 * dw of a filter is the sum, over the places where its dy is not zero, of dy times the patch of
 * the picture there; dx gets, at every place, the sum over the filters that are not zero there of
 * dy times the filter. Both are the same loop: the sums stay in registers, and with channels last a
 * patch is kernel_h runs of numbers. */
#include "kernel/direct/direct.h"

#ifdef DSC_VECTOR

enum { MOST = DSC_VECTOR == 16 ? 6 : 4 }; /* vectors of a run at a time: 3 runs fit the registers */

typedef struct entries {
    const float *value;
    const int32_t *at;
    int n;
} entries;

/* `runs` runs of `vectors` vectors */
INLINE void add(const entries *e, const float *from, size_t from_row, float *sum, size_t sum_row,
                const int runs, const int vectors)
{
    vec s[3][MOST];

    EACH (r, runs)
        EACH (v, vectors)
            s[r][v] = vec_all(0);
    for (int i = 0; i < e->n; i++) {
        const vec value = vec_all(e->value[i]);
        const float *patch = from + e->at[i];
        EACH (r, runs)
            EACH (v, vectors)
                s[r][v] = vec_fma(value, vec_load(patch + (size_t)r * from_row + v * DSC_VECTOR),
                                  s[r][v]);
    }
    EACH (r, runs)
        EACH (v, vectors) {
            float *to = sum + (size_t)r * sum_row + v * DSC_VECTOR;
            vec_store(to, vec_add(vec_load(to), s[r][v]));
        }
}

#  define VECTORS(n)                               \
  case n:                                          \
    add(e, from, from_row, sum, sum_row, runs, n); \
    break;

INLINE void add_some(int vectors, const entries *e, const float *from, size_t from_row, float *sum,
                     size_t sum_row, const int runs)
{
    switch (vectors) {
        VECTORS(1)
        VECTORS(2)
        VECTORS(3)
        VECTORS(4)
#  if DSC_VECTOR == 16
        VECTORS(5)
        VECTORS(6)
#  endif
    }
}

static void one_run(int vectors, const entries *e, const float *from, size_t from_row, float *sum,
                    size_t sum_row)
{
    add_some(vectors, e, from, from_row, sum, sum_row, 1);
}

static void three_runs(int vectors, const entries *e, const float *from, size_t from_row,
                       float *sum, size_t sum_row)
{
    add_some(vectors, e, from, from_row, sum, sum_row, 3);
}

void DSC_R(dsc_direct_patches)(const dsc_direct *d, const float *from, size_t from_row,
                               const float *value, const int32_t *at, int n, float *sum,
                               size_t sum_row)
{
    const entries e = {value, at, n};
    const int all = d->kernel_w * d->lanes / DSC_VECTOR;

    for (int ky = 0, runs; ky < d->kernel_h; ky += runs) {
        runs = d->kernel_h - ky >= 3 ? 3 : 1;
        const float *from_run = from + (size_t)ky * from_row;
        float *to = sum + (size_t)ky * sum_row;
        for (int v = 0; v < all; v += MOST) {
            const int vectors = all - v < MOST ? all - v : MOST;
            const size_t done = (size_t)v * DSC_VECTOR;
            (runs == 3 ? three_runs : one_run)(vectors, &e, from_run + done, from_row, to + done,
                                               sum_row);
        }
    }
}

#endif
