/* multi_margin.c - the hinge loss of several classes: every other class must stay behind the right
 * one by a margin (Crammer & Singer 2001, JMLR 2; Weston & Watkins 1999 sum over the classes, as is
 * done here).
 *
 *     y = sum over k != t of v_t max(0, margin - x_t + x_k)^p / classes      t the label, p 1 or 2
 *
 * Inputs: x (rows, classes, ...), or with class_last (rows, ..., classes); labels, one a position;
 * and weights v of the classes (classes) or none. The batch's mean divides by the number of
 * positions, whatever their weights. */
#include "base/real.h"
#include "op/class_loss.h"

enum { P, MARGIN, CLASS_LAST, N_ATTRIBUTES };
static const char *const attributes[N_ATTRIBUTES] = {"p", "margin", "class_last"};

static descent_status shape(dsc_node *node, const dsc_node *const *input, descent_error *err)
{
    char found[32];

    if (node->attribute[P] != 1 && node->attribute[P] != 2)
        return dsc_fail(err, DESCENT_INVALID, "multi_margin: p = %s, must be 1 or 2",
                        descent_number_text(node->attribute[P], found));
    DSC_TRY(class_shape(node, input, node->attribute[CLASS_LAST] != 0, err));
    if (input[TARGET]->element != DSC_LABELS)
        return dsc_fail(err, DESCENT_SHAPE, "multi_margin needs labels, found numbers");
    return DESCENT_OK;
}

/* v_t / classes; 0 where the label is no class */
static real scale_at(const dsc_call *c, class_sizes z, int32_t label)
{
    return label < 0 ? 0 : class_weight(c, label) / (real)z.classes;
}

static void forward(const dsc_call *c)
{
    const class_sizes z = class_sizes_of(c, c->node->attribute[CLASS_LAST] != 0);
    const bool squared = c->node->attribute[P] == 2;
    const real margin = (real)c->node->attribute[MARGIN];
    real *y = c->y;

    for (size_t i = 0; i < z.positions; i++) {
        const int32_t label = label_at(c, z, i, -1);
        const real *x = (const real *)c->x[X] + class_begin(z, i);
        const real right = label < 0 ? 0 : x[(size_t)label * z.stride];
        real sum = 0;
        for (size_t k = 0; k < z.classes; k++) {
            const real d = margin - right + x[k * z.stride];
            if (k != (size_t)label && !(d <= 0)) /* NaN is kept */
                sum += squared ? d * d : d;
        }
        y[i] = scale_at(c, z, label) * sum;
    }
}

static void backward(const dsc_call *c)
{
    const class_sizes z = class_sizes_of(c, c->node->attribute[CLASS_LAST] != 0);
    const bool squared = c->node->attribute[P] == 2;
    const real margin = (real)c->node->attribute[MARGIN];
    const real *dy = c->dy;

    no_gradient(c, TARGET);
    for (size_t i = 0; c->dx[X] && i < z.positions; i++) {
        const int32_t label = label_at(c, z, i, -1);
        const real *x = (const real *)c->x[X] + class_begin(z, i);
        real *dx = (real *)c->dx[X] + class_begin(z, i);
        const real right = label < 0 ? 0 : x[(size_t)label * z.stride];
        const real slope = dy[i] * scale_at(c, z, label);
        real sum = 0;
        for (size_t k = 0; k < z.classes; k++) {
            const real d = margin - right + x[k * z.stride];
            const real g = k == (size_t)label || d <= 0 ? 0 : slope * (squared ? 2 * d : 1);
            dx[k * z.stride] = g;
            sum += g;
        }
        if (label >= 0)
            dx[(size_t)label * z.stride] = -sum;
    }
}

const dsc_op DSC_R(dsc_op_multi_margin) = {
    .name = "multi_margin",
    .formula = "y = sum over k != target of max(0, margin - x[target] + x[k])^p / classes",
    .attribute = attributes,
    .n_attributes = N_ATTRIBUTES,
    .n_inputs = -1,
    .flags = DSC_LOSS | DSC_NEEDS_INPUT,
    .shape = shape,
    .forward = forward,
    .backward = backward,
};
