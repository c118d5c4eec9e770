/* axes.c - layers along an axis of an example or across its axes. Axes count from 0, the first
 * after the batch; -1 is the last, -2 the one before it. */
#include "layer/layer.h"

#include <math.h>

/* The axis that is meant, or -1 after a mistake. */
static int axis_of(dsc_graph *graph, const char *layer, const dsc_node *from, double axis)
{
    const int rank = from->shape.rank, found = (int)axis < 0 ? (int)axis + rank : (int)axis;
    char is[48];

    if (found >= 0 && found < rank)
        return found;
    dsc_graph_fail(graph, DESCENT_SHAPE, "%s: there is no axis %d in %s", layer, (int)axis,
                   dsc_shape_words(from->shape, is));
    return -1;
}

/* --- softmax and log_softmax --------------------------------------------------------------------
 */

enum { AXIS, N_SOFTMAX };
static const descent_param softmax_params[N_SOFTMAX] = {
    [AXIS] = {"axis", -1, -4, 3, "0: the first of an example; -1: the last", DESCENT_INTEGER, NULL},
};

static dsc_id along_axis(dsc_graph *graph, const char *op, dsc_id x, const dsc_value *values)
{
    const dsc_node *from = dsc_graph_node(graph, x);
    const double axis = from ? axis_of(graph, op, from, values[AXIS].number) : -1;

    return axis < 0 ? -1 : dsc_graph_op(graph, op, 1, &x, 1, &axis);
}

static dsc_id add_softmax(dsc_graph *graph, dsc_id x, const dsc_value *values,
                          const dsc_layer_scope *scope)
{
    (void)scope;
    return along_axis(graph, "softmax", x, values);
}

static dsc_id add_log_softmax(dsc_graph *graph, dsc_id x, const dsc_value *values,
                              const dsc_layer_scope *scope)
{
    (void)scope;
    return along_axis(graph, "log_softmax", x, values);
}

const dsc_layer dsc_layer_softmax = {
    .info = {.name = "softmax",
             .summary = "numbers to shares that sum to 1",
             .formula = "y = exp(x) / sum exp(x)",
             .advice = "not before the loss cross_entropy, which has it inside",
             .params = softmax_params,
             .n_params = N_SOFTMAX,
             .n_positional = 1},
    .add = add_softmax,
};
const dsc_layer dsc_layer_log_softmax = {
    .info = {.name = "log_softmax",
             .summary = "the logarithm of softmax",
             .formula = "y = x - log sum exp(x)",
             .advice = "not before the loss cross_entropy, which has it inside",
             .params = softmax_params,
             .n_params = N_SOFTMAX,
             .n_positional = 1},
    .add = add_log_softmax,
};

/* --- permute and transpose ----------------------------------------------------------------------
 */

enum { NONE = -100 }; /* an axis that was not typed */
static const descent_param permute_params[DSC_MAX_RANK] = {
    {"first", (double)NAN, -4, 3, "which axis becomes the first", DESCENT_INTEGER, NULL},
    {"second", NONE, -4, 3, "which the second", DESCENT_INTEGER, NULL},
    {"third", NONE, -4, 3, "which the third", DESCENT_INTEGER, NULL},
    {"fourth", NONE, -4, 3, "which the fourth", DESCENT_INTEGER, NULL},
};

static dsc_id add_permute(dsc_graph *graph, dsc_id x, const dsc_value *values,
                          const dsc_layer_scope *scope)
{
    const dsc_node *from = dsc_graph_node(graph, x);
    double order[DSC_MAX_RANK] = {0};
    unsigned seen = 0;
    int given = 0;
    char is[48];

    (void)scope;
    if (!from)
        return -1;
    for (int i = 0; i < DSC_MAX_RANK; i++)
        given += values[i].given;
    for (int i = 0; i < given && i < from->shape.rank; i++) {
        const int axis = axis_of(graph, "permute", from, values[i].number);
        if (axis < 0)
            return -1;
        order[i] = axis;
        seen |= 1u << (unsigned)axis;
    }
    if (given != from->shape.rank || seen != (1u << (unsigned)given) - 1) {
        dsc_graph_fail(graph, DESCENT_SHAPE,
                       "permute: every axis of %s must be named once, from 0 to %d",
                       dsc_shape_words(from->shape, is), from->shape.rank - 1);
        return -1;
    }
    return dsc_graph_op(graph, "permute", 1, &x, DSC_MAX_RANK, order);
}

enum { ONE, OTHER, N_TRANSPOSE };
static const descent_param transpose_params[N_TRANSPOSE] = {
    [ONE] = {"one", -2, -4, 3, "an axis", DESCENT_INTEGER, NULL},
    [OTHER] = {"other", -1, -4, 3, "and the one it changes places with", DESCENT_INTEGER, NULL},
};

static dsc_id add_transpose(dsc_graph *graph, dsc_id x, const dsc_value *values,
                            const dsc_layer_scope *scope)
{
    const dsc_node *from = dsc_graph_node(graph, x);
    double order[DSC_MAX_RANK] = {0, 1, 2, 3};
    int one, other;

    (void)scope;
    if (!from || (one = axis_of(graph, "transpose", from, values[ONE].number)) < 0 ||
        (other = axis_of(graph, "transpose", from, values[OTHER].number)) < 0)
        return -1;
    order[one] = other;
    order[other] = one;
    return dsc_graph_op(graph, "permute", 1, &x, DSC_MAX_RANK, order);
}

const dsc_layer dsc_layer_permute = {
    .info = {.name = "permute",
             .summary = "the axes of an example in another order: permute 1 2 0",
             .params = permute_params,
             .n_params = DSC_MAX_RANK,
             .n_positional = DSC_MAX_RANK},
    .add = add_permute,
};
const dsc_layer dsc_layer_transpose = {
    .info = {.name = "transpose",
             .summary = "two axes of an example exchanged, the last two unless others are named",
             .params = transpose_params,
             .n_params = N_TRANSPOSE,
             .n_positional = N_TRANSPOSE},
    .add = add_transpose,
};
