/* permute.c - the axes of an example in another order: axis i of y is axis `axis i` of x. */
#include "base/real.h"
#include "op/box.h"

static const char *const attributes[DSC_MAX_RANK] = {"axis0", "axis1", "axis2", "axis3"};

static descent_status shape(dsc_node *node, const dsc_node *const *input, descent_error *err)
{
    const dsc_shape x = input[0]->shape;
    unsigned seen = 0;
    char found[48];

    node->shape.rank = x.rank;
    for (int i = 0; i < x.rank; i++) {
        const double axis = node->attribute[i];
        if (!(axis >= 0 && axis < x.rank) || (seen >> (unsigned)axis & 1))
            return dsc_fail(err, DESCENT_SHAPE,
                            "permute: every axis of %s must be named once, from 0 to %d, found %g "
                            "at place %d",
                            dsc_shape_text(x, found), x.rank - 1, axis, i);
        seen |= 1u << (unsigned)axis;
        node->shape.size[i] = x.size[(int)axis];
    }
    node->batched = input[0]->batched;
    return DESCENT_OK;
}

/* The box is y in its own order; `along_x` is how x is stepped through. */
static box of_call(const dsc_call *c, size_t along_x[BOX_AXES])
{
    size_t size[BOX_AXES], step[BOX_AXES];
    const int rank = c->node->shape.rank;
    box b;

    box_array(c, c->node, b.size, b.to);
    box_array(c, c->from[0], size, step);
    memcpy(along_x, step, sizeof step);
    for (int i = 0; i < rank; i++)
        along_x[box_axis(rank, i)] = step[box_axis(rank, (int)c->node->attribute[i])];
    return b;
}

static void forward(const dsc_call *c)
{
    size_t along_x[BOX_AXES];
    box b = of_call(c, along_x);

    memcpy(b.from, along_x, sizeof along_x);
    box_copy(&b, c->x[0], c->y);
}

static void backward(const dsc_call *c)
{
    size_t along_x[BOX_AXES];
    box b = of_call(c, along_x);

    memcpy(b.from, b.to, sizeof b.to);
    memcpy(b.to, along_x, sizeof along_x);
    box_copy(&b, c->dy, c->dx[0]);
}

const dsc_op DSC_R(dsc_op_permute) = {
    .name = "permute",
    .formula = "y = x with its axes in another order",
    .attribute = attributes,
    .n_attributes = DSC_MAX_RANK,
    .n_inputs = 1,
    .shape = shape,
    .forward = forward,
    .backward = backward,
};
