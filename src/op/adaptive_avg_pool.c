/* adaptive_avg_pool.c - the mean of each cell when a picture is divided into out_h x out_w of them;
 * 1x1: the mean of every channel. dy is shared out evenly. */
#include "base/sums.h"
#include "op/adaptive.h"

static descent_status shape(dsc_node *node, const dsc_node *const *input, descent_error *err)
{
    return adaptive_shape("adaptive_avg_pool", node, input, err);
}

/* The sum of a window; one that is as wide as its picture is one stretch of memory. */
static double window_sum(const real *x, int width, int top, int bottom, int left, int right)
{
    double sum = 0;

    if (left == 0 && right == width)
        return dsc_sum(x + (size_t)top * (size_t)width, (size_t)(bottom - top) * (size_t)width);
    for (int r = top; r < bottom; r++)
        sum += dsc_sum(x + (size_t)r * (size_t)width + (size_t)left, (size_t)(right - left));
    return sum;
}

static void forward(const dsc_call *c)
{
    const planes p = planes_of(c->from[0]->shape), out = planes_of(c->node->shape);
    const real *x = c->x[0];
    real *y = c->y;

    for (size_t i = 0; i < (size_t)c->pass->rows * (size_t)p.channels; i++, x += plane_area(p))
        for (int oy = 0; oy < out.height; oy++)
            for (int ox = 0; ox < out.width; ox++) {
                const int top = cell_begin(oy, p.height, out.height);
                const int bottom = cell_end(oy, p.height, out.height);
                const int left = cell_begin(ox, p.width, out.width);
                const int right = cell_end(ox, p.width, out.width);
                const double count = (double)(bottom - top) * (double)(right - left);
                *y++ = (real)(window_sum(x, p.width, top, bottom, left, right) / count);
            }
}

static void backward(const dsc_call *c)
{
    const planes p = planes_of(c->from[0]->shape), out = planes_of(c->node->shape);
    const real *dy = c->dy;
    real *dx = c->dx[0];

    memset(dx, 0, elements(c, c->from[0]) * sizeof *dx);
    for (size_t i = 0; i < (size_t)c->pass->rows * (size_t)p.channels; i++, dx += plane_area(p))
        for (int oy = 0; oy < out.height; oy++)
            for (int ox = 0; ox < out.width; ox++) {
                const int top = cell_begin(oy, p.height, out.height);
                const int bottom = cell_end(oy, p.height, out.height);
                const int left = cell_begin(ox, p.width, out.width);
                const int right = cell_end(ox, p.width, out.width);
                const real part = *dy++ / ((real)(bottom - top) * (real)(right - left));
                for (int r = top; r < bottom; r++)
                    for (int k = left; k < right; k++)
                        dx[(size_t)r * (size_t)p.width + (size_t)k] += part;
            }
}

const dsc_op DSC_R(dsc_op_adaptive_avg_pool) = {
    .name = "adaptive_avg_pool",
    .formula = "y = mean of each cell of x",
    .attribute = adaptive_attributes,
    .n_attributes = N_ATTRIBUTES,
    .n_inputs = 1,
    .shape = shape,
    .forward = forward,
    .backward = backward,
};
