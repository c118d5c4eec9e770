/* planes.h - pictures (channels, height, width) and sequences (channels, length), which are
 * pictures of one line; included by files of the `real` list. */
#ifndef DSC_OP_PLANES_H
#define DSC_OP_PLANES_H

#include "graph/op.h"

typedef struct planes {
    int channels, height, width;
} planes;

static inline planes planes_of(dsc_shape x)
{
    return (planes){x.size[0], x.rank == 3 ? x.size[1] : 1, x.size[x.rank - 1]};
}

static inline size_t plane_area(planes p)
{
    return (size_t)p.height * (size_t)p.width;
}

/* The shape of x's kind with as many channels and other sizes. */
static inline dsc_shape shape_of_planes(dsc_shape x, planes p)
{
    return x.rank == 3 ? (dsc_shape){3, {p.channels, p.height, p.width}}
                       : (dsc_shape){2, {p.channels, p.width}};
}

/* That an op which may change the height finds pictures or sequences. */
static inline descent_status planes_fit(const char *op, const dsc_node *x, descent_error *err)
{
    char found[48];

    if (x->batched && (x->shape.rank == 2 || x->shape.rank == 3))
        return DESCENT_OK;
    return dsc_fail(err, DESCENT_SHAPE,
                    "%s needs pictures (channels x height x width) or sequences (channels x "
                    "length), found %s",
                    op, dsc_shape_words(x->shape, found));
}

#endif
