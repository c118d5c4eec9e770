/* layer.h - what one layer file provides: which parameters and ops a word of a model string means.
 */
#ifndef DSC_LAYER_LAYER_H
#define DSC_LAYER_LAYER_H

#include "descent/model.h"

#include "base/param.h"
#include "graph/graph.h"

/* What a layer may look at while it adds itself. */
typedef struct dsc_layer_scope {
    const char *path;       /* prefix of parameter names: "2" gives "2.weight" */
    const char *activation; /* the next activation in the string, "" when none: decides the init */
    int outputs;            /* what the last `linear` without a size takes; 0 elsewhere */
    bool head;              /* what this layer gives are the model's outputs */
    int vocabulary;         /* different tokens of the input; 0: it is numbers */
    int context;            /* most places that a sequence of tokens has */
    bool cached;            /* attention and recurrent layers remember earlier places: see
                               dsc_network_build_reader */
} dsc_layer_scope;

typedef struct dsc_layer {
    descent_info info;
    bool activation; /* an element-wise nonlinearity, for dsc_layer_scope.activation */
    bool weights;    /* has a weight matrix or windows of weights: its init looks at the next
                      * activation, and what comes before it is not the model's outputs */
    bool container;  /* takes "( ... )": residual, repeat, concat; the model builder does the inside
                      */
    /* Adds nodes for input x and returns the output node; -1 after a mistake, which
     * dsc_graph_fail() has kept. NULL for containers. */
    dsc_id (*add)(dsc_graph *graph, dsc_id x, const dsc_value *values,
                  const dsc_layer_scope *scope);
} dsc_layer;

/* NULL past the end / when there is none of that name. */
const dsc_layer *dsc_layer_at(size_t index);
const dsc_layer *dsc_layer_find(const char *name);

/* The init for a weight in front of `activation` (He for the relu family, Glorot otherwise). */
dsc_init dsc_init_for(const char *activation);

/* Parameters of layers whose first weights can be chosen: two entries of a table. */
#define DSC_INIT_PARAM                                                                          \
  {                                                                                             \
    "init", 0, 0, 6,                                                                            \
        "first weights: auto is he in front of relu and its kin, lecun in front of selu, else " \
        "glorot; normal deviates by gain, all of constant are gain",                            \
        DESCENT_CHOICE, "auto|he|glorot|lecun|normal|constant|zeros"                            \
  }
#define DSC_GAIN_PARAM                                                      \
  {                                                                         \
    "gain", 1, 0, 1e6, "multiplies the first weights", DESCENT_NUMBER, NULL \
  }

#define DSC_BIAS_INIT_PARAM                                                                       \
  {                                                                                               \
    "bias_init", 0, -1e6, 1e6,                                                                    \
        "first value of every bias, such as a log of odds for rare classes", DESCENT_NUMBER, NULL \
  }

/* How the first weights of a layer are drawn. */
typedef struct dsc_init_choice {
    dsc_init init;
    double gain;
} dsc_init_choice;

/* A bias that begins at `value`; fans as for dsc_graph_parameter(). */
dsc_id dsc_init_bias(dsc_graph *graph, const char *name, int units, double value, int fan_in,
                     int fan_out);

/* What the two say in front of `activation`. */
dsc_init_choice dsc_init_read(const dsc_value *init, const dsc_value *gain, const char *activation);

#endif
