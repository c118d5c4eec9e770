/* scale.c - features (and numbers to predict) to mean 0 and deviation 1, fitted on the training
 * part only. */
#include "data/numbers.h"

#include "base/memory.h"

#include <math.h>
#include <string.h>

/* How a column of numbers with this mean and sum of squared differences becomes mean 0 and
 * deviation 1. A constant one says nothing: it becomes 0, and whatever comes later stays small. */
static void settle(double mean, double squares, double count, bool constant, float *shift,
                   float *scale)
{
    const float inverse = (float)(1.0 / sqrt(squares / count));

    *shift = (float)mean;
    *scale = constant || !isfinite(inverse) ? 1.0f : inverse;
}

enum { LANES = 8 };

/* How often each value is there. Neighbours are often equal, and a count that has just been written
 * is read back slowly: so eight neighbours have counts of their own. Most of a picture is black. */
static void count_bytes(const uint8_t *bytes, size_t n, uint64_t lane[LANES][256])
{
    size_t i = 0;

    for (; i + LANES <= n; i += LANES) {
        uint64_t word;
        memcpy(&word, bytes + i, sizeof word);
        if (word == 0)
            lane[0][0] += LANES;
        else
            for (size_t l = 0; l < LANES; l++)
                lane[l][bytes[i + l]]++;
    }
    for (; i < n; i++)
        lane[0][bytes[i]]++;
}

/* Examples index[0..n) that statistics are taken of: of all of them, or of `among` that lie evenly
 * spread. */
typedef struct chosen {
    const uint32_t *index;
    size_t n, among;
} chosen;

static size_t chosen_at(const chosen *c, size_t i)
{
    return c->index[dsc_spread_at(i, c->among, c->n)];
}

/* All numbers of the rows together. Bytes are counted, so that every sum is exact. */
static void fit_bytes(const descent_dataset *data, const chosen *c, float *shift, float *scale)
{
    const size_t width = dsc_shape_count(data->shape);
    uint64_t seen[256] = {0}, lane[LANES][256] = {{0}};
    double sum = 0, squares = 0;
    const double count = (double)c->among * (double)width;
    int values = 0;

    for (size_t i = 0; i < c->among; i++)
        count_bytes(dsc_row(data, chosen_at(c, i)), width, lane);
    for (int v = 0; v < 256; v++)
        for (int l = 0; l < LANES; l++)
            seen[v] += lane[l][v];
    for (int v = 0; v < 256; v++)
        sum += v * (double)seen[v];
    const double mean = sum / count;
    for (int v = 0; v < 256; v++) {
        squares += (v - mean) * (v - mean) * (double)seen[v];
        values += seen[v] > 0;
    }
    settle(mean, squares, count, values == 1, shift, scale);
}

/* Features or targets: rows of `width` numbers. */
typedef struct table {
    const descent_dataset *data;
    bool targets;
    size_t width;
} table;

static void read_row(const table *t, size_t example, double *out)
{
    const void *row =
        t->targets ? t->data->targets + example * t->width : dsc_row(t->data, example);
    const dsc_dtype dtype = t->targets ? DSC_F32 : t->data->dtype;

    for (size_t j = 0; j < t->width; j++)
        out[j] = dsc_number_at(dtype, row, j);
}

typedef struct sums {
    double *mean, *squares; /* (columns) */
    double *row, *first;    /* (width) */
    bool *varies;           /* (columns) */
} sums;

/* Every column by itself, or all numbers together when columns is 1. Row by row, as memory has
 * them, in two passes in double: the second sum loses nothing to a large mean. */
