/* layer_build.h - what the files share that say which graph stands for which kind of layer case. */
#ifndef GOLDEN_LAYER_BUILD_H
#define GOLDEN_LAYER_BUILD_H

#include "layer.h"

/* A kind of case and the function that adds its nodes and returns the one that is compared. A
 * family's list ends with kind NULL. `built`, if any, is false for forms that are not built. */
typedef struct layer_map {
    const char *kind;
    dsc_id (*build)(layer_case *c);
    bool (*built)(layer_case *c);
} layer_map;

extern const layer_map layer_elements[], layer_arrays[], layer_losses[], layer_pictures[],
    layer_recurrent[], layer_sequences[];

/* One attribute of an op, by its name. */
typedef struct layer_attribute {
    const char *name;
    double value;
} layer_attribute;

/* The shape of a tensor from axis `from` on. */
dsc_shape layer_shape(const layer_tensor *t, int from);
/* An input whose first axis is the batch; -1 when the case has none of that name. */
dsc_id layer_batched(layer_case *c, const char *name);
/* An input without a batch: all of it is one example. */
dsc_id layer_whole(layer_case *c, const char *name);
/* A parameter, or where no gradient is expected an input that all rows share; -1: none. */
dsc_id layer_shared(layer_case *c, const char *name);
/* An op with its inputs (those that are -1 at the end are left out) and attributes; attributes
 * that aren't given are 0. */
dsc_id layer_op(layer_case *c, const char *name, int n_inputs, const dsc_id *input,
                int n_attributes, const layer_attribute *attribute);
/* The same without attributes; -1: no such input. */
dsc_id layer_plain(layer_case *c, const char *name, dsc_id first, dsc_id second, dsc_id third);
/* Where -1 is the last of `rank` axes. */
int layer_axis(const json_t *value, int rank);
/* A number, or one of a pair [vertical, horizontal]. */
double layer_pair(const layer_case *c, const char *key, size_t axis, double otherwise);
/* Mean cross-entropy or with another reduction, of logits x and the case's target. */
dsc_id layer_cross_entropy(layer_case *c, dsc_id x, const char *reduction);

#endif
