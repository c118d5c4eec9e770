/* reshape.c - the numbers of an example in their order, under another shape; flatten makes one axis
 * of all: (rows, a, b, c) -> (rows, a b c). Moves nothing when it works in place. */
#include "base/real.h"
#include "op/elements.h"

static const char *const attributes[] = {"rank", "size0", "size1", "size2", "size3"};
enum { N_ATTRIBUTES = sizeof attributes / sizeof *attributes };

static descent_status flatten_shape(dsc_node *node, const dsc_node *const *input,
                                    descent_error *err)
{
    (void)err;
    node->shape = (dsc_shape){1, {(int)dsc_shape_count(input[0]->shape)}};
    node->batched = input[0]->batched;
    return DESCENT_OK;
}

static descent_status reshape_shape(dsc_node *node, const dsc_node *const *input,
                                    descent_error *err)
{
    const double *a = node->attribute;
    char found[48], wanted[48];
    dsc_shape y = {.rank = a[0] >= 0 && a[0] <= DSC_MAX_RANK ? (int)a[0] : -1};

    for (int i = 0; i < y.rank; i++)
        y.size[i] = a[i + 1] >= 1 && a[i + 1] <= INT32_MAX ? (int)a[i + 1] : 0;
    if (!dsc_shape_valid(y))
        return dsc_fail(err, DESCENT_SHAPE, "reshape: every size must be at least 1");
    if (dsc_shape_count(y) != dsc_shape_count(input[0]->shape))
        return dsc_fail(err, DESCENT_SHAPE, "reshape: %s holds %zu numbers, found %s with %zu",
                        dsc_shape_text(y, wanted), dsc_shape_count(y),
                        dsc_shape_text(input[0]->shape, found), dsc_shape_count(input[0]->shape));
    node->shape = y;
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
    .flags = DSC_IN_PLACE | DSC_VIEW,
    .shape = flatten_shape,
    .forward = forward,
    .backward = backward,
};
const dsc_op DSC_R(dsc_op_reshape) = {
    .name = "reshape",
    .formula = "y = x, under another shape",
    .attribute = attributes,
    .n_attributes = N_ATTRIBUTES,
    .n_inputs = 1,
    .flags = DSC_IN_PLACE | DSC_VIEW,
    .shape = reshape_shape,
    .forward = forward,
    .backward = backward,
};
