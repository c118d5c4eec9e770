/* conv.c - convolution of pictures.
 *
 *     x (rows, channels, height, width), w (filters, channels / groups, kernel_h, kernel_w),
 *     b (filters) or none    ->    y (rows, filters, out_h, out_w)
 *     y[f,i,j] = b[f] + sum_{c,u,v} w[f,c,u,v] x[c, i stride - pad + u dilation, ...] */
#include "op/conv.h"

static descent_status shape(dsc_node *node, const dsc_node *const *input, descent_error *err)
{
    DSC_TRY(conv_shape(node, input, err));
    const dsc_conv_shape s = conv_sizes(node, input[0]->shape, input[1]->shape);
    node->scratch_bytes = conv_scratch(&s, node->max_rows);
    return DESCENT_OK;
}

static void forward(const dsc_call *c)
{
    const dsc_conv_shape s = conv_sizes(c->node, c->from[0]->shape, c->from[1]->shape);

    conv_forward(c, &s);
}

static void backward(const dsc_call *c)
{
    const dsc_conv_shape s = conv_sizes(c->node, c->from[0]->shape, c->from[1]->shape);

    conv_backward(c, &s);
}

const dsc_op DSC_R(dsc_op_conv) = {
    .name = "conv",
    .formula = "y = w * x + b",
    .attribute = conv_attributes,
    .n_attributes = N_CONV_ATTRIBUTES,
    .n_inputs = -1,
    .flags = DSC_NEEDS_INPUT,
    .shape = shape,
    .forward = forward,
    .backward = backward,
};
