/* attention_memory.h - the sizes of an attention, and what its run has beside arrays: the turns of
 * rotary positions, and the cache of keys and values; included by files of the `real` list. */
#ifndef DSC_OP_ATTENTION_MEMORY_H
#define DSC_OP_ATTENTION_MEMORY_H

#include "base/memory.h"
#include "base/real.h"
#include "graph/op.h"

enum { HEADS, KV_HEADS, CAUSAL, ROTARY, CACHE, N_ATTRIBUTES };

typedef struct sizes {
    int length, heads, kv_heads, depth, places; /* places: that keys may have */
    bool rotary;
} sizes;

static inline sizes of_node(const dsc_node *node, dsc_shape x)
{
    const double *at = node->attribute;
    sizes z = {.length = x.size[0],
               .heads = (int)at[HEADS],
               .kv_heads = (int)at[KV_HEADS],
               .rotary = at[ROTARY] > 0};

    z.depth = x.size[1] / (z.heads + 2 * z.kv_heads);
    z.places = at[CACHE] > 0 ? (int)at[CACHE] : z.length;
    return z;
}

/* What a run has beside its arrays: cosines and sines of the turns (places, depth / 2, 2), and the
 * cache of keys and values (rows, 2, kv_heads, places, depth). */
typedef struct memory {
    real *turn, *cache;
} memory;

static inline void release(void *plan)
{
    memory *m = plan;

    dsc_free(m->turn);
    dsc_free(m->cache);
    dsc_free(m);
}

static inline void fill_turns(real *turn, sizes z, double base)
{
    for (int t = 0; t < z.places; t++)
        for (int i = 0; i < z.depth / 2; i++, turn += 2) {
            const double angle = (double)t * pow(base, -2.0 * i / (double)z.depth);
            turn[0] = (real)cos(angle);
            turn[1] = (real)sin(angle);
        }
}

static inline descent_status prepare(const dsc_call *call, bool gradients, void **plan,
                                     descent_error *err)
{
    const dsc_node *node = call->node;
    const sizes z = of_node(node, call->from[0]->shape);
    const size_t head = (size_t)z.places * (size_t)z.depth;
    const bool caches = node->attribute[CACHE] > 0;
    memory *m = dsc_alloc(1, sizeof *m);

    *plan = m;
    if (caches && gradients)
        return dsc_fail(err, DESCENT_INVALID, "attention with a cache has no gradients");
    if (m && z.rotary)
        m->turn = dsc_alloc(head, sizeof(real));
    if (m && caches)
        m->cache = dsc_alloc((size_t)node->max_rows * 2 * (size_t)z.kv_heads * head, sizeof(real));
    if (!m || (z.rotary && !m->turn) || (caches && !m->cache))
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for an attention over %d places",
                        z.places);
    if (z.rotary)
        fill_turns(m->turn, z, node->attribute[ROTARY]);
    return DESCENT_OK;
}

/* to (length, depth) <- columns from (length, depth), turned by their places, of which the first is
 * `past`; back: the other way. Two loops, because from one GCC 12 makes fused multiply-adds
 * although they are off. */
static inline void turn(const memory *m, sizes z, int past, bool back, const real *from,
                        size_t ld_from, real *to, size_t ld_to)
{
    const size_t half = (size_t)z.depth / 2;
    const real sign = back ? -1 : 1;

    for (size_t t = 0; t < (size_t)z.length; t++) {
        const real *restrict by = m->turn + ((size_t)past + t) * 2 * half;
        const real *restrict x = from + t * ld_from;
        real *restrict y = to + t * ld_to;
        for (size_t i = 0; i < half; i++)
            y[2 * i] = x[2 * i] * by[2 * i] - x[2 * i + 1] * (sign * by[2 * i + 1]);
        for (size_t i = 0; i < half; i++)
            y[2 * i + 1] = x[2 * i] * (sign * by[2 * i + 1]) + x[2 * i + 1] * by[2 * i];
    }
}

#endif
