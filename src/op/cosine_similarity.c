/* cosine_similarity.c - the cosine of the angle between two vectors, those of the last axis.
 *
 *     y = x.t / (|x| |t|),    dx = dy (t / (|x| |t|) - y x / |x|^2),    dt likewise
 *
 * with norms below eps taken as eps, where they don't depend on x. All sums are double. */
#include "base/real.h"
#include "base/sums.h"
#include "op/elements.h"

static const char *const attributes[] = {"eps"};

static descent_status shape(dsc_node *node, const dsc_node *const *input, descent_error *err)
{
    const dsc_shape x = input[0]->shape;
    char one[48], other[48];

    if (x.rank < 1 || !dsc_shape_equal(x, input[1]->shape) ||
        input[0]->batched != input[1]->batched)
        return dsc_fail(err, DESCENT_SHAPE,
                        "cosine_similarity needs two of the same shape, found %s and %s",
                        dsc_shape_text(x, one), dsc_shape_text(input[1]->shape, other));
    node->shape = x;
    node->shape.rank--;
    node->batched = input[0]->batched;
    return DESCENT_OK;
}

/* Of one pair of vectors. */
typedef struct pair {
    double product, x, t; /* x.t, |x| and |t|, at least eps */
    bool x_small, t_small;
} pair;

static pair measure(const real *x, const real *t, size_t n, double eps)
{
    pair p = {.product = dsc_dot(x, t, n)};

    p.x = sqrt(dsc_dot(x, x, n));
    p.t = sqrt(dsc_dot(t, t, n));
    p.x_small = p.x < eps;
    p.t_small = p.t < eps;
    p.x = p.x_small ? eps : p.x;
    p.t = p.t_small ? eps : p.t;
    return p;
}

static void forward(const dsc_call *c)
{
    const dsc_shape shape = c->from[0]->shape;
    const size_t n = (size_t)shape.size[shape.rank - 1], rows = elements(c, c->node);
    const real *x = c->x[0], *t = c->x[1];
    real *y = c->y;

    for (size_t r = 0; r < rows; r++) {
        const pair p = measure(x + r * n, t + r * n, n, c->node->attribute[0]);
        y[r] = (real)(p.product / (p.x * p.t));
    }
}

/* dx from the other vector t; `norm` of x, `product` of both norms */
static void slope(const real *x, const real *t, size_t n, double dy, double y, double norm,
                  double product, bool small, real *dx)
{
    const double along_t = dy / product, along_x = small ? (double)0 : dy * y / (norm * norm);

    for (size_t i = 0; i < n; i++)
        dx[i] = (real)(along_t * (double)t[i] - along_x * (double)x[i]);
}

static void backward(const dsc_call *c)
{
    const dsc_shape shape = c->from[0]->shape;
    const size_t n = (size_t)shape.size[shape.rank - 1], rows = elements(c, c->node);
    const real *dy = c->dy;

    for (size_t r = 0; r < rows; r++) {
        const real *x = (const real *)c->x[0] + r * n, *t = (const real *)c->x[1] + r * n;
        const pair p = measure(x, t, n, c->node->attribute[0]);
        const double product = p.x * p.t, y = p.product / product;
        if (c->dx[0])
            slope(x, t, n, (double)dy[r], y, p.x, product, p.x_small, (real *)c->dx[0] + r * n);
        if (c->dx[1])
            slope(t, x, n, (double)dy[r], y, p.t, product, p.t_small, (real *)c->dx[1] + r * n);
    }
}

const dsc_op DSC_R(dsc_op_cosine_similarity) = {
    .name = "cosine_similarity",
    .formula = "y = x.t / (|x| |t|)",
    .attribute = attributes,
    .n_attributes = 1,
    .n_inputs = 2,
    .flags = DSC_NEEDS_INPUT,
    .shape = shape,
    .forward = forward,
    .backward = backward,
};
