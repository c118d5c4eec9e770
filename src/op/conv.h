/* conv.h - what conv and conv_relu_max_pool share; included by files of the `real` list. */
#ifndef DSC_OP_CONV_H
#define DSC_OP_CONV_H

#include "base/real.h"
#include "kernel/kernel.h"
#include "op/elements.h"
#include "op/window.h"

enum { STRIDE_H, STRIDE_W, PAD_H, PAD_W, DILATION_H, DILATION_W, GROUPS, N_CONV_ATTRIBUTES };
static const char *const conv_attributes[N_CONV_ATTRIBUTES] = {
    "stride_h", "stride_w", "pad_h", "pad_w", "dilation_h", "dilation_w", "groups"};

static dsc_conv_shape conv_sizes(const dsc_node *node, dsc_shape x, dsc_shape w)
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

/* That weight and bias fit the groups and each other. */
static descent_status conv_weights_fit(const dsc_node *node, const dsc_node *const *input,
                                       descent_error *err)
{
    const dsc_shape x = input[0]->shape, w = input[1]->shape;
    const int groups = (int)node->attribute[GROUPS];
    char found[48];

    if (w.rank != 4)
        return dsc_fail(err, DESCENT_SHAPE,
                        "conv needs a weight of filters x channels x height x width, found %s",
                        dsc_shape_text(w, found));
    if (groups < 1 || x.size[0] % groups != 0 || w.size[0] % groups != 0)
        return dsc_fail(err, DESCENT_SHAPE,
                        "conv: %d groups must divide %d channels and %d filters", groups, x.size[0],
                        w.size[0]);
    if (x.size[0] / groups != w.size[1])
        return dsc_fail(err, DESCENT_SHAPE,
                        "conv: a weight of %s needs %d channels in every group, found %d",
                        dsc_shape_text(w, found), w.size[1], x.size[0] / groups);
    if (node->n_inputs > 2 && (input[2]->shape.rank != 1 || input[2]->shape.size[0] != w.size[0]))
        return dsc_fail(err, DESCENT_SHAPE, "conv: %d filters need a bias of %d numbers, found %s",
                        w.size[0], w.size[0], dsc_shape_text(input[2]->shape, found));
    return DESCENT_OK;
}

/* Everything but scratch. */
static descent_status conv_shape(dsc_node *node, const dsc_node *const *input, descent_error *err)
{
    DSC_TRY(inputs_within(node, "conv", 2, 3, err));
    const dsc_shape x = input[0]->shape, w = input[1]->shape;
    char found[48];

    if (x.rank != 3 || !input[0]->batched)
        return dsc_fail(err, DESCENT_SHAPE,
                        "conv needs pictures (channels x height x width), found %s",
                        dsc_shape_words(x, found));
    DSC_TRY(conv_weights_fit(node, input, err));
    for (int i = STRIDE_H; i <= DILATION_W; i++)
        if (!(node->attribute[i] >= (i == PAD_H || i == PAD_W ? 0 : 1)))
            return dsc_fail(err, DESCENT_SHAPE, "conv: %s = %g is too small", conv_attributes[i],
                            node->attribute[i]);
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
