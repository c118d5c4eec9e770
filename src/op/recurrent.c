/* recurrent.c - recurrent ops: their shapes, and forward through time; see recurrent.h. */
#include "op/recurrent.h"

#include "base/memory.h"

#include <limits.h>

static descent_status check_weights(const dsc_node *node, const dsc_node *const *input,
                                    const recurrent_cell *cell, int in, descent_error *err)
{
    const dsc_shape ih = input[W_IH]->shape, hh = input[W_HH]->shape;
    const char *name = node->op->name;
    char found[48], other[48];

    if (hh.rank != 2 || hh.size[0] != cell->gates * hh.size[1] || ih.rank != 2 ||
        ih.size[0] != hh.size[0] || ih.size[1] != in)
        return dsc_fail(err, DESCENT_SHAPE,
                        "%s: %d numbers a step need weights of %d units x %d and %d units x units, "
                        "found %s and %s",
                        name, in, cell->gates, in, cell->gates, dsc_shape_text(ih, found),
                        dsc_shape_text(hh, other));
    const int bias = bias_input(node), state = state_input(node);
    for (int i = bias; bias >= 0 && i < bias + 2; i++)
        if (input[i]->shape.rank != 1 || input[i]->shape.size[0] != hh.size[0])
            return dsc_fail(err, DESCENT_SHAPE, "%s needs biases of %d numbers, found %s", name,
                            hh.size[0], dsc_shape_text(input[i]->shape, found));
    dsc_shape first = {.rank = 1, .size = {hh.size[1]}};
    if (!input[X]->batched)
        first = (dsc_shape){.rank = 2, .size = {input[X]->shape.size[1], hh.size[1]}};
    for (int i = state; state >= 0 && i < node->n_inputs; i++)
        if (input[i]->batched != input[X]->batched)
            return dsc_fail(err, DESCENT_SHAPE, "%s needs a first state for every example", name);
        else if (!dsc_shape_equal(input[i]->shape, first))
            return dsc_fail(err, DESCENT_SHAPE, "%s needs a first state of shape %s, found %s",
                            name, dsc_shape_text(first, other),
                            dsc_shape_text(input[i]->shape, found));
    return DESCENT_OK;
}

descent_status DSC_R(dsc_recurrent_shape)(dsc_node *node, const dsc_node *const *input,
                                          const recurrent_cell *cell, descent_error *err)
{
    const dsc_shape x = input[X]->shape;
    const bool batched = input[X]->batched;
    char found[48];

    if (node->n_inputs != recurrent_inputs(node, cell))
        return dsc_fail(err, DESCENT_SHAPE, "%s takes %d inputs here, found %d", node->op->name,
                        recurrent_inputs(node, cell), node->n_inputs);
    if (batched ? x.rank < 1 || x.rank > 2 : x.rank != 3)
        return dsc_fail(err, DESCENT_SHAPE, "%s needs a sequence (steps x numbers), found %s",
                        node->op->name, dsc_shape_words(x, found));
    DSC_TRY(check_weights(node, input, cell, recurrent_numbers(x), err));
    node->batched = batched;
    const recurrent_sizes z =
        recurrent_sizes_of(node, input[X], input[W_HH], (size_t)node->max_rows);
    const size_t all = z.rows * z.steps;
    if (all > INT_MAX || z.steps > INT_MAX / z.wide) /* products take sizes as int */
        return dsc_fail(err, DESCENT_SHAPE,
                        "%s: %zu steps of %zu examples are too many for %zu units", node->op->name,
                        z.steps, z.rows, z.units);
    node->shape = x;
    node->shape.rank = batched ? 2 : 3;
    node->shape.size[node->shape.rank - 1] = (int)z.units * (shows_c(node, cell) ? 2 : 1);
    if (node->attribute[LAST] != 0) { /* the axis of steps goes */
        node->shape.rank--;
        for (int i = 0; i < node->shape.rank; i++)
            node->shape.size[i] = node->shape.size[i + 1];
    }
    node->keep_bytes =
        all * (z.wide + z.units * (size_t)(1 + cell->has_c + cell->has_extra)) * sizeof(real);
    node->scratch_bytes =
        (z.rows * (z.wide + 2 * z.units) + all * z.wide * (size_t)(1 + cell->own_du)) *
        sizeof(real);
    return DESCENT_OK;
}

/* What a cached run remembers: h and c after every place (places, 2, rows, units). */
descent_status DSC_R(dsc_recurrent_prepare)(const dsc_call *c, bool gradients, void **plan,
                                            descent_error *err)
{
    const size_t places = (size_t)c->node->attribute[CACHED];
    const size_t n = 2 * (size_t)c->node->max_rows * (size_t)c->from[W_HH]->shape.size[1];

    (void)gradients;
    *plan = NULL;
    if (places == 0)
        return DESCENT_OK;
    *plan = dsc_alloc(places, n * sizeof(real));
    return *plan ? DESCENT_OK
                 : dsc_fail(err, DESCENT_NOMEM, "out of memory for %zu states of %zu numbers",
                            places, n);
}

void DSC_R(dsc_recurrent_release)(void *plan)
{
    dsc_free(plan);
}

