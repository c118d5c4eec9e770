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
#include "op/channel_sums.h"
#include "op/elements.h"
#include "op/parts.h"

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
    node->scratch_bytes = (size_t)x.size[0] * (2 * sizeof(double) + 3 * sizeof(real));
    return DESCENT_OK;
}

static sizes of_call(const dsc_call *c)
{
    sizes z = {.rows = (size_t)c->pass->rows, .channels = (size_t)c->node->shape.size[0]};

    z.inner = dsc_shape_count(c->node->shape) / z.channels;
    z.count = z.rows * z.inner;
    return z;
}

/* One number has no deviation: a last batch of one example is normalized like a test example. */
static bool uses_own_statistics(const dsc_call *c, const sizes *z)
{
    return c->pass->training && z->count > 1;
}

/* --- work on some of the channels ------------------------------------------------------------- */

/* What a part does for channels [begin, end). */
typedef struct channel_work {
    const dsc_call *call;
    sizes z;
    int parts;
    void (*work)(const dsc_call *c, const sizes *z, size_t begin, size_t end);
} channel_work;

/* Channels that stand side by side are taken in whole vectors; others in blocks of about NUMBERS,
 * which stay in the second cache from the first pass over them to the last. */
enum { CHANNELS_UNIT = 16, NUMBERS = 1 << 15 };

static void channels_of_part(int part, void *user)
{
    const channel_work *w = user;
    const sizes *z = &w->z;
    const size_t unit = z->inner == 1 ? CHANNELS_UNIT : 1;
    const size_t end = part_begin(z->channels, w->parts, part + 1, unit);
    const size_t block = z->inner == 1 ? z->channels : (NUMBERS + z->count - 1) / z->count;

    for (size_t k = part_begin(z->channels, w->parts, part, unit); k < end; k += block)
        w->work(w->call, z, k, k + block < end ? k + block : end);
}

static void for_channels(const dsc_call *c,
                         void (*work)(const dsc_call *c, const sizes *z, size_t begin, size_t end))
{
    channel_work w = {.call = c, .z = of_call(c), .work = work};

    w.parts = parts_worth((double)w.z.count * (double)w.z.channels, 3e4);
    for_parts(c, w.parts, channels_of_part, &w);
}

/* The scratch: two sums and three factors a channel. */
static double *sums(const dsc_call *c, const sizes *z, size_t which)
{
    return (double *)c->scratch + which * z->channels;
}

static real *factors(const dsc_call *c, const sizes *z, size_t which)
{
    return (real *)((double *)c->scratch + 2 * z->channels) + which * z->channels;
}

/* --- forward ---------------------------------------------------------------------------------- */

/* keep <- mean and 1 / deviation of the shard; the statistics are handed on. */
static void own_statistics(const dsc_call *c, const sizes *z, size_t begin, size_t end)
{
    real *mean = c->keep, *inverse = mean + z->channels;
    real *new_mean = c->new_x[MEAN], *new_variance = c->new_x[VARIANCE];
    double *m = sums(c, z, 0), *squares = sums(c, z, 1);

    for (size_t k = begin; k < end; k++)
        m[k] = squares[k] = 0;
    add_numbers(z, c->x[X], begin, end, m);
    for (size_t k = begin; k < end; k++)
        m[k] /= (double)z->count;
    add_squares(z, c->x[X], m, begin, end, squares);
    for (size_t k = begin; k < end; k++) {
        mean[k] = (real)m[k];
        inverse[k] = (real)(1.0 / sqrt(squares[k] / (double)z->count + c->node->attribute[EPS]));
        if (new_mean)
            new_mean[k] = (real)m[k];
        if (new_variance)
            new_variance[k] = (real)(squares[k] / (double)(z->count - 1));
    }
}

/* keep <- those of the buffers, which stay what they are. */
static void running_statistics(const dsc_call *c, const sizes *z, size_t begin, size_t end)
{
    const real *running_mean = c->x[MEAN], *running_variance = c->x[VARIANCE];
    real *mean = c->keep, *inverse = mean + z->channels;
    real *new_mean = c->new_x[MEAN], *new_variance = c->new_x[VARIANCE];

    for (size_t k = begin; k < end; k++) {
        mean[k] = running_mean[k];
        inverse[k] = (real)(1.0 / sqrt((double)running_variance[k] + c->node->attribute[EPS]));
        if (new_mean)
            new_mean[k] = running_mean[k];
        if (new_variance)
            new_variance[k] = running_variance[k];
    }
}

