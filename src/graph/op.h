/* op.h - what an op is to the graph: shape rule, forward, backward. The ops themselves lie in op/.
 */
#ifndef DSC_GRAPH_OP_H
#define DSC_GRAPH_OP_H

#include "base/rng.h"
#include "graph/graph.h"
#include "kernel/shapes.h"

/* One forward or backward of one shard: the same for all its ops. */
struct dsc_pass {
    int rows;            /* examples in this shard, at most the planned maximum */
    int64_t first_row;   /* index of its first example within the batch */
    bool training;       /* dropout drops, batch_norm uses the batch's statistics */
    int past;            /* places of its sequences that earlier passes held; 0 in training */
    uint64_t seed, step; /* for random numbers */
    double loss_scale;   /* d(mean loss)/d(loss of one element): 1 / weight of the whole batch */
};

/* What an op sees: pointers fixed when the run is created. In backward, x and y are NULL unless
 * the op's flags ask for them; an op that works in place may find dx[0] == dy, so it writes dx[0]
 * last, and dx[0] may be x[0] where the flags allow it. Values with a batch axis are (rows,
 * shape...), row-major. `real` arrays are void here because op files are compiled per precision. */
struct dsc_call {
    const dsc_node *node;
    const dsc_kernels *kernels;
    const dsc_pass *pass;
    const void *x[DSC_MAX_INPUTS];        /* values of the inputs */
    const dsc_node *from[DSC_MAX_INPUTS]; /* the nodes they come from: shapes, batched, dtype */
    void *new_x[DSC_MAX_INPUTS]; /* DSC_BUFFER inputs, forward of a training pass: the batch's
                                  * statistic goes here */
    void *y;
    const void *dy;           /* backward: dL/dy */
    void *dx[DSC_MAX_INPUTS]; /* backward: dL/dx, assigned (never added to); NULL: not wanted */
    void *keep;               /* from forward to backward, node->keep_bytes */
    void *scratch;            /* garbage at entry, node->scratch_bytes, 64-byte aligned */
    void *plan;               /* what op->prepare made, or NULL */
    int threads;              /* how many the op may use inside: see op/parts.h */
};

enum {                       /* flags */
       DSC_IN_PLACE = 1,     /* y may lie where x[0] lay, and dx[0] where dy lay */
       DSC_NEEDS_INPUT = 2,  /* backward reads x[] */
       DSC_NEEDS_OUTPUT = 4, /* backward reads y */
       DSC_LOSS = 8,         /* y holds losses, one per element; the graph may end in it */
       DSC_OVER_INPUT = 16,  /* with DSC_NEEDS_INPUT: dx[0] may lie where x[0] lies */
       DSC_VIEW = 32,        /* with DSC_IN_PLACE: y is x[0] in another shape, so it may lie on an
                              * input of the graph too */
       DSC_OUTER = 64        /* of one row, dx[1] is the outer product of dy and x[0] */
};

/* How the calls of one op in several runs, one a shard, may be done together, by its inputs: see
 * graph/joint.h. begin is a multiple of DSC_COLUMN_UNIT. */
typedef struct dsc_joint_op {
    /* Bytes that one thread needs for so many calls; 0 for inputs that this is not for. */
    size_t (*scratch)(const dsc_node *node, const dsc_node *const *input, int calls);
    /* The beginning of forward: true when the values suit. What is left of it follows, for this
     * call alone or for all together. */
    bool (*look)(const dsc_call *call);
    void (*alone)(const dsc_call *call);
    /* What inputs begin..end contribute to y: with bias to the calls' own y (part NULL), or to
     * part (calls, max_rows, outputs) without. */
    void (*forward)(const dsc_call *const *call, int calls, size_t begin, size_t end, void *part,
                    void *scratch);
    /* Columns begin..end of dw: the sum of the calls' dx[1], as ((0+1)+(2+3))+... */
    void (*backward)(const dsc_call *const *call, int calls, size_t begin, size_t end, void *dw,
                     void *scratch);
} dsc_joint_op;

struct dsc_op {
    const char *name, *formula;
    const char *const *attribute; /* names of node->attribute, for messages and inspect */
    int n_attributes;
    int n_inputs; /* -1: from 1 to DSC_MAX_INPUTS, checked by the shape rule */
    unsigned flags;
    /* Sets shape, batched, keep_bytes and scratch_bytes (for node->max_rows rows), or fails with a
     * sentence that names the op and the shapes. The only function here that can fail. */
    descent_status (*shape)(dsc_node *node, const dsc_node *const *input, descent_error *err);
    void (*forward)(const dsc_call *call);
    void (*backward)(const dsc_call *call); /* only called when some dx is wanted */
    /* optional, DSC_LOSS only: the weight of this shard's examples, by which the batch's summed
     * loss is divided; without it every element of y weighs 1 */
    double (*loss_weight)(const dsc_call *call);
    /* optional: makes what forward and backward need beside their arrays, such as primitives of a
     * kernel library, once when the run is created. `call` is the forward call; its arrays have
     * their place but no content. release() frees it. */
    descent_status (*prepare)(const dsc_call *call, bool gradients, void **plan,
                              descent_error *err);
    void (*release)(void *plan);
    const dsc_joint_op *joint; /* optional */
    /* optional: the op that may stand for this one and those in front of it */
    const char *merged;
    /* Such an op: the names of the ops it stands for, NULL behind the last, each the only reader of
     * the one before. merge() fills `node`, which so far is the last of them, as this op: inputs,
     * attributes, and what the shape rule sets. False when it cannot or need not be. chain: the
     * nodes of `merges`; input: the inputs of the first. */
    const char *const *merges;
    bool (*merge)(dsc_node *node, const dsc_node *const *chain, const dsc_node *const *input,
                  const dsc_kernels *kernels);
};

#endif