/* h of example r after a place; c lies behind the h of all. */
static real *remembered(const recurrent_work *w, int place, size_t r, bool c)
{
    const size_t rows = (size_t)w->call->node->max_rows;

    return (real *)w->call->plan + (((size_t)place * 2 + c) * rows + r) * w->z.units;
}

static void remember(const recurrent_work *w, size_t t, size_t r, const real *h, const real *c)
{
    const int place = w->call->pass->past + (int)t;

    if (!w->call->plan || place >= (int)w->call->node->attribute[CACHED])
        return;
    memcpy(remembered(w, place, r, false), h, w->z.units * sizeof *h);
    if (w->cell->has_c)
        memcpy(remembered(w, place, r, true), c, w->z.units * sizeof *c);
}

/* a of all steps: x w_ih^T + b_ih. */
static void input_product(const recurrent_work *w)
{
    const dsc_call *c = w->call;
    const recurrent_sizes z = w->z;
    const int bias = bias_input(c->node);

    if (bias >= 0)
        fill_rows(w->gates, c->x[bias], z.rows * z.steps, z.wide);
    product(c,
            &(dsc_matmul_shape){.m = (int)(z.rows * z.steps),
                                .n = (int)z.wide,
                                .k = (int)z.in,
                                .transpose_b = true,
                                .add = bias >= 0,
                                .lda = (int)z.in,
                                .ldb = (int)z.in,
                                .ldc = (int)z.wide},
            c->x[X], c->x[W_IH], w->gates);
}

/* One example at step t: the cell, and its h and c where they are read. */
static void cell_step(const recurrent_work *w, size_t r, size_t t)
{
    const recurrent_sizes z = w->z;
    const size_t at = recurrent_at(z, r, t), n = z.units;
    real *h = w->h + r * n, *c = w->c + r * n;
    bool shown;
    const size_t y_at = recurrent_shown(w, r, t, &shown);
    real *y = (real *)w->call->y + y_at;

    w->cell->forward(&(cell_forward){.units = n,
                                     .node = w->call->node,
                                     .gates = w->gates + at * z.wide,
                                     .u = w->u + r * z.wide,
                                     .h_before = w->h_before + at * n,
                                     .c_before = w->c_before + at * n,
                                     .h = h,
                                     .c = c,
                                     .extra = w->extra + at * n});
    if (t + 1 < z.steps) {
        const size_t next = recurrent_at(z, r, t + 1);
        memcpy(w->h_before + next * n, h, n * sizeof *h);
        if (w->cell->has_c)
            memcpy(w->c_before + next * n, c, n * sizeof *c);
    }
    remember(w, t, r, h, c);
    if (shown) {
        memcpy(y, h, n * sizeof *h);
        if (shows_c(w->call->node, w->cell))
            memcpy(y + n, c, n * sizeof *c);
    }
}

/* The first state of an example: given, remembered, or zeros. */
static void begin_example(const recurrent_work *w, size_t r)
{
    const int state = state_input(w->call->node);
    const size_t n = w->z.units, at = recurrent_at(w->z, r, 0);
    const real *h = NULL, *c = NULL;

    if (state >= 0) {
        h = (const real *)w->call->x[state] + r * n;
        c = w->cell->has_c ? (const real *)w->call->x[state + 1] + r * n : NULL;
    } else if (w->call->plan && w->call->pass->past > 0) {
        h = remembered(w, w->call->pass->past - 1, r, false);
        c = remembered(w, w->call->pass->past - 1, r, true);
    }
    fill_rows(w->h_before + at * n, h, 1, n);
    fill_rows(w->h + r * n, h, 1, n);
    if (w->cell->has_c)
        fill_rows(w->c_before + at * n, c, 1, n);
}

/* Some examples through all steps. */
static void forward_part(int part, void *user)
{
    const recurrent_work *w = user;
    const recurrent_sizes z = w->z;
    const int bias = bias_input(w->call->node);
    const size_t begin = part_begin(z.rows, w->parts, part, PRODUCT_UNIT);
    const size_t end = part_begin(z.rows, w->parts, part + 1, PRODUCT_UNIT);
    const dsc_matmul_shape hu = {.m = (int)(end - begin),
                                 .n = (int)z.wide,
                                 .k = (int)z.units,
                                 .transpose_b = true,
                                 .add = bias >= 0,
                                 .lda = (int)z.units,
                                 .ldb = (int)z.units,
                                 .ldc = (int)z.wide};

    for (size_t r = begin; r < end; r++)
        begin_example(w, r);
    for (size_t t = 0; begin < end && t < z.steps; t++) {
        if (bias >= 0)
            fill_rows(w->u + begin * z.wide, w->call->x[bias + 1], end - begin, z.wide);
        w->call->kernels->matmul(&hu, w->h + begin * z.units, w->call->x[W_HH],
                                 w->u + begin * z.wide);
        for (size_t r = begin; r < end; r++)
            cell_step(w, r, t);
    }
}

void DSC_R(dsc_recurrent_forward)(const dsc_call *c, const recurrent_cell *cell)
{
    recurrent_work w = recurrent_open(c, cell);

    input_product(&w);
    for_parts(c, w.parts, forward_part, &w);
}
