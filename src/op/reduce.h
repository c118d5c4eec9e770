/* reduce.h - what ops share that make one number of a group, those along some axes of an example.
 *
 * Attributes: `axes`, the sum of 2^axis over the axes to reduce (0: all of them), and `keepdim`,
 * whether they stay as axes of 1; var also `unbiased`: divide by n - 1 instead of n. The batch axis
 * is never reduced. Included by files of the `real` list. */
#ifndef DSC_OP_REDUCE_H
#define DSC_OP_REDUCE_H

#include "op/lines.h"

#include <math.h>

enum { AXES, KEEPDIM, UNBIASED };
static const char *const reduce_attributes[] = {"axes", "keepdim", "unbiased"};

/* The sizes of y with the reduced axes as 1. */
static inline dsc_shape kept_shape(const dsc_node *node, dsc_shape x)
{
    const unsigned axes = (unsigned)node->attribute[AXES];

    for (int i = 0; i < x.rank; i++)
        if (axes == 0 || (axes >> i & 1))
            x.size[i] = 1;
    return x;
}

static inline descent_status reduced(dsc_node *node, const dsc_node *const *input, const char *op,
                                     descent_error *err)
{
    const dsc_shape x = input[0]->shape, kept = kept_shape(node, x);
    const double axes = node->attribute[AXES];
    char found[48];

    if (!(axes >= 0 && axes < 1 << x.rank))
        return dsc_fail(err, DESCENT_SHAPE, "%s: there is no axis %d in %s", op,
                        axes > 0 ? (int)log2(axes) : -1, dsc_shape_text(x, found));
    node->shape = kept;
    node->batched = input[0]->batched;
    if (node->attribute[KEEPDIM] == 0) {
        node->shape.rank = 0;
        for (int i = 0; i < x.rank; i++)
            if (axes != 0 && !((unsigned)axes >> i & 1))
                node->shape.size[node->shape.rank++] = x.size[i];
    }
    const size_t n = dsc_shape_count(kept) * (size_t)(node->batched ? node->max_rows : 1);
    node->scratch_bytes = n * sizeof(double);
    return DESCENT_OK;
}

/* The walk through x, in array 0, and y, in array 1. */
static inline lines reduce_walk(const dsc_call *c)
{
    const dsc_node *from = c->from[0];
    size_t x[LINE_AXES], y[LINE_AXES];

    line_sizes(c, from->shape, from->batched, x);
    line_sizes(c, kept_shape(c->node, from->shape), from->batched, y);
    return lines_over(x, x, y);
}

/* How many numbers make one. */
static inline double group(const dsc_call *c)
{
    return (double)elements(c, c->from[0]) / (double)elements(c, c->node);
}

#define REDUCE_SHAPE(op)                                                         \
  static descent_status op##_shape(dsc_node *node, const dsc_node *const *input, \
                                   descent_error *err)                           \
  {                                                                              \
    return reduced(node, input, #op, err);                                       \
  }
#define REDUCE_ROW(op, word, text, count, needs)                     \
  const dsc_op DSC_R(dsc_op_##op) = {.name = #op,                    \
                                     .formula = text,                \
                                     .attribute = reduce_attributes, \
                                     .n_attributes = count,          \
                                     .n_inputs = 1,                  \
                                     .flags = needs,                 \
                                     .shape = word##_shape,          \
                                     .forward = word##_forward,      \
                                     .backward = word##_backward}

#endif
