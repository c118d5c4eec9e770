/* batch_norm.c - every channel gets mean 0 and deviation 1 over the examples of the shard.
 *
 *     y = (x - mean) / sqrt(var + eps) weight + bias
 *
 * Inputs: x (rows, channels, ...), the buffers running mean and running variance (channels), then
 * weight and bias (channels) or neither. Training uses the shard's own mean and variance and hands
 * mean and unbiased variance to the buffers; otherwise the buffers are used (Ioffe & Szegedy 2015,
 * arXiv:1502.03167; with several shards as in Hoffer et al. 2017, arXiv:1705.08741). Sums are
 * double, so that large batches lose nothing. */
#include "base/real.h"
#include "op/elements.h"

enum { X, MEAN, VARIANCE, WEIGHT, BIAS };
enum { EPS, N_ATTRIBUTES };
static const char *const attributes[N_ATTRIBUTES] = {"eps"};

static descent_status shape(dsc_node *node, const dsc_node *const *input, descent_error *err)
{
    DSC_TRY(inputs_within(node, "batch_norm", 3, 5, err));
    const dsc_shape x = input[X]->shape;
    char found[48];

    if (x.rank < 1 || !input[X]->batched)
        return dsc_fail(err, DESCENT_SHAPE, "batch_norm needs channels, found %s",
                        dsc_shape_text(x, found));
    for (int i = 1; i < node->n_inputs; i++)
        if (input[i]->shape.rank != 1 || input[i]->shape.size[0] != x.size[0])
            return dsc_fail(err, DESCENT_SHAPE,
                            "batch_norm: %d channels need %d numbers each, found %s", x.size[0],
                            x.size[0], dsc_shape_text(input[i]->shape, found));
    if (node->max_rows == 1 && dsc_shape_count(x) == (size_t)x.size[0])
        return dsc_fail(err, DESCENT_SHAPE,
                        "batch_norm needs at least 2 examples in a shard to take their mean, found "
                        "1; use a larger batch");
    node->shape = x;
    node->batched = true;
    node->keep_bytes = 2 * (size_t)x.size[0] * sizeof(real);
    return DESCENT_OK;
}

/* Sizes of one pass: x is (rows, channels, inner). */
typedef struct sizes {
    size_t rows, channels, inner, count; /* count = rows * inner: numbers in a channel */
} sizes;

static sizes of_call(const dsc_call *c)
{
    sizes z = {.rows = (size_t)c->pass->rows, .channels = (size_t)c->node->shape.size[0]};

    z.inner = dsc_shape_count(c->node->shape) / z.channels;
    z.count = z.rows * z.inner;
    return z;
}

/* One number has no deviation: a last batch of one example is normalized like a test example. */
static bool uses_own_statistics(const dsc_call *c, sizes z)
{
    return c->pass->training && z.count > 1;
}

static void channel_statistics(const real *x, sizes z, size_t channel, double *mean,
                               double *squares)
{
    double sum = 0;

    for (size_t r = 0; r < z.rows; r++)
        for (size_t i = 0; i < z.inner; i++)
            sum += (double)x[(r * z.channels + channel) * z.inner + i];
    *mean = sum / (double)z.count;
    *squares = 0;
    for (size_t r = 0; r < z.rows; r++)
        for (size_t i = 0; i < z.inner; i++) {
            const double d = (double)x[(r * z.channels + channel) * z.inner + i] - *mean;
            *squares += d * d;
        }
}

/* keep <- mean and 1 / deviation of every channel; training hands the statistics on. */
static void prepare(const dsc_call *c, sizes z)
{
    const double eps = c->node->attribute[EPS];
    real *mean = c->keep, *inverse = mean + z.channels;

    for (size_t channel = 0; channel < z.channels; channel++) {
        const real running = ((const real *)c->x[VARIANCE])[channel];
        double m, squares;
        if (!uses_own_statistics(c, z)) {
            mean[channel] = ((const real *)c->x[MEAN])[channel];
            inverse[channel] = (real)(1.0 / sqrt((double)running + eps));
            if (c->new_x[MEAN]) /* training: the running statistics stay what they are */
                ((real *)c->new_x[MEAN])[channel] = mean[channel];
            if (c->new_x[VARIANCE])
                ((real *)c->new_x[VARIANCE])[channel] = running;
            continue;
        }
        channel_statistics(c->x[X], z, channel, &m, &squares);
        mean[channel] = (real)m;
        inverse[channel] = (real)(1.0 / sqrt(squares / (double)z.count + eps));
        if (c->new_x[MEAN])
            ((real *)c->new_x[MEAN])[channel] = (real)m;
        if (c->new_x[VARIANCE])
            ((real *)c->new_x[VARIANCE])[channel] = (real)(squares / (double)(z.count - 1));
    }
}

