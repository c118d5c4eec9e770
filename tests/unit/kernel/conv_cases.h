/* conv_cases.h - convolutions that test_conv.c and test_float.c run. */
#ifndef TEST_CONV_CASES_H
#define TEST_CONV_CASES_H

#include "kernel/shapes.h"

typedef struct conv_case {
    int rows;
    dsc_conv_shape shape; /* out_h and out_w: see sized() */
} conv_case;

#define CONV(n, c, h, w, f, kh, kw, sh, sw, ph, pw, dh, dw, g)                              \
  {                                                                                         \
    n,                                                                                      \
    {                                                                                       \
      .channels = c, .height = h, .width = w, .filters = f, .kernel_h = kh, .kernel_w = kw, \
      .stride_h = sh, .stride_w = sw, .pad_h = ph, .pad_w = pw, .dilation_h = dh,           \
      .dilation_w = dw, .groups = g                                                         \
    }                                                                                       \
  }
static const conv_case conv_cases[] = {
    CONV(2, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1),
    CONV(3, 2, 5, 6, 3, 3, 3, 1, 1, 0, 0, 1, 1, 1),
    CONV(3, 2, 5, 6, 3, 3, 3, 1, 1, 1, 1, 1, 1, 1),
    CONV(2, 4, 9, 7, 6, 3, 2, 2, 3, 1, 0, 2, 1, 2),  /* everything at once */
    CONV(2, 3, 6, 6, 6, 3, 3, 1, 1, 1, 1, 1, 1, 3),  /* every channel on its own */
    CONV(3, 4, 7, 37, 8, 3, 3, 1, 1, 1, 1, 1, 1, 4), /* ... in lines longer than a vector */
    CONV(2, 3, 9, 40, 3, 2, 3, 2, 3, 0, 2, 3, 2, 3), /* ... with strides and dilation */
    CONV(2, 2, 3, 3, 2, 2, 2, 1, 1, 4, 5, 1, 1, 1),  /* windows wholly in the padding */
    CONV(2, 1, 4, 9, 2, 1, 2, 3, 4, 0, 3, 1, 5, 1),  /* strides that leave some out */
    /* fewer outputs than fit, as conv_transpose asks for */
    {2,
     {.channels = 2,
      .height = 8,
      .width = 7,
      .filters = 4,
      .kernel_h = 2,
      .kernel_w = 3,
      .stride_h = 1,
      .stride_w = 2,
      .pad_h = 1,
      .pad_w = 0,
      .dilation_h = 3,
      .dilation_w = 1,
      .groups = 2,
      .out_h = 4,
      .out_w = 2}},
    CONV(5, 8, 40, 40, 4, 3, 3, 1, 1, 1, 1, 1, 1, 1),  /* more rows than fit into one chunk */
    CONV(2, 20, 9, 11, 35, 1, 1, 1, 1, 0, 0, 1, 1, 1), /* kernels of one element */
    CONV(2, 35, 9, 11, 20, 1, 1, 2, 2, 0, 1, 1, 1, 1),
};
#undef CONV
enum { N_CONV_CASES = sizeof conv_cases / sizeof *conv_cases };

static inline dsc_conv_shape sized(dsc_conv_shape s)
{
    if (s.out_h > 0)
        return s;
    s.out_h = (s.height + 2 * s.pad_h - s.dilation_h * (s.kernel_h - 1) - 1) / s.stride_h + 1;
    s.out_w = (s.width + 2 * s.pad_w - s.dilation_w * (s.kernel_w - 1) - 1) / s.stride_w + 1;
    return s;
}

static inline size_t conv_x(const dsc_conv_shape *s, int rows)
{
    return (size_t)rows * (size_t)s->channels * (size_t)s->height * (size_t)s->width;
}

static inline size_t conv_y(const dsc_conv_shape *s, int rows)
{
    return (size_t)rows * (size_t)s->filters * (size_t)s->out_h * (size_t)s->out_w;
}

static inline size_t conv_w(const dsc_conv_shape *s)
{
    return (size_t)s->filters * (size_t)(s->channels / s->groups) * (size_t)s->kernel_h *
           (size_t)s->kernel_w;
}

#endif
