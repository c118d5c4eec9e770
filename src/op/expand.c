/* expand.c - an array repeated to a larger shape (NumPy's broadcast_to): axes of 1, and new ones in
 * front. dx sums dy over the repetitions, in double. */
#include "base/real.h"
#include "op/lines.h"

static const char *const attributes[] = {"rank", "size0", "size1", "size2", "size3"};

static descent_status shape(dsc_node *node, const dsc_node *const *input, descent_error *err)
{
    const double *a = node->attribute;
    const dsc_shape x = input[0]->shape;
    dsc_shape y = {.rank = a[0] >= x.rank && a[0] <= DSC_MAX_RANK ? (int)a[0] : -1};
    char found[48], wanted[48] = "a shape that is none";
    bool fits;

    for (int i = 0; i < y.rank; i++)
        y.size[i] = a[i + 1] >= 1 && a[i + 1] <= INT32_MAX ? (int)a[i + 1] : 0;
    fits = dsc_shape_valid(y);
    for (int i = 1; fits && i <= x.rank; i++)
        fits = x.size[x.rank - i] == 1 || x.size[x.rank - i] == y.size[y.rank - i];
    if (!fits)
        return dsc_fail(err, DESCENT_SHAPE, "expand: %s cannot be repeated to %s",
                        dsc_shape_text(x, found), y.rank < 0 ? wanted : dsc_shape_text(y, wanted));
    node->shape = y;
    node->batched = input[0]->batched;
    node->scratch_bytes =
        dsc_shape_count(x) * (size_t)(node->batched ? node->max_rows : 1) * sizeof(double);
    return DESCENT_OK;
}

/* The walk through y, in array 0, and x, in array 1. */
static lines walk(const dsc_call *c)
{
    size_t y[LINE_AXES], x[LINE_AXES];

    line_sizes(c, c->node->shape, c->node->batched, y);
    line_sizes(c, c->from[0]->shape, c->from[0]->batched, x);
    return lines_over(y, y, x);
}

static void forward(const dsc_call *c)
{
    const lines l = walk(c);
    real *y = c->y;

    for (size_t i = 0; i < l.count; i++, y += l.length) {
        const real *x = (const real *)c->x[0] + line_begin(&l, 1, i);
        if (line_step(&l, 1))
            memcpy(y, x, l.length * sizeof *y);
        else
            for (size_t j = 0; j < l.length; j++)
                y[j] = *x;
    }
}

static void backward(const dsc_call *c)
{
    const lines l = walk(c);
    const size_t n = elements(c, c->from[0]);
    const real *dy = c->dy;
    double *sum = c->scratch;

    memset(sum, 0, n * sizeof *sum);
    for (size_t i = 0; i < l.count; i++)
        line_add(sum + line_begin(&l, 1, i), line_step(&l, 1), dy + i * l.length, l.length);
    line_store(sum, c->dx[0], n);
}

const dsc_op DSC_R(dsc_op_expand) = {
    .name = "expand",
    .formula = "y = x, repeated",
    .attribute = attributes,
    .n_attributes = sizeof attributes / sizeof *attributes,
    .n_inputs = 1,
    .shape = shape,
    .forward = forward,
    .backward = backward,
};
