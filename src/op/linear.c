/* linear.c - y = x w^T + b over the last axis of x.
 *
 *     x (rows, ..., in), w (out, in), b (out) or none    ->    y (rows, ..., out)
 *     dx = dy w,  dw = dy^T x,  db = sum of dy over all but the last axis */
#include "base/real.h"
#include "op/elements.h"
#include "op/foreground.h"
#include "op/parts.h"
#include "op/row_sums.h"

#include <limits.h>
#include <string.h>

static descent_status shape(dsc_node *node, const dsc_node *const *input, descent_error *err)
{
    DSC_TRY(inputs_within(node, "linear", 2, 3, err));
    const dsc_shape x = input[0]->shape, w = input[1]->shape;
    char found[48], weight[48];

    if (x.rank < 1 || w.rank != 2 || x.size[x.rank - 1] != w.size[1])
        return dsc_fail(err, DESCENT_SHAPE,
                        "linear: the weight is %s and needs %d numbers on the last axis, found %s",
                        dsc_shape_text(w, weight), w.rank == 2 ? w.size[1] : 0,
                        dsc_shape_text(x, found));
    if (node->n_inputs > 2 && (input[2]->shape.rank != 1 || input[2]->shape.size[0] != w.size[0]))
        return dsc_fail(err, DESCENT_SHAPE, "linear: %d units need a bias of %d numbers, found %s",
                        w.size[0], w.size[0], dsc_shape_text(input[2]->shape, found));
    const double rows =
        (double)dsc_shape_count(x) / w.size[1] * (input[0]->batched ? node->max_rows : 1);
    if (rows > INT_MAX) /* products take sizes as int */
        return dsc_fail(err, DESCENT_SHAPE, "linear: %d examples of %s are more than 2^31 rows",
                        node->max_rows, dsc_shape_text(x, found));
    node->shape = x;
    node->shape.size[x.rank - 1] = w.size[0];
    node->batched = input[0]->batched;
    foreground_plan(node, input[0], input[1]);
    return DESCENT_OK;
}

typedef struct sizes {
    int rows, in, out;
} sizes;

static sizes of_call(const dsc_call *c)
{
    const dsc_shape x = c->from[0]->shape;
    sizes z = {.rows = c->from[0]->batched ? c->pass->rows : 1,
               .in = x.size[x.rank - 1],
               .out = c->from[1]->shape.size[0]};

    for (int i = 0; i < x.rank - 1; i++)
        z.rows *= x.size[i];
    return z;
}

/* A part of the product, and the bias while it is in the cache. */
typedef struct forward_work {
    product_work product;
    const real *bias;
} forward_work;

static void forward_part(int part, void *user)
{
    forward_work *w = user;
    const product_work *p = &w->product;
    const size_t m = (size_t)p->shape->m, n = (size_t)p->shape->n;
    const size_t cut = p->by_rows ? m : n;
    const size_t begin = part_begin(cut, p->parts, part, PRODUCT_UNIT);
    const size_t end = part_begin(cut, p->parts, part + 1, PRODUCT_UNIT);
    const size_t first = p->by_rows ? begin : 0, last = p->by_rows ? end : m;
    const size_t left = p->by_rows ? 0 : begin, right = p->by_rows ? n : end;

    product_part(part, &w->product);
    for (size_t i = first; w->bias && i < last; i++) {
        real *restrict y = p->c + i * n;
        const real *restrict bias = w->bias;
        for (size_t j = left; j < right; j++)
            y[j] += bias[j];
    }
}

/* Forward when the foreground has been looked for. */
static void forward_alone(const dsc_call *c)
{
    const sizes z = of_call(c);
    const dsc_matmul_shape xw = {.m = z.rows,
                                 .n = z.out,
                                 .k = z.in,
                                 .transpose_b = true,
                                 .lda = z.in,
                                 .ldb = z.in,
                                 .ldc = z.out};
    forward_work w = {.product = product_of(c, &xw, c->x[0], c->x[1], c->y),
                      .bias = c->node->n_inputs > 2 ? c->x[2] : NULL};

    if (foreground_chosen(c))
        foreground_for_parts(c, w.bias, foreground_forward_part);
    else
        for_parts(c, w.product.parts, forward_part, &w);
}

static void forward(const dsc_call *c)
{
    foreground_look(c);
    forward_alone(c);
}

typedef struct bias_work {
    const real *dy;
    real *db;
    sizes z;
    int parts;
} bias_work;

/* A part owns a stretch of the columns. */
static void bias_part(int part, void *user)
{
    const bias_work *w = user;
    const size_t rows = (size_t)w->z.rows, out = (size_t)w->z.out;
    const size_t begin = part_begin(out, w->parts, part, ROW_STRETCH);
    const size_t end = part_begin(out, w->parts, part + 1, ROW_STRETCH);

    sum_rows(w->dy + begin, rows, out, end - begin, w->db + begin);
}

static void bias_gradient(const dsc_call *c, sizes z)
{
    bias_work w = {.dy = c->dy, .db = c->dx[2], .z = z};

    w.parts = parts_worth((double)z.rows * z.out, 1 << 16);
    for_parts(c, w.parts, bias_part, &w);
}

static void backward(const dsc_call *c)
{
    const sizes z = of_call(c);

    if (c->dx[1] && foreground_chosen(c))
        foreground_for_parts(c, NULL, foreground_backward_part);
    else if (c->dx[1])
        product(c,
                &(dsc_matmul_shape){.m = z.out,
                                    .n = z.in,
                                    .k = z.rows,
                                    .transpose_a = true,
                                    .lda = z.out,
                                    .ldb = z.in,
                                    .ldc = z.in},
                c->dy, c->x[0], c->dx[1]);
    if (c->node->n_inputs > 2 && c->dx[2])
        bias_gradient(c, z);
    if (c->dx[0])
        product(c,
                &(dsc_matmul_shape){
                    .m = z.rows, .n = z.in, .k = z.out, .lda = z.out, .ldb = z.in, .ldc = z.in},
                c->dy, c->x[1], c->dx[0]);
}

static const dsc_joint_op joint = {
    .scratch = foreground_joint_scratch,
    .look = foreground_look,
    .alone = forward_alone,
    .forward = foreground_joint_forward,
    .backward = foreground_joint_backward,
};

const dsc_op DSC_R(dsc_op_linear) = {
    .name = "linear",
    .formula = "y = x w^T + b",
    .n_inputs = -1,
    .flags = DSC_NEEDS_INPUT | DSC_OUTER,
    .shape = shape,
    .forward = forward,
    .backward = backward,
    .joint = &joint,
};
