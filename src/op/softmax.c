/* softmax.c - softmax and its logarithm along one axis of an example.
 *
 *     softmax:      y_j = exp(x_j - m) / s      m = max x, s = sum exp(x - m)
 *                   dx = y (dy - sum dy y)
 *     log_softmax:  y_j = (x_j - m) - log s
 *                   dx = dy - exp(y) sum dy
 *
 * x is taken as (outer, n, inner) with the axis in the middle, and worked on in strips of columns,
 * or, along the last axis, row by row. Either way one exp loop is vector code, and sums are double
 * in a fixed order. */
#include "base/real.h"
#include "base/sums.h"
#include "op/elements.h"
#include "op/parts.h"

static const char *const attributes[] = {"axis"};

static descent_status axis_shape(dsc_node *node, const dsc_node *const *input, const char *op,
                                 descent_error *err)
{
    const dsc_shape x = input[0]->shape;
    char found[48];

    if (!(node->attribute[0] >= 0 && node->attribute[0] < x.rank))
        return dsc_fail(err, DESCENT_SHAPE, "%s: there is no axis %g in %s", op, node->attribute[0],
                        dsc_shape_text(x, found));
    return same_shape(node, input, err);
}

/* Columns that are worked on at a time. */
enum { STRIP = 64 };

/* The same work on every row (inner = 1) or strip of columns; a and b are x and any array,
 * or dy and y. */
typedef void group_loop(const real *a, const real *b, real *to, size_t n, size_t inner,
                        size_t width);

typedef struct work {
    const real *a, *b;
    real *to;
    size_t outer, n, inner;
    group_loop *row, *strip;
    int parts;
} work;

static void work_part(int part, void *user)
{
    const work *w = user;
    const size_t end = part_begin(w->outer, w->parts, part + 1, 1);

    for (size_t o = part_begin(w->outer, w->parts, part, 1); o < end; o++) {
        const size_t at = o * w->n * w->inner;
        if (w->inner == 1)
            w->row(w->a + at, w->b + at, w->to + at, w->n, 1, 1);
        for (size_t i = 0; w->inner > 1 && i < w->inner; i += STRIP)
            w->strip(w->a + at + i, w->b + at + i, w->to + at + i, w->n, w->inner,
                     w->inner - i < STRIP ? w->inner - i : STRIP);
    }
}

static void run(const dsc_call *c, const real *a, const real *b, real *to, group_loop *row,
                group_loop *strip)
{
    const dsc_shape x = c->node->shape;
    const int axis = (int)c->node->attribute[0];
    work w = {.a = a, .b = b, .to = to, .row = row, .strip = strip, .inner = 1};

    w.n = (size_t)x.size[axis];
    for (int i = axis + 1; i < x.rank; i++)
        w.inner *= (size_t)x.size[i];
    w.outer = elements(c, c->node) / (w.n * w.inner);
    w.parts = parts_worth((double)(w.outer * w.n * w.inner), 1 << 15);
    for_parts(c, w.parts, work_part, &w);
}

/* --- along the last axis -----------------------------------------------------------------------
 */

/* The largest number passes over NaN, which comes back through exp(NaN - m). */
static void softmax_row(const real *x, const real *unused, real *y, size_t n, size_t inner,
                        size_t width)
{
    const real largest = dsc_largest(x, n);

    (void)unused, (void)inner, (void)width;
    DSC_INDEPENDENT
    for (size_t i = 0; i < n; i++)
        y[i] = real_exp(x[i] - largest);
    const real sum = (real)dsc_sum(y, n);
    for (size_t i = 0; i < n; i++)
        y[i] /= sum;
}

static void softmax_row_back(const real *dy, const real *y, real *dx, size_t n, size_t inner,
                             size_t width)
{
    const real sum = (real)dsc_dot(dy, y, n);

    (void)inner, (void)width;
    DSC_INDEPENDENT
    for (size_t i = 0; i < n; i++)
        dx[i] = y[i] * (dy[i] - sum);
}

static void log_softmax_row(const real *x, const real *unused, real *y, size_t n, size_t inner,
                            size_t width)
{
    enum { STRETCH = 256 };
    const real largest = dsc_largest(x, n);
    real e[STRETCH];
    double sum = 0;

    (void)unused, (void)inner, (void)width;
    for (size_t i = 0; i < n; i += STRETCH) {
        const size_t m = n - i < STRETCH ? n - i : STRETCH;
        for (size_t j = 0; j < m; j++)
            e[j] = real_exp(x[i + j] - largest);
        sum += dsc_sum(e, m);
    }
    const real log_sum = (real)log(sum);
    DSC_INDEPENDENT
    for (size_t i = 0; i < n; i++)
        y[i] = (x[i] - largest) - log_sum;
}

