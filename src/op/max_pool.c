/* max_pool.c - the largest element of each window; dy goes back to where it stood. */
#include "op/pool.h"

static descent_status shape(dsc_node *node, const dsc_node *const *input, descent_error *err)
{
    DSC_TRY(pool_shape("max_pool", node, input, err));
    node->keep_bytes = (size_t)node->max_rows * dsc_shape_count(node->shape) * sizeof(int32_t);
    return DESCENT_OK;
}

static void forward(const dsc_call *c)
{
    const dsc_pool_shape s = pool_sizes(c->node, c->from[0]->shape);

    c->kernels->max_pool_forward(&s, c->pass->rows, c->x[0], c->y, c->keep);
}

static void backward(const dsc_call *c)
{
    const dsc_pool_shape s = pool_sizes(c->node, c->from[0]->shape);

    c->kernels->max_pool_backward(&s, c->pass->rows, c->dy, c->keep, c->dx[0]);
}

const dsc_op DSC_R(dsc_op_max_pool) = {
    .name = "max_pool",
    .formula = "y = max of each window of x",
    .attribute = pool_attributes,
    .n_attributes = N_ATTRIBUTES,
    .n_inputs = 1,
    .merged = "conv_relu_max_pool",
    .shape = shape,
    .forward = forward,
    .backward = backward,
};
