/* reduce.c - sum, mean, var, max_reduce and logsumexp over any axes of an example.
 *
 * Attributes: `axes`, the sum of 2^axis over the axes to reduce (0: all of them), and `keepdim`,
 * whether they stay as axes of 1; var also `unbiased`: divide by n - 1 instead of n. The batch axis
 * is never reduced. Sums are double. */
#include "base/real.h"
#include "op/lines.h"

#include <math.h>

enum { AXES, KEEPDIM, UNBIASED };
static const char *const attributes[] = {"axes", "keepdim", "unbiased"};

/* The sizes of y with the reduced axes as 1. */
static dsc_shape kept_shape(const dsc_node *node, dsc_shape x)
{
    const unsigned axes = (unsigned)node->attribute[AXES];

    for (int i = 0; i < x.rank; i++)
        if (axes == 0 || (axes >> i & 1))
            x.size[i] = 1;
    return x;
}

static descent_status reduced(dsc_node *node, const dsc_node *const *input, const char *op,
                              descent_error *err)
{
    const dsc_shape x = input[0]->shape, kept = kept_shape(node, x);
    const double axes = node->attribute[AXES];
    char found[48];

    if (!(axes >= 0 && axes < 1 << x.rank))
        return dsc_fail(err, DESCENT_SHAPE, "%s: there is no axis %d in %s", op,
                        axes > 0 ? (int)log2(axes) : -1, dsc_shape_text(x, found));
    node->shape = kept;
    node->batched = input[0]->batched;
    if (node->attribute[KEEPDIM] == 0) {
        node->shape.rank = 0;
        for (int i = 0; i < x.rank; i++)
            if (axes != 0 && !((unsigned)axes >> i & 1))
                node->shape.size[node->shape.rank++] = x.size[i];
    }
    const size_t n = dsc_shape_count(kept) * (size_t)(node->batched ? node->max_rows : 1);
    node->scratch_bytes = n * sizeof(double);
    return DESCENT_OK;
}

/* The walk through x, in array 0, and y, in array 1. */
static lines walk(const dsc_call *c)
{
    const dsc_node *from = c->from[0];
    size_t x[LINE_AXES], y[LINE_AXES];

    line_sizes(c, from->shape, from->batched, x);
    line_sizes(c, kept_shape(c->node, from->shape), from->batched, y);
    return lines_over(x, x, y);
}

/* How many numbers make one. */
static double group(const dsc_call *c)
{
    return (double)elements(c, c->from[0]) / (double)elements(c, c->node);
}

