/* index_select.c - what stands at given places of an axis, in their order, also repeatedly.
 *
 *     y[:, i] = x[:, index[i]],   dx[:, k] = sum of dy[:, i] over the i with index[i] = k
 *
 * Inputs: x, and the index, labels without a batch. A place that isn't there gives NaN, which stops
 * a training rather than spoil it in silence. */
#include "base/real.h"
#include "op/elements.h"

#include <math.h>

enum { X, INDEX };
static const char *const attributes[] = {"axis"};

static descent_status shape(dsc_node *node, const dsc_node *const *input, descent_error *err)
{
    const dsc_shape x = input[X]->shape, index = input[INDEX]->shape;
    const double axis = node->attribute[0];
    char found[48];

    if (!(axis >= 0 && axis < x.rank))
        return dsc_fail(err, DESCENT_SHAPE, "index_select: there is no axis %g in %s", axis,
                        dsc_shape_text(x, found));
    if (input[INDEX]->element != DSC_LABELS || input[INDEX]->batched || index.rank != 1)
        return dsc_fail(err, DESCENT_SHAPE,
                        "index_select needs one list of places for all examples, found %s",
                        dsc_shape_text(index, found));
    node->shape = x;
    node->shape.size[(int)axis] = index.size[0];
    node->batched = input[X]->batched;
    return DESCENT_OK;
}

/* x is (outer, places, inner), y (outer, picked, inner). */
typedef struct sizes {
    size_t outer, places, picked, inner;
} sizes;

static sizes of_call(const dsc_call *c)
{
    const dsc_shape x = c->from[X]->shape;
    const int axis = (int)c->node->attribute[0];
    sizes z = {
        .places = (size_t)x.size[axis], .picked = (size_t)c->node->shape.size[axis], .inner = 1};

    for (int i = axis + 1; i < x.rank; i++)
        z.inner *= (size_t)x.size[i];
    z.outer = elements(c, c->node) / (z.picked * z.inner);
    return z;
}

static void forward(const dsc_call *c)
{
    const sizes z = of_call(c);
    const int32_t *index = c->x[INDEX];
    const real *x = c->x[X];
    real *y = c->y;

    for (size_t o = 0; o < z.outer; o++, x += z.places * z.inner)
        for (size_t i = 0; i < z.picked; i++, y += z.inner) {
            const bool there = index[i] >= 0 && (size_t)index[i] < z.places;
            if (there)
                memcpy(y, x + (size_t)index[i] * z.inner, z.inner * sizeof *y);
            for (size_t k = 0; !there && k < z.inner; k++)
                y[k] = (real)NAN;
        }
}

static void backward(const dsc_call *c)
{
    const sizes z = of_call(c);
    const int32_t *index = c->x[INDEX];
    const real *dy = c->dy;
    real *dx = c->dx[X];

    no_gradient(c, INDEX);
    if (!dx)
        return;
    memset(dx, 0, elements(c, c->from[X]) * sizeof *dx);
    for (size_t o = 0; o < z.outer; o++, dx += z.places * z.inner)
        for (size_t i = 0; i < z.picked; i++, dy += z.inner) {
            const bool there = index[i] >= 0 && (size_t)index[i] < z.places;
            for (size_t k = 0; there && k < z.inner; k++)
                dx[(size_t)index[i] * z.inner + k] += dy[k];
        }
}

const dsc_op DSC_R(dsc_op_index_select) = {
    .name = "index_select",
    .formula = "y[i] = x[index[i]]",
    .attribute = attributes,
    .n_attributes = 1,
    .n_inputs = 2,
    .flags = DSC_NEEDS_INPUT,
    .shape = shape,
    .forward = forward,
    .backward = backward,
};
