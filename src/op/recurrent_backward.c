/* recurrent_backward.c - recurrent ops: backward through time; see recurrent.h. */
#include "op/recurrent.h"

static void cell_step(const recurrent_work *w, size_t r, size_t t)
{
    const recurrent_sizes z = w->z;
    const size_t at = recurrent_at(z, r, t), n = z.units;
    const bool with_c = shows_c(w->call->node, w->cell);
    real *dh = w->h + r * n, *dc = w->c + r * n;
    bool shown;
    const size_t y_at = recurrent_shown(w, r, t, &shown);
    const real *dy = (const real *)w->call->dy + y_at;

    for (size_t i = 0; shown && i < n; i++)
        dh[i] += dy[i];
    for (size_t i = 0; shown && with_c && i < n; i++)
        dc[i] += dy[n + i];
    w->cell->backward(&(cell_backward){.units = n,
                                       .node = w->call->node,
                                       .gates = w->gates + at * z.wide,
                                       .extra = w->extra + at * n,
                                       .h_before = w->h_before + at * n,
                                       .c_before = w->c_before + at * n,
                                       .dh = dh,
                                       .dc = dc,
                                       .da = w->da + at * z.wide,
                                       .du = w->du + at * z.wide});
}

/* Some examples back through all steps; then dh and dc are those of the first state. */
static void backward_part(int part, void *user)
{
    const recurrent_work *w = user;
    const recurrent_sizes z = w->z;
    const size_t begin = part_begin(z.rows, w->parts, part, PRODUCT_UNIT);
    const size_t end = part_begin(z.rows, w->parts, part + 1, PRODUCT_UNIT);
    const dsc_matmul_shape uh = {.m = (int)(end - begin),
                                 .n = (int)z.units,
                                 .k = (int)z.wide,
                                 .add = true,
                                 .lda = (int)(z.row_step * z.wide),
                                 .ldb = (int)z.units,
                                 .ldc = (int)z.units};

    fill_rows(w->h + begin * z.units, NULL, end - begin, z.units);
    fill_rows(w->c + begin * z.units, NULL, end - begin, z.units);
    for (size_t t = z.steps; begin < end && t-- > 0;) {
        for (size_t r = begin; r < end; r++)
            cell_step(w, r, t);
        if (t > 0 || state_input(w->call->node) >= 0)
            w->call->kernels->matmul(&uh, w->du + recurrent_at(z, begin, t) * z.wide,
                                     w->call->x[W_HH], w->h + begin * z.units);
    }
}

/* dw <- d^T v, over all examples and steps. */
static void weight_gradient(const recurrent_work *w, const real *d, const real *v, size_t width,
                            real *dw)
{
    product(w->call,
            &(dsc_matmul_shape){.m = (int)w->z.wide,
                                .n = (int)width,
                                .k = (int)(w->z.rows * w->z.steps),
                                .transpose_a = true,
                                .lda = (int)w->z.wide,
                                .ldb = (int)width,
                                .ldc = (int)width},
            d, v, dw);
}

/* db <- sum of d over all examples and steps, in double. */
static void bias_gradient(const recurrent_work *w, const real *d, real *db)
{
    enum { COLUMNS = 64 };
    const size_t all = w->z.rows * w->z.steps, wide = w->z.wide;

    for (size_t first = 0; first < wide; first += COLUMNS) {
        const size_t n = wide - first < COLUMNS ? wide - first : COLUMNS;
        double sum[COLUMNS] = {0};
        for (size_t i = 0; i < all; i++)
            for (size_t j = 0; j < n; j++)
                sum[j] += (double)d[i * wide + first + j];
        for (size_t j = 0; j < n; j++)
            db[first + j] = (real)sum[j];
    }
}

void DSC_R(dsc_recurrent_backward)(const dsc_call *c, const recurrent_cell *cell)
{
    recurrent_work w = recurrent_open(c, cell);
    const recurrent_sizes z = w.z;
    const int bias = bias_input(c->node), state = state_input(c->node);

    for_parts(c, w.parts, backward_part, &w);
    if (c->dx[W_IH])
        weight_gradient(&w, w.da, c->x[X], z.in, c->dx[W_IH]);
    if (c->dx[W_HH])
        weight_gradient(&w, w.du, w.h_before, z.units, c->dx[W_HH]);
    if (bias >= 0 && c->dx[bias])
        bias_gradient(&w, w.da, c->dx[bias]);
    if (bias >= 0 && c->dx[bias + 1])
        bias_gradient(&w, w.du, c->dx[bias + 1]);
    if (state >= 0 && c->dx[state])
        memcpy(c->dx[state], w.h, z.rows * z.units * sizeof(real));
    if (state >= 0 && cell->has_c && c->dx[state + 1])
        memcpy(c->dx[state + 1], w.c, z.rows * z.units * sizeof(real));
    if (c->dx[X])
        product(c,
                &(dsc_matmul_shape){.m = (int)(z.rows * z.steps),
                                    .n = (int)z.in,
                                    .k = (int)z.wide,
                                    .lda = (int)z.wide,
                                    .ldb = (int)z.in,
                                    .ldc = (int)z.in},
                w.da, c->x[W_IH], c->dx[X]);
}
