/* conv.c - convolution as a matrix product over unrolled pictures.
 *
 * For a chunk of examples and one group: columns (depth, positions) hold, for every element of the
 * kernel (channel, row, column: depth of them), what lies under it at every output position of
 * every example. Then
 *
 *     out (filters, positions) = w (filters, depth) columns
 *     dw = dout columns^T,    dcolumns = w^T dout, added back to where the columns came from
 *
 * The product comes from the table the caller chose, so that a faster one serves here too. Chunks
 * make it large enough to pay and small enough for the cache; their size follows from the shape
 * alone, and with it the order of all sums. Channels on their own go another way: depthwise.c. */
#include "kernel/ref/inside.h"
#include "kernel/ref/ref.h"

#include <string.h>

typedef struct sizes {
    int channels, filters; /* of one group */
    int depth, area;       /* kernel elements; output positions of an example */
    int chunk;             /* examples at a time */
    size_t plane, x, y, w; /* elements: of a channel, of an example, of one group's weights */
} sizes;

/* Every channel on its own, so that a product would have a handful of rows and nothing to add up.
 */
static bool is_depthwise(const dsc_conv_shape *s)
{
    return s->groups == s->channels && s->groups > 1;
}

static sizes of_shape(const dsc_conv_shape *s)
{
    sizes z = {.channels = s->channels / s->groups,
               .filters = s->filters / s->groups,
               .area = s->out_h * s->out_w,
               .chunk = dsc_conv_chunk(s),
               .plane = (size_t)s->height * (size_t)s->width};

    z.depth = z.channels * s->kernel_h * s->kernel_w;
    z.x = (size_t)s->channels * z.plane;
    z.y = (size_t)s->filters * (size_t)z.area;
    z.w = (size_t)z.filters * (size_t)z.depth;
    return z;
}

/* One row of the columns for one example: kernel element (ky, kx) of a channel. */
static void unroll_row(const dsc_conv_shape *s, const real *x, int ky, int kx, real *row)
{
    const int first = kx * s->dilation_w - s->pad_w;
    int begin, end;

    inside(s, kx, &begin, &end);
    for (int oy = 0; oy < s->out_h; oy++, row += s->out_w) {
        const int y = oy * s->stride_h - s->pad_h + ky * s->dilation_h;
        if (y < 0 || y >= s->height) {
            memset(row, 0, (size_t)s->out_w * sizeof *row);
            continue;
        }
        const real *from = x + (size_t)y * (size_t)s->width;
        for (int ox = 0; ox < begin; ox++)
            row[ox] = 0;
        if (s->stride_w == 1)
            memcpy(row + begin, from + first + begin, (size_t)(end - begin) * sizeof *row);
        else
            for (int ox = begin; ox < end; ox++)
                row[ox] = from[first + ox * s->stride_w];
        for (int ox = end; ox < s->out_w; ox++)
            row[ox] = 0;
    }
}

/* The reverse: adds one row of the columns back to where its elements came from. */
static void roll_row(const dsc_conv_shape *s, const real *row, int ky, int kx, real *x)
{
    const int first = kx * s->dilation_w - s->pad_w;
    int begin, end;

    inside(s, kx, &begin, &end);
    for (int oy = 0; oy < s->out_h; oy++, row += s->out_w) {
        const int y = oy * s->stride_h - s->pad_h + ky * s->dilation_h;
        if (y < 0 || y >= s->height)
            continue;
        real *to = x + (size_t)y * (size_t)s->width;
        for (int ox = begin; ox < end; ox++)
            to[first + ox * s->stride_w] += row[ox];
    }
}

/* columns (depth, n area) <- n examples of one group, which begin at x. */
static void unroll(const dsc_conv_shape *s, const sizes *z, int n, const real *x, real *columns)
{
    for (int c = 0; c < z->channels; c++)
        for (int k = 0; k < s->kernel_h * s->kernel_w; k++)
            for (int e = 0; e < n; e++, columns += z->area)
                unroll_row(s, x + (size_t)e * z->x + (size_t)c * z->plane, k / s->kernel_w,
                           k % s->kernel_w, columns);
}

static void roll(const dsc_conv_shape *s, const sizes *z, int n, const real *columns, real *x)
{
    for (int e = 0; e < n; e++)
        memset(x + (size_t)e * z->x, 0, (size_t)z->channels * z->plane * sizeof *x);
    for (int c = 0; c < z->channels; c++)
        for (int k = 0; k < s->kernel_h * s->kernel_w; k++)
            for (int e = 0; e < n; e++, columns += z->area)
                roll_row(s, columns, k / s->kernel_w, k % s->kernel_w,
                         x + (size_t)e * z->x + (size_t)c * z->plane);
}

/* out (filters, n area) <- one group of dy (n, filters, area), where it begins. */
static void gather_filters(const sizes *z, int n, const real *dy, real *out)
{
    for (int f = 0; f < z->filters; f++)
        for (int e = 0; e < n; e++, out += z->area)
            memcpy(out, dy + (size_t)e * z->y + (size_t)f * (size_t)z->area,
                   (size_t)z->area * sizeof *out);
}

