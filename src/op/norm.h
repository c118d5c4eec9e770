/* norm.h - what layer_norm and rms_norm share: rows that are normalized each on its own, and the
 * gradients of the numbers they are scaled and shifted by; included by files of the `real` list.
 *
 * Gradients of gain and bias are sums over all rows: every part of the rows has partial sums of its
 * own in scratch, which are then added in the parts' order, in double. So no part has more rows
 * than floats may add up (see kernel/long_sums.h). */
#ifndef DSC_OP_NORM_H
#define DSC_OP_NORM_H

#include "op/elements.h"
#include "op/parts.h"

enum { NORM_PARTS = 16 }; /* of no more rows than they can add up in float */

typedef struct norm {
    const dsc_call *call;
    size_t rows, width;
    int parts;
    const real *gain, *bias; /* or NULL */
    double eps;
} norm;

/* At most so many parts for so many rows. */
static inline int norm_parts(size_t rows)
{
    const size_t needed = (rows + DSC_LONG_SUM - 1) / DSC_LONG_SUM;

    return needed > NORM_PARTS ? (int)needed : NORM_PARTS;
}

/* The last axes of x, which are normalized together, must be those of the gain, or with no gain the
 * last `axes` of them. */
static inline descent_status norm_shape(dsc_node *node, const dsc_node *const *input,
                                        const char *op, int axes, int sums_a_row,
                                        descent_error *err)
{
    const dsc_shape x = input[0]->shape;
    const dsc_shape gain = node->n_inputs > 1 ? input[1]->shape : (dsc_shape){.rank = axes};
    char found[48], expected[48];
    bool fits = gain.rank >= 1 && gain.rank <= x.rank;
    size_t width = 1;

    for (int i = 0; fits && i < gain.rank; i++) {
        const int size = x.size[x.rank - gain.rank + i];
        fits = node->n_inputs < 2 || gain.size[i] == size;
        width *= (size_t)size;
    }
    if (!fits)
        return dsc_fail(err, DESCENT_SHAPE, "%s over the last %d axes does not fit %s", op,
                        gain.rank, dsc_shape_words(x, found));
    for (int i = 2; i < node->n_inputs; i++)
        if (!dsc_shape_equal(input[i]->shape, gain))
            return dsc_fail(err, DESCENT_SHAPE, "%s needs a bias of shape %s, found %s", op,
                            dsc_shape_text(gain, expected), dsc_shape_text(input[i]->shape, found));
    DSC_TRY(same_shape(node, input, err));
    const size_t rows = (size_t)(node->batched ? node->max_rows : 1) * (dsc_shape_count(x) / width);
    node->keep_bytes = rows * (size_t)sums_a_row * sizeof(real);
    node->scratch_bytes = node->n_inputs > 1 ? (size_t)(node->n_inputs - 1) *
                                                   (size_t)norm_parts(rows) * width * sizeof(real)
                                             : 0;
    return DESCENT_OK;
}

static inline norm norm_of(const dsc_call *c, int axes, double eps)
{
    const dsc_shape x = c->node->shape;
    const int n = c->node->n_inputs > 1 ? c->from[1]->shape.rank : axes;
    norm z = {.call = c,
              .width = 1,
              .gain = c->node->n_inputs > 1 ? c->x[1] : NULL,
              .bias = c->node->n_inputs > 2 ? c->x[2] : NULL,
              .eps = eps};

    for (int i = x.rank - n; i < x.rank; i++)
        z.width *= (size_t)x.size[i];
    z.rows = elements(c, c->node) / z.width;
    const int most = norm_parts(z.rows);
    z.parts = most > NORM_PARTS ? most : parts_worth(4.0 * (double)z.rows * (double)z.width, 1e5);
    return z;
}

/* Partial sums of a part for input i (1: gain, 2: bias). */
static inline real *norm_partial(const norm *z, int part, int i)
{
    return (real *)z->call->scratch +
           ((size_t)(i - 1) * (size_t)norm_parts(z->rows) + (size_t)part) * z->width;
}

/* dx[i] <- the parts' sums. */
static inline void norm_add_parts(const norm *z, int i)
{
    real *to = z->call->dx[i];

    for (size_t j = 0; to && j < z->width; j++) {
        double sum = 0;
        for (int part = 0; part < z->parts; part++)
            sum += (double)norm_partial(z, part, i)[j];
        to[j] = (real)sum;
    }
}

#endif