static void forward_channels(const dsc_call *c, const sizes *z, size_t begin, size_t end)
{
    const real *x = c->x[X], *mean = c->keep, *inverse = mean + z->channels;
    const real *weight = c->node->n_inputs > WEIGHT ? c->x[WEIGHT] : NULL;
    const real *bias = c->node->n_inputs > BIAS ? c->x[BIAS] : NULL;
    real *scale = factors(c, z, 0), *shift = factors(c, z, 1), *y = c->y;

    if (uses_own_statistics(c, z))
        own_statistics(c, z, begin, end);
    else
        running_statistics(c, z, begin, end);
    for (size_t k = begin; k < end; k++) {
        scale[k] = inverse[k] * (weight ? weight[k] : 1);
        shift[k] = bias ? bias[k] : 0;
    }
    for (size_t r = 0; r < z->rows; r++, x += z->channels * z->inner, y += z->channels * z->inner) {
        if (z->inner == 1) {
            DSC_INDEPENDENT
            for (size_t k = begin; k < end; k++)
                y[k] = (x[k] - mean[k]) * scale[k] + shift[k];
            continue;
        }
        for (size_t k = begin; k < end; k++) {
            const real m = mean[k], by = scale[k], plus = shift[k];
            DSC_INDEPENDENT
            for (size_t i = k * z->inner; i < (k + 1) * z->inner; i++)
                y[i] = (x[i] - m) * by + plus;
        }
    }
}

static void forward(const dsc_call *c)
{
    for_channels(c, forward_channels);
}

/* --- backward --------------------------------------------------------------------------------- */

/* dx = weight inverse (dy - mean of dy - x^ mean of (dy x^)), x^ the normalized x; without the two
 * means when the statistics were not the shard's own. sums 0: of dy, sums 1: of dy x^. */
static void dx_of_channels(const dsc_call *c, const sizes *z, size_t begin, size_t end)
{
    const real *x = c->x[X], *dy = c->dy, *mean = c->keep, *inverse = mean + z->channels;
    const real *weight = c->node->n_inputs > WEIGHT ? c->x[WEIGHT] : NULL;
    const bool own = uses_own_statistics(c, z);
    const size_t row = z->channels * z->inner;
    real *scale = factors(c, z, 0), *dy_mean = factors(c, z, 1), *slope = factors(c, z, 2);
    real *dx = c->dx[X];

    for (size_t k = begin; k < end; k++) {
        scale[k] = inverse[k] * (weight ? weight[k] : 1);
        dy_mean[k] = own ? (real)(sums(c, z, 0)[k] / (double)z->count) : 0;
        slope[k] = own ? (real)(sums(c, z, 1)[k] / (double)z->count) * inverse[k] : 0;
    }
    for (size_t r = 0; r < z->rows; r++, x += row, dy += row, dx += row) {
        if (z->inner == 1) {
            DSC_INDEPENDENT
            for (size_t k = begin; k < end; k++)
                dx[k] = scale[k] * (dy[k] - dy_mean[k] - (x[k] - mean[k]) * slope[k]);
            continue;
        }
        for (size_t k = begin; k < end; k++) {
            const real m = mean[k], times = scale[k], less = dy_mean[k], by = slope[k];
            DSC_INDEPENDENT
            for (size_t i = k * z->inner; i < (k + 1) * z->inner; i++)
                dx[i] = times * (dy[i] - less - (x[i] - m) * by);
        }
    }
}

static void backward_channels(const dsc_call *c, const sizes *z, size_t begin, size_t end)
{
    const real *mean = c->keep, *inverse = mean + z->channels;
    real *dweight = c->node->n_inputs > WEIGHT ? c->dx[WEIGHT] : NULL;
    real *dbias = c->node->n_inputs > BIAS ? c->dx[BIAS] : NULL;
    double *dy = sums(c, z, 0), *dy_x = sums(c, z, 1);

    for (size_t k = begin; k < end; k++)
        dy[k] = dy_x[k] = 0;
    add_numbers(z, c->dy, begin, end, dy);
    add_products(z, c->dy, c->x[X], mean, begin, end, dy_x);
    for (size_t k = begin; k < end; k++) {
        dy_x[k] *= (double)inverse[k];
        if (dweight)
            dweight[k] = (real)dy_x[k];
        if (dbias)
            dbias[k] = (real)dy[k];
    }
    if (c->dx[X])
        dx_of_channels(c, z, begin, end);
}

static void backward(const dsc_call *c)
{
    for_channels(c, backward_channels);
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
