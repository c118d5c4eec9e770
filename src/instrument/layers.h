/* layers.h - what of a network is measured layer by layer: stretches of w, and activations. */
#ifndef DSC_INSTRUMENT_LAYERS_H
#define DSC_INSTRUMENT_LAYERS_H

#include "graph/graph.h"

/* A layer that has parameters or is an activation; some are both. */
typedef struct dsc_measured {
    const char *name;  /* "2.0 conv", borrowed from the graph */
    size_t begin, end; /* its stretch of w; empty without parameters */
    dsc_id output;     /* the op whose value is looked at; -1: none */
    size_t units;      /* of that value, for one example */
    size_t channels;   /* the same, but of pictures the channels */
    bool dies;         /* its units may be 0 for all examples: relu */
    bool squeezes;     /* its values have ends, and beyond low and high they are near them */
    double low, high;
} dsc_measured;

typedef struct dsc_layers {
    dsc_measured *layer;
    const char **name; /* of each */
    size_t n;
} dsc_layers;

/* The layers of a built graph, from input to output. Free also after a failure. */
descent_status dsc_layers_find(dsc_layers *out, const dsc_graph *graph, descent_error *err);
void dsc_layers_free(dsc_layers *layers);

#endif