static void fit_numbers(const table *t, size_t columns, const chosen *rows, const sums *s,
                        float *shift, float *scale)
{
    const size_t step = columns > 1; /* from the column of one number to that of the next */
    const double count = (double)rows->among * (double)t->width / (double)columns;

    for (size_t i = 0; i < rows->among; i++) {
        read_row(t, chosen_at(rows, i), s->row);
        for (size_t j = 0; j < t->width; j++)
            s->mean[j * step] += s->row[j];
    }
    for (size_t c = 0; c < columns; c++)
        s->mean[c] /= count;
    read_row(t, chosen_at(rows, 0), s->first);
    for (size_t i = 0; i < rows->among; i++) {
        read_row(t, chosen_at(rows, i), s->row);
        for (size_t j = 0; j < t->width; j++) {
            const double value = s->row[j], d = value - s->mean[j * step];
            s->squares[j * step] += d * d;
            s->varies[j * step] |= value < s->first[j * step] || value > s->first[j * step];
        }
    }
    for (size_t c = 0; c < columns; c++)
        settle(s->mean[c], s->squares[c], count, !s->varies[c], &shift[c], &scale[c]);
}

static descent_status no_memory(descent_error *err)
{
    return dsc_fail(err, DESCENT_NOMEM, "out of memory for scaling");
}

/* shift and scale, with room made for them. */
static descent_status fit(const table *t, size_t columns, const chosen *rows, float **shift,
                          float **scale, descent_error *err)
{
    const sums s = {dsc_alloc(columns, sizeof *s.mean), dsc_alloc(columns, sizeof *s.squares),
                    dsc_alloc(t->width, sizeof *s.row), dsc_alloc(t->width, sizeof *s.first),
                    dsc_alloc(columns, sizeof *s.varies)};

    *shift = dsc_alloc(columns, sizeof **shift);
    *scale = dsc_alloc(columns, sizeof **scale);
    const bool ok = s.mean && s.squares && s.row && s.first && s.varies && *shift && *scale;
    if (ok && !t->targets && t->data->dtype == DSC_U8)
        fit_bytes(t->data, rows, *shift, *scale);
    else if (ok)
        fit_numbers(t, columns, rows, &s, *shift, *scale);
    void *const owned[] = {s.mean, s.squares, s.row, s.first, s.varies};
    for (size_t i = 0; i < sizeof owned / sizeof *owned; i++)
        dsc_free(owned[i]);
    return ok ? DESCENT_OK : no_memory(err);
}

descent_status dsc_scaling_fit(dsc_scaling *scaling, const descent_dataset *data,
                               const uint32_t *index, size_t n, descent_error *err)
{
    const size_t width = dsc_shape_count(data->shape);

    /* the pixels of a picture belong together: rare ones at the border are not blown up */
    *scaling = (dsc_scaling){.n = data->dtype == DSC_U8 || data->shape.rank == 3 ? 1 : width};
    if (n == 0)
        return dsc_fail(err, DESCENT_INVALID, "scaling needs at least one example");
    const chosen some = {index, n, dsc_spread(data, n)}, all = {index, n, n};
    descent_status status =
        fit(&(table){data, false, width}, scaling->n, &some, &scaling->shift, &scaling->scale, err);
    if (status == DESCENT_OK && data->targets) {
        const size_t targets = scaling->n_targets = (size_t)data->outputs;
        status = fit(&(table){data, true, targets}, targets, &all, &scaling->target_shift,
                     &scaling->target_scale, err);
    }
    if (status != DESCENT_OK)
        dsc_scaling_free(scaling);
    return status;
}

void dsc_scaling_zeros(const dsc_scaling *s, descent_type type, size_t n, void *x)
{
    for (size_t i = 0; i < n; i++) {
        const size_t at = s->n > 1 ? i : 0;
        const float shift = s->n ? s->shift[at] : 0, scale = s->n ? s->scale[at] : 1;
        if (type == DESCENT_F64)
            ((double *)x)[i] = (0 - (double)shift) * (double)scale;
        else
            ((float *)x)[i] = (0 - shift) * scale;
    }
}

void dsc_scaling_free(dsc_scaling *scaling)
{
    dsc_free(scaling->shift);
    dsc_free(scaling->scale);
    dsc_free(scaling->target_shift);
    dsc_free(scaling->target_scale);
    *scaling = (dsc_scaling){0};
}