/* The reverse, with the bias on the way. */
static void scatter_filters(const sizes *z, int n, const real *out, const real *bias, real *y)
{
    for (int f = 0; f < z->filters; f++) {
        const real b = bias ? bias[f] : 0;
        for (int e = 0; e < n; e++, out += z->area) {
            real *to = y + (size_t)e * z->y + (size_t)f * (size_t)z->area;
            for (int j = 0; j < z->area; j++)
                to[j] = out[j] + b;
        }
    }
}

void DSC_R(dsc_ref_conv_forward)(const dsc_kernels *k, const dsc_conv_shape *s, int rows,
                                 const real *x, const real *w, const real *bias, real *y,
                                 real *scratch)
{
    const sizes z = of_shape(s);

    if (is_depthwise(s)) {
        DSC_R(dsc_ref_depthwise_forward)(s, rows, x, w, bias, y);
        return;
    }
    for (int e = 0; e < rows; e += z.chunk)
        for (int g = 0; g < s->groups; g++) {
            const int n = rows - e < z.chunk ? rows - e : z.chunk, positions = n * z.area;
            real *columns = scratch, *out = columns + (size_t)z.depth * (size_t)positions;
            unroll(s, &z, n, x + (size_t)e * z.x + (size_t)(g * z.channels) * z.plane, columns);
            k->matmul(&(dsc_matmul_shape){.m = z.filters,
                                          .n = positions,
                                          .k = z.depth,
                                          .lda = z.depth,
                                          .ldb = positions,
                                          .ldc = positions},
                      w + (size_t)g * z.w, columns, out);
            scatter_filters(&z, n, out, bias ? bias + (size_t)g * (size_t)z.filters : NULL,
                            y + (size_t)e * z.y + (size_t)(g * z.filters) * (size_t)z.area);
        }
}

void DSC_R(dsc_ref_conv_backward_data)(const dsc_kernels *k, const dsc_conv_shape *s, int rows,
                                       const real *dy, const real *w, real *dx, real *scratch)
{
    const sizes z = of_shape(s);

    if (is_depthwise(s)) {
        DSC_R(dsc_ref_depthwise_backward_data)(s, rows, dy, w, dx);
        return;
    }
    for (int e = 0; e < rows; e += z.chunk)
        for (int g = 0; g < s->groups; g++) {
            const int n = rows - e < z.chunk ? rows - e : z.chunk, positions = n * z.area;
            real *columns = scratch, *out = columns + (size_t)z.depth * (size_t)positions;
            gather_filters(&z, n, dy + (size_t)e * z.y + (size_t)(g * z.filters) * (size_t)z.area,
                           out);
            k->matmul(&(dsc_matmul_shape){.m = z.depth,
                                          .n = positions,
                                          .k = z.filters,
                                          .transpose_a = true,
                                          .lda = z.depth,
                                          .ldb = positions,
                                          .ldc = positions},
                      w + (size_t)g * z.w, out, columns);
            roll(s, &z, n, columns, dx + (size_t)e * z.x + (size_t)(g * z.channels) * z.plane);
        }
}

static void bias_gradient(const dsc_conv_shape *s, int rows, const real *dy, real *dbias)
{
    const int area = s->out_h * s->out_w;

    memset(dbias, 0, (size_t)s->filters * sizeof *dbias);
    for (int row = 0; row < rows; row++)
        for (int f = 0; f < s->filters; f++) {
            real sum = 0;
            for (int j = 0; j < area; j++)
                sum += *dy++;
            dbias[f] += sum;
        }
}

void DSC_R(dsc_ref_conv_backward_weights)(const dsc_kernels *k, const dsc_conv_shape *s, int rows,
                                          const real *x, const real *dy, real *dw, real *dbias,
                                          real *scratch)
{
    const sizes z = of_shape(s);

    if (dw && rows == 0)
        memset(dw, 0, z.w * (size_t)s->groups * sizeof *dw);
    if (dw && is_depthwise(s))
        DSC_R(dsc_ref_depthwise_backward_weights)(s, rows, x, dy, dw);
    for (int e = 0; dw && !is_depthwise(s) && e < rows; e += z.chunk)
        for (int g = 0; g < s->groups; g++) {
            const int n = rows - e < z.chunk ? rows - e : z.chunk, positions = n * z.area;
            real *columns = scratch, *out = columns + (size_t)z.depth * (size_t)positions;
            unroll(s, &z, n, x + (size_t)e * z.x + (size_t)(g * z.channels) * z.plane, columns);
            gather_filters(&z, n, dy + (size_t)e * z.y + (size_t)(g * z.filters) * (size_t)z.area,
                           out);
            k->matmul(&(dsc_matmul_shape){.m = z.filters,
                                          .n = z.depth,
                                          .k = positions,
                                          .transpose_b = true,
                                          .add = e > 0, /* the first chunk assigns */
                                          .lda = positions,
                                          .ldb = positions,
                                          .ldc = z.depth},
                      out, columns, dw + (size_t)g * z.w);
        }
    if (dbias)
        bias_gradient(s, rows, dy, dbias);
}
