/* prelu.c - a relu whose slope below zero is learned, one for each channel or one for all.
 *
 *     y = x for x > 0, else w_c x         x (rows, channels, ...), w (channels) or (1)
 *     dx = dy for x > 0, else w_c dy;     dw_c = sum of dy x over the x <= 0 of channel c */
#include "base/real.h"
#include "op/elements.h"

static descent_status shape(dsc_node *node, const dsc_node *const *input, descent_error *err)
{
    const dsc_shape x = input[0]->shape, w = input[1]->shape;
    const int channels = x.rank > 0 ? x.size[0] : 1;
    char found[48];

    if (w.rank != 1 || input[1]->batched || (w.size[0] != 1 && w.size[0] != channels))
        return dsc_fail(err, DESCENT_SHAPE,
                        "prelu: %d channels need as many slopes or one for all, found %s", channels,
                        dsc_shape_text(w, found));
    return same_shape(node, input, err);
}

/* x as (planes, size), where plane i has slope i % slopes. */
typedef struct planes {
    size_t count, size, slopes;
} planes;

static planes of_call(const dsc_call *c)
{
    const dsc_shape x = c->node->shape;
    const size_t channels = x.rank > 0 ? (size_t)x.size[0] : 1;
    planes p = {.slopes = (size_t)c->from[1]->shape.size[0], .size = dsc_shape_count(x) / channels};

    p.count = elements(c, c->node) / p.size;
    return p;
}

static void forward(const dsc_call *c)
{
    const planes p = of_call(c);
    const real *x = c->x[0], *w = c->x[1];
    real *y = c->y;

    for (size_t i = 0; i < p.count; i++, x += p.size, y += p.size) {
        const real slope = w[i % p.slopes];
        DSC_INDEPENDENT
        for (size_t j = 0; j < p.size; j++)
            y[j] = x[j] > 0 ? x[j] : slope * x[j];
    }
}

/* sum of dy x over the x that are not above 0, in double */
static double slope_gradient(const real *x, const real *dy, size_t n)
{
    double lane[8] = {0};
    size_t i = 0;

    for (; i + 8 <= n; i += 8)
        for (size_t j = 0; j < 8; j++)
            lane[j] += x[i + j] > 0 ? (double)0 : (double)x[i + j] * (double)dy[i + j];
    for (size_t j = 0; i < n; i++, j++)
        lane[j] += x[i] > 0 ? (double)0 : (double)x[i] * (double)dy[i];
    return ((lane[0] + lane[4]) + (lane[2] + lane[6])) +
           ((lane[1] + lane[5]) + (lane[3] + lane[7]));
}

static void backward(const dsc_call *c)
{
    const planes p = of_call(c);
    const real *x = c->x[0], *w = c->x[1], *dy = c->dy;
    real *dx = c->dx[0], *dw = c->dx[1];

    for (size_t s = 0; dw && s < p.slopes; s++) {
        double sum = 0;
        for (size_t i = s; i < p.count; i += p.slopes)
            sum += slope_gradient(x + i * p.size, dy + i * p.size, p.size);
        dw[s] = (real)sum;
    }
    for (size_t i = 0; dx && i < p.count; i++, x += p.size, dx += p.size, dy += p.size) {
        const real slope = w[i % p.slopes];
        DSC_INDEPENDENT
        for (size_t j = 0; j < p.size; j++)
            dx[j] = x[j] > 0 ? dy[j] : slope * dy[j];
    }
}

const dsc_op DSC_R(dsc_op_prelu) = {
    .name = "prelu",
    .formula = "y = x for x > 0, else w x",
    .n_inputs = 2,
    .flags = DSC_IN_PLACE | DSC_NEEDS_INPUT,
    .shape = shape,
    .forward = forward,
    .backward = backward,
};
