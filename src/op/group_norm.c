/* group_norm.c - in every example, every group of channels gets mean 0 and deviation 1.
 *
 *     y = (x - mean) / sqrt(var + eps) weight + bias
 *
 * Inputs: x (rows, channels, ...), then weight and bias (channels), or neither. Mean and (biased)
 * variance are those of channels / groups channels at all positions, so that an example's result
 * does not depend on the others (Wu & He 2018, arXiv:1803.08494). With one channel a group it is
 * instance normalization (Ulyanov et al. 2016, arXiv:1607.08022). Sums are double. */
#include "base/real.h"
#include "base/sums.h"
#include "op/elements.h"
#include "op/parts.h"

enum { X, WEIGHT, BIAS };
enum { GROUPS, EPS, N_ATTRIBUTES };
static const char *const attributes[N_ATTRIBUTES] = {"groups", "eps"};

static descent_status shape(dsc_node *node, const dsc_node *const *input, descent_error *err)
{
    const double groups = node->attribute[GROUPS];

    DSC_TRY(inputs_within(node, "group_norm", 1, 3, err));
    const dsc_shape x = input[X]->shape;
    char found[48];

    if (x.rank < 1 || !input[X]->batched)
        return dsc_fail(err, DESCENT_SHAPE, "group_norm needs channels, found %s",
                        dsc_shape_text(x, found));
    if (!(groups >= 1 && groups <= x.size[0]) || x.size[0] % (int)groups != 0)
        return dsc_fail(err, DESCENT_SHAPE, "group_norm: %g groups must divide %d channels", groups,
                        x.size[0]);
    for (int i = 1; i < node->n_inputs; i++)
        if (input[i]->shape.rank != 1 || input[i]->shape.size[0] != x.size[0])
            return dsc_fail(err, DESCENT_SHAPE,
                            "group_norm: %d channels need %d numbers each, found %s", x.size[0],
                            x.size[0], dsc_shape_text(input[i]->shape, found));
    if (dsc_shape_count(x) == (size_t)groups)
        return dsc_fail(err, DESCENT_SHAPE,
                        "group_norm: %g groups of %s have one number each, which has no deviation",
                        groups, dsc_shape_words(x, found));
    node->shape = x;
    node->batched = true;
    node->keep_bytes = 2 * (size_t)node->max_rows * (size_t)groups * sizeof(real);
    node->scratch_bytes = 2 * (size_t)node->max_rows * (size_t)x.size[0] * sizeof(double);
    return DESCENT_OK;
}

/* x is (rows, groups, each, inner). */
typedef struct sizes {
    size_t rows, groups, each, inner, group; /* each: channels of a group; group = each * inner */
} sizes;

static sizes of_call(const dsc_call *c)
{
    const size_t channels = (size_t)c->node->shape.size[0];
    sizes z = {.rows = (size_t)c->pass->rows, .groups = (size_t)c->node->attribute[GROUPS]};

    z.each = channels / z.groups;
    z.inner = dsc_shape_count(c->node->shape) / channels;
    z.group = z.each * z.inner;
    return z;
}

/* Work on parts of the rows, a few tens of microseconds each. */
typedef struct row_work {
    const dsc_call *call;
    sizes z;
    int parts;
    void (*row)(const dsc_call *c, const sizes *z, size_t row);
} row_work;

static void rows_of_part(int part, void *user)
{
    const row_work *w = user;
    const size_t end = part_begin(w->z.rows, w->parts, part + 1, 1);

    for (size_t r = part_begin(w->z.rows, w->parts, part, 1); r < end; r++)
        w->row(w->call, &w->z, r);
}

static void for_rows(const dsc_call *c, const sizes *z,
                     void (*row)(const dsc_call *c, const sizes *z, size_t row))
{
    const double numbers = (double)z->rows * (double)z->groups * (double)z->group;
    row_work w = {.call = c, .z = *z, .parts = parts_worth(numbers, 3e4), .row = row};

    for_parts(c, w.parts, rows_of_part, &w);
}

