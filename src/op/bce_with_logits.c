/* bce_with_logits.c - binary cross-entropy of sigmoid(x) with a target between 0 and 1.
 *
 *     y = v ((1 - t) x + (1 + (q - 1) t) log(1 + exp(-x)))
 *     dx = dy v ((1 - t) - (1 + (q - 1) t) sigmoid(-x))
 *
 * Inputs: x and target t of one shape; then, where the attributes say so, a weight v of every
 * number (like x, or without the batch axis) and a weight q of the positive ones (without it). All
 * but x are constants: no gradient reaches them. */
#include "base/real.h"
#include "op/elements.h"

enum { X, TARGET, FIRST_OPTIONAL };
enum { HAS_WEIGHT, HAS_POS_WEIGHT, N_ATTRIBUTES };
static const char *const attributes[N_ATTRIBUTES] = {"has_weight", "has_pos_weight"};

static descent_status shape(dsc_node *node, const dsc_node *const *input, descent_error *err)
{
    const double *a = node->attribute;
    const int n = FIRST_OPTIONAL + (a[HAS_WEIGHT] != 0) + (a[HAS_POS_WEIGHT] != 0);
    char found[48], expected[48];

    DSC_TRY(inputs_within(node, "bce_with_logits", n, n, err));
    for (int i = 1; i < node->n_inputs; i++)
        if (!dsc_shape_equal(input[X]->shape, input[i]->shape))
            return dsc_fail(
                err, DESCENT_SHAPE, "bce_with_logits needs targets of shape %s, found %s",
                dsc_shape_text(input[X]->shape, expected), dsc_shape_text(input[i]->shape, found));
    if (input[X]->batched != input[TARGET]->batched)
        return dsc_fail(err, DESCENT_SHAPE, "bce_with_logits needs a target for every example");
    return same_shape(node, input, err);
}

/* An optional input; element i of the pass is at i modulo count. */
typedef struct optional {
    const real *value;
    size_t count;
} optional;

static optional find(const dsc_call *c, int attribute)
{
    const int weight = FIRST_OPTIONAL, positive = weight + (c->node->attribute[HAS_WEIGHT] != 0);
    const int i = attribute == HAS_WEIGHT ? weight : positive;

    if (c->node->attribute[attribute] == 0)
        return (optional){NULL, 1};
    return (optional){c->x[i], elements(c, c->from[i])};
}

static inline real factor(optional o, size_t i)
{
    return o.value ? o.value[i % o.count] : 1;
}

static void forward(const dsc_call *c)
{
    const size_t n = elements(c, c->node);
    const optional weight = find(c, HAS_WEIGHT), positive = find(c, HAS_POS_WEIGHT);
    const real *x = c->x[X], *t = c->x[TARGET];
    real *y = c->y;

    for (size_t i = 0; i < n; i++) {
        const real q = 1 + (factor(positive, i) - 1) * t[i];
        /* log(1 + exp(-x)) without overflow */
        const real softplus = real_log1p(real_exp(-real_abs(x[i]))) + (x[i] < 0 ? -x[i] : 0);
        y[i] = factor(weight, i) * ((1 - t[i]) * x[i] + q * softplus);
    }
}

static void backward(const dsc_call *c)
{
    const size_t n = elements(c, c->node);
    const optional weight = find(c, HAS_WEIGHT), positive = find(c, HAS_POS_WEIGHT);
    const real *x = c->x[X], *t = c->x[TARGET], *dy = c->dy;
    real *dx = c->dx[X];

    no_gradient(c, TARGET);
    for (size_t i = 0; dx && i < n; i++) {
        const real q = 1 + (factor(positive, i) - 1) * t[i];
        const real e = real_exp(-real_abs(x[i]));
        const real sigmoid_minus = x[i] < 0 ? 1 / (1 + e) : e / (1 + e);
        dx[i] = dy[i] * factor(weight, i) * ((1 - t[i]) - q * sigmoid_minus);
    }
}

const dsc_op DSC_R(dsc_op_bce_with_logits) = {
    .name = "bce_with_logits",
    .formula = "y = -t log sigmoid(x) - (1 - t) log(1 - sigmoid(x))",
    .attribute = attributes,
    .n_attributes = N_ATTRIBUTES,
    .n_inputs = -1,
    .flags = DSC_NEEDS_INPUT | DSC_LOSS,
    .shape = shape,
    .forward = forward,
    .backward = backward,
};
