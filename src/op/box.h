/* box.h - copying a box of numbers between two arrays in which its axes lie differently: what
 * permute, slice and pad have in common. Included by files of the `real` list. */
#ifndef DSC_OP_BOX_H
#define DSC_OP_BOX_H

#include "op/elements.h"

enum { BOX_AXES = DSC_MAX_RANK + 1 };

/* The batch axis (1 without a batch), then four axes, the missing ones in front as 1. Steps are
 * elements from one place of the box to the next, in either array. */
typedef struct box {
    size_t size[BOX_AXES];
    size_t from[BOX_AXES], to[BOX_AXES];
} box;

/* Axis i of an example of that rank, as an axis of a box. */
static inline int box_axis(int rank, int i)
{
    return BOX_AXES - rank + i;
}

/* Sizes of a node's array, and the steps from one number to the next in it. */
static inline void box_array(const dsc_call *c, const dsc_node *node, size_t size[BOX_AXES],
                             size_t step[BOX_AXES])
{
    size_t dense = 1;

    for (int i = 0; i < BOX_AXES; i++)
        size[i] = 1;
    size[0] = node->batched ? (size_t)c->pass->rows : 1;
    for (int i = 0; i < node->shape.rank; i++)
        size[box_axis(node->shape.rank, i)] = (size_t)node->shape.size[i];
    for (int i = BOX_AXES - 1; i >= 0; i--) {
        step[i] = dense;
        dense *= size[i];
    }
}

/* The last axis of the box against axis `other`, which is dense in `from`: in tiles, so that both
 * arrays are read and written in whole cache lines. */
static inline void box_plane(const box *b, int other, const real *from, real *to)
{
    enum { TILE = 16, LAST = BOX_AXES - 1 };
    const size_t rows = b->size[other], columns = b->size[LAST];

    for (size_t i = 0; i < rows; i += TILE)
        for (size_t j = 0; j < columns; j += TILE)
            for (size_t r = i; r < i + TILE && r < rows; r++)
                for (size_t k = j; k < j + TILE && k < columns; k++)
                    to[r * b->to[other] + k * b->to[LAST]] =
                        from[r * b->from[other] + k * b->from[LAST]];
}

/* The axis that makes a plane with the last one: the one that is dense in `from`, if it isn't the
 * last itself; any other one otherwise. */
static inline int box_partner(const box *b)
{
    int partner = BOX_AXES - 2;

    for (int i = 0; i < BOX_AXES - 1; i++)
        if (b->from[i] == 1 && b->size[i] > 1)
            partner = i;
    return partner;
}

static inline void box_copy(const box *b, const real *from, real *to)
{
    enum { LAST = BOX_AXES - 1 };
    const int partner = box_partner(b);
    const bool dense = b->from[LAST] == 1 && b->to[LAST] == 1;
    size_t planes = 1;

    for (int i = 0; i < LAST; i++)
        planes *= i == partner ? 1 : b->size[i];
    for (size_t plane = 0; plane < planes; plane++) {
        size_t left = plane, at = 0, out = 0;
        for (int i = LAST - 1; i >= 0; i--)
            if (i != partner) {
                at += left % b->size[i] * b->from[i];
                out += left % b->size[i] * b->to[i];
                left /= b->size[i];
            }
        for (size_t r = 0; dense && r < b->size[partner]; r++)
            memcpy(to + out + r * b->to[partner], from + at + r * b->from[partner],
                   b->size[LAST] * sizeof *to);
        if (!dense)
            box_plane(b, partner, from + at, to + out);
    }
}

#endif
