/* unary.h - ops that turn every number into one, y = f(x): each is a formula and its derivative,
 * and the loops, spread over threads, stand here. Included by files of the `real` list. */
#ifndef DSC_OP_UNARY_H
#define DSC_OP_UNARY_H

#include "op/elements.h"
#include "op/parts.h"

/* to <- f(from), whose dy is any array, or dx of from (x or y) and dy; p and q are the op's first
 * two attributes. `to` may be one of the others. */
typedef void unary_loop(size_t n, const real *from, const real *dy, real *to, real p, real q);

typedef struct unary_work {
    const dsc_call *call;
    unary_loop *loop;
    const real *from, *dy;
    real *to;
    size_t n;
    int parts;
} unary_work;

static inline void unary_part(int part, void *user)
{
    const unary_work *w = user;
    const dsc_node *node = w->call->node;
    const size_t begin = part_begin(w->n, w->parts, part, 16);
    const size_t end = part_begin(w->n, w->parts, part + 1, 16);
    const real p = node->op->n_attributes > 0 ? (real)node->attribute[0] : 0;
    const real q = node->op->n_attributes > 1 ? (real)node->attribute[1] : 0;

    w->loop(end - begin, w->from + begin, w->dy + begin, w->to + begin, p, q);
}

static inline void unary_run(const dsc_call *c, unary_loop *loop, const real *from, const real *dy,
                             real *to)
{
    const size_t n = elements(c, c->node);
    unary_work w = {.call = c,
                    .loop = loop,
                    .from = from,
                    .dy = dy,
                    .to = to,
                    .n = n,
                    .parts = parts_worth((double)n, 1 << 16)};

    for_parts(c, w.parts, unary_part, &w);
}

/* y = value, in terms of x, p and q */
#define UNARY_FORWARD(name, value)                                                                \
  static void name##_values(size_t n, const real *from, const real *dy, real *to, real p, real q) \
  {                                                                                               \
    (void)dy, (void)p, (void)q;                                                                   \
    DSC_INDEPENDENT                                                                               \
    for (size_t i = 0; i < n; i++) {                                                              \
      const real x = from[i];                                                                     \
      to[i] = (value);                                                                            \
    }                                                                                             \
  }                                                                                               \
  static void name##_forward(const dsc_call *c)                                                   \
  {                                                                                               \
    unary_run(c, name##_values, c->x[0], c->x[0], c->y);                                          \
  }
/* dx = slope, in terms of d (dy), p, q and x or y, whichever `letter` says */
#define UNARY_BACKWARD(name, source, letter, slope)                                               \
  static void name##_slopes(size_t n, const real *from, const real *dy, real *to, real p, real q) \
  {                                                                                               \
    (void)p, (void)q;                                                                             \
    DSC_INDEPENDENT                                                                               \
    for (size_t i = 0; i < n; i++) {                                                              \
      const real letter = from[i];                                                                \
      const real d = dy[i];                                                                       \
      to[i] = (slope);                                                                            \
    }                                                                                             \
  }                                                                                               \
  static void name##_backward(const dsc_call *c)                                                  \
  {                                                                                               \
    unary_run(c, name##_slopes, (source), c->dy, c->dx[0]);                                       \
  }
#define UNARY_OF_X(name, value, slope) \
  UNARY_FORWARD(name, value) UNARY_BACKWARD(name, c->x[0], x, slope)
#define UNARY_OF_Y(name, value, slope) \
  UNARY_FORWARD(name, value) UNARY_BACKWARD(name, c->y, y, slope)

/* The descriptors. Backward of an OF_Y op reads y alone, so that such ops work in place. */
#define UNARY_ROW(op, text, needs, ...)                               \
  const dsc_op DSC_R(dsc_op_##op) = {.name = #op,                     \
                                     .formula = text,                 \
                                     .n_inputs = 1,                   \
                                     .flags = DSC_IN_PLACE | (needs), \
                                     .shape = same_shape,             \
                                     .forward = op##_forward,         \
                                     .backward = op##_backward,       \
                                     __VA_ARGS__}
#define UNARY_ATTRIBUTES(list) .attribute = list, .n_attributes = sizeof list / sizeof *list

#endif
