/* conv_transpose.c - the reverse of a convolution in shape: every number of x puts a window,
 * weighted by it, into a larger picture, where windows add up (Zeiler et al. 2010,
 * doi:10.1109/CVPR.2010.5539957).
 *
 *     x (rows, channels, height, width), w (channels, filters / groups, kernel_h, kernel_w),
 *     b (filters) or none    ->    y (rows, filters, out_h, out_w)
 *     y[f, i stride - pad + u dilation, ...] += w[c,f,u,v] x[c,i,j]
 *     out_h = (height - 1) stride - 2 pad + dilation (kernel_h - 1) + output_pad + 1
 *
 * So y is what the backward of a convolution from y's picture to x's makes of x, and the three
 * functions of that convolution do the work with their parts exchanged. */
#include "base/real.h"
#include "base/sums.h"
#include "kernel/kernel.h"
#include "op/conv_pieces.h"
#include "op/elements.h"

#include <limits.h>

enum {
    STRIDE_H,
    STRIDE_W,
    PAD_H,
    PAD_W,
    OUTPUT_PAD_H,
    OUTPUT_PAD_W,
    DILATION_H,
    DILATION_W,
    GROUPS,
    N_ATTRIBUTES
};
static const char *const attributes[N_ATTRIBUTES] = {"stride_h",   "stride_w",     "pad_h",
                                                     "pad_w",      "output_pad_h", "output_pad_w",
                                                     "dilation_h", "dilation_w",   "groups"};

/* Where `size` numbers of x end in y; below 1 when padding takes everything. In 64 bits, because
 * the product of two sizes may be longer than an int. */
static int64_t length_of(int size, int kernel, double stride, double pad, double dilation,
                         double output_pad)
{
    return ((int64_t)size - 1) * (int64_t)stride - 2 * (int64_t)pad +
           (int64_t)dilation * (kernel - 1) + (int64_t)output_pad + 1;
}

/* The convolution that goes from y to x. */
static dsc_conv_shape sizes_of(const dsc_node *node, dsc_shape x, dsc_shape w)
{
    const double *a = node->attribute;
    const int64_t height =
        length_of(x.size[1], w.size[2], a[STRIDE_H], a[PAD_H], a[DILATION_H], a[OUTPUT_PAD_H]);
    const int64_t width =
        length_of(x.size[2], w.size[3], a[STRIDE_W], a[PAD_W], a[DILATION_W], a[OUTPUT_PAD_W]);

    return (dsc_conv_shape){.channels = w.size[1] * (int)a[GROUPS],
                            .height = (int)(height < INT_MAX ? height : INT_MAX),
                            .width = (int)(width < INT_MAX ? width : INT_MAX),
                            .filters = x.size[0],
                            .kernel_h = w.size[2],
                            .kernel_w = w.size[3],
                            .stride_h = (int)a[STRIDE_H],
                            .stride_w = (int)a[STRIDE_W],
                            .pad_h = (int)a[PAD_H],
                            .pad_w = (int)a[PAD_W],
                            .dilation_h = (int)a[DILATION_H],
                            .dilation_w = (int)a[DILATION_W],
                            .groups = (int)a[GROUPS],
                            .out_h = x.size[1],
                            .out_w = x.size[2]};
}

/* That weight and bias fit the groups and each other. */
static descent_status weights_fit(const dsc_node *node, const dsc_node *const *input,
                                  descent_error *err)
{
    const dsc_shape x = input[0]->shape, w = input[1]->shape;
    const double groups = node->attribute[GROUPS];
    char found[48];

    if (w.rank != 4)
        return dsc_fail(err, DESCENT_SHAPE,
                        "conv_transpose needs a weight of channels x filters x height x width, "
                        "found %s",
                        dsc_shape_text(w, found));
    if (w.size[0] != x.size[0])
        return dsc_fail(err, DESCENT_SHAPE,
                        "conv_transpose: a weight of %s needs %d channels, found %d",
                        dsc_shape_text(w, found), w.size[0], x.size[0]);
    if (!(groups >= 1 && groups <= x.size[0]) || x.size[0] % (int)groups != 0)
        return dsc_fail(err, DESCENT_SHAPE, "conv_transpose: %g groups must divide %d channels",
                        groups, x.size[0]);
    const int filters = w.size[1] * (int)groups;
    if (node->n_inputs > 2 && (input[2]->shape.rank != 1 || input[2]->shape.size[0] != filters))
        return dsc_fail(err, DESCENT_SHAPE,
                        "conv_transpose: %d filters need a bias of %d numbers, found %s", filters,
                        filters, dsc_shape_text(input[2]->shape, found));
    return DESCENT_OK;
}

