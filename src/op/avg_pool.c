/* avg_pool.c - the mean of each window; dy is shared out evenly. */
#include "op/pool.h"

static descent_status shape(dsc_node *node, const dsc_node *const *input, descent_error *err)
{
    if (node->attribute[DILATION_H] > 1 || node->attribute[DILATION_W] > 1)
        return dsc_fail(err, DESCENT_SHAPE, "avg_pool has no dilation, found %gx%g",
                        node->attribute[DILATION_H], node->attribute[DILATION_W]);
    return pool_shape("avg_pool", node, input, err);
}

static void forward(const dsc_call *c)
{
    const dsc_pool_shape s = pool_sizes(c->node, c->from[0]->shape);

    c->kernels->avg_pool_forward(&s, c->pass->rows, c->x[0], c->y);
}

static void backward(const dsc_call *c)
{
    const dsc_pool_shape s = pool_sizes(c->node, c->from[0]->shape);

    c->kernels->avg_pool_backward(&s, c->pass->rows, c->dy, c->dx[0]);
}

const dsc_op DSC_R(dsc_op_avg_pool) = {
    .name = "avg_pool",
    .formula = "y = mean of each window of x",
    .attribute = pool_attributes,
    .n_attributes = N_ATTRIBUTES,
    .n_inputs = 1,
    .shape = shape,
    .forward = forward,
    .backward = backward,
};
