/* toy_rows.h - toy ops that look across a row or a batch: memory, statistics, a loss. */
#ifndef TOY_ROWS_H
#define TOY_ROWS_H

#include "toy_ops.h"

/* gate: y = x * mean of the row of x; remembers x and the means, and dirties its scratch. */
static inline descent_status toy_gate_shape(dsc_node *node, const dsc_node *const *input,
                                            descent_error *err)
{
    const size_t width = dsc_shape_count(input[0]->shape), rows = (size_t)node->max_rows;

    node->keep_bytes = rows * (width + 1) * sizeof(double);
    node->scratch_bytes = width * sizeof(double);
    return toy_like_first(node, input, err);
}

static inline void toy_dirty(const dsc_call *call)
{
    memset(call->scratch, 0xff, call->node->scratch_bytes); /* NaN */
}

static inline void toy_gate_forward(const dsc_call *call)
{
    const size_t width = dsc_shape_count(call->node->shape), rows = (size_t)call->pass->rows;
    const double *x = call->x[0];
    double *y = call->y, *keep = call->keep, *mean = keep + rows * width;

    toy_dirty(call);
    for (size_t r = 0; r < rows; r++) {
        mean[r] = 0.0;
        for (size_t i = 0; i < width; i++)
            mean[r] += x[r * width + i] / (double)width;
        for (size_t i = 0; i < width; i++) {
            keep[r * width + i] = x[r * width + i];
            y[r * width + i] = x[r * width + i] * mean[r];
        }
    }
}

static inline void toy_gate_backward(const dsc_call *call)
{
    const size_t width = dsc_shape_count(call->node->shape), rows = (size_t)call->pass->rows;
    const double *dy = call->dy, *x = call->keep, *mean = x + rows * width;
    double *dx = call->dx[0];

    toy_dirty(call);
    for (size_t r = 0; r < rows; r++) {
        double slope = 0.0;
        for (size_t i = 0; i < width; i++)
            slope += dy[r * width + i] * x[r * width + i] / (double)width;
        for (size_t i = 0; i < width; i++)
            dx[r * width + i] = dy[r * width + i] * mean[r] + slope;
    }
}

/* center: y = x - b, where b is the mean over the batch while training, else the buffer. */
static inline void toy_center_forward(const dsc_call *call)
{
    const size_t width = dsc_shape_count(call->node->shape), rows = (size_t)call->pass->rows;
    const double *x = call->x[0], *b = call->x[1];
    double *y = call->y, *mean = call->new_x[1];

    for (size_t i = 0; i < width; i++) {
        if (call->pass->training) {
            mean[i] = 0.0;
            for (size_t r = 0; r < rows; r++)
                mean[i] += x[r * width + i] / (double)rows;
        }
        for (size_t r = 0; r < rows; r++)
            y[r * width + i] = x[r * width + i] - (call->pass->training ? mean[i] : b[i]);
    }
}

static inline void toy_center_backward(const dsc_call *call)
{
    const size_t width = dsc_shape_count(call->node->shape), rows = (size_t)call->pass->rows;
    const double *dy = call->dy;
    double *dx = call->dx[0];

    assert_null(call->dx[1]);
    for (size_t i = 0; i < width; i++) {
        double mean = 0.0;
        for (size_t r = 0; r < rows && call->pass->training; r++)
            mean += dy[r * width + i] / (double)rows;
        for (size_t r = 0; r < rows; r++)
            dx[r * width + i] = dy[r * width + i] - mean;
    }
}

/* half_error: (x - target)^2 / 2, every element weighs two. */
static inline void toy_error_forward(const dsc_call *call)
{
    const double *x = call->x[0], *t = call->x[1];
    double *y = call->y;

    for (size_t i = 0; i < toy_elements(call); i++)
        y[i] = 0.5 * (x[i] - t[i]) * (x[i] - t[i]);
}

static inline void toy_error_backward(const dsc_call *call)
{
    const double *dy = call->dy, *x = call->x[0], *t = call->x[1];

    for (int k = 0; k < 2; k++) {
        double *dx = call->dx[k];
        for (size_t i = 0; dx && i < toy_elements(call); i++)
            dx[i] = (k == 0 ? dy[i] : -dy[i]) * (x[i] - t[i]);
    }
}

static inline double toy_error_weight(const dsc_call *call)
{
    return 2.0 * (double)toy_elements(call);
}

/* sum_f32: the loss of a float graph, y = x. */
static inline void toy_copy_f32(const dsc_call *call)
{
    memcpy(call->y, call->x[0], toy_elements(call) * sizeof(float));
}

static inline void toy_copy_back_f32(const dsc_call *call)
{
    memcpy(call->dx[0], call->dy, toy_elements(call) * sizeof(float));
}

#endif
