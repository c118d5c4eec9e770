/* position.c - every place of a sequence has a row of a table, which is added.
 *
 *     x (rows, length, width), table (context, width)    ->    y[t] = x[t] + table[past + t]
 *     dx = dy,  dtable[t] = sum of dy[t] over the rows
 *
 * The first place of the pass is number pass->past: 0 but where a text is continued. */
#include "base/real.h"
#include "op/elements.h"
#include "op/parts.h"
#include "op/row_sums.h"

#include <string.h>

enum { X, TABLE };

static descent_status shape(dsc_node *node, const dsc_node *const *input, descent_error *err)
{
    const dsc_shape x = input[X]->shape, table = input[TABLE]->shape;
    char found[48], have[48];

    if (x.rank != 2 || table.rank != 2 || x.size[1] != table.size[1] || x.size[0] > table.size[0])
        return dsc_fail(err, DESCENT_SHAPE,
                        "position: a table of %s (places x width) does not fit a sequence of %s",
                        dsc_shape_text(table, have), dsc_shape_text(x, found));
    return same_shape(node, input, err);
}

typedef struct work {
    const dsc_call *call;
    size_t rows, length, width;
    int parts;
} work;

static work of_call(const dsc_call *c)
{
    const dsc_shape x = c->node->shape;
    work w = {.call = c,
              .rows = (size_t)(c->node->batched ? c->pass->rows : 1),
              .length = (size_t)x.size[0],
              .width = (size_t)x.size[1]};

    w.parts = parts_worth((double)elements(c, c->node), 1e5);
    return w;
}

static void add_places(int part, void *user)
{
    const work *w = user;
    const real *x = w->call->x[X], *table = w->call->x[TABLE];
    real *y = w->call->y;
    const size_t n = w->rows * w->length, end = part_begin(n, w->parts, part + 1, 1);

    for (size_t r = part_begin(n, w->parts, part, 1); r < end; r++) {
        const size_t place = r % w->length + (size_t)w->call->pass->past;
        DSC_INDEPENDENT
        for (size_t j = 0; j < w->width; j++)
            y[r * w->width + j] = x[r * w->width + j] + table[place * w->width + j];
    }
}

static void forward(const dsc_call *c)
{
    work w = of_call(c);

    for_parts(c, w.parts, add_places, &w);
}

/* A part owns a stretch of the places. */
static void sum_places(int part, void *user)
{
    const work *w = user;
    const real *dy = w->call->dy;
    real *table = w->call->dx[TABLE];
    const size_t end = part_begin(w->length, w->parts, part + 1, 1);

    for (size_t t = part_begin(w->length, w->parts, part, 1); t < end; t++)
        sum_rows(dy + t * w->width, w->rows, w->length * w->width, w->width, table + t * w->width);
}

static void backward(const dsc_call *c)
{
    work w = of_call(c);

    if (c->dx[TABLE]) {
        const size_t known = (size_t)c->from[TABLE]->shape.size[0], used = w.length * w.width;
        for_parts(c, w.parts, sum_places, &w);
        memset((real *)c->dx[TABLE] + used, 0, (known - w.length) * w.width * sizeof(real));
    }
    if (c->dx[X] && c->dx[X] != c->dy)
        memcpy(c->dx[X], c->dy, elements(c, c->node) * sizeof(real));
}

const dsc_op DSC_R(dsc_op_position) = {
    .name = "position",
    .formula = "y = x + table[place]",
    .n_inputs = 2,
    .flags = DSC_IN_PLACE,
    .shape = shape,
    .forward = forward,
    .backward = backward,
};
