/* parts.h - work that an op spreads over the threads it was given; included by files of the `real`
 * list.
 *
 * A run that is alone at work (a batch of one shard) has several threads for the inside of each op;
 * otherwise it has one. The result must not depend on that, so work is cut into parts by its shape
 * alone, and every part writes what no other part touches. */
#ifndef DSC_OP_PARTS_H
#define DSC_OP_PARTS_H

#include "base/parallel.h"
#include "base/real.h"
#include "graph/op.h"
#include "kernel/kernel.h"

/* work(0..count-1, user), on the op's threads. */
static inline void for_parts(const dsc_call *c, int count, void (*work)(int part, void *user),
                             void *user)
{
    if (c->threads > 1 && count > 1) {
        dsc_parallel_for(c->threads, count, work, user);
        return;
    }
    for (int part = 0; part < count; part++)
        work(part, user);
}

/* How many parts work of `cost` operations is worth: a power of two from 1 to 16, each part of at
 * least `least` operations (a few tens of microseconds pay for waking a thread). */
static inline int parts_worth(double cost, double least)
{
    int parts = 1;

    while (parts < 16 && cost >= 2.0 * least * parts)
        parts *= 2;
    return parts;
}

/* Where part i of n things, cut into `parts` multiples of `unit`, begins; i = parts: n. */
static inline size_t part_begin(size_t n, int parts, int i, size_t unit)
{
    const size_t units = (n + unit - 1) / unit;
    const size_t at = units * (size_t)i / (size_t)parts * unit;

    return at < n ? at : n;
}

enum { PRODUCT_UNIT = 16 };

typedef struct product_work {
    const dsc_call *call;
    const dsc_matmul_shape *shape;
    const real *a, *b;
    real *c;
    int parts;
    bool by_rows; /* parts are rows of c, else columns */
} product_work;

static inline void product_part(int part, void *user)
{
    const product_work *w = user;
    dsc_matmul_shape s = *w->shape;
    const size_t n = (size_t)(w->by_rows ? s.m : s.n);
    const size_t begin = part_begin(n, w->parts, part, PRODUCT_UNIT);
    const size_t size = part_begin(n, w->parts, part + 1, PRODUCT_UNIT) - begin;
    const real *a = w->a, *b = w->b;

    if (w->by_rows) {
        a += begin * (size_t)(s.transpose_a ? 1 : s.lda);
        s.m = (int)size;
    } else {
        b += begin * (size_t)(s.transpose_b ? s.ldb : 1);
        s.n = (int)size;
    }
    if (size > 0)
        w->call->kernels->matmul(&s, a, b, w->c + begin * (size_t)(w->by_rows ? s.ldc : 1));
}

/* A product cut into parts along the longer side of c: in two as soon as that pays, in more when
 * each is still long, because every part prepares the operand that it shares with the others. */
static inline product_work product_of(const dsc_call *call, const dsc_matmul_shape *s,
                                      const real *a, const real *b, real *c)
{
    const double cost = 2.0 * s->m * s->n * s->k;
    int parts = parts_worth(cost, 8e6);

    while (parts > 2 && cost < 2e7 * parts)
        parts /= 2;
    return (product_work){
        .call = call, .shape = s, .a = a, .b = b, .c = c, .parts = parts, .by_rows = s->m > s->n};
}

/* c <- op(a) op(b) [+ c] as kernels->matmul, in parts. */
static inline void product(const dsc_call *call, const dsc_matmul_shape *s, const real *a,
                           const real *b, real *c)
{
    product_work w = product_of(call, s, a, b, c);

    for_parts(call, w.parts, product_part, &w);
}

#endif
