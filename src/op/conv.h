/* conv.h - what convolutions share: conv, conv1d and conv_relu_max_pool; included by files of the
 * `real` list. */
#ifndef DSC_OP_CONV_H
#define DSC_OP_CONV_H

#include "base/real.h"
#include "kernel/kernel.h"
#include "op/conv_pieces.h"
#include "op/elements.h"
#include "op/window.h"

enum { STRIDE_H, STRIDE_W, PAD_H, PAD_W, DILATION_H, DILATION_W, GROUPS, N_CONV_ATTRIBUTES };
static const char *const conv_attributes[N_CONV_ATTRIBUTES] = {
    "stride_h", "stride_w", "pad_h", "pad_w", "dilation_h", "dilation_w", "groups"};

static inline dsc_conv_shape conv_sizes(const dsc_node *node, dsc_shape x, dsc_shape w)
{
    const double *a = node->attribute;
    dsc_conv_shape s = {.channels = x.size[0],
                        .height = x.size[1],
                        .width = x.size[2],
                        .filters = w.size[0],
                        .kernel_h = w.size[2],
                        .kernel_w = w.size[3],
                        .stride_h = (int)a[STRIDE_H],
                        .stride_w = (int)a[STRIDE_W],
                        .pad_h = (int)a[PAD_H],
                        .pad_w = (int)a[PAD_W],
                        .dilation_h = (int)a[DILATION_H],
                        .dilation_w = (int)a[DILATION_W],
                        .groups = (int)a[GROUPS]};

    s.out_h = window_count(s.height, s.kernel_h, s.stride_h, s.pad_h, s.dilation_h, false);
    s.out_w = window_count(s.width, s.kernel_w, s.stride_w, s.pad_w, s.dilation_w, false);
    return s;
}

/* That weight and bias fit the groups and each other. `form` is that of the weight in words. */
static inline descent_status conv_weights_fit(const dsc_node *node, const dsc_node *const *input,
                                              int groups, const char *form, descent_error *err)
{
    const dsc_shape x = input[0]->shape, w = input[1]->shape;
    const char *op = node->op->name;
    char found[48];

    if (w.rank != x.rank + 1)
        return dsc_fail(err, DESCENT_SHAPE,
                        "%s needs a weight of filters x channels x %s, found %s", op, form,
                        dsc_shape_text(w, found));
    if (groups < 1 || x.size[0] % groups != 0 || w.size[0] % groups != 0)
        return dsc_fail(err, DESCENT_SHAPE, "%s: %d groups must divide %d channels and %d filters",
                        op, groups, x.size[0], w.size[0]);
    if (x.size[0] / groups != w.size[1])
        return dsc_fail(err, DESCENT_SHAPE,
                        "%s: a weight of %s needs %d channels in every group, found %d", op,
                        dsc_shape_text(w, found), w.size[1], x.size[0] / groups);
    if (node->n_inputs > 2 && (input[2]->shape.rank != 1 || input[2]->shape.size[0] != w.size[0]))
        return dsc_fail(err, DESCENT_SHAPE, "%s: %d filters need a bias of %d numbers, found %s",
                        op, w.size[0], w.size[0], dsc_shape_text(input[2]->shape, found));
    return DESCENT_OK;
}

/* That no stride or dilation is below 1 and no padding below 0. */
static inline descent_status conv_steps_fit(const dsc_node *node, int first, int last,
                                            int first_pad, int last_pad, descent_error *err)
{
    for (int i = first; i <= last; i++)
        if (!(node->attribute[i] >= (i >= first_pad && i <= last_pad ? 0 : 1)))
            return dsc_fail(err, DESCENT_SHAPE, "%s: %s = %g is too small", node->op->name,
                            node->op->attribute[i], node->attribute[i]);
    return DESCENT_OK;
}

static inline void conv_forward(const dsc_call *c, const dsc_conv_shape *s)
{
    const real *bias = c->node->n_inputs > 2 ? c->x[2] : NULL;

    c->kernels->conv_forward(c->kernels, s, c->pass->rows, c->x[0], c->x[1], bias, c->y,
                             c->scratch);
}

static inline void conv_backward(const dsc_call *c, const dsc_conv_shape *s)
{
    real *dbias = c->node->n_inputs > 2 ? c->dx[2] : NULL;

    if (c->dx[1] || dbias)
        conv_weight_gradients(c, s, c->x[0], c->dy, c->dx[1], dbias);
    if (c->dx[0])
        c->kernels->conv_backward_data(c->kernels, s, c->pass->rows, c->dy, c->x[1], c->dx[0],
                                       c->scratch);
}

/* Everything but scratch. */
static inline descent_status conv_shape(dsc_node *node, const dsc_node *const *input,
                                        descent_error *err)
{
    DSC_TRY(inputs_within(node, "conv", 2, 3, err));
    const dsc_shape x = input[0]->shape, w = input[1]->shape;
    char found[48];

    if (x.rank != 3 || !input[0]->batched)
        return dsc_fail(err, DESCENT_SHAPE,
                        "conv needs pictures (channels x height x width), found %s",
                        dsc_shape_words(x, found));
    DSC_TRY(conv_weights_fit(node, input, (int)node->attribute[GROUPS], "height x width", err));
    DSC_TRY(conv_steps_fit(node, STRIDE_H, DILATION_W, PAD_H, PAD_W, err));
    const dsc_conv_shape s = conv_sizes(node, x, w);
    if (s.out_h < 1 || s.out_w < 1)
        return dsc_fail(err, DESCENT_SHAPE,
                        "conv: a kernel of %dx%d does not fit into a picture of %dx%d with padding "
                        "%dx%d",
                        s.kernel_h, s.kernel_w, s.height, s.width, s.pad_h, s.pad_w);
    node->shape = (dsc_shape){3, {s.filters, s.out_h, s.out_w}};
    node->batched = true;
    return DESCENT_OK;
}

#endif
