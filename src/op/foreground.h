/* foreground.h - what linear does with an input that is mostly background, such as the pixels of
 * MNIST or the columns of a one-hot code; see kernels->foreground. Included by linear.c. */
#ifndef DSC_OP_FOREGROUND_H
#define DSC_OP_FOREGROUND_H

#include "base/real.h"
#include "graph/op.h"
#include "kernel/kernel.h"
#include "op/parts.h"

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
    const int out = w->shape.size[0];

    return (dsc_foreground_shape){.rows = rows, .in = x->shape.size[0], .out = out, .pitch = out};
}

enum {
    FOREGROUND_UNIT = 64, /* outputs a thread takes at least */
    FOREGROUND_MOST = 16  /* threads that share a layer */
};

/* Into how many parts a layer may be cut: each has outputs of its own, with their part of w and dw.
 * What an output is does not depend on which others are done along with it. */
static inline int foreground_most_parts(int out)
{
    const int parts = out / FOREGROUND_UNIT;

    return parts < 1 ? 1 : parts > FOREGROUND_MOST ? FOREGROUND_MOST : parts;
}

/* As many as there are threads, if each has some tens of microseconds to do. */
static inline int foreground_parts(const dsc_call *c, const dsc_foreground_shape *s)
{
    const int most = foreground_most_parts(s->out);
    const int worth = parts_worth(2.0 * s->rows * s->in * s->out, 4e6);
    const int parts = worth < most ? worth : most;

    return c->threads < parts ? c->threads : parts;
}

static inline size_t foreground_scratch(size_t rows, int out, int parts)
{
    const int units = (out + FOREGROUND_UNIT - 1) / FOREGROUND_UNIT;
    const int most = (units + parts - 1) / parts * FOREGROUND_UNIT;

    return dsc_foreground_scratch(rows, most < out ? most : out) + FOREGROUND_UNIT; /* kept apart */
}

/* Sets aside keep and scratch, in the shape rule. */
static inline void foreground_plan(dsc_node *node, const dsc_node *x, const dsc_node *w)
{
    const size_t rows = (size_t)node->max_rows;
    const int out = w->shape.size[0];

    if (!foreground_possible(x))
        return;
    node->keep_bytes = FOREGROUND_MASK + rows * dsc_mask_words(x->shape.size[0]) * sizeof(uint64_t);
    for (int parts = foreground_most_parts(out); parts > 0; parts--) {
        const size_t bytes = (size_t)parts * foreground_scratch(rows, out, parts) * sizeof(real);
        node->scratch_bytes = bytes > node->scratch_bytes ? bytes : node->scratch_bytes;
    }
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

static inline uint64_t *foreground_mask(const dsc_call *c)
{
    return (uint64_t *)(void *)((char *)c->keep + FOREGROUND_MASK);
}

/* The mask by parts of the rows; how many numbers of each are foreground. */
typedef struct foreground_look {
    const dsc_call *call;
    dsc_foreground_shape shape;
    int parts;
    size_t count[FOREGROUND_MOST];
} foreground_look;

static inline void foreground_look_part(int part, void *user)
{
    foreground_look *look = user;
    const dsc_call *c = look->call;
    dsc_foreground_shape s = look->shape;
    const size_t rows = (size_t)s.rows, begin = part_begin(rows, look->parts, part, 1);

    s.rows = (int)(part_begin(rows, look->parts, part + 1, 1) - begin);
    look->count[part] = c->kernels->foreground(&s, (const real *)c->x[0] + begin * (size_t)s.in,
                                               c->from[0]->background,
                                               foreground_mask(c) + begin * dsc_mask_words(s.in));
}

/* Finds the foreground and says whether to go by it; backward asks foreground_chosen(). */
static inline bool foreground_choose(const dsc_call *c, const dsc_foreground_shape *s)
{
    foreground_keep *keep = c->keep;
    foreground_look look = {.call = c, .shape = *s, .parts = foreground_parts(c, s)};
    size_t count = 0;

    keep->chosen = foreground_pays(s, 0); /* no need to look at a few rows */
    if (!keep->chosen)
        return false;
    for_parts(c, look.parts, foreground_look_part, &look);
    for (int i = 0; i < look.parts; i++)
        count += look.count[i];
    keep->chosen = foreground_pays(s, count);
    return keep->chosen;
}

static inline bool foreground_chosen(const dsc_call *c)
{
    return foreground_possible(c->from[0]) && c->kernels->foreground &&
           ((const foreground_keep *)c->keep)->chosen;
}

/* A product by parts of the outputs; forward reads bias and writes y, backward reads dy and writes
 * dw. */
typedef struct foreground_work {
    const dsc_call *call;
    dsc_foreground_shape shape;
    const real *bias;
    int parts;
} foreground_work;

static inline foreground_work foreground_work_of(const dsc_call *c, const real *bias)
{
    const dsc_foreground_shape s = foreground_shape(c->from[0], c->from[1], c->pass->rows);

    return (foreground_work){.call = c, .shape = s, .bias = bias, .parts = foreground_parts(c, &s)};
}

/* The shape of a part, and where it begins. */
static inline dsc_foreground_shape foreground_part(const foreground_work *w, int part,
                                                   size_t *begin)
{
    dsc_foreground_shape s = w->shape;
    const size_t out = (size_t)s.out;

    *begin = part_begin(out, w->parts, part, FOREGROUND_UNIT);
    s.out = (int)(part_begin(out, w->parts, part + 1, FOREGROUND_UNIT) - *begin);
    return s;
}

static inline real *foreground_part_scratch(const foreground_work *w, int part)
{
    const size_t stride =
        foreground_scratch((size_t)w->call->node->max_rows, w->shape.out, w->parts);

    return (real *)w->call->scratch + (size_t)part * stride;
}

static inline void foreground_forward_part(int part, void *user)
{
    const foreground_work *w = user;
    const dsc_call *c = w->call;
    size_t begin;
    const dsc_foreground_shape s = foreground_part(w, part, &begin);
    const real *matrix = (const real *)c->x[1] + begin * (size_t)s.in;

    c->kernels->foreground_forward(&s, c->x[0], c->from[0]->background, foreground_mask(c), matrix,
                                   w->bias ? w->bias + begin : NULL, (real *)c->y + begin,
                                   foreground_part_scratch(w, part));
}

static inline void foreground_backward_part(int part, void *user)
{
    const foreground_work *w = user;
    const dsc_call *c = w->call;
    size_t begin;
    const dsc_foreground_shape s = foreground_part(w, part, &begin);
    real *matrix = (real *)c->dx[1] + begin * (size_t)s.in;

    c->kernels->foreground_backward(&s, c->x[0], c->from[0]->background, foreground_mask(c),
                                    (const real *)c->dy + begin, matrix,
                                    foreground_part_scratch(w, part));
}

/* True when y was computed here. */
static inline bool foreground_forward(const dsc_call *c, const real *bias)
{
    if (!foreground_possible(c->from[0]) || !c->kernels->foreground)
        return false;
    foreground_work w = foreground_work_of(c, bias);
    if (!foreground_choose(c, &w.shape))
        return false;
    for_parts(c, w.parts, foreground_forward_part, &w);
    return true;
}

/* True when dw was computed here. */
static inline bool foreground_backward(const dsc_call *c)
{
    if (!foreground_chosen(c))
        return false;
    foreground_work w = foreground_work_of(c, NULL);
    for_parts(c, w.parts, foreground_backward_part, &w);
    return true;
}

#endif