static void forward(const dsc_call *c)
{
    const sizes z = of_call(c);
    const real *x = c->x[X], *mean = c->keep, *inverse = mean + z.channels;
    const real *weight = c->node->n_inputs > WEIGHT ? c->x[WEIGHT] : NULL;
    const real *bias = c->node->n_inputs > BIAS ? c->x[BIAS] : NULL;
    real *y = c->y;

    prepare(c, z);
    for (size_t r = 0; r < z.rows; r++)
        for (size_t channel = 0; channel < z.channels; channel++) {
            const real scale = inverse[channel] * (weight ? weight[channel] : 1);
            const real shift = bias ? bias[channel] : 0, m = mean[channel];
            for (size_t i = 0; i < z.inner; i++)
                y[i] = (x[i] - m) * scale + shift;
            x += z.inner;
            y += z.inner;
        }
}

/* The two sums that backward needs of a channel: of dy, and of dy times normalized x. */
static void channel_sums(const dsc_call *c, sizes z, size_t channel, double *dy_sum,
                         double *dy_x_sum)
{
    const real *mean = c->keep, *inverse = mean + z.channels;
    const double m = (double)mean[channel], scale = (double)inverse[channel];

    *dy_sum = *dy_x_sum = 0;
    for (size_t r = 0; r < z.rows; r++) {
        const size_t at = (r * z.channels + channel) * z.inner;
        const real *x = (const real *)c->x[X] + at, *dy = (const real *)c->dy + at;
        for (size_t i = 0; i < z.inner; i++) {
            *dy_sum += (double)dy[i];
            *dy_x_sum += (double)dy[i] * (((double)x[i] - m) * scale);
        }
    }
}

/* dx = weight inverse (dy - mean of dy - x^ mean of (dy x^)), x^ the normalized x; without the two
 * means when the statistics were not the batch's own. */
static void channel_dx(const dsc_call *c, sizes z, size_t channel, double dy_sum, double dy_x_sum)
{
    const real *mean = c->keep, *inverse = mean + z.channels;
    const real *weight = c->node->n_inputs > WEIGHT ? c->x[WEIGHT] : NULL;
    const bool own = uses_own_statistics(c, z);
    const real dy_mean = own ? (real)(dy_sum / (double)z.count) : 0;
    const real slope = own ? (real)(dy_x_sum / (double)z.count) * inverse[channel] : 0;
    const real scale = inverse[channel] * (weight ? weight[channel] : 1), m = mean[channel];

    for (size_t r = 0; r < z.rows; r++) {
        const size_t at = (r * z.channels + channel) * z.inner;
        const real *x = (const real *)c->x[X] + at, *dy = (const real *)c->dy + at;
        real *dx = (real *)c->dx[X] + at;
        for (size_t i = 0; i < z.inner; i++)
            dx[i] = scale * (dy[i] - dy_mean - (x[i] - m) * slope);
    }
}

static void backward(const dsc_call *c)
{
    const sizes z = of_call(c);
    real *dweight = c->node->n_inputs > WEIGHT ? c->dx[WEIGHT] : NULL;
    real *dbias = c->node->n_inputs > BIAS ? c->dx[BIAS] : NULL;

    for (size_t channel = 0; channel < z.channels; channel++) {
        double dy_sum, dy_x_sum;
        channel_sums(c, z, channel, &dy_sum, &dy_x_sum);
        if (dweight)
            dweight[channel] = (real)dy_x_sum;
        if (dbias)
            dbias[channel] = (real)dy_sum;
        if (c->dx[X])
            channel_dx(c, z, channel, dy_sum, dy_x_sum);
    }
}

const dsc_op DSC_R(dsc_op_batch_norm) = {
    .name = "batch_norm",
    .formula = "y = (x - mean) / sqrt(var + eps) weight + bias",
    .attribute = attributes,
    .n_attributes = N_ATTRIBUTES,
    .n_inputs = -1,
    .flags = DSC_NEEDS_INPUT,
    .shape = shape,
    .forward = forward,
    .backward = backward,
};
