/* dropout.c - while training, each number is dropped with probability p and the others grow.
 *
 *     y = x keep / (1 - p)
 *
 * keep is a pure function of (seed, step, node, place in the batch), so it depends neither on the
 * shards nor on the threads (Srivastava et al. 2014). */
#include "base/real.h"
#include "op/elements.h"

#include <string.h>

enum { P, N_ATTRIBUTES };
static const char *const attributes[N_ATTRIBUTES] = {"p"};

static descent_status shape(dsc_node *node, const dsc_node *const *input, descent_error *err)
{
    const double p = node->attribute[P];

    if (!(p >= 0 && p < 1))
        return dsc_fail(err, DESCENT_INVALID, "dropout: p = %g, must be at least 0 and below 1", p);
    DSC_TRY(same_shape(node, input, err));
    node->keep_bytes = (size_t)node->max_rows * dsc_shape_count(node->shape);
    return DESCENT_OK;
}

/* mask[i] = 1 where the number stays. Four numbers share one block of random bits. */
static void draw_mask(const dsc_call *c, size_t n, unsigned char *mask)
{
    const uint64_t first = (uint64_t)c->pass->first_row * dsc_shape_count(c->node->shape);
    const uint64_t stream = (c->pass->step << 16) + (uint64_t)c->node->id;
    const uint32_t threshold = (uint32_t)(c->node->attribute[P] * 0x1p32);
    uint32_t word[4];

    for (size_t i = 0; i < n; i++) {
        const uint64_t index = first + i;
        if (i == 0 || index % 4 == 0)
            dsc_random_block(c->pass->seed, DSC_RNG_DROPOUT, stream, index / 4, word);
        mask[i] = word[index % 4] >= threshold;
    }
}

static void forward(const dsc_call *c)
{
    const size_t n = elements(c, c->node);
    const real *x = c->x[0];
    const real scale = (real)(1.0 / (1.0 - c->node->attribute[P]));
    unsigned char *mask = c->keep;
    real *y = c->y;

    if (!c->pass->training) {
        if (y != x)
            memcpy(y, x, n * sizeof *y);
        return;
    }
    draw_mask(c, n, mask);
    DSC_INDEPENDENT
    for (size_t i = 0; i < n; i++)
        y[i] = mask[i] ? x[i] * scale : 0;
}

static void backward(const dsc_call *c)
{
    const size_t n = elements(c, c->node);
    const real *dy = c->dy;
    const real scale = (real)(1.0 / (1.0 - c->node->attribute[P]));
    const unsigned char *mask = c->keep;
    real *dx = c->dx[0];

    DSC_INDEPENDENT
    for (size_t i = 0; i < n; i++)
        dx[i] = !c->pass->training ? dy[i] : mask[i] ? dy[i] * scale : 0;
}

const dsc_op DSC_R(dsc_op_dropout) = {
    .name = "dropout",
    .formula = "y = x keep / (1 - p)",
    .attribute = attributes,
    .n_attributes = N_ATTRIBUTES,
    .n_inputs = 1,
    .flags = DSC_IN_PLACE,
    .shape = shape,
    .forward = forward,
    .backward = backward,
};
