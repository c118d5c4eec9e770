/* flatten.c - all axes of an example in one: (rows, a, b, c) -> (rows, a b c). Moves nothing when
 * it works in place. */
#include "base/real.h"
#include "op/elements.h"

#include <string.h>

static descent_status shape(dsc_node *node, const dsc_node *const *input, descent_error *err)
{
    (void)err;
    node->shape = (dsc_shape){1, {(int)dsc_shape_count(input[0]->shape)}};
    node->batched = input[0]->batched;
    return DESCENT_OK;
}

static void forward(const dsc_call *c)
{
    if (c->y != c->x[0])
        memcpy(c->y, c->x[0], elements(c, c->node) * sizeof(real));
}

static void backward(const dsc_call *c)
{
    if (c->dx[0] != c->dy)
        memcpy(c->dx[0], c->dy, elements(c, c->node) * sizeof(real));
}

const dsc_op DSC_R(dsc_op_flatten) = {
    .name = "flatten",
    .formula = "y = x, as one axis",
    .n_inputs = 1,
    .flags = DSC_IN_PLACE,
    .shape = shape,
    .forward = forward,
    .backward = backward,
};
