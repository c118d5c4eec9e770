/* upsample.c - every pixel becomes a block of scale_h x scale_w like it (nearest neighbour); the
 * block's gradients add up. */
#include "base/real.h"
#include "op/elements.h"
#include "op/parts.h"
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

/* y (n scale) <- each of n numbers `scale` times. Called with a constant where one is usual, for
 * which compilers make vector code. */
static inline void repeat(const real *x, size_t n, size_t scale, real *y)
{
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < scale; k++)
            y[i * scale + k] = x[i];
}

/* dx (n) += sums of `scale` neighbours of dy each */
static inline void gather(const real *dy, size_t n, size_t scale, real *dx)
{
    for (size_t i = 0; i < n; i++) {
        real sum = dy[i * scale];
        for (size_t k = 1; k < scale; k++)
            sum += dy[i * scale + k];
        dx[i] += sum;
    }
}

/* Work on some of the lines of all pictures. */
typedef struct line_work {
    const dsc_call *call;
    size_t lines, width, scale_h, scale_w; /* of x; width: of one line */
    int parts;
} line_work;

static line_work of_call(const dsc_call *c)
{
    const planes p = planes_of(c->from[0]->shape);
    line_work w = {.call = c,
                   .lines = (size_t)c->pass->rows * (size_t)p.channels * (size_t)p.height,
                   .width = (size_t)p.width,
                   .scale_h = (size_t)c->node->attribute[SCALE_H],
                   .scale_w = (size_t)c->node->attribute[SCALE_W]};

    w.parts = parts_worth((double)elements(c, c->node), 1e5);
    return w;
}

static void forward_part(int part, void *user)
{
    const line_work *w = user;
    const size_t end = part_begin(w->lines, w->parts, part + 1, 1), out = w->width * w->scale_w;

    for (size_t line = part_begin(w->lines, w->parts, part, 1); line < end; line++) {
        const real *x = (const real *)w->call->x[0] + line * w->width;
        real *y = (real *)w->call->y + line * w->scale_h * out;
        if (w->scale_w == 2)
            repeat(x, w->width, 2, y);
        else
            repeat(x, w->width, w->scale_w, y);
        for (size_t copy = 1; copy < w->scale_h; copy++)
            memcpy(y + copy * out, y, out * sizeof *y);
    }
}

static void backward_part(int part, void *user)
{
    const line_work *w = user;
    const size_t end = part_begin(w->lines, w->parts, part + 1, 1), out = w->width * w->scale_w;

    for (size_t line = part_begin(w->lines, w->parts, part, 1); line < end; line++) {
        const real *dy = (const real *)w->call->dy + line * w->scale_h * out;
        real *dx = (real *)w->call->dx[0] + line * w->width;
        memset(dx, 0, w->width * sizeof *dx);
        for (size_t copy = 0; copy < w->scale_h; copy++, dy += out) {
            if (w->scale_w == 2)
                gather(dy, w->width, 2, dx);
            else
                gather(dy, w->width, w->scale_w, dx);
        }
    }
}

static void forward(const dsc_call *c)
{
    line_work w = of_call(c);

    for_parts(c, w.parts, forward_part, &w);
}

static void backward(const dsc_call *c)
{
    line_work w = of_call(c);

    for_parts(c, w.parts, backward_part, &w);
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
