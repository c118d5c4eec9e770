/* convolution.h - what the layers share whose weights slide over a picture or a sequence. */
#ifndef DSC_LAYER_CONVOLUTION_H
#define DSC_LAYER_CONVOLUTION_H

#include "layer/layer.h"

typedef struct dsc_convolution {
    const char *op;
    int channels, filters, groups; /* of the whole; channels come in, filters go out */
    int height, width;             /* of the window; height 0: a sequence's window has none */
    bool transposed;               /* the weight is (channels, filters / groups, ...) */
    double windows;                /* that meet in one output: 1, or of a transposed one less */
    bool bias;
    double bias_init;
    dsc_init_choice first; /* of its weights */
    int n_attributes;
    const double *attribute;
} dsc_convolution;

/* The node of a picture (channels x height x width), or of a sequence (channels x length); NULL
 * after a mistake. */
const dsc_node *dsc_convolution_picture(dsc_graph *graph, dsc_id x, const char *layer);
const dsc_node *dsc_convolution_sequence(dsc_graph *graph, dsc_id x, const char *layer);

/* Checks that the groups fit and the weights are not too many; adds weight, bias and op. Returns
 * the op, or -1 after a mistake. */
dsc_id dsc_convolution_add(dsc_graph *graph, dsc_id x, const dsc_convolution *c,
                           const dsc_layer_scope *scope);

#endif
