/* embedding.c - each index becomes its row of a table.
 *
 *     index (rows, ...), table (entries, width)    ->    y (rows, ..., width)
 *     dtable[e] = sum of dy over the places where index = e, in their order
 *
 * More places than floats may add up (see kernel/long_sums.h) are taken in pieces. The row
 * `padding` of the table receives no gradient; -1: there is none. An index outside the table gives
 * zeros. */
#include "base/real.h"
#include "op/elements.h"
#include "op/parts.h"

#include <string.h>

enum { INDEX, TABLE };
enum { PADDING, N_ATTRIBUTES };
static const char *const attributes[N_ATTRIBUTES] = {"padding"};

static descent_status shape(dsc_node *node, const dsc_node *const *input, descent_error *err)
{
    const dsc_shape index = input[INDEX]->shape, table = input[TABLE]->shape;
    char found[48];

    if (input[INDEX]->element != DSC_LABELS)
        return dsc_fail(err, DESCENT_SHAPE, "embedding needs whole numbers, found %s",
                        dsc_shape_words(index, found));
    if (table.rank != 2)
        return dsc_fail(err, DESCENT_SHAPE, "embedding needs a table of entries x width, found %s",
                        dsc_shape_words(table, found));
    if (index.rank >= DSC_MAX_RANK)
        return dsc_fail(err, DESCENT_SHAPE, "embedding: %s of indices have no axis left",
                        dsc_shape_words(index, found));
    node->shape = index;
    node->shape.size[node->shape.rank++] = table.size[1];
    node->batched = input[INDEX]->batched;
    const size_t places = (node->batched ? (size_t)node->max_rows : 1) * dsc_shape_count(index);
    node->scratch_bytes = places > DSC_LONG_SUM ? dsc_shape_count(table) * sizeof(real) : 0;
    return DESCENT_OK;
}

typedef struct work {
    const dsc_call *call;
    const int32_t *index;
    size_t n, entries, width;
    int parts;
} work;

static work of_call(const dsc_call *c)
{
    const dsc_shape table = c->from[TABLE]->shape;

    return (work){.call = c,
                  .index = c->x[INDEX],
                  .n = elements(c, c->from[INDEX]),
                  .entries = (size_t)table.size[0],
                  .width = (size_t)table.size[1]};
}

static void look_up(int part, void *user)
{
    const work *w = user;
    const real *table = w->call->x[TABLE];
    real *y = w->call->y;
    const size_t end = part_begin(w->n, w->parts, part + 1, 1);

    for (size_t i = part_begin(w->n, w->parts, part, 1); i < end; i++) {
        const int32_t e = w->index[i];
        if (e >= 0 && (size_t)e < w->entries)
            memcpy(y + i * w->width, table + (size_t)e * w->width, w->width * sizeof *y);
        else
            memset(y + i * w->width, 0, w->width * sizeof *y);
    }
}

static void forward(const dsc_call *c)
{
    work w = of_call(c);

    w.parts = parts_worth((double)w.n * (double)w.width, 1e5);
    for_parts(c, w.parts, look_up, &w);
}

/* sum[begin..end) of the table += places first..last of dy. */
static void add_places(const work *w, size_t begin, size_t end, size_t first, size_t last,
                       real *sums)
{
    const real *dy = w->call->dy;
    const int32_t padding = (int32_t)w->call->node->attribute[PADDING];

    for (size_t i = first; i < last; i++) {
        const int32_t e = w->index[i];
        if (e < 0 || (size_t)e < begin || (size_t)e >= end || e == padding)
            continue;
        real *restrict sum = sums + (size_t)e * w->width;
        const real *restrict term = dy + i * w->width;
        for (size_t j = 0; j < w->width; j++)
            sum[j] += term[j];
    }
}

/* A part owns a stretch of the table and looks for its entries among all indices. */
static void gather(int part, void *user)
{
    const work *w = user;
    real *table = w->call->dx[TABLE], *piece = w->call->scratch;
    const size_t begin = part_begin(w->entries, w->parts, part, 1);
    const size_t end = part_begin(w->entries, w->parts, part + 1, 1);
    const size_t at = begin * w->width, n = (end - begin) * w->width;

    memset(table + at, 0, n * sizeof *table);
    if (w->n <= DSC_LONG_SUM) {
        add_places(w, begin, end, 0, w->n, table);
        return;
    }
    for (size_t i = 0; i < w->n; i += DSC_LONG_SUM) {
        memset(piece + at, 0, n * sizeof *piece);
        add_places(w, begin, end, i, w->n - i < DSC_LONG_SUM ? w->n : i + DSC_LONG_SUM, piece);
        for (size_t j = at; j < at + n; j++)
            table[j] += piece[j];
    }
}

static void backward(const dsc_call *c)
{
    work w = of_call(c);

    w.parts = parts_worth((double)(w.n + w.entries) * (double)w.width, 1e5);
    if (c->dx[TABLE])
        for_parts(c, w.parts, gather, &w);
}

const dsc_op DSC_R(dsc_op_embedding) = {
    .name = "embedding",
    .formula = "y = table[index]",
    .attribute = attributes,
    .n_attributes = N_ATTRIBUTES,
    .n_inputs = 2,
    .flags = DSC_NEEDS_INPUT,
    .shape = shape,
    .forward = forward,
    .backward = backward,
};