static void log_softmax_row_back(const real *dy, const real *y, real *dx, size_t n, size_t inner,
                                 size_t width)
{
    const real sum = (real)dsc_sum(dy, n);

    (void)inner, (void)width;
    DSC_INDEPENDENT
    for (size_t i = 0; i < n; i++)
        dx[i] = dy[i] - real_exp(y[i]) * sum;
}

/* --- along another axis: the same for `width` columns side by side ------------------------------
 */

/* largest and sum of exp(x - largest) of every column */
static void strip_sums(const real *x, size_t n, size_t inner, size_t width, real *largest,
                       double *sum)
{
    for (size_t i = 0; i < width; i++) {
        largest[i] = -(real)INFINITY;
        sum[i] = 0;
    }
    for (size_t k = 0; k < n; k++)
        for (size_t i = 0; i < width; i++)
            largest[i] = x[k * inner + i] > largest[i] ? x[k * inner + i] : largest[i];
    for (size_t k = 0; k < n; k++)
        for (size_t i = 0; i < width; i++)
            sum[i] += (double)real_exp(x[k * inner + i] - largest[i]);
}

static void softmax_strip(const real *x, const real *unused, real *y, size_t n, size_t inner,
                          size_t width)
{
    real largest[STRIP];
    double sum[STRIP];

    (void)unused;
    strip_sums(x, n, inner, width, largest, sum);
    for (size_t k = 0; k < n; k++) {
        DSC_INDEPENDENT
        for (size_t i = 0; i < width; i++)
            y[k * inner + i] = real_exp(x[k * inner + i] - largest[i]) / (real)sum[i];
    }
}

static void softmax_strip_back(const real *dy, const real *y, real *dx, size_t n, size_t inner,
                               size_t width)
{
    double sum[STRIP] = {0};

    for (size_t k = 0; k < n; k++)
        for (size_t i = 0; i < width; i++)
            sum[i] += (double)dy[k * inner + i] * (double)y[k * inner + i];
    for (size_t k = 0; k < n; k++) {
        DSC_INDEPENDENT
        for (size_t i = 0; i < width; i++)
            dx[k * inner + i] = y[k * inner + i] * (dy[k * inner + i] - (real)sum[i]);
    }
}

static void log_softmax_strip(const real *x, const real *unused, real *y, size_t n, size_t inner,
                              size_t width)
{
    real largest[STRIP];
    double sum[STRIP];

    (void)unused;
    strip_sums(x, n, inner, width, largest, sum);
    for (size_t i = 0; i < width; i++)
        sum[i] = log(sum[i]);
    for (size_t k = 0; k < n; k++) {
        DSC_INDEPENDENT
        for (size_t i = 0; i < width; i++)
            y[k * inner + i] = (x[k * inner + i] - largest[i]) - (real)sum[i];
    }
}

static void log_softmax_strip_back(const real *dy, const real *y, real *dx, size_t n, size_t inner,
                                   size_t width)
{
    double sum[STRIP] = {0};

    for (size_t k = 0; k < n; k++)
        for (size_t i = 0; i < width; i++)
            sum[i] += (double)dy[k * inner + i];
    for (size_t k = 0; k < n; k++) {
        DSC_INDEPENDENT
        for (size_t i = 0; i < width; i++)
            dx[k * inner + i] = dy[k * inner + i] - real_exp(y[k * inner + i]) * (real)sum[i];
    }
}

#define ROW(op, text)                                                            \
  static descent_status op##_shape(dsc_node *node, const dsc_node *const *input, \
                                   descent_error *err)                           \
  {                                                                              \
    return axis_shape(node, input, #op, err);                                    \
  }                                                                              \
  static void op##_forward(const dsc_call *c)                                    \
  {                                                                              \
    run(c, c->x[0], c->x[0], c->y, op##_row, op##_strip);                        \
  }                                                                              \
  static void op##_backward(const dsc_call *c)                                   \
  {                                                                              \
    run(c, c->dy, c->y, c->dx[0], op##_row_back, op##_strip_back);               \
  }                                                                              \
  const dsc_op DSC_R(dsc_op_##op) = {.name = #op,                                \
                                     .formula = text,                            \
                                     .attribute = attributes,                    \
                                     .n_attributes = 1,                          \
                                     .n_inputs = 1,                              \
                                     .flags = DSC_IN_PLACE | DSC_NEEDS_OUTPUT,   \
                                     .shape = op##_shape,                        \
                                     .forward = op##_forward,                    \
                                     .backward = op##_backward}
ROW(softmax, "y = exp(x) / sum exp(x)");
ROW(log_softmax, "y = x - log sum exp(x)");
