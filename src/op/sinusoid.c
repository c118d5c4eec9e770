/* sinusoid.c - every place of a sequence has a row of waves, which is added (Vaswani et al. 2017,
 * arXiv:1706.03762, section 3.5).
 *
 *     x (rows, length, width)    ->    y[t] = x[t] + s[past + t]
 *     s[t][2i] = sin(t / 10000^(2i / width)),  s[t][2i + 1] = cos of the same
 *
 * `context` is the number of places there are; the first of the pass is pass->past. */
#include "base/memory.h"
#include "base/real.h"
#include "op/elements.h"

#include <string.h>

enum { CONTEXT, N_ATTRIBUTES };
static const char *const attributes[N_ATTRIBUTES] = {"context"};

static descent_status shape(dsc_node *node, const dsc_node *const *input, descent_error *err)
{
    const dsc_shape x = input[0]->shape;
    char found[48];

    if (x.rank != 2)
        return dsc_fail(err, DESCENT_SHAPE, "sinusoid needs a sequence (length x width), found %s",
                        dsc_shape_words(x, found));
    if (!(node->attribute[CONTEXT] >= (double)x.size[0]))
        return dsc_fail(err, DESCENT_SHAPE, "sinusoid: %g places are too few for a sequence of %d",
                        node->attribute[CONTEXT], x.size[0]);
    return same_shape(node, input, err);
}

/* The waves, made once. */
static descent_status prepare(const dsc_call *call, bool gradients, void **plan, descent_error *err)
{
    const size_t places = (size_t)call->node->attribute[CONTEXT];
    const size_t width = (size_t)call->node->shape.size[1];
    real *wave = dsc_alloc(places * width, sizeof *wave);

    (void)gradients;
    *plan = wave;
    if (!wave)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for %zu places of a sequence", places);
    for (size_t t = 0; t < places; t++)
        for (size_t j = 0; j < width; j++) {
            const double exponent = (double)(j - j % 2) / (double)width;
            const double angle = (double)t * pow(10000.0, -exponent);
            wave[t * width + j] = (real)(j % 2 == 0 ? sin(angle) : cos(angle));
        }
    return DESCENT_OK;
}

static void forward(const dsc_call *c)
{
    const size_t n = elements(c, c->node), example = dsc_shape_count(c->node->shape);
    const real *x = c->x[0];
    const real *wave = (real *)c->plan + (size_t)c->pass->past * (size_t)c->node->shape.size[1];
    real *y = c->y;

    for (size_t at = 0; at < n; at += example) {
        DSC_INDEPENDENT
        for (size_t j = 0; j < example; j++)
            y[at + j] = x[at + j] + wave[j];
    }
}

static void backward(const dsc_call *c)
{
    if (c->dx[0] != c->dy)
        memcpy(c->dx[0], c->dy, elements(c, c->node) * sizeof(real));
}

const dsc_op DSC_R(dsc_op_sinusoid) = {
    .name = "sinusoid",
    .formula = "y = x + sin or cos(place / 10000^(2i / width))",
    .attribute = attributes,
    .n_attributes = N_ATTRIBUTES,
    .n_inputs = 1,
    .flags = DSC_IN_PLACE,
    .shape = shape,
    .forward = forward,
    .backward = backward,
    .prepare = prepare,
    .release = dsc_free,
};
