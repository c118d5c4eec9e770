/* mse.c - squared error of every number: y = (x - target)^2, dx = 2 (x - target) dy. */
#include "base/real.h"
#include "op/elements.h"

enum { X, TARGET };

static descent_status shape(dsc_node *node, const dsc_node *const *input, descent_error *err)
{
    char found[48], expected[48];

    if (!dsc_shape_equal(input[X]->shape, input[TARGET]->shape))
        return dsc_fail(err, DESCENT_SHAPE, "mse needs targets of shape %s, found %s",
                        dsc_shape_text(input[X]->shape, expected),
                        dsc_shape_text(input[TARGET]->shape, found));
    if (input[X]->batched != input[TARGET]->batched)
        return dsc_fail(err, DESCENT_SHAPE, "mse needs a target for every example");
    return same_shape(node, input, err);
}

static void forward(const dsc_call *c)
{
    const size_t n = elements(c, c->node);
    const real *x = c->x[X], *t = c->x[TARGET];
    real *y = c->y;

    for (size_t i = 0; i < n; i++)
        y[i] = (x[i] - t[i]) * (x[i] - t[i]);
}

static void backward(const dsc_call *c)
{
    const size_t n = elements(c, c->node);
    const real *x = c->x[X], *t = c->x[TARGET], *dy = c->dy;
    real *dx = c->dx[X], *dt = c->dx[TARGET];

    for (size_t i = 0; dt && i < n; i++)
        dt[i] = 2 * (t[i] - x[i]) * dy[i];
    for (size_t i = 0; dx && i < n; i++)
        dx[i] = 2 * (x[i] - t[i]) * dy[i];
}

const dsc_op DSC_R(dsc_op_mse) = {
    .name = "mse",
    .formula = "y = (x - target)^2",
    .n_inputs = 2,
    .flags = DSC_NEEDS_INPUT | DSC_LOSS,
    .shape = shape,
    .forward = forward,
    .backward = backward,
};
