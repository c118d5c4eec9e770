/* cross_entropy.c - softmax and its negative log-likelihood in one.
 *
 *     y = -sum_c a_c log softmax(x)_c      over the classes c, the first axis of an example
 *     dx_j = dy (softmax(x)_j sum_c a_c - a_j)
 *
 * Inputs: x (rows, classes, ...), target: labels (rows, ...) or probabilities like x, and weights
 * of the classes (classes) or none. With s = label_smoothing and class weights v:
 *     labels t:          a_c = (1 - s) v_t [c = t] + s v_c / classes, 0 where t = ignore_index
 *     probabilities p:   a_c = v_c ((1 - s) p_c + s / classes)
 * The batch's mean divides by the sum of v_t over the labels that are not ignored. Targets and
 * weights are constants: no gradient reaches them. */
#include "base/real.h"
#include "op/elements.h"

enum { X, TARGET, WEIGHT };
enum { LABEL_SMOOTHING, IGNORE_INDEX, N_ATTRIBUTES };
static const char *const attributes[N_ATTRIBUTES] = {"label_smoothing", "ignore_index"};

static descent_status shape(dsc_node *node, const dsc_node *const *input, descent_error *err)
{
    DSC_TRY(inputs_within(node, "cross_entropy", 2, 3, err));
    const dsc_shape x = input[X]->shape, t = input[TARGET]->shape;
    char found[48], expected[48];
    dsc_shape inner = {.rank = x.rank - 1};

    if (x.rank < 1)
        return dsc_fail(err, DESCENT_SHAPE, "cross_entropy needs a number for each class, found %s",
                        dsc_shape_text(x, found));
    for (int i = 0; i < inner.rank; i++)
        inner.size[i] = x.size[i + 1];
    const dsc_shape wanted = input[TARGET]->element == DSC_LABELS ? inner : x;
    if (!dsc_shape_equal(t, wanted))
        return dsc_fail(err, DESCENT_SHAPE, "cross_entropy needs targets of shape %s, found %s",
                        dsc_shape_text(wanted, expected), dsc_shape_text(t, found));
    if (!input[X]->batched || !input[TARGET]->batched)
        return dsc_fail(err, DESCENT_SHAPE, "cross_entropy needs a target for every example");
    if (node->n_inputs > WEIGHT && dsc_shape_count(input[WEIGHT]->shape) != (size_t)x.size[0])
        return dsc_fail(err, DESCENT_SHAPE, "cross_entropy: %d classes need %d weights, found %s",
                        x.size[0], x.size[0], dsc_shape_text(input[WEIGHT]->shape, found));
    node->shape = inner;
    node->batched = true;
    node->keep_bytes = (size_t)node->max_rows * dsc_shape_count(x) * sizeof(real);
    return DESCENT_OK;
}

/* One position of one example: x_c lies at c * stride. */
typedef struct position {
    size_t classes, stride, at;
    int32_t label; /* -1: ignored, or there are probabilities */
    const real *probability;
    const real *weight; /* of the classes, or NULL */
    real smooth;
} position;

static position position_at(const dsc_call *c, size_t row, size_t inner)
{
    const dsc_shape x = c->from[X]->shape;
    position p = {.classes = (size_t)x.size[0],
                  .label = -1,
                  .weight = c->node->n_inputs > WEIGHT ? c->x[WEIGHT] : NULL,
                  .smooth = (real)c->node->attribute[LABEL_SMOOTHING]};

    p.stride = dsc_shape_count(x) / p.classes;
    p.at = row * p.classes * p.stride + inner;
    if (c->from[TARGET]->element == DSC_LABELS) {
        const int32_t label = ((const int32_t *)c->x[TARGET])[row * p.stride + inner];
        if (label != (int32_t)c->node->attribute[IGNORE_INDEX] && label >= 0 &&
            (size_t)label < p.classes)
            p.label = label;
    } else {
        p.probability = (const real *)c->x[TARGET] + p.at;
    }
    return p;
}

/* a_c of the formula above */
static inline real share(const position *p, size_t class)
{
    const real v = p->weight ? p->weight[class] : 1;
    const real even = p->smooth * v / (real)p->classes;

    if (p->probability)
        return (1 - p->smooth) * v * p->probability[class * p->stride] + even;
    if (p->label < 0)
        return 0;
    return (class == (size_t)p->label ? (1 - p->smooth) * v : 0) + even;
}

/* The loss at one position; soft <- softmax(x). Subtracting the largest x keeps exp in range. */
static real loss_at(const position *p, const real *x, real *soft)
{
    real largest = x[0], sum = 0, loss = 0;

    for (size_t c = 1; c < p->classes; c++)
        largest = x[c * p->stride] > largest ? x[c * p->stride] : largest;
    for (size_t c = 0; c < p->classes; c++) {
        soft[c * p->stride] = real_exp(x[c * p->stride] - largest);
        sum += soft[c * p->stride];
    }
    const real log_sum = real_log(sum);
    for (size_t c = 0; c < p->classes; c++) {
        const real a = share(p, c);
        soft[c * p->stride] /= sum;
        if (a != 0)
            loss += a * (log_sum - (x[c * p->stride] - largest)); /* exact for large x */
    }
    return loss;
}

static void forward(const dsc_call *c)
{
    const size_t inner = dsc_shape_count(c->node->shape);
    const real *x = c->x[X];
    real *y = c->y, *soft = c->keep;

    for (size_t row = 0; row < (size_t)c->pass->rows; row++)
        for (size_t i = 0; i < inner; i++) {
            const position p = position_at(c, row, i);
            y[row * inner + i] = loss_at(&p, x + p.at, soft + p.at);
        }
}

static void backward(const dsc_call *c)
{
    const size_t inner = dsc_shape_count(c->node->shape);
    const real *dy = c->dy, *soft = c->keep;
    real *dx = c->dx[X];

    no_gradient(c, TARGET);
    for (size_t row = 0; dx && row < (size_t)c->pass->rows; row++)
        for (size_t i = 0; i < inner; i++) {
            const position p = position_at(c, row, i);
            real total = 0;
            for (size_t k = 0; k < p.classes; k++)
                total += share(&p, k);
            for (size_t k = 0; k < p.classes; k++) {
                const size_t at = p.at + k * p.stride;
                dx[at] = dy[row * inner + i] * (soft[at] * total - share(&p, k));
            }
        }
}

static double loss_weight(const dsc_call *c)
{
    const size_t inner = dsc_shape_count(c->node->shape);
    double sum = 0;

    if (c->from[TARGET]->element != DSC_LABELS)
        return (double)((size_t)c->pass->rows * inner);
    for (size_t row = 0; row < (size_t)c->pass->rows; row++)
        for (size_t i = 0; i < inner; i++) {
            const position p = position_at(c, row, i);
            if (p.label >= 0)
                sum += p.weight ? (double)p.weight[p.label] : 1.0;
        }
    return sum;
}

const dsc_op DSC_R(dsc_op_cross_entropy) = {
    .name = "cross_entropy",
    .formula = "y = -log softmax(x)[target]",
    .attribute = attributes,
    .n_attributes = N_ATTRIBUTES,
    .n_inputs = -1,
    .flags = DSC_NEEDS_INPUT | DSC_LOSS,
    .shape = shape,
    .forward = forward,
    .backward = backward,
    .loss_weight = loss_weight,
};