/* One example; keep <- mean and 1 / deviation of its groups. */
static void forward_row(const dsc_call *c, const sizes *z, size_t row)
{
    const real *weight = c->node->n_inputs > WEIGHT ? c->x[WEIGHT] : NULL;
    const real *bias = c->node->n_inputs > BIAS ? c->x[BIAS] : NULL;

    for (size_t g = 0; g < z->groups; g++) {
        const size_t at = row * z->groups + g;
        const real *x = (const real *)c->x[X] + at * z->group;
        real *y = (real *)c->y + at * z->group, *keep = (real *)c->keep + 2 * at;
        const double mean = dsc_sum(x, z->group) / (double)z->group;
        const double variance = dsc_sum_squares(x, mean, z->group) / (double)z->group;
        const real m = keep[0] = (real)mean;
        keep[1] = (real)(1.0 / sqrt(variance + c->node->attribute[EPS]));
        for (size_t k = 0; k < z->each; k++, x += z->inner, y += z->inner) {
            const size_t channel = g * z->each + k;
            const real scale = keep[1] * (weight ? weight[channel] : 1);
            const real shift = bias ? bias[channel] : 0;
            for (size_t i = 0; i < z->inner; i++)
                y[i] = (x[i] - m) * scale + shift;
        }
    }
}

static void forward(const dsc_call *c)
{
    const sizes z = of_call(c);

    for_rows(c, &z, forward_row);
}

/* dx of one group: 1 / deviation (w dy - mean of w dy - x^ mean of (w dy x^)), x^ the normalized x.
 */
static void group_dx(const dsc_call *c, const sizes *z, size_t at, const real *weight,
                     double dy_mean, double dy_x_mean)
{
    const real *keep = (const real *)c->keep + 2 * at;
    const real *x = (const real *)c->x[X] + at * z->group;
    const real *dy = (const real *)c->dy + at * z->group;
    real *dx = (real *)c->dx[X] + at * z->group;
    const real m = keep[0], inverse = keep[1];
    const real mean = (real)dy_mean, slope = (real)(dy_x_mean * (double)inverse);

    for (size_t k = 0; k < z->each; k++, x += z->inner, dy += z->inner, dx += z->inner) {
        const real w = weight ? weight[k] : 1;
        for (size_t i = 0; i < z->inner; i++)
            dx[i] = inverse * (w * dy[i] - mean - (x[i] - m) * slope);
    }
}

/* One example; scratch (rows, channels, 2) <- of every channel the sums of dy and of dy x^. */
static void backward_row(const dsc_call *c, const sizes *z, size_t row)
{
    const real *weight = c->node->n_inputs > WEIGHT ? c->x[WEIGHT] : NULL;
    double *sum = (double *)c->scratch + 2 * row * z->groups * z->each;

    for (size_t g = 0; g < z->groups; g++) {
        const size_t at = row * z->groups + g;
        const real *keep = (const real *)c->keep + 2 * at;
        const real *x = (const real *)c->x[X] + at * z->group;
        const real *dy = (const real *)c->dy + at * z->group;
        const real *w = weight ? weight + g * z->each : NULL;
        double dy_sum = 0, dy_x_sum = 0;
        for (size_t k = 0; k < z->each; k++, x += z->inner, dy += z->inner, sum += 2) {
            sum[0] = dsc_sum(dy, z->inner);
            sum[1] = dsc_dot_about(dy, x, (double)keep[0], z->inner) * (double)keep[1];
            dy_sum += sum[0] * (w ? (double)w[k] : 1.0);
            dy_x_sum += sum[1] * (w ? (double)w[k] : 1.0);
        }
        if (c->dx[X])
            group_dx(c, z, at, w, dy_sum / (double)z->group, dy_x_sum / (double)z->group);
    }
}

/* d <- over all rows the sums of one kind (0: of dy, 1: of dy x^). */
static void add_rows(const dsc_call *c, const sizes *z, size_t kind, real *d)
{
    const double *sum = c->scratch;
    const size_t channels = z->groups * z->each;

    for (size_t channel = 0; channel < channels; channel++) {
        double total = 0;
        for (size_t row = 0; row < z->rows; row++)
            total += sum[2 * (row * channels + channel) + kind];
        d[channel] = (real)total;
    }
}

static void backward(const dsc_call *c)
{
    const sizes z = of_call(c);

    for_rows(c, &z, backward_row);
    if (c->node->n_inputs > WEIGHT && c->dx[WEIGHT])
        add_rows(c, &z, 1, c->dx[WEIGHT]);
    if (c->node->n_inputs > BIAS && c->dx[BIAS])
        add_rows(c, &z, 0, c->dx[BIAS]);
}

const dsc_op DSC_R(dsc_op_group_norm) = {
    .name = "group_norm",
    .formula = "y = (x - mean) / sqrt(var + eps) weight + bias",
    .attribute = attributes,
    .n_attributes = N_ATTRIBUTES,
    .n_inputs = -1,
    .flags = DSC_NEEDS_INPUT,
    .shape = shape,
    .forward = forward,
    .backward = backward,
};
