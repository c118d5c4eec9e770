/* rms_norm.c - every row gets mean square 1 (Zhang & Sennrich 2019, arXiv:1910.07467).
 *
 *     y = h gain  with  h = x / sqrt(mean(x^2) + eps)
 *     dx = (d - h mean(d h)) / sqrt(mean(x^2) + eps)  with  d = dy gain
 *
 * Inputs: x (rows, ..., width) and gain (width) or none. Sums are double. */
#include "base/real.h"
#include "base/sums.h"
#include "op/norm.h"

enum { X, GAIN };
enum { EPS, N_ATTRIBUTES };
static const char *const attributes[N_ATTRIBUTES] = {"eps"};

static descent_status shape(dsc_node *node, const dsc_node *const *input, descent_error *err)
{
    DSC_TRY(inputs_within(node, "rms_norm", 1, 2, err));
    return norm_shape(node, input, "rms_norm", 1, 1, err);
}

static norm of_call(const dsc_call *c)
{
    return norm_of(c, 1, c->node->attribute[EPS]);
}

static void forward_part(int part, void *user)
{
    const norm *z = user;
    const size_t end = part_begin(z->rows, z->parts, part + 1, 1);
    real *keep = z->call->keep;

    for (size_t r = part_begin(z->rows, z->parts, part, 1); r < end; r++) {
        const real *x = (const real *)z->call->x[X] + r * z->width;
        real *y = (real *)z->call->y + r * z->width;
        const double square = dsc_sum_squares(x, 0.0, z->width) / (double)z->width;
        const real scale = keep[r] = (real)(1.0 / sqrt(square + z->eps));
        DSC_INDEPENDENT
        for (size_t j = 0; j < z->width; j++)
            y[j] = x[j] * scale * (z->gain ? z->gain[j] : 1);
    }
}

static void forward(const dsc_call *c)
{
    norm z = of_call(c);

    for_parts(c, z.parts, forward_part, &z);
}

/* Mean of d h. */
static real row_mean(const norm *z, const real *x, const real *dy, real scale)
{
    double lane[DSC_LANES] = {0};

    for (size_t i = 0; i < z->width; i += DSC_LANES) {
        const size_t n = z->width - i < DSC_LANES ? z->width - i : DSC_LANES;
        real v[DSC_LANES] = {0};
        for (size_t j = 0; j < n; j++)
            v[j] = (z->gain ? dy[i + j] * z->gain[i + j] : dy[i + j]) * (x[i + j] * scale);
        for (size_t j = 0; j < DSC_LANES; j++)
            lane[j] += (double)v[j];
    }
    return (real)(dsc_sum_lanes(lane) / (double)z->width);
}

/* dx may lie where dy does: it is written last. */
static void backward_part(int part, void *user)
{
    const norm *z = user;
    const dsc_call *c = z->call;
    const real *keep = c->keep;
    real *dgain = c->dx[GAIN] ? norm_partial(z, part, GAIN) : NULL;
    const size_t end = part_begin(z->rows, z->parts, part + 1, 1);

    if (dgain)
        memset(dgain, 0, z->width * sizeof *dgain);
    for (size_t r = part_begin(z->rows, z->parts, part, 1); r < end; r++) {
        const real *x = (const real *)c->x[X] + r * z->width;
        const real *dy = (const real *)c->dy + r * z->width;
        real *dx = c->dx[X] ? (real *)c->dx[X] + r * z->width : NULL;
        const real scale = keep[r], mean = row_mean(z, x, dy, scale);

        for (size_t j = 0; dgain && j < z->width; j++)
            dgain[j] += dy[j] * (x[j] * scale);
        if (!dx)
            continue;
        DSC_INDEPENDENT
        for (size_t j = 0; j < z->width; j++)
            dx[j] = scale * (dy[j] * (z->gain ? z->gain[j] : 1) - x[j] * scale * mean);
    }
}

static void backward(const dsc_call *c)
{
    norm z = of_call(c);

    for_parts(c, z.parts, backward_part, &z);
    norm_add_parts(&z, GAIN);
}

const dsc_op DSC_R(dsc_op_rms_norm) = {
    .name = "rms_norm",
    .formula = "y = x / sqrt(mean(x^2) + eps) gain",
    .attribute = attributes,
    .n_attributes = N_ATTRIBUTES,
    .n_inputs = -1,
    .flags = DSC_IN_PLACE | DSC_NEEDS_INPUT,
    .shape = shape,
    .forward = forward,
    .backward = backward,
};
