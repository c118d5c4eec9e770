/* toy_ops.h - small element-wise ops in double, one for each way to use memory. */
#ifndef TOY_OPS_H
#define TOY_OPS_H

#include "base/memory.h"
#include "graph/node.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static inline size_t toy_elements(const dsc_call *call)
{
    return dsc_node_elements(call->node, call->pass->rows);
}

static inline descent_status toy_like_first(dsc_node *node, const dsc_node *const *input,
                                            descent_error *err)
{
    (void)err;
    node->shape = input[0]->shape;
    node->batched = input[0]->batched;
    return DESCENT_OK;
}

/* Both inputs of one shape; the second may lack the batch axis. */
static inline descent_status toy_two(dsc_node *node, const dsc_node *const *input,
                                     descent_error *err)
{
    char a[48], b[48];

    if (!dsc_shape_equal(input[0]->shape, input[1]->shape))
        return dsc_fail(err, DESCENT_SHAPE, "%s: shapes %s and %s differ", node->name,
                        dsc_shape_text(input[0]->shape, a), dsc_shape_text(input[1]->shape, b));
    return toy_like_first(node, input, err);
}

/* scale: y = a x. Needs nothing in backward, works in place. */
static inline void toy_scale_forward(const dsc_call *call)
{
    const double *x = call->x[0];
    double *y = call->y;

    for (size_t i = 0; i < toy_elements(call); i++)
        y[i] = call->node->attribute[0] * x[i];
}

static inline void toy_scale_backward(const dsc_call *call)
{
    const double *dy = call->dy;
    double *dx = call->dx[0];

    assert_null(call->x[0]);
    assert_null(call->y);
    for (size_t i = 0; i < toy_elements(call); i++)
        dx[i] = call->node->attribute[0] * dy[i];
}

/* tanh: needs its output, works in place. */
static inline void toy_tanh_forward(const dsc_call *call)
{
    const double *x = call->x[0];
    double *y = call->y;

    for (size_t i = 0; i < toy_elements(call); i++)
        y[i] = tanh(x[i]);
}

static inline void toy_tanh_backward(const dsc_call *call)
{
    const double *dy = call->dy, *y = call->y;
    double *dx = call->dx[0];

    assert_null(call->x[0]);
    for (size_t i = 0; i < toy_elements(call); i++)
        dx[i] = dy[i] * (1.0 - y[i] * y[i]);
}

/* square: needs its input, works in place where nothing else reads that. */
static inline void toy_square_forward(const dsc_call *call)
{
    const double *x = call->x[0];
    double *y = call->y;

    for (size_t i = 0; i < toy_elements(call); i++)
        y[i] = x[i] * x[i];
}

static inline void toy_square_backward(const dsc_call *call)
{
    const double *dy = call->dy, *x = call->x[0];
    double *dx = call->dx[0];

    for (size_t i = 0; i < toy_elements(call); i++)
        dx[i] = 2.0 * x[i] * dy[i];
}

/* add: two inputs alike, works in place. */
static inline void toy_add_forward(const dsc_call *call)
{
    const double *a = call->x[0], *b = call->x[1];
    double *y = call->y;

    for (size_t i = 0; i < toy_elements(call); i++)
        y[i] = a[i] + b[i];
}

static inline void toy_add_backward(const dsc_call *call)
{
    const double *dy = call->dy;

    for (int k = 1; k >= 0; k--) {
        double *dx = call->dx[k];
        for (size_t i = 0; dx && i < toy_elements(call); i++)
            dx[i] = dy[i];
    }
}

/* mirror: y = a + b backwards; may take the place of a, though not when b is the same. */
static inline void toy_mirror_forward(const dsc_call *call)
{
    const double *a = call->x[0], *b = call->x[1];
    const size_t n = toy_elements(call);
    double *y = call->y;

    for (size_t i = 0; i < n; i++)
        y[i] = a[i] + b[n - 1 - i];
}

static inline void toy_mirror_backward(const dsc_call *call)
{
    const double *dy = call->dy;
    const size_t n = toy_elements(call);
    double *da = call->dx[0], *db = call->dx[1];

    for (size_t i = 0; db && i < n; i++)
        db[n - 1 - i] = dy[i];
    for (size_t i = 0; da && i < n; i++)
        da[i] = dy[i];
}

/* mul: y = x w; w may be one row for all. */
static inline void toy_mul_forward(const dsc_call *call)
{
    const double *x = call->x[0], *w = call->x[1];
    const size_t width = dsc_node_elements(call->from[1], call->pass->rows);
    double *y = call->y;

    for (size_t i = 0; i < toy_elements(call); i++)
        y[i] = x[i] * w[i % width];
}

static inline void toy_mul_backward(const dsc_call *call)
{
    const double *dy = call->dy, *x = call->x[0], *w = call->x[1];
    const size_t width = dsc_node_elements(call->from[1], call->pass->rows);
    double *dx = call->dx[0], *dw = call->dx[1];

    for (size_t i = 0; dw && i < width; i++)
        dw[i] = 0.0;
    for (size_t i = 0; i < toy_elements(call); i++) {
        if (dw)
            dw[i % width] += dy[i] * x[i];
        if (dx)
            dx[i] = dy[i] * w[i % width];
    }
}

#endif
