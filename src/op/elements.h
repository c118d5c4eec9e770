/* elements.h - how many numbers an op's output or input has in this pass. */
#ifndef DSC_OP_ELEMENTS_H
#define DSC_OP_ELEMENTS_H

#include "graph/op.h"

static inline size_t elements(const dsc_call *c, const dsc_node *node)
{
    return dsc_shape_count(node->shape) * (size_t)(node->batched ? c->pass->rows : 1);
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
