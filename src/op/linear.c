/* linear.c - y = x w^T + b over the last axis of x.
 *
 *     x (rows, ..., in), w (out, in), b (out) or none    ->    y (rows, ..., out)
 *     dx = dy w,  dw = dy^T x,  db = sum of dy over all but the last axis */
#include "base/real.h"
#include "op/elements.h"
#include "op/foreground.h"
#include "op/parts.h"

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

static void forward(const dsc_call *c)
{
    const sizes z = of_call(c);
    const real *bias = c->node->n_inputs > 2 ? c->x[2] : NULL;
    real *y = c->y;
    const dsc_matmul_shape xw = {.m = z.rows,
                                 .n = z.out,
                                 .k = z.in,
                                 .transpose_b = true,
                                 .add = bias != NULL,
                                 .lda = z.in,
                                 .ldb = z.in,
                                 .ldc = z.out};

    if (foreground_forward(c, bias))
        return;
    for (int i = 0; bias && i < z.rows; i++)
        memcpy(y + (size_t)i * (size_t)z.out, bias, (size_t)z.out * sizeof *y);
    product(c, &xw, c->x[0], c->x[1], y);
}

static void bias_gradient(const real *dy, sizes z, real *db)
{
    memset(db, 0, (size_t)z.out * sizeof *db);
    for (int i = 0; i < z.rows; i++)
        for (int j = 0; j < z.out; j++)
            db[j] += dy[(size_t)i * (size_t)z.out + (size_t)j];
}

static void backward(const dsc_call *c)
{
    const sizes z = of_call(c);

    if (c->dx[1] && !foreground_backward(c))
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
        bias_gradient(c->dy, z, c->dx[2]);
    if (c->dx[0])
        product(c,
                &(dsc_matmul_shape){
                    .m = z.rows, .n = z.in, .k = z.out, .lda = z.out, .ldb = z.in, .ldc = z.in},
                c->dy, c->x[1], c->dx[0]);
}

const dsc_op DSC_R(dsc_op_linear) = {
    .name = "linear",
    .formula = "y = x w^T + b",
    .n_inputs = -1,
    .flags = DSC_NEEDS_INPUT,
    .shape = shape,
    .forward = forward,
    .backward = backward,
};
