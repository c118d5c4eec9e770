/* class_loss.h - what the losses of classes share: where a position's numbers, label and weight
 * lie; included by files of the `real` list.
 *
 * x is (rows, classes, ...), or with class_last (rows, ..., classes). A position is one of the
 * things to be classified: an example, or a pixel or word of it. */
#ifndef DSC_OP_CLASS_LOSS_H
#define DSC_OP_CLASS_LOSS_H

#include "op/elements.h"

enum { X, TARGET, WEIGHT };

/* Shapes of x, target (labels, or probabilities like x) and weights; y has a number a position. */
static inline descent_status class_shape(dsc_node *node, const dsc_node *const *input,
                                         bool class_last, descent_error *err)
{
    const char *name = node->op->name;
    char found[48], expected[48];

    DSC_TRY(inputs_within(node, name, 2, 3, err));
    const dsc_shape x = input[X]->shape, t = input[TARGET]->shape;
    dsc_shape positions = {.rank = x.rank - 1};

    if (x.rank < 1)
        return dsc_fail(err, DESCENT_SHAPE, "%s needs a number for each class, found %s", name,
                        dsc_shape_text(x, found));
    for (int i = 0; i < positions.rank; i++)
        positions.size[i] = x.size[class_last ? i : i + 1];
    const int classes = x.size[class_last ? x.rank - 1 : 0];
    const dsc_shape wanted = input[TARGET]->element == DSC_LABELS ? positions : x;
    if (!dsc_shape_equal(t, wanted))
        return dsc_fail(err, DESCENT_SHAPE, "%s needs targets of shape %s, found %s", name,
                        dsc_shape_text(wanted, expected), dsc_shape_text(t, found));
    if (!input[X]->batched || !input[TARGET]->batched)
        return dsc_fail(err, DESCENT_SHAPE, "%s needs a target for every example", name);
    if (node->n_inputs > WEIGHT && dsc_shape_count(input[WEIGHT]->shape) != (size_t)classes)
        return dsc_fail(err, DESCENT_SHAPE, "%s: %d classes need %d weights, found %s", name,
                        classes, classes, dsc_shape_text(input[WEIGHT]->shape, found));
    node->shape = positions;
    node->batched = true;
    return DESCENT_OK;
}

/* The number of class k at position i lies at class_begin(i) + k * stride. */
typedef struct class_sizes {
    size_t positions, classes, stride;
} class_sizes;

static inline class_sizes class_sizes_of(const dsc_call *c, bool class_last)
{
    const dsc_shape x = c->from[X]->shape;
    const size_t inner = dsc_shape_count(c->node->shape);

    return (class_sizes){.positions = (size_t)c->pass->rows * inner,
                         .classes = (size_t)x.size[class_last ? x.rank - 1 : 0],
                         .stride = class_last ? 1 : inner};
}

static inline size_t class_begin(class_sizes z, size_t i)
{
    return i / z.stride * z.stride * z.classes + i % z.stride;
}

/* -1: ignored, or no class at all. */
static inline int32_t label_at(const dsc_call *c, class_sizes z, size_t i, double ignored)
{
    const int32_t label = ((const int32_t *)c->x[TARGET])[i];

    return (double)label == ignored || label < 0 || (size_t)label >= z.classes ? -1 : label;
}

static inline const real *class_weights(const dsc_call *c)
{
    return c->node->n_inputs > WEIGHT ? c->x[WEIGHT] : NULL;
}

static inline real class_weight(const dsc_call *c, int32_t label)
{
    const real *weight = class_weights(c);

    return weight ? weight[label] : 1;
}

/* What a mean divides by: the sum of the weights of the labels that are not ignored. */
static inline double label_weights(const dsc_call *c, class_sizes z, double ignored)
{
    double sum = 0;

    for (size_t i = 0; i < z.positions; i++) {
        const int32_t label = label_at(c, z, i, ignored);
        sum += label < 0 ? 0.0 : (double)class_weight(c, label);
    }
    return sum;
}

#endif
