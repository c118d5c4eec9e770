/* reduce.c - sum, mean and var over any axes of an example; sums are double. */
#include "op/reduce.h"
#include "base/real.h"

/* y <- scale * sum of x over each group */
static void sum_groups(const dsc_call *c, double scale)
{
    const lines l = reduce_walk(c);
    const size_t n = elements(c, c->node), step = line_step(&l, 1);
    const real *x = c->x[0];
    double *sum = c->scratch;
    real *y = c->y;

    memset(sum, 0, n * sizeof *sum);
    for (size_t i = 0; i < l.count; i++)
        line_add(sum + line_begin(&l, 1, i), step, x + i * l.length, l.length);
    for (size_t i = 0; i < n; i++)
        y[i] = (real)(sum[i] * scale);
}

/* dx <- scale * dy of its group */
static void spread(const dsc_call *c, real scale)
{
    const lines l = reduce_walk(c);
    const size_t step = line_step(&l, 1);
    real *dx = c->dx[0];

    for (size_t i = 0; i < l.count; i++, dx += l.length) {
        const real *dy = (const real *)c->dy + line_begin(&l, 1, i);
        if (step)
            for (size_t j = 0; j < l.length; j++)
                dx[j] = scale * dy[j];
        else
            for (size_t j = 0; j < l.length; j++)
                dx[j] = scale * *dy;
    }
}

static void sum_forward(const dsc_call *c)
{
    sum_groups(c, 1);
}

static void sum_backward(const dsc_call *c)
{
    spread(c, 1);
}

static void mean_forward(const dsc_call *c)
{
    sum_groups(c, 1 / group(c));
}

static void mean_backward(const dsc_call *c)
{
    spread(c, (real)(1 / group(c)));
}

/* --- var: y = sum (x - mean)^2 / (n or n - 1);  dx = 2 (x - mean) dy / (n or n - 1) -------------
 */

static descent_status var_shape(dsc_node *node, const dsc_node *const *input, descent_error *err)
{
    DSC_TRY(reduced(node, input, "var", err));
    if (node->attribute[UNBIASED] != 0 &&
        dsc_shape_count(input[0]->shape) == dsc_shape_count(node->shape))
        return dsc_fail(err, DESCENT_SHAPE,
                        "var: one number has no unbiased variance; reduce an axis of at least 2");
    node->keep_bytes = node->scratch_bytes; /* the means */
    return DESCENT_OK;
}

static void means(const dsc_call *c, const lines *l, double *mean)
{
    const size_t n = elements(c, c->node);
    const real *x = c->x[0];

    memset(mean, 0, n * sizeof *mean);
    for (size_t i = 0; i < l->count; i++)
        line_add(mean + line_begin(l, 1, i), line_step(l, 1), x + i * l->length, l->length);
    for (size_t i = 0; i < n; i++)
        mean[i] /= group(c);
}

/* sum <- sum + (x - mean)^2 along a line */
static void add_squares(const real *x, const double *mean, size_t step, size_t n, double *sum)
{
    double lane[8] = {0};
    size_t i = 0;

    for (; step && i < n; i++)
        sum[i] += ((double)x[i] - mean[i]) * ((double)x[i] - mean[i]);
    for (; i + 8 <= n; i += 8)
        for (size_t j = 0; j < 8; j++)
            lane[j] += ((double)x[i + j] - *mean) * ((double)x[i + j] - *mean);
    for (size_t j = 0; i < n; i++, j++)
        lane[j] += ((double)x[i] - *mean) * ((double)x[i] - *mean);
    if (!step)
        *sum += line_total(lane);
}

static void var_forward(const dsc_call *c)
{
    const lines l = reduce_walk(c);
    const size_t n = elements(c, c->node), step = line_step(&l, 1);
    const double divisor = group(c) - (c->node->attribute[UNBIASED] != 0);
    const real *x = c->x[0];
    double *sum = c->scratch;
    real *y = c->y;

    means(c, &l, c->keep);
    memset(sum, 0, n * sizeof *sum);
    for (size_t i = 0; i < l.count; i++, x += l.length) {
        const size_t at = line_begin(&l, 1, i);
        add_squares(x, (const double *)c->keep + at, step, l.length, sum + at);
    }
    for (size_t i = 0; i < n; i++)
        y[i] = (real)(sum[i] / divisor);
}

static void var_backward(const dsc_call *c)
{
    const lines l = reduce_walk(c);
    const size_t step = line_step(&l, 1);
    const double scale = 2 / (group(c) - (c->node->attribute[UNBIASED] != 0));
    const real *x = c->x[0];
    real *dx = c->dx[0];

    for (size_t i = 0; i < l.count; i++, x += l.length, dx += l.length) {
        const size_t at = line_begin(&l, 1, i);
        const double *mean = (const double *)c->keep + at;
        const real *dy = (const real *)c->dy + at;
        for (size_t j = 0; j < l.length; j++)
            dx[j] = (real)(scale * ((double)x[j] - mean[step * j]) * (double)dy[step * j]);
    }
}

REDUCE_SHAPE(sum)
REDUCE_SHAPE(mean)
REDUCE_ROW(sum, sum, "y = sum of x over axes", 2, 0);
REDUCE_ROW(mean, mean, "y = mean of x over axes", 2, 0);
REDUCE_ROW(var, var, "y = sum (x - mean)^2 / n, or / (n - 1)", 3, DSC_NEEDS_INPUT);
