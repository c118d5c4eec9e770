/* batch.c - a batch gathered out of a data set: features and targets scaled, labels copied. */
#include "data/batch.h"
#include "base/real.h"
#include "data/numbers.h"

void DSC_R(dsc_gather)(const descent_dataset *data, const dsc_scaling *scaling,
                       const uint32_t *index, size_t n, void *x, void *y);

/* One row of numbers as the data have them, with one shift and scale for all its numbers (the loop
 * that matters for large pictures) or one for each. */
#define ROW(name, element, read)                                                           \
  static void row_##name(const element *restrict x, size_t width, const dsc_scaling *s,    \
                         real *restrict out)                                               \
  {                                                                                        \
    const real shift = s->n ? (real)s->shift[0] : 0, scale = s->n ? (real)s->scale[0] : 1; \
    if (s->n > 1)                                                                          \
      for (size_t j = 0; j < width; j++)                                                   \
        out[j] = ((real)read(x[j]) - (real)s->shift[j]) * (real)s->scale[j];               \
    else                                                                                   \
      for (size_t j = 0; j < width; j++)                                                   \
        out[j] = ((real)read(x[j]) - shift) * scale;                                       \
  }
DSC_DTYPES(ROW)
#undef ROW

static void show_row(dsc_dtype dtype, const void *x, size_t width, const dsc_scaling *s, real *out)
{
    switch (dtype) {
#define X(name, element, read)    \
  case DSC_##name:                \
    row_##name(x, width, s, out); \
    break;
        DSC_DTYPES(X)
#undef X
    }
}

/* Rows lie anywhere in memory, so the processor cannot guess the next one. */
static void fetch_ahead(const void *row, size_t bytes)
{
    enum { LINE = 64, MOST = 4096 };

    for (size_t at = 0; at < bytes && at < MOST; at += LINE)
        __builtin_prefetch((const char *)row + at);
}

static void gather_features(const descent_dataset *data, const dsc_scaling *s,
                            const uint32_t *index, size_t n, real *x)
{
    const size_t width = dsc_shape_count(data->shape), bytes = width * dsc_dtype_bytes(data->dtype);

    for (size_t i = 0; i < n; i++) {
        fetch_ahead(dsc_row(data, index[i + 1 < n ? i + 1 : i]), bytes);
        show_row(data->dtype, dsc_row(data, index[i]), width, s, x + i * width);
    }
}

static void gather_targets(const descent_dataset *data, const dsc_scaling *s, const uint32_t *index,
                           size_t n, real *y)
{
    const size_t width = (size_t)data->outputs;

    for (size_t i = 0; i < n; i++)
        for (size_t t = 0; t < width; t++) {
            const real value = (real)data->targets[index[i] * width + t];
            y[i * width + t] = s->n_targets
                                   ? (value - (real)s->target_shift[t]) * (real)s->target_scale[t]
                                   : value;
        }
}

void DSC_R(dsc_gather)(const descent_dataset *data, const dsc_scaling *scaling,
                       const uint32_t *index, size_t n, void *x, void *y)
{
    if (x)
        gather_features(data, scaling, index, n, x);
    if (y && data->targets)
        gather_targets(data, scaling, index, n, y);
    else if (y && data->labels)
        for (size_t i = 0; i < n; i++)
            ((int32_t *)y)[i] = data->labels[index[i]];
}
