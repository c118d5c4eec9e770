/* concat.c - several arrays as one: concat joins them along an axis they have, stack along a new
 * one. Attribute `axis`: of an example; the batch is not counted. */
#include "base/real.h"
#include "op/box.h"

static const char *const attributes[] = {"axis"};

static descent_status one_batch(const dsc_node *node, const dsc_node *const *input, const char *op,
                                descent_error *err)
{
    for (int i = 1; i < node->n_inputs; i++)
        if (input[i]->batched != input[0]->batched)
            return dsc_fail(err, DESCENT_SHAPE,
                            "%s: input %d %s a batch axis, input 1 doesn't agree", op, i + 1,
                            input[i]->batched ? "has" : "lacks");
    return DESCENT_OK;
}

static descent_status concat_shape(dsc_node *node, const dsc_node *const *input, descent_error *err)
{
    const dsc_shape first = input[0]->shape;
    const double axis = node->attribute[0];
    char one[48], other[48];

    DSC_TRY(one_batch(node, input, "concat", err));
    if (!(axis >= 0 && axis < first.rank))
        return dsc_fail(err, DESCENT_SHAPE, "concat: there is no axis %g in %s", axis,
                        dsc_shape_text(first, one));
    node->shape = first;
    node->batched = input[0]->batched;
    for (int i = 1; i < node->n_inputs; i++) {
        dsc_shape alike = input[i]->shape;
        const int size = alike.size[(int)axis];
        alike.size[(int)axis] = first.size[(int)axis];
        if (!dsc_shape_equal(alike, first) || size > INT32_MAX - node->shape.size[(int)axis])
            return dsc_fail(err, DESCENT_SHAPE,
                            "concat along axis %g needs shapes that are alike in the others, found "
                            "%s and %s",
                            axis, dsc_shape_text(first, one),
                            dsc_shape_text(input[i]->shape, other));
        node->shape.size[(int)axis] += size;
    }
    return DESCENT_OK;
}

static descent_status stack_shape(dsc_node *node, const dsc_node *const *input, descent_error *err)
{
    const dsc_shape x = input[0]->shape;
    const double axis = node->attribute[0];
    char one[48], other[48];

    DSC_TRY(one_batch(node, input, "stack", err));
    if (!(axis >= 0 && axis <= x.rank && x.rank < DSC_MAX_RANK))
        return dsc_fail(err, DESCENT_SHAPE, "stack: %s takes no new axis %g",
                        dsc_shape_text(x, one), axis);
    for (int i = 1; i < node->n_inputs; i++)
        if (!dsc_shape_equal(input[i]->shape, x))
            return dsc_fail(err, DESCENT_SHAPE,
                            "stack needs shapes that are alike, found %s and %s",
                            dsc_shape_text(x, one), dsc_shape_text(input[i]->shape, other));
    node->shape.rank = x.rank + 1;
    for (int i = 0; i < node->shape.rank; i++)
        node->shape.size[i] = i < (int)axis    ? x.size[i]
                              : i == (int)axis ? node->n_inputs
                                               : x.size[i - 1];
    node->batched = input[0]->batched;
    return DESCENT_OK;
}

/* Both are the same in memory: y is (outer, sum of own), input i (outer, own), where own are the
 * numbers from the axis on. */
typedef struct piece {
    size_t outer, own, all, at;
} piece;

static piece piece_of(const dsc_call *c, int which)
{
    const int axis = (int)c->node->attribute[0];
    piece p = {.outer = c->node->batched ? (size_t)c->pass->rows : 1};

    for (int i = 0; i < axis; i++)
        p.outer *= (size_t)c->node->shape.size[i];
    for (int i = 0; i < c->node->n_inputs; i++) {
        const size_t own = elements(c, c->from[i]) / p.outer;
        p.all += own;
        p.at += i < which ? own : 0;
        p.own = i == which ? own : p.own;
    }
    return p;
}

static void forward(const dsc_call *c)
{
    for (int i = 0; i < c->node->n_inputs; i++) {
        const piece p = piece_of(c, i);
        const real *x = c->x[i];
        real *y = (real *)c->y + p.at;
        for (size_t r = 0; r < p.outer; r++)
            memcpy(y + r * p.all, x + r * p.own, p.own * sizeof *y);
    }
}

static void backward(const dsc_call *c)
{
    for (int i = 0; i < c->node->n_inputs; i++) {
        const piece p = piece_of(c, i);
        const real *dy = (const real *)c->dy + p.at;
        real *dx = c->dx[i];
        for (size_t r = 0; dx && r < p.outer; r++)
            memcpy(dx + r * p.own, dy + r * p.all, p.own * sizeof *dx);
    }
}

const dsc_op DSC_R(dsc_op_concat) = {
    .name = "concat",
    .formula = "y = all x, joined along an axis",
    .attribute = attributes,
    .n_attributes = 1,
    .n_inputs = -1,
    .shape = concat_shape,
    .forward = forward,
    .backward = backward,
};
const dsc_op DSC_R(dsc_op_stack) = {
    .name = "stack",
    .formula = "y = all x, side by side along a new axis",
    .attribute = attributes,
    .n_attributes = 1,
    .n_inputs = -1,
    .shape = stack_shape,
    .forward = forward,
    .backward = backward,
};
