/* conv_relu_max_pool.c - the three ops in one go, for windows that don't overlap.
 *
 *     y = max(max of each window of (w * x + b), 0)
 *
 * Nobody types it: the graph puts it in the place of conv, relu and max_pool when nobody else reads
 * what lies between them and the kernels have a faster way for the three. Only the largest number
 * of each window reaches memory, and backward knows that all others get no gradient. */
#include "op/conv.h"

enum { KERNEL_H = N_CONV_ATTRIBUTES, KERNEL_W, N_ATTRIBUTES };
static const char *const attributes[N_ATTRIBUTES] = {"stride_h", "stride_w",   "pad_h",
                                                     "pad_w",    "dilation_h", "dilation_w",
                                                     "groups",   "pool_h",     "pool_w"};

/* The pooling behind a convolution. */
static dsc_pool_shape pool_sizes(const dsc_node *node, const dsc_conv_shape *s)
{
    const int height = (int)node->attribute[KERNEL_H], width = (int)node->attribute[KERNEL_W];

    return (dsc_pool_shape){.channels = s->filters,
                            .height = s->out_h,
                            .width = s->out_w,
                            .kernel_h = height,
                            .kernel_w = width,
                            .stride_h = height,
                            .stride_w = width,
                            .dilation_h = 1,
                            .dilation_w = 1,
                            .out_h = s->out_h / height,
                            .out_w = s->out_w / width};
}

static descent_status shape(dsc_node *node, const dsc_node *const *input, descent_error *err)
{
    const double *a = node->attribute;

    DSC_TRY(conv_shape(node, input, err));
    const dsc_conv_shape s = conv_sizes(node, input[0]->shape, input[1]->shape);
    if (!(a[KERNEL_H] >= 1 && a[KERNEL_H] <= s.out_h && a[KERNEL_W] >= 1 && a[KERNEL_W] <= s.out_w))
        return dsc_fail(
            err, DESCENT_SHAPE,
            "conv_relu_max_pool: a window of %gx%g does not fit into a picture of %dx%d",
            a[KERNEL_H], a[KERNEL_W], s.out_h, s.out_w);
    const dsc_pool_shape p = pool_sizes(node, &s);
    const dsc_pooled_size size = dsc_conv_pooled_size(&s, &p);
    if (!size.takes)
        return dsc_fail(err, DESCENT_SHAPE,
                        "conv_relu_max_pool takes no groups, dilation, kernels of one element or "
                        "windows this large; use conv, relu and max_pool");
    node->shape = (dsc_shape){3, {s.filters, p.out_h, p.out_w}};
    node->keep_bytes = size.winners * (size_t)node->max_rows;
    node->scratch_bytes = size.scratch * sizeof(real);
    return DESCENT_OK;
}

/* conv, relu, max_pool: the pooling may have no padding, overlap or overhang; and no more examples
 * than floats may add up. */
static bool merge(dsc_node *node, const dsc_node *const *chain, const dsc_node *const *input,
                  const dsc_kernels *kernels)
{
    const dsc_node *conv = chain[0];
    const double *pool = chain[2]->attribute; /* kernel, stride, pad, dilation, ceil, ... */
    const dsc_shape out = chain[2]->shape;
    descent_error err;

    if (!kernels->pooled_pays || node->max_rows > DSC_LONG_SUM || pool[2] != pool[0] ||
        pool[3] != pool[1] || pool[4] != 0 || pool[5] != 0 || pool[6] > 1 || pool[7] > 1)
        return false;
    node->n_inputs = conv->n_inputs;
    for (int i = 0; i < conv->n_inputs; i++)
        node->input[i] = conv->input[i];
    for (int i = 0; i < N_CONV_ATTRIBUTES; i++)
        node->attribute[i] = conv->attribute[i];
    node->attribute[KERNEL_H] = pool[0];
    node->attribute[KERNEL_W] = pool[1];
    return shape(node, input, &err) == DESCENT_OK && node->shape.size[1] == out.size[1] &&
           node->shape.size[2] == out.size[2];
}

static void forward(const dsc_call *c)
{
    const dsc_conv_shape s = conv_sizes(c->node, c->from[0]->shape, c->from[1]->shape);
    const dsc_pool_shape p = pool_sizes(c->node, &s);
    const dsc_pooled a = {.x = c->x[0],
                          .w = c->x[1],
                          .bias = c->node->n_inputs > 2 ? c->x[2] : NULL,
                          .y = c->y,
                          .winner = c->keep};

    c->kernels->pooled_forward(c->kernels, &s, &p, c->pass->rows, &a, c->scratch);
}

static void backward(const dsc_call *c)
{
    const dsc_conv_shape s = conv_sizes(c->node, c->from[0]->shape, c->from[1]->shape);
    const dsc_pool_shape p = pool_sizes(c->node, &s);
    const dsc_pooled a = {.x = c->x[0],
                          .w = c->x[1],
                          .dy = c->dy,
                          .winner = c->keep,
                          .dx = c->dx[0],
                          .dw = c->dx[1],
                          .dbias = c->node->n_inputs > 2 ? c->dx[2] : NULL};

    c->kernels->pooled_backward(c->kernels, &s, &p, c->pass->rows, &a, c->scratch);
}

static const char *const merges[] = {"conv", "relu", "max_pool", NULL};

const dsc_op DSC_R(dsc_op_conv_relu_max_pool) = {
    .name = "conv_relu_max_pool",
    .formula = "y = max(max of each window of (w * x + b), 0)",
    .attribute = attributes,
    .n_attributes = N_ATTRIBUTES,
    .n_inputs = -1,
    .flags = DSC_NEEDS_INPUT,
    .merges = merges,
    .merge = merge,
    .shape = shape,
    .forward = forward,
    .backward = backward,
};
