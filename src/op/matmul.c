/* matmul.c - products of matrices, the last two axes; the axes in front are broadcast.
 *
 *     a (..., m, k), b (..., k, n)  ->  y (..., m, n);      da = dy b^T,  db = a^T dy
 *
 * Summed over the repetitions where one of them was repeated. An array without a batch beside one
 * with is repeated too. Where b is one matrix, all matrices of a are the rows of one. */
#include "base/real.h"
#include "op/lines.h"

#include <limits.h>

static descent_status shape(dsc_node *node, const dsc_node *const *input, descent_error *err)
{
    const dsc_shape a = input[0]->shape, b = input[1]->shape;
    dsc_shape y = a.rank > b.rank ? a : b;
    char one[48], other[48];
    bool fits = a.rank >= 2 && b.rank >= 2 && a.size[a.rank - 1] == b.size[b.rank - 2];

    for (int i = 3; fits && i <= a.rank && i <= b.rank; i++) {
        const int p = a.size[a.rank - i], q = b.size[b.rank - i];
        fits = p == q || p == 1 || q == 1;
        y.size[y.rank - i] = p == 1 ? q : p;
    }
    if (!fits)
        return dsc_fail(err, DESCENT_SHAPE,
                        "matmul needs (..., m, k) and (..., k, n), found %s and %s",
                        dsc_shape_text(a, one), dsc_shape_text(b, other));
    y.size[y.rank - 2] = a.size[a.rank - 2];
    y.size[y.rank - 1] = b.size[b.rank - 1];
    node->shape = y;
    node->batched = input[0]->batched || input[1]->batched;
    return DESCENT_OK;
}

/* All products: `l` walks over the matrices of y, and in steps of matrices over those of a and b.
 */
typedef struct products {
    int m, n, k;
    lines l;
    size_t count, count_a, count_b; /* matrices in y, a and b */
} products;

static size_t matrices(const dsc_call *c, const dsc_node *node, size_t size[LINE_AXES])
{
    size_t count = 1;

    line_sizes(c, node->shape, node->batched, size);
    size[LINE_AXES - 1] = size[LINE_AXES - 2] = 1;
    for (int i = 0; i < LINE_AXES; i++)
        count *= size[i];
    return count;
}

static products of_call(const dsc_call *c)
{
    const dsc_shape a = c->from[0]->shape, y = c->node->shape;
    size_t size_y[LINE_AXES], size_a[LINE_AXES], size_b[LINE_AXES];
    products p = {.m = y.size[y.rank - 2], .n = y.size[y.rank - 1], .k = a.size[a.rank - 1]};

    p.count = matrices(c, c->node, size_y);
    p.count_a = matrices(c, c->from[0], size_a);
    p.count_b = matrices(c, c->from[1], size_b);
    p.l = lines_over(size_y, size_a, size_b);
    const bool fits = p.count <= (size_t)(INT_MAX / p.m); /* products take sizes as int */
    if (p.count_b == 1 && p.count_a == p.count && fits) { /* one matrix of many rows */
        p.m *= (int)p.count;
        p.count = p.count_a = 1;
        p.l = (lines){.rank = 1, .size = {1}, .length = 1, .count = 1};
    }
    return p;
}

/* Which matrix of a (0) or b (1) belongs to matrix i of y. */
static size_t partner(const products *p, int which, size_t i)
{
    return line_begin(&p->l, which, i / p->l.length) + line_step(&p->l, which) * (i % p->l.length);
}

typedef struct work {
    const dsc_call *call;
    const products *p;
    dsc_matmul_shape s;
    const real *left, *right;
    real *to;
    size_t step_left, step_right, step_to; /* numbers in a matrix */
    int of_left, of_right, of_to;          /* 0: walks like a, 1: like b, 2: like y */
    int parts;
} work;

static size_t at(const work *w, int of, size_t step, size_t i)
{
    return (of == 2 ? i : partner(w->p, of, i)) * step;
}

static void work_part(int part, void *user)
{
    const work *w = user;
    const size_t end = part_begin(w->p->count, w->parts, part + 1, 1);

    for (size_t i = part_begin(w->p->count, w->parts, part, 1); i < end; i++)
        w->call->kernels->matmul(&w->s, w->left + at(w, w->of_left, w->step_left, i),
                                 w->right + at(w, w->of_right, w->step_right, i),
                                 w->to + at(w, w->of_to, w->step_to, i));
}

/* Matrices that are written once are spread over the threads; those that gather a sum take their
 * products one after another, in the order of y, each with the threads to itself. */
static void run(work *w, size_t written)
{
    const double cost = 2.0 * w->s.m * w->s.n * w->s.k;

    if (w->p->count > 1 && written == w->p->count) {
        w->parts = parts_worth(cost * (double)w->p->count, 8e6);
        for_parts(w->call, w->parts, work_part, w);
        return;
    }
    if (written < w->p->count) {
        memset(w->to, 0, written * w->step_to * sizeof(real));
        w->s.add = true;
    }
    for (size_t i = 0; i < w->p->count; i++)
        product(w->call, &w->s, w->left + at(w, w->of_left, w->step_left, i),
                w->right + at(w, w->of_right, w->step_right, i),
                w->to + at(w, w->of_to, w->step_to, i));
}

static void forward(const dsc_call *c)
{
    const products p = of_call(c);
    const size_t m = (size_t)p.m, n = (size_t)p.n, k = (size_t)p.k;
    work w = {.call = c,
              .p = &p,
              .s = {.m = p.m, .n = p.n, .k = p.k, .lda = p.k, .ldb = p.n, .ldc = p.n},
              .left = c->x[0],
              .right = c->x[1],
              .to = c->y,
              .step_left = m * k,
              .step_right = k * n,
              .step_to = m * n,
              .of_left = 0,
              .of_right = 1,
              .of_to = 2};

    run(&w, p.count);
}

static void backward(const dsc_call *c)
{
    const products p = of_call(c);
    const size_t m = (size_t)p.m, n = (size_t)p.n, k = (size_t)p.k;
    work da = {
        .call = c,
        .p = &p,
        .s =
            {.m = p.m, .n = p.k, .k = p.n, .transpose_b = true, .lda = p.n, .ldb = p.n, .ldc = p.k},
        .left = c->dy,
        .right = c->x[1],
        .to = c->dx[0],
        .step_left = m * n,
        .step_right = k * n,
        .step_to = m * k,
        .of_left = 2,
        .of_right = 1,
        .of_to = 0};
    work db = {
        .call = c,
        .p = &p,
        .s =
            {.m = p.k, .n = p.n, .k = p.m, .transpose_a = true, .lda = p.k, .ldb = p.n, .ldc = p.n},
        .left = c->x[0],
        .right = c->dy,
        .to = c->dx[1],
        .step_left = m * k,
        .step_right = m * n,
        .step_to = k * n,
        .of_left = 0,
        .of_right = 2,
        .of_to = 1};

    if (da.to)
        run(&da, p.count_a);
    if (db.to)
        run(&db, p.count_b);
}

const dsc_op DSC_R(dsc_op_matmul) = {
    .name = "matmul",
    .formula = "y = a b",
    .n_inputs = 2,
    .flags = DSC_NEEDS_INPUT,
    .shape = shape,
    .forward = forward,
    .backward = backward,
};
