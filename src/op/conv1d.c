/* conv1d.c - convolution of sequences: that of pictures of one line.
 *
 *     x (rows, channels, length), w (filters, channels / groups, size), b (filters) or none
 *     ->  y (rows, filters, out)
 *     y[f,i] = b[f] + sum_{c,u} w[f,c,u] x[c, i stride - pad + u dilation] */
#include "op/conv.h"

enum { STRIDE, PAD, DILATION, LINE_GROUPS, N_ATTRIBUTES };
static const char *const attributes[N_ATTRIBUTES] = {"stride", "pad", "dilation", "groups"};

static dsc_conv_shape sizes_of(const dsc_node *node, dsc_shape x, dsc_shape w)
{
    const double *a = node->attribute;
    dsc_conv_shape s = {.channels = x.size[0],
                        .height = 1,
                        .width = x.size[1],
                        .filters = w.size[0],
                        .kernel_h = 1,
                        .kernel_w = w.size[2],
                        .stride_h = 1,
                        .stride_w = (int)a[STRIDE],
                        .pad_w = (int)a[PAD],
                        .dilation_h = 1,
                        .dilation_w = (int)a[DILATION],
                        .groups = (int)a[LINE_GROUPS],
                        .out_h = 1};

    s.out_w = window_count(s.width, s.kernel_w, s.stride_w, s.pad_w, s.dilation_w, false);
    return s;
}

static descent_status shape(dsc_node *node, const dsc_node *const *input, descent_error *err)
{
    DSC_TRY(inputs_within(node, "conv1d", 2, 3, err));
    const dsc_shape x = input[0]->shape, w = input[1]->shape;
    char found[48];

    if (x.rank != 2 || !input[0]->batched)
        return dsc_fail(err, DESCENT_SHAPE, "conv1d needs sequences (channels x length), found %s",
                        dsc_shape_words(x, found));
    DSC_TRY(conv_weights_fit(node, input, (int)node->attribute[LINE_GROUPS], "size", err));
    DSC_TRY(conv_steps_fit(node, STRIDE, DILATION, PAD, PAD, err));
    const dsc_conv_shape s = sizes_of(node, x, w);
    if (s.out_w < 1)
        return dsc_fail(err, DESCENT_SHAPE,
                        "conv1d: a kernel of %d does not fit into a sequence of %d with padding %d",
                        s.kernel_w, s.width, s.pad_w);
    node->shape = (dsc_shape){2, {s.filters, s.out_w}};
    node->batched = true;
    node->scratch_bytes = conv_scratch(&s, node->max_rows);
    return DESCENT_OK;
}

static void forward(const dsc_call *c)
{
    const dsc_conv_shape s = sizes_of(c->node, c->from[0]->shape, c->from[1]->shape);

    conv_forward(c, &s);
}

static void backward(const dsc_call *c)
{
    const dsc_conv_shape s = sizes_of(c->node, c->from[0]->shape, c->from[1]->shape);

    conv_backward(c, &s);
}

const dsc_op DSC_R(dsc_op_conv1d) = {
    .name = "conv1d",
    .formula = "y = w * x + b",
    .attribute = attributes,
    .n_attributes = N_ATTRIBUTES,
    .n_inputs = -1,
    .flags = DSC_NEEDS_INPUT,
    .shape = shape,
    .forward = forward,
    .backward = backward,
};
