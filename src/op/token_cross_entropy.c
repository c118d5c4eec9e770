/* token_cross_entropy.c - softmax and negative log-likelihood at every place of a sequence: the
 * classes are the last axis, and may be many.
 *
 *     x (rows, ..., classes), label (rows, ...)    ->    y = log sum_c exp(x_c) - x_label
 *     dx_c = dy (softmax(x)_c - [c = label])
 *
 * A label that is no class costs nothing and sends nothing back. Only two numbers a place are kept
 * for backward, which makes softmax(x) again: storing it would take as long. */
#include "base/real.h"
#include "op/elements.h"
#include "op/parts.h"
#include "op/softmax.h"

enum { X, LABEL };

static descent_status shape(dsc_node *node, const dsc_node *const *input, descent_error *err)
{
    const dsc_shape x = input[X]->shape;
    dsc_shape places = {.rank = x.rank - 1};
    char found[48], expected[48];

    if (x.rank < 1)
        return dsc_fail(err, DESCENT_SHAPE,
                        "token_cross_entropy needs a number for each class, found 1");
    for (int i = 0; i < places.rank; i++)
        places.size[i] = x.size[i];
    if (!dsc_shape_equal(input[LABEL]->shape, places) || input[LABEL]->element != DSC_LABELS)
        return dsc_fail(
            err, DESCENT_SHAPE, "token_cross_entropy needs labels of shape %s, found %s",
            dsc_shape_text(places, expected), dsc_shape_words(input[LABEL]->shape, found));
    if (!input[X]->batched || !input[LABEL]->batched)
        return dsc_fail(err, DESCENT_SHAPE, "token_cross_entropy needs labels for every example");
    node->shape = places;
    node->batched = true;
    node->keep_bytes = 2 * (size_t)node->max_rows * dsc_shape_count(places) * sizeof(real);
    return DESCENT_OK;
}

typedef struct work {
    const dsc_call *call;
    const int32_t *label;
    size_t places, classes;
    int parts;
} work;

static work of_call(const dsc_call *c)
{
    const dsc_shape x = c->from[X]->shape;
    work w = {.call = c,
              .label = c->x[LABEL],
              .places = elements(c, c->node),
              .classes = (size_t)x.size[x.rank - 1]};

    w.parts = parts_worth(8.0 * (double)w.places * (double)w.classes, 1e5);
    return w;
}

static bool is_class(const work *w, size_t place)
{
    return w->label[place] >= 0 && (size_t)w->label[place] < w->classes;
}

static void lose(int part, void *user)
{
    const work *w = user;
    const real *x = w->call->x[X];
    real *y = w->call->y, *keep = w->call->keep;
    const size_t end = part_begin(w->places, w->parts, part + 1, 1);

    for (size_t i = part_begin(w->places, w->parts, part, 1); i < end; i++) {
        const real *row = x + i * w->classes;
        const real largest = row_largest(row, w->classes);
        const double sum = row_sum_exp(row, w->classes, largest);

        keep[2 * i] = largest;
        keep[2 * i + 1] = (real)(1.0 / sum);
        /* in this order nothing is lost when x is large */
        y[i] = is_class(w, i) ? (real)(log(sum) + (double)(largest - row[w->label[i]])) : 0;
    }
}

static void forward(const dsc_call *c)
{
    work w = of_call(c);

    for_parts(c, w.parts, lose, &w);
}

static void send_back(int part, void *user)
{
    const work *w = user;
    const real *x = w->call->x[X], *dy = w->call->dy, *keep = w->call->keep;
    real *dx = w->call->dx[X];
    const size_t end = part_begin(w->places, w->parts, part + 1, 1);

    for (size_t i = part_begin(w->places, w->parts, part, 1); i < end; i++) {
        const real *row = x + i * w->classes;
        real *to = dx + i * w->classes; /* may be the same */
        const real largest = keep[2 * i], share = dy[i] * keep[2 * i + 1];

        if (!is_class(w, i)) {
            memset(to, 0, w->classes * sizeof *to);
            continue;
        }
        DSC_INDEPENDENT
        for (size_t j = 0; j < w->classes; j++)
            to[j] = share * real_exp(row[j] - largest);
        to[w->label[i]] -= dy[i];
    }
}

static void backward(const dsc_call *c)
{
    work w = of_call(c);

    if (c->dx[X])
        for_parts(c, w.parts, send_back, &w);
}

static double loss_weight(const dsc_call *c)
{
    const work w = of_call(c);
    double sum = 0;

    for (size_t i = 0; i < w.places; i++)
        sum += is_class(&w, i);
    return sum;
}

const dsc_op DSC_R(dsc_op_token_cross_entropy) = {
    .name = "token_cross_entropy",
    .formula = "y = -log softmax(x)[label], on the last axis",
    .n_inputs = 2,
    .flags = DSC_NEEDS_INPUT | DSC_OVER_INPUT | DSC_LOSS,
    .shape = shape,
    .forward = forward,
    .backward = backward,
    .loss_weight = loss_weight,
};
