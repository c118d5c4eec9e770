/* elements.h - what many ops share: how many numbers there are, and checks of their inputs;
 * included by files of the `real` list. */
#ifndef DSC_OP_ELEMENTS_H
#define DSC_OP_ELEMENTS_H

#include "base/real.h"
#include "graph/op.h"

#include <string.h>

static inline size_t elements(const dsc_call *c, const dsc_node *node)
{
    return dsc_shape_count(node->shape) * (size_t)(node->batched ? c->pass->rows : 1);
}

/* For ops that take a variable number of inputs: "linear takes 2 to 3 inputs, found 1". */
static inline descent_status inputs_within(const dsc_node *node, const char *op, int least,
                                           int most, descent_error *err)
{
    if (node->n_inputs >= least && node->n_inputs <= most)
        return DESCENT_OK;
    if (least == most)
        return dsc_fail(err, DESCENT_SHAPE, "%s takes %d inputs here, found %d", op, least,
                        node->n_inputs);
    return dsc_fail(err, DESCENT_SHAPE, "%s takes %d to %d inputs, found %d", op, least, most,
                    node->n_inputs);
}

/* dx <- 0 for the inputs from `first` on, which the op takes as constants. */
static inline void no_gradient(const dsc_call *c, int first)
{
    for (int i = first; i < c->node->n_inputs; i++)
        if (c->dx[i])
            memset(c->dx[i], 0, elements(c, c->from[i]) * sizeof(real));
}

/* The shape rule of ops that give back what they get. */
static inline descent_status same_shape(dsc_node *node, const dsc_node *const *input,
                                        descent_error *err)
{
    (void)err;
    node->shape = input[0]->shape;
    node->batched = input[0]->batched;
    return DESCENT_OK;
}

#endif
