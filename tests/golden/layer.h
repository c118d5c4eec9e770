/* layer.h - one golden case of kind "layer": its tensors, and the graph that stands for it. */
#ifndef GOLDEN_LAYER_H
#define GOLDEN_LAYER_H

#include "golden.h"

#include "graph/graph.h"

enum { LAYER_TENSORS = 32, LAYER_RANK = 6 };

typedef struct layer_tensor {
    const char *name;
    int rank, size[LAYER_RANK];
    size_t n;
    double *data;
    bool integer, gradient;
    dsc_id id; /* its node, or -1 */
} layer_tensor;

/* One of several outputs that lie in one value: `count` rows of `length` numbers, `stride` apart.
 */
typedef struct layer_part {
    const char *name;
    size_t offset, count, length, stride;
} layer_part;

typedef struct layer_case {
    const json_t *root, *attrs;
    layer_tensor tensor[LAYER_TENSORS];
    int n_tensors;
    descent_type type;
    dsc_backend backend;
    dsc_graph *graph;
    int rows;
    bool training;
    dsc_id y;           /* what the case computes */
    layer_part part[3]; /* where the outputs lie in y; none: y is the output "y" */
    int n_parts;
    const char *reduction; /* losses: "mean", "sum" or "none"; NULL: y is compared as it is */
} layer_case;

/* The tensor of that name, or NULL. */
layer_tensor *layer_find(layer_case *c, const char *name);
/* Adds the nodes of a case and sets y, rows and reduction. Mistakes in the graph are kept there;
 * skipped when an op or a form of it isn't built. */
golden_outcome layer_build(layer_case *c, golden_note *note);

#endif