/* y <- scale * sum of x over each group */
static void sum_groups(const dsc_call *c, double scale)
{
    const lines l = walk(c);
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
    const lines l = walk(c);
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

static void var_forward(const dsc_call *c)
{
    const lines l = walk(c);
    const size_t n = elements(c, c->node), step = line_step(&l, 1);
    const double divisor = group(c) - (c->node->attribute[UNBIASED] != 0);
    const real *x = c->x[0];
    double *sum = c->scratch;
    real *y = c->y;

    means(c, &l, c->keep);
    memset(sum, 0, n * sizeof *sum);
    for (size_t i = 0; i < l.count; i++, x += l.length) {
        const size_t at = line_begin(&l, 1, i);
        const double *mean = (const double *)c->keep + at;
        for (size_t j = 0; j < l.length; j++) {
            const double d = (double)x[j] - mean[step * j];
            sum[at + step * j] += d * d;
        }
    }
    for (size_t i = 0; i < n; i++)
        y[i] = (real)(sum[i] / divisor);
}

static void var_backward(const dsc_call *c)
{
    const lines l = walk(c);
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

/* --- max_reduce: the largest; its derivative goes to the first of equal ones --------------------
 */

static descent_status max_shape(dsc_node *node, const dsc_node *const *input, descent_error *err)
{
    DSC_TRY(reduced(node, input, "max_reduce", err));
    node->keep_bytes = node->scratch_bytes / sizeof(double) * sizeof(size_t);
    node->scratch_bytes = 0;
    return DESCENT_OK;
}

/* NaN wins over everything. best: where in x the largest stands. */
static void largest(const dsc_call *c, const lines *l, real *y, size_t *best)
{
    const size_t n = elements(c, c->node), step = line_step(l, 1);
    const real *x = c->x[0];

    for (size_t i = 0; i < n; i++) {
        y[i] = -(real)INFINITY;
        if (best)
            best[i] = SIZE_MAX;
    }
    for (size_t i = 0; i < l->count; i++)
        for (size_t j = 0, begin = line_begin(l, 1, i); j < l->length; j++) {
            const size_t at = begin + step * j, from = i * l->length + j;
            const bool wins = x[from] > y[at] || x[from] != x[from];
            if (best && (wins ? y[at] == y[at] : best[at] == SIZE_MAX))
                best[at] = from;
            if (wins)
                y[at] = x[from];
        }
}

static void max_forward(const dsc_call *c)
{
    const lines l = walk(c);

    largest(c, &l, c->y, c->keep);
}

static void max_backward(const dsc_call *c)
{
    const size_t *best = c->keep;
    const real *dy = c->dy;
    real *dx = c->dx[0];

    memset(dx, 0, elements(c, c->from[0]) * sizeof *dx);
    for (size_t i = 0; i < elements(c, c->node); i++)
        dx[best[i]] = dy[i];
}

/* --- logsumexp: y = m + log sum exp(x - m) with m the largest;  dx = exp(x - y) dy --------------
 */

static void logsumexp_forward(const dsc_call *c)
{
    const lines l = walk(c);
    const size_t n = elements(c, c->node), step = line_step(&l, 1);
    const real *x = c->x[0];
    double *sum = c->scratch;
    real *y = c->y;

    largest(c, &l, y, NULL);
    memset(sum, 0, n * sizeof *sum);
    for (size_t i = 0; i < l.count; i++, x += l.length)
        for (size_t j = 0, begin = line_begin(&l, 1, i); j < l.length; j++) {
            const size_t at = begin + step * j;
            /* infinity minus itself is no number: there the largest is the answer */
            sum[at] += isinf(y[at]) ? (double)0 : (double)real_exp(x[j] - y[at]);
        }
    for (size_t i = 0; i < n; i++)
        y[i] = isinf(y[i]) ? y[i] : (real)((double)y[i] + log(sum[i]));
}

static void logsumexp_backward(const dsc_call *c)
{
    const lines l = walk(c);
    const size_t step = line_step(&l, 1);
    const real *x = c->x[0];
    real *dx = c->dx[0];

    for (size_t i = 0; i < l.count; i++, x += l.length, dx += l.length)
        for (size_t j = 0, begin = line_begin(&l, 1, i); j < l.length; j++) {
            const size_t at = begin + step * j;
            const real y = ((const real *)c->y)[at], d = ((const real *)c->dy)[at];
            dx[j] = x[j] == y ? d : d * real_exp(x[j] - y);
        }
}

#define SHAPE(op)                                                                \
  static descent_status op##_shape(dsc_node *node, const dsc_node *const *input, \
                                   descent_error *err)                           \
  {                                                                              \
    return reduced(node, input, #op, err);                                       \
  }
SHAPE(sum)
SHAPE(mean)
SHAPE(logsumexp)

#define ROW(op, word, text, count, needs)                       \
  const dsc_op DSC_R(dsc_op_##op) = {.name = #op,               \
                                     .formula = text,           \
                                     .attribute = attributes,   \
                                     .n_attributes = count,     \
                                     .n_inputs = 1,             \
                                     .flags = needs,            \
                                     .shape = word##_shape,     \
                                     .forward = word##_forward, \
                                     .backward = word##_backward}
ROW(sum, sum, "y = sum of x over axes", 2, 0);
ROW(mean, mean, "y = mean of x over axes", 2, 0);
ROW(var, var, "y = sum (x - mean)^2 / n, or / (n - 1)", 3, DSC_NEEDS_INPUT);
ROW(max_reduce, max, "y = largest x over axes", 2, 0);
ROW(logsumexp, logsumexp, "y = log sum exp(x) over axes", 2, DSC_NEEDS_INPUT | DSC_NEEDS_OUTPUT);
