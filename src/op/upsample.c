/* upsample.c - every pixel becomes a block of scale_h x scale_w like it (nearest neighbour); the
 * block's gradients add up. */
#include "base/real.h"
#include "op/elements.h"
#include "op/planes.h"

#include <limits.h>

enum { SCALE_H, SCALE_W, N_ATTRIBUTES };
static const char *const attributes[N_ATTRIBUTES] = {"scale_h", "scale_w"};

/* x (rows, channels, height, width) -> y (rows, channels, height scale_h, width scale_w) */
static descent_status shape(dsc_node *node, const dsc_node *const *input, descent_error *err)
{
    const double scale_h = node->attribute[SCALE_H], scale_w = node->attribute[SCALE_W];

    DSC_TRY(planes_fit("upsample", input[0], err));
    const planes x = planes_of(input[0]->shape);
    if (!(scale_h >= 1 && scale_w >= 1))
        return dsc_fail(err, DESCENT_SHAPE, "upsample: a scale of %gx%g, must be at least 1x1",
                        scale_h, scale_w);
    if (input[0]->shape.rank == 2 && scale_h > 1)
        return dsc_fail(err, DESCENT_SHAPE,
                        "upsample: sequences have no height to scale by %g; write 1x%g", scale_h,
                        scale_w);
    if (x.height * scale_h > INT_MAX || x.width * scale_w > INT_MAX)
        return dsc_fail(err, DESCENT_SHAPE,
                        "upsample: a picture of %dx%d cannot grow by %gx%g: a side has at most "
                        "2147483647 pixels",
                        x.height, x.width, scale_h, scale_w);
    node->shape = shape_of_planes(
        input[0]->shape, (planes){x.channels, (int)(x.height * scale_h), (int)(x.width * scale_w)});
    node->batched = true;
    return DESCENT_OK;
}

static void forward(const dsc_call *c)
{
    const planes p = planes_of(c->from[0]->shape), out = planes_of(c->node->shape);
    const size_t scale_h = (size_t)c->node->attribute[SCALE_H];
    const size_t scale_w = (size_t)c->node->attribute[SCALE_W];
    const size_t lines = (size_t)c->pass->rows * (size_t)p.channels * (size_t)p.height;
    const size_t width = (size_t)out.width;
    const real *x = c->x[0];
    real *y = c->y;

    for (size_t line = 0; line < lines; line++, x += p.width, y += scale_h * width) {
        for (size_t i = 0; i < width; i++)
            y[i] = x[i / scale_w];
        for (size_t copy = 1; copy < scale_h; copy++)
            memcpy(y + copy * width, y, width * sizeof *y);
    }
}

static void backward(const dsc_call *c)
{
    const planes p = planes_of(c->from[0]->shape), out = planes_of(c->node->shape);
    const size_t scale_h = (size_t)c->node->attribute[SCALE_H];
    const size_t scale_w = (size_t)c->node->attribute[SCALE_W];
    const size_t lines = (size_t)c->pass->rows * (size_t)p.channels * (size_t)p.height;
    const size_t width = (size_t)out.width;
    const real *dy = c->dy;
    real *dx = c->dx[0];

    memset(dx, 0, elements(c, c->from[0]) * sizeof *dx);
    for (size_t line = 0; line < lines; line++, dx += p.width)
        for (size_t copy = 0; copy < scale_h; copy++, dy += width)
            for (size_t i = 0; i < width; i++)
                dx[i / scale_w] += dy[i];
}

const dsc_op DSC_R(dsc_op_upsample) = {
    .name = "upsample",
    .formula = "y = every pixel of x as a block",
    .attribute = attributes,
    .n_attributes = N_ATTRIBUTES,
    .n_inputs = 1,
    .shape = shape,
    .forward = forward,
    .backward = backward,
};
