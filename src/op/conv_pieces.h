/* conv_pieces.h - gradients of filters over many examples; included by files of the `real` list.
 *
 * They are summed over examples in float, DSC_LONG_SUM at a time (see kernel/long_sums.h): more are
 * taken in pieces, each with a gradient of its own behind the kernel's scratch. */
#ifndef DSC_OP_CONV_PIECES_H
#define DSC_OP_CONV_PIECES_H

#include "base/real.h"
#include "graph/op.h"
#include "kernel/kernel.h"

static inline size_t conv_weights(const dsc_conv_shape *s)
{
    return (size_t)s->filters * (size_t)(s->channels / s->groups) * (size_t)s->kernel_h *
           (size_t)s->kernel_w;
}

/* Bytes of scratch of a node. */
static inline size_t conv_scratch(const dsc_conv_shape *s, int max_rows)
{
    const size_t piece = max_rows > DSC_LONG_SUM ? conv_weights(s) + (size_t)s->filters : 0;

    return (dsc_conv_scratch(s, max_rows) + piece) * sizeof(real);
}

static inline void conv_add(real *sum, const real *piece, size_t n, bool first)
{
    for (size_t i = 0; sum && i < n; i++)
        sum[i] = first ? piece[i] : sum[i] + piece[i];
}

/* dw and dbias, either of which may be NULL, of x and dy. */
static inline void conv_weight_gradients(const dsc_call *c, const dsc_conv_shape *s, const real *x,
                                         const real *dy, real *dw, real *dbias)
{
    const size_t x_size = (size_t)s->channels * (size_t)s->height * (size_t)s->width;
    const size_t dy_size = (size_t)s->filters * (size_t)s->out_h * (size_t)s->out_w;
    const size_t n = conv_weights(s), filters = (size_t)s->filters;
    const int rows = c->pass->rows;
    real *scratch = c->scratch;

    if (rows <= DSC_LONG_SUM) {
        c->kernels->conv_backward_weights(c->kernels, s, rows, x, dy, dw, dbias, scratch);
        return;
    }
    real *piece_w = scratch + dsc_conv_scratch(s, c->node->max_rows), *piece_bias = piece_w + n;
    for (int r = 0; r < rows; r += DSC_LONG_SUM) {
        const int now = rows - r < DSC_LONG_SUM ? rows - r : DSC_LONG_SUM;
        c->kernels->conv_backward_weights(c->kernels, s, now, x + (size_t)r * x_size,
                                          dy + (size_t)r * dy_size, dw ? piece_w : NULL,
                                          dbias ? piece_bias : NULL, scratch);
        conv_add(dw, piece_w, n, r == 0);
        conv_add(dbias, piece_bias, filters, r == 0);
    }
}

#endif
