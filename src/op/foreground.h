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

    return dsc_foreground_scratch(rows, most < out ? most : out, 1) +
           FOREGROUND_UNIT; /* kept apart */
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

    /* its sums over rows are of floats */
    return s->rows <= DSC_LONG_SUM && (double)count + 6 * in < 0.7 * rows * in;
}

static inline uint64_t *foreground_mask(const dsc_call *c)
{
    return (uint64_t *)(void *)((char *)c->keep + FOREGROUND_MASK);
}

/* The mask by parts of the rows; how many numbers of each are foreground. */
typedef struct foreground_seen {
    const dsc_call *call;
    dsc_foreground_shape shape;
    int parts;
    size_t count[FOREGROUND_MOST];
} foreground_seen;

static inline void foreground_look_part(int part, void *user)
{
    foreground_seen *seen = user;
    const dsc_call *c = seen->call;
    dsc_foreground_shape s = seen->shape;
    const size_t rows = (size_t)s.rows, begin = part_begin(rows, seen->parts, part, 1);

    s.rows = (int)(part_begin(rows, seen->parts, part + 1, 1) - begin);
    seen->count[part] = c->kernels->foreground(&s, (const real *)c->x[0] + begin * (size_t)s.in,
                                               c->from[0]->background,
                                               foreground_mask(c) + begin * dsc_mask_words(s.in));
}

/* Finds the foreground and says whether to go by it; afterwards foreground_chosen() says it. */
static inline bool foreground_look(const dsc_call *c)
{
    if (!foreground_possible(c->from[0]) || !c->kernels->foreground)
        return false;
    foreground_keep *keep = c->keep;
    const dsc_foreground_shape s = foreground_shape(c->from[0], c->from[1], c->pass->rows);
    foreground_seen seen = {.call = c, .shape = s, .parts = foreground_parts(c, &s)};
    size_t count = 0;

    keep->chosen = foreground_pays(&s, 0); /* no need to look at a few rows */
    if (!keep->chosen)
        return false;
    for_parts(c, seen.parts, foreground_look_part, &seen);
    for (int i = 0; i < seen.parts; i++)
        count += seen.count[i];
    keep->chosen = foreground_pays(&s, count);
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

/* The rows of a call, from one of the outputs on: y is there in forward, dy in backward. */
static inline dsc_foreground_rows foreground_rows(const dsc_call *c, size_t output)
{
    return (dsc_foreground_rows){.rows = c->pass->rows,
                                 .x = c->x[0],
                                 .dy = c->dy ? (const real *)c->dy + output : NULL,
                                 .mask = foreground_mask(c),
                                 .y = c->y ? (real *)c->y + output : NULL};
}

static inline void foreground_forward_part(int part, void *user)
{
    const foreground_work *w = user;
    const dsc_call *c = w->call;
    size_t begin;
    const dsc_foreground_shape s = foreground_part(w, part, &begin);
    const dsc_foreground_rows rows = foreground_rows(c, begin);
    const real *matrix = (const real *)c->x[1] + begin * (size_t)s.in;

    c->kernels->foreground_forward(&s, &rows, 1, c->from[0]->background, 0, s.in, matrix,
                                   w->bias ? w->bias + begin : NULL,
                                   foreground_part_scratch(w, part));
}

static inline void foreground_backward_part(int part, void *user)
{
    const foreground_work *w = user;
    const dsc_call *c = w->call;
    size_t begin;
    const dsc_foreground_shape s = foreground_part(w, part, &begin);
    const dsc_foreground_rows rows = foreground_rows(c, begin);
    real *matrix = (real *)c->dx[1] + begin * (size_t)s.in;

    c->kernels->foreground_backward(&s, &rows, 1, c->from[0]->background, 0, s.in, matrix,
                                    foreground_part_scratch(w, part));
}

/* y, or dw, of a call that goes by its foreground. */
static inline void foreground_for_parts(const dsc_call *c, const real *bias,
                                        void (*work)(int part, void *user))
{
    foreground_work w = foreground_work_of(c, bias);

    for_parts(c, w.parts, work, &w);
}

/* --- several shards at once: see graph/joint.h ------------------------------------------------ */

static inline size_t foreground_joint_scratch(const dsc_node *node, const dsc_node *const *input,
                                              int calls)
{
    if (!foreground_possible(input[0]) || calls > DSC_MOST_BLOCKS)
        return 0;
    return dsc_foreground_scratch((size_t)node->max_rows, input[1]->shape.size[0], calls) *
           sizeof(real);
}

static inline void foreground_joint_forward(const dsc_call *const *call, int calls, size_t begin,
                                            size_t end, void *part, void *scratch)
{
    const dsc_call *c = call[0];
    const dsc_foreground_shape s = foreground_shape(c->from[0], c->from[1], c->pass->rows);
    const size_t most = (size_t)c->node->max_rows * (size_t)s.out;
    const real *bias = c->node->n_inputs > 2 && !part ? c->x[2] : NULL;
    dsc_foreground_rows rows[DSC_MOST_BLOCKS];

    for (int i = 0; i < calls; i++) {
        rows[i] = foreground_rows(call[i], 0);
        if (part)
            rows[i].y = (real *)part + (size_t)i * most;
    }
    c->kernels->foreground_forward(&s, rows, calls, c->from[0]->background, (int)begin, (int)end,
                                   c->x[1], bias, scratch);
}

static inline void foreground_joint_backward(const dsc_call *const *call, int calls, size_t begin,
                                             size_t end, void *dw, void *scratch)
{
    const dsc_call *c = call[0];
    const dsc_foreground_shape s = foreground_shape(c->from[0], c->from[1], c->pass->rows);
    dsc_foreground_rows rows[DSC_MOST_BLOCKS];

    for (int i = 0; i < calls; i++)
        rows[i] = foreground_rows(call[i], 0);
    c->kernels->foreground_backward(&s, rows, calls, c->from[0]->background, (int)begin, (int)end,
                                    dw, scratch);
}

#endif
