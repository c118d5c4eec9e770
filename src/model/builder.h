/* builder.h - a model string on its way to a graph: what network.c and container.c share. */
#ifndef DSC_MODEL_BUILDER_H
#define DSC_MODEL_BUILDER_H

#include "model/model.h"

#include "base/spec.h"

enum { DSC_PATH = 480 }; /* 32 levels of at most 11 digits and a dot, and some room */

/* Limits on what a line of text can ask for before anything is allocated. Layers count as often as
 * they are repeated. */
enum { DSC_MOST_LAYERS = 1 << 15, DSC_MOST_NODES = 1 << 16, DSC_MOST_FEATURES = 1 << 26 };

typedef struct dsc_builder {
    dsc_graph *graph;
    const descent_model_options *options;
    const dsc_spec *last_linear; /* takes options->outputs when it has no size */
    const dsc_spec *head;        /* the same, unless weights follow it */
    dsc_drawing *drawing;        /* or NULL */
    bool reader;                 /* one token at a time: see dsc_network_build_reader */
    int n_layers;                /* so far */
    descent_error *err;
} dsc_builder;

/* Adds the layers of a list in turn: *x is their input, then their output. `path` begins the names
 * of their parameters; with `draw` they are lines of the drawing, `depth` deep. */
descent_status dsc_build_list(dsc_builder *b, const dsc_spec_list *list, const char *path,
                              int depth, bool draw, dsc_id *x);
/* The same for an item that holds lists; values are its own parameters. */
descent_status dsc_build_container(dsc_builder *b, const dsc_spec *item, const dsc_value *values,
                                   const char *path, int depth, bool draw, dsc_id *x);

#endif
