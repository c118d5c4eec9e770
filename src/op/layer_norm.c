/* layer_norm.c - every row gets mean 0 and deviation 1 (Ba et al. 2016, arXiv:1607.06450).
 *
 *     y = h gain + bias  with  h = (x - mean) / sqrt(var + eps)
 *     dx = (d - mean(d) - h mean(d h)) / sqrt(var + eps)  with  d = dy gain
 *
 * Inputs: x (rows, ...), then gain, or gain and bias, of the last axes of x, which are normalized
 * together; without them the last `axes` are. Sums are double. */
#include "base/real.h"
#include "base/sums.h"
#include "op/norm.h"

enum { X, GAIN, BIAS };
enum { EPS, AXES, N_ATTRIBUTES };
static const char *const attributes[N_ATTRIBUTES] = {"eps", "axes"};

static descent_status shape(dsc_node *node, const dsc_node *const *input, descent_error *err)
{
    DSC_TRY(inputs_within(node, "layer_norm", 1, 3, err));
    return norm_shape(node, input, "layer_norm", (int)node->attribute[AXES], 2, err);
}

static norm of_call(const dsc_call *c)
{
    return norm_of(c, (int)c->node->attribute[AXES], c->node->attribute[EPS]);
}

static void forward_row(const norm *z, const real *x, real *keep, real *y)
{
    const double n = (double)z->width, mean = dsc_sum(x, z->width) / n;
    const double var = dsc_sum_squares(x, mean, z->width) / n;
    const real m = (real)mean, scale = (real)(1.0 / sqrt(var + z->eps));
    const real *gain = z->gain, *bias = z->bias;

    keep[0] = m;
    keep[1] = scale;
    if (gain && bias) {
        DSC_INDEPENDENT
        for (size_t j = 0; j < z->width; j++)
            y[j] = (x[j] - m) * scale * gain[j] + bias[j];
        return;
    }
    DSC_INDEPENDENT
    for (size_t j = 0; j < z->width; j++)
        y[j] = (x[j] - m) * scale * (gain ? gain[j] : 1);
}

static void forward_part(int part, void *user)
{
    const norm *z = user;
    const real *x = z->call->x[X];
    real *keep = z->call->keep, *y = z->call->y;
    const size_t end = part_begin(z->rows, z->parts, part + 1, 1);

    for (size_t r = part_begin(z->rows, z->parts, part, 1); r < end; r++)
        forward_row(z, x + r * z->width, keep + 2 * r, y + r * z->width);
}

static void forward(const dsc_call *c)
{
    norm z = of_call(c);

    for_parts(c, z.parts, forward_part, &z);
}

/* Adds one row to the part's sums for gain and bias. */
static void add_row(size_t n, const real *restrict x, const real *restrict dy, real mean,
                    real scale, real *restrict dgain, real *restrict dbias)
{
    for (size_t j = 0; dgain && j < n; j++)
        dgain[j] += dy[j] * ((x[j] - mean) * scale);
    for (size_t j = 0; dbias && j < n; j++)
        dbias[j] += dy[j];
}

/* Means of d and d h. */
static void row_means(const norm *z, const real *x, const real *dy, real mean, real scale,
                      real *mean_d, real *mean_dh)
{
    double d[DSC_LANES] = {0}, dh[DSC_LANES] = {0};

    for (size_t i = 0; i < z->width; i += DSC_LANES) {
        const size_t n = z->width - i < DSC_LANES ? z->width - i : DSC_LANES;
        real v[DSC_LANES] = {0}, h[DSC_LANES] = {0};
        for (size_t j = 0; j < n; j++) {
            v[j] = z->gain ? dy[i + j] * z->gain[i + j] : dy[i + j];
            h[j] = (x[i + j] - mean) * scale;
        }
        for (size_t j = 0; j < DSC_LANES; j++) {
            d[j] += (double)v[j];
            dh[j] += (double)(v[j] * h[j]);
        }
    }
    *mean_d = (real)(dsc_sum_lanes(d) / (double)z->width);
    *mean_dh = (real)(dsc_sum_lanes(dh) / (double)z->width);
}

/* dx may lie where dy does: it is written last. */
static void backward_row(const norm *z, const real *x, const real *dy, real mean, real scale,
                         real *dx)
{
    const real *gain = z->gain;
    real mean_d, mean_dh;

    row_means(z, x, dy, mean, scale, &mean_d, &mean_dh);
    if (gain) {
        DSC_INDEPENDENT
        for (size_t j = 0; j < z->width; j++)
            dx[j] = scale * (dy[j] * gain[j] - mean_d - (x[j] - mean) * scale * mean_dh);
        return;
    }
    DSC_INDEPENDENT
    for (size_t j = 0; j < z->width; j++)
        dx[j] = scale * (dy[j] - mean_d - (x[j] - mean) * scale * mean_dh);
}

static void backward_part(int part, void *user)
{
    const norm *z = user;
    const dsc_call *c = z->call;
    const real *x = c->x[X], *dy = c->dy, *keep = c->keep;
    real *dx = c->dx[X];
    real *dgain = c->dx[GAIN] ? norm_partial(z, part, GAIN) : NULL;
    real *dbias = c->dx[BIAS] ? norm_partial(z, part, BIAS) : NULL;
    const size_t end = part_begin(z->rows, z->parts, part + 1, 1);

    if (dgain)
        memset(dgain, 0, z->width * sizeof *dgain);
    if (dbias)
        memset(dbias, 0, z->width * sizeof *dbias);
    for (size_t r = part_begin(z->rows, z->parts, part, 1); r < end; r++) {
        const size_t at = r * z->width;
        const real mean = keep[2 * r], scale = keep[2 * r + 1];
        add_row(z->width, x + at, dy + at, mean, scale, dgain, dbias);
        if (dx)
            backward_row(z, x + at, dy + at, mean, scale, dx + at);
    }
}

static void backward(const dsc_call *c)
{
    norm z = of_call(c);

    for_parts(c, z.parts, backward_part, &z);
    norm_add_parts(&z, GAIN);
    norm_add_parts(&z, BIAS);
}

const dsc_op DSC_R(dsc_op_layer_norm) = {
    .name = "layer_norm",
    .formula = "y = (x - mean) / sqrt(var + eps) gain + bias",
    .attribute = attributes,
    .n_attributes = N_ATTRIBUTES,
    .n_inputs = -1,
    .flags = DSC_IN_PLACE | DSC_NEEDS_INPUT,
    .shape = shape,
    .forward = forward,
    .backward = backward,
};
