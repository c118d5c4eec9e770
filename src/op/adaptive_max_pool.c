/* adaptive_max_pool.c - the largest of each cell when a picture is divided into out_h x out_w of
 * them; dy goes back to where it stood, the first of equal ones. NaN wins over everything. */
#include "op/adaptive.h"

static descent_status shape(dsc_node *node, const dsc_node *const *input, descent_error *err)
{
    DSC_TRY(adaptive_shape("adaptive_max_pool", node, input, err));
    node->keep_bytes = (size_t)node->max_rows * dsc_shape_count(node->shape) * sizeof(int32_t);
    return DESCENT_OK;
}

/* Where the largest of cell (oy, ox) stands in the plane x. */
static int32_t largest(const real *x, planes p, planes out, int oy, int ox)
{
    const int bottom = cell_end(oy, p.height, out.height);
    const int right = cell_end(ox, p.width, out.width);
    int32_t best = -1;

    for (int r = cell_begin(oy, p.height, out.height); r < bottom; r++)
        for (int k = cell_begin(ox, p.width, out.width); k < right; k++) {
            const int32_t at = r * p.width + k;
            if (best < 0 || x[at] > x[best] || (isnan(x[at]) && !isnan(x[best])))
                best = at;
        }
    return best;
}

static void forward(const dsc_call *c)
{
    const planes p = planes_of(c->from[0]->shape), out = planes_of(c->node->shape);
    const real *x = c->x[0];
    int32_t *at = c->keep;
    real *y = c->y;

    for (size_t i = 0; i < (size_t)c->pass->rows * (size_t)p.channels; i++, x += plane_area(p))
        for (int oy = 0; oy < out.height; oy++)
            for (int ox = 0; ox < out.width; ox++) {
                *at = largest(x, p, out, oy, ox);
                *y++ = x[*at++];
            }
}

static void backward(const dsc_call *c)
{
    const planes p = planes_of(c->from[0]->shape), out = planes_of(c->node->shape);
    const int32_t *at = c->keep;
    const real *dy = c->dy;
    real *dx = c->dx[0];

    memset(dx, 0, elements(c, c->from[0]) * sizeof *dx);
    for (size_t i = 0; i < (size_t)c->pass->rows * (size_t)p.channels; i++, dx += plane_area(p))
        for (size_t o = 0; o < plane_area(out); o++)
            dx[*at++] += *dy++;
}

const dsc_op DSC_R(dsc_op_adaptive_max_pool) = {
    .name = "adaptive_max_pool",
    .formula = "y = max of each cell of x",
    .attribute = adaptive_attributes,
    .n_attributes = N_ATTRIBUTES,
    .n_inputs = 1,
    .shape = shape,
    .forward = forward,
    .backward = backward,
};
