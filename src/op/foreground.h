/* foreground.h - what linear does with an input that is mostly background, such as the pixels of
 * MNIST or the columns of a one-hot code; see kernels->foreground. Included by linear.c. */
#ifndef DSC_OP_FOREGROUND_H
#define DSC_OP_FOREGROUND_H

#include "base/real.h"
#include "graph/op.h"
#include "kernel/kernel.h"

/* What forward keeps for backward; the mask lies behind it. */
typedef struct foreground_keep {
    bool chosen;
} foreground_keep;

enum { FOREGROUND_MASK = 64 }; /* bytes from the beginning of `keep` to the mask */

/* Only inputs of the graph have a known background, and one row of it must do for all. */
static inline bool foreground_possible(const dsc_node *x)
{
    return x->background && x->batched && x->shape.rank == 1;
}

static inline dsc_foreground_shape foreground_shape(const dsc_node *x, const dsc_node *w, int rows)
{
    return (dsc_foreground_shape){.rows = rows, .in = x->shape.size[0], .out = w->shape.size[0]};
}

/* Sets aside keep and scratch, in the shape rule. */
static inline void foreground_plan(dsc_node *node, const dsc_node *x, const dsc_node *w)
{
    const size_t rows = (size_t)node->max_rows;

    if (!foreground_possible(x))
        return;
    node->keep_bytes = FOREGROUND_MASK + rows * dsc_mask_words(x->shape.size[0]) * sizeof(uint64_t);
    node->scratch_bytes = dsc_foreground_scratch(rows, w->shape.size[0]) * sizeof(real);
}

/* Whether the foreground of so many numbers is worth another way than a product of matrices. On a
 * processor with AVX-512 a product takes 1 for each number of x and output, the foreground about 1
 * for each of its own and the turning of w as much as 6 rows; near the border both are as good.
 * A function of the data alone, so that no number of threads changes the result. */
static inline bool foreground_pays(const dsc_foreground_shape *s, size_t count)
{
    const double rows = s->rows, in = s->in;

    return (double)count + 6 * in < 0.7 * rows * in;
}

/* Finds the foreground and says whether to go by it; backward asks foreground_chosen(). */
static inline bool foreground_choose(const dsc_call *c, const dsc_foreground_shape *s)
{
    foreground_keep *keep = c->keep;
    uint64_t *mask = (uint64_t *)(void *)((char *)c->keep + FOREGROUND_MASK);

    keep->chosen =
        foreground_pays(s, 0) && /* no need to look at a few rows */
        foreground_pays(s, c->kernels->foreground(s, c->x[0], c->from[0]->background, mask));
    return keep->chosen;
}

static inline bool foreground_chosen(const dsc_call *c)
{
    return foreground_possible(c->from[0]) && c->kernels->foreground &&
           ((const foreground_keep *)c->keep)->chosen;
}

static inline const uint64_t *foreground_mask(const dsc_call *c)
{
    return (const uint64_t *)(const void *)((const char *)c->keep + FOREGROUND_MASK);
}

/* True when y was computed here. */
static inline bool foreground_forward(const dsc_call *c, const real *bias)
{
    if (!foreground_possible(c->from[0]) || !c->kernels->foreground)
        return false;
    const dsc_foreground_shape s = foreground_shape(c->from[0], c->from[1], c->pass->rows);
    if (!foreground_choose(c, &s))
        return false;
    c->kernels->foreground_forward(&s, c->x[0], c->from[0]->background, foreground_mask(c), c->x[1],
                                   bias, c->y, c->scratch);
    return true;
}

/* True when dw was computed here. */
static inline bool foreground_backward(const dsc_call *c)
{
    if (!foreground_chosen(c))
        return false;
    const dsc_foreground_shape s = foreground_shape(c->from[0], c->from[1], c->pass->rows);
    c->kernels->foreground_backward(&s, c->x[0], c->from[0]->background, foreground_mask(c), c->dy,
                                    c->dx[1], c->scratch);
    return true;
}

#endif
