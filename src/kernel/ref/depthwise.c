/* depthwise.c - convolution where every channel has filters of its own: for each weight a whole
 * shifted picture is added, line by line, so that nothing has to be unrolled.
 *
 *     y[f,i,j] = b[f] + sum_{u,v} w[f,u,v] x[c, i stride - pad + u dilation, ...],  c = f /
 * multiplier
 *
 * A weight's gradient is summed up in every column of the picture first, COLUMNS of them at a time.
 */
#include "kernel/ref/inside.h"
#include "kernel/ref/ref.h"

#include <string.h>

enum { COLUMNS = 64 };

typedef struct sizes {
    int multiplier, taps;         /* filters of a channel; weights of a filter */
    size_t channels, plane, area; /* plane: numbers in a channel of x; area: of y */
} sizes;

static sizes of_shape(const dsc_conv_shape *s)
{
    return (sizes){.multiplier = s->filters / s->channels,
                   .taps = s->kernel_h * s->kernel_w,
                   .channels = (size_t)s->channels,
                   .plane = (size_t)s->height * (size_t)s->width,
                   .area = (size_t)s->out_h * (size_t)s->out_w};
}

/* Where one weight of a filter finds its inputs: output (oy, ox), ox in [begin, end), lies over
 * column first + ox stride of line oy stride + top. */
typedef struct tap {
    int top, first, begin, end;
} tap;

static tap tap_at(const dsc_conv_shape *s, int k)
{
    const int ky = k / s->kernel_w, kx = k % s->kernel_w;
    tap t = {.top = ky * s->dilation_h - s->pad_h, .first = kx * s->dilation_w - s->pad_w};

    inside(s, kx, &t.begin, &t.end);
    return t;
}

/* The input line below output line oy, or -1 in the padding. */
static int line_of(const dsc_conv_shape *s, const tap *t, int oy)
{
    const int line = oy * s->stride_h + t->top;

    return line >= 0 && line < s->height ? line : -1;
}

/* y += w x for one weight. */
static void add_forward(const dsc_conv_shape *s, const tap *t, real w, const real *x, real *y)
{
    const int step = s->stride_w;

    for (int oy = 0; oy < s->out_h; oy++, y += s->out_w) {
        const int line = line_of(s, t, oy);
        if (line < 0)
            continue;
        const real *from = x + (ptrdiff_t)line * s->width;
        if (step == 1) {
            DSC_INDEPENDENT
            for (int ox = t->begin; ox < t->end; ox++)
                y[ox] += w * from[t->first + ox];
        } else {
            DSC_INDEPENDENT
            for (int ox = t->begin; ox < t->end; ox++)
                y[ox] += w * from[t->first + ox * step];
        }
    }
}

/* dx += w dy for one weight. */
static void add_backward(const dsc_conv_shape *s, const tap *t, real w, const real *dy, real *dx)
{
    const int step = s->stride_w;

    for (int oy = 0; oy < s->out_h; oy++, dy += s->out_w) {
        const int line = line_of(s, t, oy);
        if (line < 0)
            continue;
        real *to = dx + (ptrdiff_t)line * s->width;
        if (step == 1) {
            DSC_INDEPENDENT
            for (int ox = t->begin; ox < t->end; ox++)
                to[t->first + ox] += w * dy[ox];
        } else {
            DSC_INDEPENDENT
            for (int ox = t->begin; ox < t->end; ox++)
                to[t->first + ox * step] += w * dy[ox];
        }
    }
}

/* Sum of x dy over one picture for one weight: of every column, then of the columns. */
static real sum_products(const dsc_conv_shape *s, const tap *t, const real *x, const real *dy)
{
    real sum = 0;

    for (int begin = t->begin; begin < t->end; begin += COLUMNS) {
        const int n = t->end - begin < COLUMNS ? t->end - begin : COLUMNS, step = s->stride_w;
        real column[COLUMNS] = {0};
        for (int oy = 0; oy < s->out_h; oy++) {
            const int line = line_of(s, t, oy);
            if (line < 0)
                continue;
            const real *from = x + (ptrdiff_t)line * s->width + (t->first + begin * step);
            const real *d = dy + (ptrdiff_t)oy * s->out_w + begin;
            if (step == 1)
                for (int i = 0; i < n; i++)
                    column[i] += from[i] * d[i];
            else
                for (int i = 0; i < n; i++)
                    column[i] += from[(ptrdiff_t)i * step] * d[i];
        }
        for (int i = 0; i < n; i++)
            sum += column[i];
    }
    return sum;
}

void DSC_R(dsc_ref_depthwise_forward)(const dsc_conv_shape *s, int rows, const real *x,
                                      const real *w, const real *bias, real *y)
{
    const sizes z = of_shape(s);

    for (int row = 0; row < rows; row++)
        for (int f = 0; f < s->filters; f++, y += z.area) {
            const real *from =
                x + ((size_t)row * z.channels + (size_t)(f / z.multiplier)) * z.plane;
            const real b = bias ? bias[f] : 0;
            for (size_t i = 0; i < z.area; i++)
                y[i] = b;
            for (int k = 0; k < z.taps; k++) {
                const tap t = tap_at(s, k);
                add_forward(s, &t, w[(size_t)f * (size_t)z.taps + (size_t)k], from, y);
            }
        }
}

void DSC_R(dsc_ref_depthwise_backward_data)(const dsc_conv_shape *s, int rows, const real *dy,
                                            const real *w, real *dx)
{
    const sizes z = of_shape(s);

    memset(dx, 0, (size_t)rows * z.channels * z.plane * sizeof *dx);
    for (int row = 0; row < rows; row++)
        for (int f = 0; f < s->filters; f++, dy += z.area) {
            real *to = dx + ((size_t)row * z.channels + (size_t)(f / z.multiplier)) * z.plane;
            for (int k = 0; k < z.taps; k++) {
                const tap t = tap_at(s, k);
                add_backward(s, &t, w[(size_t)f * (size_t)z.taps + (size_t)k], dy, to);
            }
        }
}

void DSC_R(dsc_ref_depthwise_backward_weights)(const dsc_conv_shape *s, int rows, const real *x,
                                               const real *dy, real *dw)
{
    const sizes z = of_shape(s);

    memset(dw, 0, (size_t)s->filters * (size_t)z.taps * sizeof *dw);
    for (int row = 0; row < rows; row++)
        for (int f = 0; f < s->filters; f++, dy += z.area) {
            const real *from =
                x + ((size_t)row * z.channels + (size_t)(f / z.multiplier)) * z.plane;
            for (int k = 0; k < z.taps; k++) {
                const tap t = tap_at(s, k);
                dw[(size_t)f * (size_t)z.taps + (size_t)k] += sum_products(s, &t, from, dy);
            }
        }
}
