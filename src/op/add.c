/* add.c - y = a + b, of the same shape. */
#include "base/real.h"
#include "op/elements.h"

#include <string.h>

static descent_status shape(dsc_node *node, const dsc_node *const *input, descent_error *err)
{
    char a[48], b[48];

    if (!dsc_shape_equal(input[0]->shape, input[1]->shape) ||
        input[0]->batched != input[1]->batched)
        return dsc_fail(err, DESCENT_SHAPE, "add needs two of the same shape, found %s and %s",
                        dsc_shape_text(input[0]->shape, a), dsc_shape_text(input[1]->shape, b));
    return same_shape(node, input, err);
}

static void forward(const dsc_call *c)
{
    const real *a = c->x[0], *b = c->x[1];
    const size_t n = elements(c, c->node);
    real *y = c->y;

    DSC_INDEPENDENT
    for (size_t i = 0; i < n; i++)
        y[i] = a[i] + b[i];
}

/* dx[0] may lie where dy lies: it is written last. */
static void backward(const dsc_call *c)
{
    const size_t bytes = elements(c, c->node) * sizeof(real);

    if (c->dx[1])
        memcpy(c->dx[1], c->dy, bytes);
    if (c->dx[0] && c->dx[0] != c->dy)
        memcpy(c->dx[0], c->dy, bytes);
}

const dsc_op DSC_R(dsc_op_add) = {
    .name = "add",
    .formula = "y = a + b",
    .n_inputs = 2,
    .flags = DSC_IN_PLACE,
    .shape = shape,
    .forward = forward,
    .backward = backward,
};
