/* plan.h - who lives when, and where; only for files of this folder and its tests.
 *
 * Time: with n nodes, node k runs forward at time k and backward at 2n - k; time n is the moment
 * between, when callers read output and loss; 2n + 1 is the moment after. */
#ifndef DSC_GRAPH_PLAN_H
#define DSC_GRAPH_PLAN_H

#include "graph/node.h"

enum { DSC_ALIGNMENT = 64 };

/* A stretch of the arena from time begin to time end, both inclusive. */
typedef struct dsc_block {
    size_t bytes;
    int begin, end;
    size_t offset;
} dsc_block;

/* The blocks of one node, as indexes; -1: none. Nodes that work in place share a block. */
typedef struct dsc_slots {
    int value, gradient, keep;
    int scratch, scratch_back; /* in forward, in backward */
    int statistic;             /* buffers: what training measured */
    int part[DSC_MAX_INPUTS];  /* dx[i] that is added to a gradient somebody else assigned */
    bool reached;              /* its gradient is computed: loss depends on it, and it on w */
} dsc_slots;

typedef struct dsc_plan {
    dsc_slots *slots; /* one a node */
    dsc_block *block;
    int n_blocks;
    size_t bytes; /* of the arena */
} dsc_plan;

/* Plans a run of a built graph. Free with dsc_plan_free, also after a failure. */
descent_status dsc_plan_make(dsc_plan *plan, const dsc_graph *graph, bool gradients,
                             descent_error *err);
void dsc_plan_free(dsc_plan *plan);

/* Gives blocks their offsets so that no two that live at the same time overlap; *bytes is the end
 * of the last one. Offsets are multiples of DSC_ALIGNMENT, and `gap` bytes stay free behind every
 * block. */
descent_status dsc_place_blocks(dsc_block *block, int n, size_t gap, size_t *bytes,
                                descent_error *err);

#endif