/* More output padding than this would only add lines that no window reaches: PyTorch's rule. */
static descent_status output_pad_fits(const dsc_node *node, int axis, descent_error *err)
{
    const double pad = node->attribute[OUTPUT_PAD_H + axis];
    const double stride = node->attribute[STRIDE_H + axis];
    const double dilation = node->attribute[DILATION_H + axis];

    if (pad < stride || pad < dilation)
        return DESCENT_OK;
    return dsc_fail(err, DESCENT_SHAPE,
                    "conv_transpose: %s = %g, must be below the stride (%g) or the dilation (%g)",
                    attributes[OUTPUT_PAD_H + axis], pad, stride, dilation);
}

static descent_status shape(dsc_node *node, const dsc_node *const *input, descent_error *err)
{
    DSC_TRY(inputs_within(node, "conv_transpose", 2, 3, err));
    const dsc_shape x = input[0]->shape, w = input[1]->shape;
    char found[48];

    if (x.rank != 3 || !input[0]->batched)
        return dsc_fail(err, DESCENT_SHAPE,
                        "conv_transpose needs pictures (channels x height x width), found %s",
                        dsc_shape_words(x, found));
    DSC_TRY(weights_fit(node, input, err));
    for (int i = STRIDE_H; i <= DILATION_W; i++)
        if (!(node->attribute[i] >= (i >= PAD_H && i <= OUTPUT_PAD_W ? 0 : 1)))
            return dsc_fail(err, DESCENT_SHAPE, "conv_transpose: %s = %g is too small",
                            attributes[i], node->attribute[i]);
    for (int axis = 0; axis < 2; axis++)
        DSC_TRY(output_pad_fits(node, axis, err));
    const dsc_conv_shape s = sizes_of(node, x, w);
    if (s.height < 1 || s.width < 1)
        return dsc_fail(err, DESCENT_SHAPE,
                        "conv_transpose: padding %dx%d leaves nothing of what a kernel of %dx%d "
                        "makes of a picture of %dx%d",
                        s.pad_h, s.pad_w, s.kernel_h, s.kernel_w, s.out_h, s.out_w);
    node->shape = (dsc_shape){3, {s.channels, s.height, s.width}};
    node->batched = true;
    node->scratch_bytes = conv_scratch(&s, node->max_rows);
    return DESCENT_OK;
}

static void forward(const dsc_call *c)
{
    const dsc_conv_shape s = sizes_of(c->node, c->from[0]->shape, c->from[1]->shape);
    const size_t area = (size_t)s.height * (size_t)s.width;
    const real *bias = c->node->n_inputs > 2 ? c->x[2] : NULL;
    real *y = c->y;

    c->kernels->conv_backward_data(c->kernels, &s, c->pass->rows, c->x[0], c->x[1], y, c->scratch);
    const size_t channels = (size_t)s.channels, planes = (size_t)c->pass->rows * channels;
    for (size_t i = 0; bias && i < planes; i++, y += area) {
        const real b = bias[i % channels];
        for (size_t j = 0; j < area; j++)
            y[j] += b;
    }
}

/* dbias: of every filter the sum of dy over rows and positions. */
static void bias_gradient(const dsc_call *c, const dsc_conv_shape *s, real *dbias)
{
    const size_t area = (size_t)s->height * (size_t)s->width;
    const size_t filters = (size_t)s->channels;

    for (size_t f = 0; f < filters; f++) {
        double sum = 0;
        for (size_t row = 0; row < (size_t)c->pass->rows; row++)
            sum += dsc_sum((const real *)c->dy + (row * filters + f) * area, area);
        dbias[f] = (real)sum;
    }
}

static void backward(const dsc_call *c)
{
    const dsc_conv_shape s = sizes_of(c->node, c->from[0]->shape, c->from[1]->shape);

    if (c->node->n_inputs > 2 && c->dx[2])
        bias_gradient(c, &s, c->dx[2]);
    if (c->dx[1])
        conv_weight_gradients(c, &s, c->dy, c->x[0], c->dx[1], NULL);
    if (c->dx[0])
        c->kernels->conv_forward(c->kernels, &s, c->pass->rows, c->dy, c->x[1], NULL, c->dx[0],
                                 c->scratch);
}

const dsc_op DSC_R(dsc_op_conv_transpose) = {
    .name = "conv_transpose",
    .formula = "y = w *^T x + b",
    .attribute = attributes,
    .n_attributes = N_ATTRIBUTES,
    .n_inputs = -1,
    .flags = DSC_NEEDS_INPUT,
    .shape = shape,
    .forward = forward,
    .backward = backward,
};
