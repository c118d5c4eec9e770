/* nll.c - negative log-likelihood of labels, given log-probabilities.
 *
 *     y = -v_t x_t      t the label of a position, x_t the number of its class
 *
 * Inputs: x (rows, classes, ...), or with class_last (rows, ..., classes); labels, one a position;
 * and weights v of the classes (classes) or none. Labels that equal ignore_index cost nothing; the
 * batch's mean divides by the sum of v_t over the others. */
#include "base/real.h"
#include "op/class_loss.h"

enum { IGNORE_INDEX, CLASS_LAST, N_ATTRIBUTES };
static const char *const attributes[N_ATTRIBUTES] = {"ignore_index", "class_last"};

static descent_status shape(dsc_node *node, const dsc_node *const *input, descent_error *err)
{
    DSC_TRY(class_shape(node, input, node->attribute[CLASS_LAST] != 0, err));
    if (input[TARGET]->element != DSC_LABELS)
        return dsc_fail(err, DESCENT_SHAPE, "nll needs labels, found numbers");
    return DESCENT_OK;
}

static class_sizes sizes_of(const dsc_call *c)
{
    return class_sizes_of(c, c->node->attribute[CLASS_LAST] != 0);
}

static void forward(const dsc_call *c)
{
    const class_sizes z = sizes_of(c);
    const real *x = c->x[X];
    real *y = c->y;

    for (size_t i = 0; i < z.positions; i++) {
        const int32_t label = label_at(c, z, i, c->node->attribute[IGNORE_INDEX]);
        const size_t at = class_begin(z, i);
        y[i] = label < 0 ? 0 : -class_weight(c, label) * x[at + (size_t)label * z.stride];
    }
}

static void backward(const dsc_call *c)
{
    const class_sizes z = sizes_of(c);
    const real *dy = c->dy;
    real *dx = c->dx[X];

    no_gradient(c, TARGET);
    if (dx)
        memset(dx, 0, elements(c, c->from[X]) * sizeof *dx);
    for (size_t i = 0; dx && i < z.positions; i++) {
        const int32_t label = label_at(c, z, i, c->node->attribute[IGNORE_INDEX]);
        if (label >= 0)
            dx[class_begin(z, i) + (size_t)label * z.stride] = -class_weight(c, label) * dy[i];
    }
}

static double loss_weight(const dsc_call *c)
{
    return label_weights(c, sizes_of(c), c->node->attribute[IGNORE_INDEX]);
}

const dsc_op DSC_R(dsc_op_nll) = {
    .name = "nll",
    .formula = "y = -x[target], of log-probabilities",
    .attribute = attributes,
    .n_attributes = N_ATTRIBUTES,
    .n_inputs = -1,
    .flags = DSC_LOSS | DSC_NEEDS_INPUT,
    .shape = shape,
    .forward = forward,
    .backward = backward,
    .loss_weight = loss_weight,
};
